"""Task: every day since the last run -> alerts and what became of them."""

from __future__ import annotations

import dataclasses
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import (
    ALERT_EVENTS,
    ALERTS,
    ASPECTS,
    COUNTS,
    CUSTOMERS,
    DOCUMENTS,
    MEMBERS,
    ORDERS,
    SENTIMENTS,
    TOPIC_EVENTS,
    TOPICS,
)
from flows.engine.people.answers import answers_text, read_annotations, read_answers
from flows.engine.remember.alerts import as_tables, open_memory, read_replay
from flows.engine.remember.snapshots import Snapshot
from flows.engine.run import Run
from flows.engine.working.stages import stage
from flows.tasks.display import display_names
from flows.tasks.material import Material
from flows.tasks.tables import ASPECT_COLUMNS, MEMBER_COLUMNS, read_documents, stamp_of_everything
from reports.counts import count_issues
from reports.detection.budget import describe_budget
from reports.detection.calendar import Annotation, leave_out, public_holidays
from reports.episodes.handover import hand_over, hand_over_parts, larger_parts
from reports.lifecycle import Replay, no_history, replay
from reports.sections.alerts import unsettled
from reports.stories.evidence import Speakers, read_speakers
from reports.stories.tell import Context, tell_stories

_TOPIC_EVENT_COLUMNS = ["date", "event", "topic_id", "other_topic_id", "share"]
_SECTIONS = ("counts", "alerts", "stories")
_SETTLED_DAYS = 28  # the longest window of detection: older days have been judged for good
_BACKFILL_SHARE = 0.1  # a tenth more of settled history is another history: it is judged again from its start


@stage("Looking for what is new, rising or back again")
def alerts(run: Run) -> dict[str, Any] | None:
    """Judge every day since the last run: COUNTS -> ALERTS, ALERT_EVENTS."""
    if run.as_of is None:
        if run.record.facts.get("comment_count", 1):
            run.record.warnings.append("no comment has a date: trends and alerts need one")
        _publish_alerts(run, no_history(), "")
        return None
    stamp = stamp_of_everything(run, "alerts", _SECTIONS, run.as_of.isoformat(), *_others(run))
    if run.store.file_stamp("alerts.parquet") == stamp:
        _note_alerts(run, run.store.read_file("alerts.parquet"))
        return None
    understood = _read(run, run.as_of)
    counts = _count(run, *understood)
    run.store.write(COUNTS, counts, stamp=stamp)
    memory = open_memory(run.store)
    history = _history(memory.latest(), counts, run)
    usual = leave_out(counts, _annotations(run, run.as_of))
    found = replay(usual, history, rules=run.settings["alerts"], until=run.as_of, names=display_names(run))
    key = (found.as_of or run.as_of).isoformat()
    if memory.notes(key) is None or history is None:
        settled = _settled_comments(counts, date.fromisoformat(key))
        memory.save(key, as_tables(found), {"settled": settled})
    told = _tell(run, found.alerts, read_speakers(*understood), run.as_of)
    _publish_alerts(run, dataclasses.replace(found, alerts=told), stamp)
    run.record.facts["alerts"]["threshold"] = describe_budget(found.days, run.settings["alerts"])
    return {"alerts": told.num_rows, "open": _open_count(told)}


def _annotations(run: Run, as_of: date) -> list[Annotation]:
    """Give the days left out: those of alerts.toml, and public holidays of the countries in the settings."""
    first = as_of - timedelta(days=run.settings["counts"].history_days)
    return [
        *read_annotations(run.store),
        *public_holidays(run.settings["alerts"].holidays, first, as_of),
    ]


def _others(run: Run) -> tuple[str, ...]:
    """Give what else alerts are made of: what people said, and what the company knows."""
    operations = [
        run.store.stamp(table, p) or "" for table in (ORDERS, CUSTOMERS) for p in run.store.parts(table)
    ]
    page = run.settings["page"]
    return answers_text(run.store), page.language, page.currency, *operations


def _read(run: Run, as_of: date) -> tuple[pa.Table, pa.Table, pa.Table, pa.Table]:
    """Read recent DOCUMENTS with every input column, ASPECTS, MEMBERS and SENTIMENTS."""
    rules, parts = run.settings["counts"], run.parts()
    documents = read_documents(run, (*rules.dimensions, *run.store.open_columns(DOCUMENTS, parts)))
    first = datetime.combine(as_of, time(), UTC) - timedelta(days=rules.history_days)
    recent = pc.greater_equal(
        documents["created_at"], pa.scalar(first, documents.schema.field("created_at").type)
    )
    return (
        documents.filter(recent),
        run.store.read_all(ASPECTS, parts, ASPECT_COLUMNS),
        run.store.read_all(MEMBERS, parts, MEMBER_COLUMNS),
        run.store.read_all(SENTIMENTS, parts, ["segment_id", "sentiment"]),
    )


def _count(
    run: Run, documents: pa.Table, aspects: pa.Table, members: pa.Table, sentiments: pa.Table
) -> pa.Table:
    """Count complaints of everything but the topics that topics.toml mutes."""
    topics = run.store.read(TOPICS, columns=["topic_id", "is_muted"])
    muted = topics["topic_id"].filter(topics["is_muted"]).combine_chunks()
    heard = members.filter(pc.invert(pc.is_in(members["topic_id"], value_set=muted)))
    return count_issues(documents, aspects, heard, rules=run.settings["counts"], sentiments=sentiments)


def _tell(run: Run, found: pa.Table, speakers: Speakers, as_of: date) -> pa.Table:
    """Tell alerts as stories, with what people said of them and what is at stake."""
    material = Material(run)
    has_operations = bool(material.orders.num_rows or material.customers.num_rows)
    context = Context(
        as_of=as_of,
        language=run.settings["page"].language,
        names=display_names(run),
        answers=read_answers(run.store),
        operations=(material.orders, material.customers) if has_operations else None,
        currency=run.settings["page"].currency,
    )
    return tell_stories(found, speakers, rules=run.settings["stories"], context=context)


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
    history = read_replay(latest)
    if history is None:
        return None
    events = run.store.read(TOPIC_EVENTS, columns=_TOPIC_EVENT_COLUMNS)
    parted = hand_over_parts(history, larger_parts(events, history.as_of))
    return hand_over(parted, _merged_topics(events))


def _merged_topics(events: pa.Table) -> dict[str, str]:
    """Give the topics that went into others, as issues of COUNTS."""
    return {
        f"topic:{row['topic_id']}": f"topic:{row['other_topic_id']}"
        for row in events.to_pylist()
        if row["event"] == "merged" and row["topic_id"] and row["other_topic_id"]
    }


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
    """Note the stories to look into, as the page shows them: what stands under another is not counted."""
    stories = unsettled(found.to_pylist())
    opened = sum(story["opened_date"] == run.as_of for story in stories)
    run.record.facts["alerts"] = {"open": len(stories), "opened_today": opened}


def _open_count(found: pa.Table) -> int:
    """Count the stories to look into, as the page shows them."""
    return len(unsettled(found.to_pylist()))
