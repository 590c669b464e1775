"""ALERTS, DOCUMENTS, ASPECTS, MEMBERS -> the complaints behind every alert: now, usually, and at any time."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy.sparse import csr_array

from data.schema import ALL, EMPLOYEE, OTHER
from reports.detection.panel import to_number
from reports.explain import read_calculation
from reports.facts.complaints import Bools, Comments, Ints, Mentions, read_comments, read_mentions

Row = dict[str, Any]
GAP_DAYS = 21  # between the usual time and the window, as in detection
USUAL_DAYS = 182


@dataclass(frozen=True)
class Speakers:
    """Dated comments of our own customers and employees, and who of them complains of what.

    Attributes:
        documents: DOCUMENTS, n rows with a day.
        comments: the same as arrays.
        mentions: complaints.
    """

    documents: pa.Table
    comments: Comments
    mentions: Mentions

    @cached_property
    def is_customer(self) -> Bools:
        """Say who belongs to the segment `all`: employees only when nobody else speaks."""
        customers = pc.not_equal(self.documents["source_kind"], EMPLOYEE).to_numpy(zero_copy_only=False)
        return customers if customers.any() else np.ones(len(customers), dtype=bool)

    @cached_property
    def by_issue(self) -> dict[str, Ints]:
        """Give the positions of the comments that complain of each issue, ascending."""
        order = np.argsort(self.mentions.issue, kind="stable")
        bounds = np.cumsum(np.bincount(self.mentions.issue, minlength=len(self.mentions.issues)))[:-1]
        parts = np.split(self.mentions.comment[order], bounds) if len(self.mentions.issues) else []
        return {str(name): part for name, part in zip(self.mentions.issues.to_pylist(), parts, strict=True)}

    def inside(self, segment: str) -> Bools:
        """Say which comments belong to a segment of COUNTS; none when the column is not known."""
        dimension, equals, value = segment.partition("=")
        if not equals:
            return self.is_customer if segment == ALL else np.zeros(len(self.comments.day), dtype=bool)
        if dimension not in self.documents.column_names:
            return np.zeros(len(self.comments.day), dtype=bool)
        written = pc.utf8_trim_whitespace(self.documents[dimension].cast(pa.string()))
        found = pc.equal(written, value).fill_null(False).to_numpy(zero_copy_only=False)
        is_staff = dimension == "source_kind" and value == EMPLOYEE
        return np.asarray(found if is_staff else found & self.is_customer)


def read_speakers(
    documents: pa.Table, aspects: pa.Table, members: pa.Table, sentiments: pa.Table | None = None
) -> Speakers:
    """Read who complains of what, from the same tables and by the same rule as COUNTS.

    Args:
        documents: DOCUMENTS; comments without a date and of competitors' customers are left out.
        aspects: ASPECTS.
        members: MEMBERS.
        sentiments: SENTIMENTS.
    """
    dated = documents.filter(pc.and_(pc.is_valid(documents["created_at"]), documents["is_own"]))
    comments = read_comments(dated)
    named = aspects.filter(pc.not_equal(aspects["category"], OTHER))
    return Speakers(dated, comments, read_mentions(comments, named, members, sentiments))


@dataclass(frozen=True)
class Evidence:
    """The complaints of some alerts; matrices are (alerts, comments) of 0 and 1.

    Attributes:
        now: in the window with the strongest evidence, copies of one text once a day.
        usual: in the half year before it.
        ever: at any time.
    """

    now: csr_array
    usual: csr_array
    ever: csr_array

    def ids(self, row: int) -> Ints:
        """Give the positions of the comments in the window of one alert."""
        return np.asarray(self.now.indices[self.now.indptr[row] : self.now.indptr[row + 1]], dtype=np.int64)


def find_evidence(alerts: Sequence[Row], speakers: Speakers) -> Evidence:
    """Find the complaints behind alerts.

    Args:
        alerts: n rows of ALERTS.
        speakers: who complains of what.

    Returns:
        (n, comments) matrices, in the order of `alerts`.
    """
    inside = {segment: speakers.inside(segment) for segment in sorted({row["segment"] for row in alerts})}
    parts: dict[str, list[Ints]] = {"now": [], "usual": [], "ever": []}
    for row in alerts:
        told = speakers.by_issue.get(row["issue"], np.zeros(0, dtype=np.int64))
        told = told[inside[row["segment"]][told]]
        day = speakers.comments.day[told]
        first, last = (to_number(one) for one in window_of(row))
        parts["now"].append(_first_copies(told[(day >= first) & (day <= last)], speakers.comments))
        before = (day >= first - GAP_DAYS - USUAL_DAYS) & (day < first - GAP_DAYS)
        parts["usual"].append(told[before])
        parts["ever"].append(told)
    width = len(speakers.comments.day)
    return Evidence(**{name: _matrix(rows, width) for name, rows in parts.items()})


def window_of(row: Mapping[str, Any]) -> tuple[date, date]:
    """Give the days of the window with the strongest evidence of a row of ALERTS."""
    record = read_calculation(row["calculation"])
    if "window_start" in record:
        return date.fromisoformat(record["window_start"]), date.fromisoformat(record["window_end"])
    return row["last_active_date"] - timedelta(days=row["window_days"] - 1), row["last_active_date"]


def _first_copies(positions: Ints, comments: Comments) -> Ints:
    """Keep one comment per text and day."""
    if not len(positions):
        return positions
    pairs = np.stack([comments.day[positions], comments.copy[positions]])
    _, first = np.unique(pairs, axis=1, return_index=True)
    return positions[np.sort(first)]


def _matrix(rows: Sequence[Ints], width: int) -> csr_array:
    sizes = np.cumsum([0, *(len(row) for row in rows)])
    indices = np.concatenate([*rows, np.zeros(0, dtype=np.int64)])
    return csr_array((np.ones(len(indices)), indices, sizes), shape=(len(rows), width))
