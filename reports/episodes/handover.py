"""Alerts of a topic that went into another follow it there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from typing import TYPE_CHECKING

import pyarrow as pa
import pyarrow.compute as pc

if TYPE_CHECKING:
    from reports.lifecycle import Replay


def hand_over(history: Replay, moves: Mapping[str, str]) -> Replay:
    """Give open alerts, and what is remembered of their series, the issue that theirs went into.

    An alert keeps its id. Where the other issue has an open alert in that segment already, or is remembered
    itself, nothing moves: what no longer has counts is settled in its own time.

    Args:
        history: what detection remembers.
        moves: issue -> the issue it went into, as ``topic:t3`` -> ``topic:t1``; chains are followed.

    Returns:
        The history, renamed.
    """
    ends = {issue: _end(issue, moves) for issue in moves}
    is_open = pc.is_null(history.alerts["resolved_date"])
    return dataclasses.replace(
        history, alerts=_renamed(history.alerts, is_open, ends), state=_renamed(history.state, None, ends)
    )


def _end(issue: str, moves: Mapping[str, str]) -> str:
    seen = {issue}
    while moves.get(issue, issue) not in seen:
        issue = moves[issue]
        seen.add(issue)
    return issue


def _renamed(table: pa.Table, rows: pa.ChunkedArray | None, ends: Mapping[str, str]) -> pa.Table:
    movable = [True] * table.num_rows if rows is None else rows.to_pylist()
    issues, segments = table["issue"].to_pylist(), table["segment"].to_pylist()
    taken = {(i, s) for i, s, can in zip(issues, segments, movable, strict=True) if can}
    for place, (issue, segment) in enumerate(zip(issues, segments, strict=True)):
        end = ends.get(issue, issue)
        if movable[place] and end != issue and (end, segment) not in taken:
            issues[place] = end
            taken.add((end, segment))
    at = table.schema.get_field_index("issue")
    return table.set_column(at, table.schema.field(at), pa.array(issues, pa.string()))
