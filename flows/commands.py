"""What each `voc` command does, with plain arguments and answers: the command line only adds words."""

from __future__ import annotations

from datetime import date
from typing import Any

from data.schema import ASPECTS, DOCUMENTS, MEMBERS, REJECTED, SEGMENTS, TOPICS
from flows.server import embedded_server, quieten_prefect
from flows.settings import Own

DEFAULTS = Own()


def run_everything(
    inputs: list[str],
    out: str,
    *,
    as_of: date | None = None,
    own: Own = DEFAULTS,
) -> dict[str, Any]:
    """Run the daily flow, on the user's Prefect server or on an embedded one.

    Returns:
        The facts of the run: counts and where things lie.
    """
    with embedded_server() as server:
        from flows.daily import daily, last_facts, open_run  # noqa: PLC0415 - Prefect loads while the server starts

        open_run(inputs, out, as_of=as_of, own=own)  # bad arguments fail here
        if server is not None:
            server.wait()
        daily(inputs=inputs, out=out, as_of=as_of, settings=own.settings, changes=list(own.changes))
        return last_facts()


def score_comments(
    inputs: list[str],
    out: str,
    *,
    own: Own = DEFAULTS,
    text_column: str | None = None,
    lang: str | None = None,
) -> dict[str, Any]:
    """Understand comments, without topics, summaries, alerts or a report, and without Prefect's server.

    Writes documents.parquet, aspects.parquet and rejected.parquet into `out`.
    """
    quieten_prefect()
    from flows import tasks  # noqa: PLC0415
    from flows.daily import open_run  # noqa: PLC0415
    from flows.run import locked  # noqa: PLC0415

    asked = []
    if text_column:
        asked.append(f'sources.columns={{text = "{_quoted(text_column)}"}}')
    if lang:
        asked.append(f'language.fixed="{_quoted(lang)}"')
    run = open_run(inputs, out, as_of=None, own=own.plus(*asked))
    with locked(run.store):
        for task in tasks.UNDERSTANDING:
            task.fn(run)
        counts = {
            "documents": run.store.export(DOCUMENTS, run.parts(), "documents.parquet"),
            "aspects": run.store.export(ASPECTS, run.parts(), "aspects.parquet"),
            "rejected": run.store.export(REJECTED, run.store.parts(REJECTED), "rejected.parquet"),
        }
    if not counts["documents"]:
        run.record.warnings.append("no comments were found in the inputs: the tables are empty")
    return counts | {"out": out, "warnings": run.record.warnings}


def find_topics(
    inputs: list[str],
    out: str,
    *,
    state: str,
    own: Own = DEFAULTS,
) -> dict[str, Any]:
    """Find topics over everything that the state has seen; writes topics.parquet and members.parquet."""
    quieten_prefect()
    from data.store import Store  # noqa: PLC0415
    from flows import tasks  # noqa: PLC0415
    from flows.daily import open_run  # noqa: PLC0415
    from flows.run import locked  # noqa: PLC0415

    run = open_run(inputs, state, as_of=None, own=own)
    with locked(run.store):
        for task in (*tasks.UNDERSTANDING, tasks.topics):
            task.fn(run)
        found = Store(out)
        topics = run.store.read(TOPICS)
        found.write_file("topics.parquet", TOPICS, topics)
        members = run.store.read_all(MEMBERS, run.parts())
        found.write_file("members.parquet", MEMBERS, members)
        segments = run.store.read_all(SEGMENTS, run.parts(), ["segment_id"]).num_rows
    return {"topics": topics.num_rows, "segments": segments, "out": out, "warnings": run.record.warnings}


def _quoted(text: str) -> str:
    return text.replace("\\", "\\\\").replace('"', '\\"')
