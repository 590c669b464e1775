"""The comments that a reader finds behind the counts: the most telling complaints of each subject."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import EMPLOYEE, MEMBERS
from reports.facts.subjects import CATEGORY, read_subjects

WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Voice:
    """One comment and the subjects that it complains of.

    Attributes:
        feedback_id: the comment.
        subjects: categories, ascending.
        created_on: its day.
        source_kind: kind of feedback.
        values: its value in each dimension, by name; absent where it has none.
    """

    feedback_id: str
    subjects: tuple[str, ...]
    created_on: date
    source_kind: str
    values: Mapping[str, str]


def collect_voices(
    documents: pa.Table,
    aspects: pa.Table,
    *,
    weeks: Sequence[date],
    limit: int,
    length: tuple[int, int],
) -> list[Voice]:
    """Choose for each category the most telling complaints of some weeks, each text once.

    Args:
        documents: DOCUMENTS.
        aspects: ASPECTS.
        weeks: Mondays of the weeks, consecutive, oldest first.
        limit: comments per category.
        length: characters from which, and up to which, a comment is preferred.

    Returns:
        Voices, newest first; a comment stands once, with every subject it was chosen for.
    """
    if not weeks:
        return []
    recent = documents.filter(_within(documents["created_at"], weeks))
    recent = recent.filter(pc.and_(recent["is_own"], pc.not_equal(recent["source_kind"], EMPLOYEE)))
    found = read_subjects(recent, aspects, MEMBERS.empty(), example_length=length)
    chosen: dict[str, set[str]] = {}
    examples = found.examples(found.complains, limit=limit, firmness=found.firmness)
    for issue, ids in zip(found.issues, examples, strict=True):
        for feedback_id in ids:
            chosen.setdefault(feedback_id, set()).add(issue.removeprefix(CATEGORY))
    wanted = pc.is_in(recent["feedback_id"], value_set=pa.array(sorted(chosen), pa.string()))
    rows = recent.filter(wanted).sort_by([("created_at", "descending"), ("feedback_id", "ascending")])
    return [_voice(row, chosen[row["feedback_id"]]) for row in rows.to_pylist()]


def _within(times: pa.ChunkedArray, weeks: Sequence[date]) -> pa.ChunkedArray:
    first, last = (
        pa.scalar(datetime.combine(day, time(), UTC), times.type) for day in (weeks[0], weeks[-1] + WEEK)
    )
    return pc.fill_null(pc.and_(pc.greater_equal(times, first), pc.less(times, last)), False)


def _voice(row: dict[str, object], subjects: set[str]) -> Voice:
    values = {name: str(value) for name, value in row.items() if isinstance(value, str) and value}
    created: Any = row["created_at"]
    ordered = tuple(sorted(subjects))
    return Voice(str(row["feedback_id"]), ordered, created.date(), str(row["source_kind"]), values)
