"""Tasks: what is understood -> summaries, alerts, the page."""

from __future__ import annotations

from datetime import UTC, date, datetime, time, timedelta
from importlib.metadata import version
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import (
    ALERT_EVENTS,
    ALERTS,
    ASPECTS,
    COUNTS,
    DOCUMENTS,
    FRICTION_SUMMARY,
    INPUTS,
    MEMBERS,
    REJECTED,
    SCORE_SUMMARY,
    SENTIMENTS,
    TOPICS,
    Table,
)
from flows.engine.clock import today
from flows.engine.memory import as_tables, open_memory, read_replay
from flows.engine.run import Run
from flows.engine.snapshots import Snapshot
from flows.engine.stages import stage
from flows.tasks.display import category_names, display_names
from reports.counts import count_issues
from reports.lifecycle import Replay, no_history, replay
from reports.metrics import summarise_friction, summarise_scores
from reports.page import PageOptions, draw_page

_ASPECT_COLUMNS = ["feedback_id", "segment_id", "category", "sentiment"]
_MEMBER_COLUMNS = ["feedback_id", "segment_id", "topic_id"]
PAGE = "report/index.html"
_PAGE_STAMP = "state/report.stamp"
_SETTLED_DAYS = 28  # the longest window of detection: older days have been judged for good
_BACKFILL_SHARE = 0.1  # a tenth more of settled history is another history: it is judged again from its start


@stage("Summing up by day, week and month")
def metrics(run: Run) -> dict[str, Any] | None:
    """Count friction and scores: DOCUMENTS, ASPECTS, MEMBERS -> summaries/*.parquet."""
    stamp = _stamp_of_everything(run, "metrics", ("summaries",))
    if run.store.file_stamp("summaries/friction_summary.parquet") == stamp:
        return None
    rules = run.settings["summaries"]
    documents = read_documents(run, rules.dimensions)
    scores = summarise_scores(documents, rules=rules)
    aspects, members = (
        run.store.read_all(ASPECTS, run.parts(), _ASPECT_COLUMNS),
        run.store.read_all(MEMBERS, run.parts(), _MEMBER_COLUMNS),
    )
    friction = summarise_friction(documents, aspects, members, rules=rules)
    written: dict[Table, pa.Table] = {
        SCORE_SUMMARY: scores,
        TOPICS: run.store.read(TOPICS),
        INPUTS: _whole(run, INPUTS),
        REJECTED: _whole(run, REJECTED),
        FRICTION_SUMMARY: friction,  # the last one: its stamp says that all stand
    }
    for table, arrow in written.items():
        run.store.write_file(f"summaries/{table.name}.parquet", table, arrow, stamp=stamp)
    return {"friction_rows": friction.num_rows, "score_rows": scores.num_rows}


@stage("Looking for what is new, rising or back again")
def alerts(run: Run) -> dict[str, Any] | None:
    """Judge every day since the last run: COUNTS -> ALERTS, ALERT_EVENTS."""
    if run.as_of is None:
        run.record.warnings.append("no comment has a date: trends and alerts need one")
        _publish_alerts(run, no_history(), "")
        return None
    stamp = _stamp_of_everything(run, "alerts", ("counts", "alerts"), run.as_of.isoformat())
    if run.store.file_stamp("alerts.parquet") == stamp:
        _note_alerts(run, run.store.read_file("alerts.parquet"))
        return None
    counts = _count(run, run.as_of)
    run.store.write(COUNTS, counts, stamp=stamp)
    memory = open_memory(run.store)
    history = _history(memory.latest(), counts, run)
    found = replay(counts, history, rules=run.settings["alerts"], until=run.as_of, names=display_names(run))
    key = (found.as_of or run.as_of).isoformat()
    if memory.notes(key) is None or history is None:
        settled = _settled_comments(counts, date.fromisoformat(key))
        memory.save(key, as_tables(found), {"settled": settled})
    _publish_alerts(run, found, stamp)
    return {"alerts": found.alerts.num_rows, "open": _open_count(found.alerts)}


def read_documents(run: Run, dimensions: tuple[str, ...]) -> pa.Table:
    """Read DOCUMENTS of all parts: the declared columns, and the input columns that are asked for."""
    inputs = [name for name in dimensions if name not in DOCUMENTS.columns.names]
    tables = []
    for arrow in run.store.scan(DOCUMENTS, run.parts()):
        wanted = [*DOCUMENTS.columns.names, *(name for name in inputs if name in arrow.column_names)]
        tables.append(arrow.select(wanted))
    return pa.concat_tables(tables, promote_options="default") if tables else DOCUMENTS.empty()


def _count(run: Run, as_of: date) -> pa.Table:
    rules = run.settings["counts"]
    documents = read_documents(run, rules.dimensions)
    first = datetime.combine(as_of, time(), UTC) - timedelta(days=rules.history_days)
    recent = pc.greater_equal(
        documents["created_at"], pa.scalar(first, documents.schema.field("created_at").type)
    )
    return count_issues(
        documents.filter(recent),
        run.store.read_all(ASPECTS, run.parts(), _ASPECT_COLUMNS),
        run.store.read_all(MEMBERS, run.parts(), _MEMBER_COLUMNS),
        rules=rules,
        sentiments=run.store.read_all(SENTIMENTS, run.parts(), ["segment_id", "sentiment"]),
    )


def _history(latest: Snapshot | None, counts: pa.Table, run: Run) -> Replay | None:
    """Take up the last snapshot, unless so much old history has come since that it must be judged anew."""
    if latest is None:
        return None
    known = int(latest.notes["settled"])
    more = _settled_comments(counts, date.fromisoformat(latest.key)) - known
    if more > _BACKFILL_SHARE * known:
        run.record.warnings.append(
            f"{more:,} comments arrived that are older than the days judged last: alerts were judged again "
            "from the start; those that began on the same day keep their id"
        )
        return None
    return read_replay(latest)


def _settled_comments(counts: pa.Table, as_of: date) -> int:
    """Count the comments older than the longest window, on that day."""
    whole = counts.filter(pc.equal(counts["segment"], "all")).group_by("date").aggregate([("total", "max")])
    boundary = pa.scalar(date.fromordinal(as_of.toordinal() - _SETTLED_DAYS))
    return int(pc.sum(whole.filter(pc.less(whole["date"], boundary))["total_max"]).as_py() or 0)


def _publish_alerts(run: Run, found: Replay, stamp: str) -> None:
    run.store.write(ALERTS, found.alerts)
    run.store.write(ALERT_EVENTS, found.events)
    run.store.write_file("alert_events.parquet", ALERT_EVENTS, found.events, stamp=stamp)
    run.store.write_file("alerts.parquet", ALERTS, found.alerts, stamp=stamp)
    _note_alerts(run, found.alerts)


def _note_alerts(run: Run, found: pa.Table) -> None:
    opened = pc.sum(pc.equal(found["opened_date"], pa.scalar(run.as_of, pa.date32()))).as_py() or 0
    run.record.facts["alerts"] = {"open": _open_count(found), "opened_today": int(opened)}


def _open_count(found: pa.Table) -> int:
    """Count the alerts that stand for themselves: those of segments are listed under the whole's."""
    is_own = pc.is_null(found["parent_alert_id"])
    return int(pc.sum(pc.and_(is_own, pc.not_equal(found["status"], "resolved"))).as_py() or 0)


def _whole(run: Run, table: Table) -> pa.Table:
    parts = [run.store.read(table, part) for part in run.store.parts(table)]
    return pa.concat_tables(parts) if parts else table.empty()


def _stamp_of_everything(run: Run, name: str, sections: tuple[str, ...], *more: str) -> str:
    tables = (DOCUMENTS, ASPECTS, MEMBERS)
    stamps = [run.store.stamp(table, part) for table in tables for part in run.parts()]
    return run.stamp(name, sections, stamps, run.store.stamp(TOPICS), len(run.store.ledger()), *more)


@stage("Drawing the report")
def report(run: Run) -> dict[str, Any] | None:
    """Draw the page: all tables -> report/index.html."""
    stamp = _stamp_of_everything(
        run, "report", ("page", "summaries", "alerts", "counts"), str(run.as_of), _alert_stamp(run)
    )
    if run.store.read_text(_PAGE_STAMP) == stamp and run.store.read_text(PAGE) is not None:
        return None
    options = PageOptions(
        as_of=run.as_of or today(),
        rules=run.settings["page"],
        categories=category_names(run, run.settings["page"].language),
        facts=_run_facts(run),
    )
    page = draw_page(_page_tables(run), options=options)
    run.store.write_text(PAGE, page)
    run.store.write_text(_PAGE_STAMP, stamp)
    return {"page_bytes": len(page.encode())}


def _page_tables(run: Run) -> dict[str, pa.Table]:
    parts = run.parts()
    return {
        "documents": read_documents(run, run.settings["counts"].dimensions),
        "aspects": run.store.read_all(ASPECTS, parts),
        "members": run.store.read_all(MEMBERS, parts),
        "topics": run.store.read(TOPICS),
        "friction_summary": run.store.read_file("summaries/friction_summary.parquet"),
        "score_summary": run.store.read_file("summaries/score_summary.parquet"),
        "counts": run.store.read(COUNTS),
        "alerts": run.store.read_file("alerts.parquet"),
        "inputs": _whole(run, INPUTS),
        "rejected": _whole(run, REJECTED),
    }


def _alert_stamp(run: Run) -> str:
    return run.store.file_stamp("alerts.parquet") or ""


def _run_facts(run: Run) -> dict[str, str]:
    return {"voc": version("voc")}
