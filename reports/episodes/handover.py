"""Alerts of a topic that went into another, or of which the larger part left, follow the comments there."""

from __future__ import annotations

import dataclasses
from collections.abc import Mapping
from datetime import date
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


def hand_over_parts(history: Replay, parts: Mapping[str, tuple[str, date]]) -> Replay:
    """Give open alerts of a topic that was split, and what is remembered of their series, to its larger part.

    What opened on the day of the split or later was counted after it, and stays where it is.

    Args:
        history: what detection remembers.
        parts: issue -> the part that holds most of its comments now, and the day of the split.

    Returns:
        The history, renamed.
    """
    rows = history.alerts.select(["issue", "segment", "opened_date", "resolved_date"]).to_pylist()
    ends = {issue: part for issue, (part, _) in parts.items()}
    before = [
        row["resolved_date"] is None
        and (row["issue"] not in parts or row["opened_date"] < parts[row["issue"]][1])
        for row in rows
    ]
    alerts = _renamed(history.alerts, pa.chunked_array([pa.array(before, pa.bool_())]), ends)
    pairs = zip(rows, alerts["issue"].to_pylist(), strict=True)
    moved = {(row["issue"], row["segment"]) for row, now in pairs if row["issue"] != now}
    series = zip(history.state["issue"].to_pylist(), history.state["segment"].to_pylist(), strict=True)
    follows = [pair[0] not in parts or pair in moved for pair in series]
    state = _renamed(history.state, pa.chunked_array([pa.array(follows, pa.bool_())]), ends)
    return dataclasses.replace(history, alerts=alerts, state=state)


def larger_parts(events: pa.Table, since: date | None) -> dict[str, tuple[str, date]]:
    """Find the topics of which a part has left that is larger than what stayed.

    Args:
        events: TOPIC_EVENTS.
        since: the last judged day; what was split before it has been handed over. None for all.

    Returns:
        issue of the topic -> issue of its largest part, and the day of the split.
    """
    splits: dict[tuple[str, date], list[tuple[float, str]]] = {}
    for row in events.to_pylist():
        when = row["date"]
        if row["event"] == "split" and when is not None and (since is None or when >= since):
            splits.setdefault((row["topic_id"], when), []).append((row["share"], row["other_topic_id"]))
    found = {}
    for (topic, when), parts in sorted(splits.items()):
        share, part = max(parts)
        if share > 1 - sum(one for one, _ in parts):
            found[f"topic:{topic}"] = (f"topic:{part}", when)
    return found


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
