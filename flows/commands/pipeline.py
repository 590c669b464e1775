"""What each `voc` command does, with plain arguments and answers: the command line only adds words."""

from __future__ import annotations

import contextlib
import json
import threading
from datetime import date, timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pyarrow as pa
import pyarrow.csv as pa_csv
import pyarrow.parquet as pq

from data.intake.inputs import InputError
from data.schema import (
    ALERT_EVENTS,
    ALERTS,
    ASPECTS,
    CATEGORY_TOPICS,
    DOCUMENTS,
    MEMBERS,
    REJECTED,
    SEGMENTS,
    TOPIC_EVENTS,
    TOPIC_LANGUAGES,
    TOPICS,
)
from data.table import TableError
from flows.engine.server import embedded_server, quieten_prefect
from flows.settings import AS_SHIPPED, Own
from reports.detection.checks import validate_counts
from reports.lifecycle import reach_days, replay

if TYPE_CHECKING:
    from flows.engine.run import Run

_PDF = "report/index.pdf"
_HEADER_BYTES = 4096  # the header of a table of counts is five short names


def run_everything(
    inputs: list[str],
    out: str,
    *,
    as_of: date | None = None,
    own: Own = AS_SHIPPED,
) -> dict[str, Any]:
    """Run the daily flow, on the user's Prefect server or on an embedded one.

    Returns:
        The facts of the run: counts and where things lie.
    """
    with embedded_server() as server:
        from flows.daily import daily, open_run  # noqa: PLC0415 - Prefect loads while the server starts
        from flows.models import import_libraries  # noqa: PLC0415

        run = open_run(inputs, out, as_of=as_of, own=own)  # bad arguments fail before anything waits
        libraries = threading.Thread(target=import_libraries, args=(run,))
        libraries.start()
        with server.used() if server else contextlib.nullcontext():
            libraries.join()
            facts: dict[str, Any] = daily(
                inputs=inputs, out=out, as_of=as_of, settings=own.settings, changes=list(own.changes)
            )
    return facts


def score_comments(
    inputs: list[str],
    out: str,
    *,
    own: Own = AS_SHIPPED,
    text_column: str | None = None,
    lang: str | None = None,
) -> dict[str, Any]:
    """Understand comments, without topics, summaries, alerts or a report, and without Prefect's server.

    Writes documents.parquet, aspects.parquet and rejected.parquet into `out`.
    """
    quieten_prefect()
    from flows.daily import open_run  # noqa: PLC0415
    from flows.engine.lock import locked  # noqa: PLC0415

    asked = []
    if text_column:
        asked.append(f"sources.columns={{text = {_as_toml(text_column)}}}")
    if lang:
        asked.append(f"run.language={_as_toml(lang)}")
    run = open_run(inputs, out, as_of=None, own=own.plus(*asked))
    with locked(run.store):
        _understand(run)
        counts = {
            "documents": run.store.export(DOCUMENTS, run.parts(), "documents.parquet"),
            "aspects": run.store.export(ASPECTS, run.parts(), "aspects.parquet"),
            "rejected": run.store.export(REJECTED, run.store.parts(REJECTED), "rejected.parquet"),
        }
    if not counts["documents"]:
        run.record.warnings.append("no comments were found in the inputs: the tables are empty")
    run.record.warnings += [f"{name}: {why}" for name, why in run.record.facts["ingest"]["refused"]]
    return counts | {"out": out, "warnings": run.record.warnings}


def find_topics(
    inputs: list[str],
    out: str,
    *,
    state: str,
    own: Own = AS_SHIPPED,
) -> dict[str, Any]:
    """Find topics over everything that the state has seen.

    Writes topics.parquet, members.parquet, topic_events.parquet, topic_languages.parquet,
    category_topics.parquet and topics.html into `out`; topics.toml lies beside the state.
    """
    quieten_prefect()
    from data.store import Store  # noqa: PLC0415
    from flows import tasks  # noqa: PLC0415
    from flows.daily import open_run  # noqa: PLC0415
    from flows.engine.lock import locked  # noqa: PLC0415
    from flows.tasks.topic_map import map_page  # noqa: PLC0415

    run = open_run(inputs, state, as_of=None, own=own)
    with locked(run.store):
        _understand(run)
        tasks.topics.fn(run)
        found = Store(out)
        topics = run.store.read(TOPICS)
        found.write_file("topics.parquet", TOPICS, topics)
        found.write_text("topics.html", map_page(run))
        for table in (TOPIC_EVENTS, TOPIC_LANGUAGES, CATEGORY_TOPICS):
            found.write_file(f"{table.name}.parquet", table, run.store.read(table))
        members = run.store.read_all(MEMBERS, run.parts())
        found.write_file("members.parquet", MEMBERS, members)
        segments = run.store.read_all(SEGMENTS, run.parts(), ["segment_id"]).num_rows
    return {"topics": topics.num_rows, "segments": segments, "out": out, "warnings": run.record.warnings}


def _understand(run: Run) -> None:
    """Run the stages that work comment by comment, without Prefect's server."""
    from flows import tasks  # noqa: PLC0415
    from flows.engine.working.line import run_in_threads  # noqa: PLC0415
    from flows.models import warmed_up  # noqa: PLC0415

    with warmed_up(run):
        tasks.ingest.fn(run)
    line = run.form_line([stage.name for stage in tasks.BY_PART])
    run_in_threads(line, [partial(stage.fn, run) for stage in tasks.BY_PART])


def detect_from_counts(
    counts: Path, out: str, *, state: str | None = None, own: Own = AS_SHIPPED
) -> dict[str, Any]:
    """Judge every day of a table of counts; with a state, only the days since the last time.

    A state remembers the counts too: later tables may hold all days or only the new ones. Writes
    alerts.parquet and alert_events.parquet into `out`.

    Raises:
        InputError: the table cannot be read, or is no table of counts.
    """
    quieten_prefect()
    from data.store import Store  # noqa: PLC0415
    from flows.engine.lock import locked  # noqa: PLC0415
    from flows.engine.remember.alerts import as_tables, open_memory, read_replay  # noqa: PLC0415
    from flows.engine.remember.counts import remember_counts  # noqa: PLC0415

    table, rules = _read_counts(counts), own.load()["alerts"]
    remembered = Store(state or out)
    with locked(remembered):
        memory = open_memory(remembered)
        history = read_replay(memory.latest()) if state else None
        if state:
            table = remember_counts(remembered, table, reach=reach_days(rules))
        found = replay(table, history, rules=rules)
        if state and found.as_of is not None:
            memory.save(found.as_of.isoformat(), as_tables(found), {})
        answer = Store(out)
        answer.write_file("alerts.parquet", ALERTS, found.alerts)
        answer.write_file("alert_events.parquet", ALERT_EVENTS, found.events)
    statuses = found.alerts["status"].to_pylist()
    unresolved = sum(status != "resolved" for status in statuses)
    facts = {"alerts": len(statuses), "open": unresolved, "as_of": str(found.as_of), "out": out}
    return facts | {"warnings": _warn_of_future(found.as_of)}


def _warn_of_future(newest: date | None) -> list[str]:
    from flows.engine.clock import today  # noqa: PLC0415

    if newest is None or newest <= today() + timedelta(days=1):  # tomorrow is today east of here
        return []
    return [f"the newest day of the counts, {newest}, lies in the future; days without a row count as quiet"]


def draw_report(
    out: str, *, as_of: date | None = None, pdf: bool = False, own: Own = AS_SHIPPED
) -> dict[str, Any]:
    """Draw the report again from the tables of an earlier run, with other words or limits.

    Raises:
        InputError: no run has written to `out` yet, or a PDF is wanted and no browser prints it.
    """
    quieten_prefect()
    from data.store import Store  # noqa: PLC0415
    from flows import tasks  # noqa: PLC0415
    from flows.commands.printing import find_browser, print_page  # noqa: PLC0415
    from flows.engine.clock import newest_day  # noqa: PLC0415
    from flows.engine.lock import locked  # noqa: PLC0415
    from flows.engine.run import Run  # noqa: PLC0415

    if pdf:
        find_browser()  # before anything is drawn
    store = Store(out)
    if not store.ledger():
        raise InputError(f"{out} holds no run of voc; make one with: voc run INPUT... --out {out}")
    run = Run(store=store, settings=own.load(), inputs=[], as_of=as_of or newest_day(store))
    with locked(store):
        tasks.report.fn(run)
        printed = print_page(store.read_text(tasks.PAGE) or "") if pdf else None
        if printed is not None:
            store.write_bytes(_PDF, printed)
    where = store.full_path(_PDF) if printed is not None else None
    return {"report": store.full_path(tasks.PAGE), "pdf": where, "warnings": run.record.warnings}


def _read_counts(path: Path) -> pa.Table:
    """Read a table of counts and check it: COUNTS."""
    try:
        table = pq.read_table(path) if path.suffix.lower() == ".parquet" else _read_csv(path)
    except (pa.ArrowInvalid, OSError) as error:
        found = type(error).__name__
        raise InputError(
            f"{path} is not a readable table ({found}); expected Parquet or CSV in UTF-8 with the columns "
            "date, issue, segment, n, total"
        ) from None
    try:
        return validate_counts(table)
    except TableError as error:
        raise InputError(str(error)) from None


def _read_csv(path: Path) -> pa.Table:
    """Read names as they are written: a shop may be called 007, and Namibia NA."""
    with pa.input_stream(path) as stream:
        header = stream.read(_HEADER_BYTES).partition(b"\n")[0].decode("utf-8", errors="replace")
    separator = max(",;\t", key=header.count)
    names = pa_csv.ConvertOptions(column_types={"issue": pa.string(), "segment": pa.string()})
    return pa_csv.read_csv(
        path, parse_options=pa_csv.ParseOptions(delimiter=separator), convert_options=names
    )


def _as_toml(text: str) -> str:
    """Write a string for --set: what JSON escapes, line breaks in a column name too, TOML reads alike."""
    return json.dumps(text, ensure_ascii=False)
