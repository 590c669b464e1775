"""Task: exports -> comments, cleaned and masked."""

from __future__ import annotations

import json
from typing import Any

import pyarrow.compute as pc

from data.ingest import ingest as ingest_sources
from data.operations import OPERATION_TABLES, count_joins
from data.schema import ALL, FEEDBACK, JOINS
from flows.engine.clock import newest_day, today
from flows.engine.plan import ingest_plan
from flows.engine.run import Run
from flows.engine.working.stages import stage

_COUNTS = {"read": "read_count", "kept": "kept_count", "known": "known_count", "rejected": "rejected_count"}


@stage("Reading exports, masking personal data")
def ingest(run: Run) -> dict[str, Any] | None:
    """Read what is new: exports -> FEEDBACK, REJECTED, INPUTS, REPLACED, and the tables of operations."""
    facts = ingest_sources(
        run.inputs,
        run.store,
        plan=ingest_plan(run, latest=run.asked_as_of or today()),
        on_progress=lambda name, rows: _tell(run, name, rows),
    )
    comments = [row for row in facts.read if row["source_kind"] is not None]
    counts = {name: sum(row[column] for row in comments) for name, column in _COUNTS.items()}
    counts["operations"] = sum(row["kept_count"] for row in facts.read if row["source_kind"] is None)
    run.as_of = run.asked_as_of or newest_day(run.store)
    run.record.facts["ingest"] = counts | {"refused": facts.failed, "unchanged": facts.unchanged}
    run.record.facts["inputs"] = [{**row, "decisions": json.loads(row["decisions"])} for row in facts.read]
    run.record.facts["as_of"] = run.as_of
    run.record.facts["comment_count"] = _count_comments(run)
    run.record.facts["joins"] = _join(run) if facts.read else _joined(run)
    for row in run.record.facts["inputs"]:
        run.record.warnings += [f"{row['source']}: {words}" for words in row["decisions"].get("warnings", [])]
    return counts if facts.read or facts.failed else None


def _tell(run: Run, name: str, rows: int) -> None:
    run.has_news.set()
    run.progress.tell(f"Reading {name}: {rows:,} comments")


def _join(run: Run) -> dict[str, dict[str, Any]]:
    """Count which comments find their order, ticket or customer: -> JOINS."""
    operations = {name: run.store.read(table) for name, table in OPERATION_TABLES.items()}
    keys = run.store.scan(FEEDBACK, run.parts(), ["feedback_id", "source", "customer_key", "order_key"])
    run.store.write(JOINS, count_joins(keys, operations))
    return _joined(run)


def _joined(run: Run) -> dict[str, dict[str, Any]]:
    rows = run.store.read(JOINS).to_pylist()
    return {
        row["operation"]: {name: row[name] for name in ("comment_count", "joined_count", "joined_share")}
        for row in rows
        if row["source"] == ALL
    }


def _count_comments(run: Run) -> int:
    ids = run.store.scan(FEEDBACK, run.parts(), ["feedback_id"])
    return sum(int(pc.count(arrow["feedback_id"]).as_py()) for arrow in ids)
