"""Checked counts -> matrices: days down, series across."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from data.schema import ALL
from reports.detection.checks import Bools, Counts, Floats, Ints, merge_names

__all__ = ["Bools", "Floats", "Ints", "Panel", "build_panel", "to_day", "to_number"]

EPOCH = date(1970, 1, 1)
DAYS_PER_WEEK = 7
DENSE_CELLS = 50_000_000  # issues x segments up to which a table of all of them is faster than sorting
MOST_INT32 = 2**31 - 1
MIN_WEEKLY_DATES = 8  # fewer dates could be a week apart by chance


@dataclass(frozen=True)
class Panel:
    """Counts of many series over one stretch of time.

    Attributes:
        issues: (series,) COUNTS.issue, sorted by issue, then segment.
        segments: (series,) COUNTS.segment.
        first: day number (days since 1970-01-01) of the first row.
        step: days per row: 1, or 7 for weekly counts.
        n: (rows, series) complaints.
        total: (rows, segment groups) comments.
        group: (series,) column of `total` for each series.
        origin: row of the first day of all counts; below 0 when the panel starts later.
    """

    issues: tuple[str, ...]
    segments: tuple[str, ...]
    first: int
    step: int
    n: Ints
    total: Ints
    group: Ints
    origin: int

    @property
    def is_parent(self) -> Bools:
        """Say which series are an issue over all segments."""
        return np.array([segment == ALL for segment in self.segments], dtype=bool)

    @property
    def rows(self) -> int:
        """Count the days (or weeks)."""
        return int(self.n.shape[0])

    def day(self, row: int) -> int:
        """Give the day number of a row."""
        return self.first + row * self.step


def to_day(number: int) -> date:
    """Turn a day number into a date."""
    return EPOCH + timedelta(days=int(number))


def to_number(day: date) -> int:
    """Turn a date into a day number."""
    return (day - EPOCH).days


def build_panel(counts: Counts, known: pa.Table, *, since: int | None, until: int) -> Panel:
    """Lay checked counts out as matrices; a missing day of a series is a day without complaints.

    Args:
        counts: checked counts.
        known: issue, segment of series that must be there even without a row.
        since: day number of the first row wanted; None for the first day of the counts.
        until: day number of the last row wanted.

    Returns:
        The panel; series without any row up to `until` are left out.
    """
    days = counts.day
    step = _step_of(days)
    earliest = int(days.min()) if len(days) else until
    if len(days) and step == DAYS_PER_WEEK:
        until -= (until - int(days[0])) % step
    # Rows must fall on the grid of the weekly dates.
    first = earliest if since is None else since - (since - earliest) % step
    issues, issue, known_issue = merge_names(counts.issues, counts.issue, known["issue"])
    segments, segment, known_segment = merge_names(counts.segments, counts.segment, known["segment"])
    width = max(len(segments), 1)
    seen = np.flatnonzero(days <= until)
    pair = issue[seen].astype(np.int64) * width + segment[seen]
    pairs, series = _distinct(np.concatenate([pair, known_issue.astype(np.int64) * width + known_segment]))
    inside = days[seen] >= first
    rows = max((until - first) // step + 1, 0)
    at = seen[inside]
    row = (days[at] - first) // step
    kind = np.int32 if int(counts.total.sum()) < MOST_INT32 else np.int64
    n = np.zeros((rows, len(pairs)), dtype=kind)
    n[row, series[: len(seen)][inside]] = counts.n[at]
    total = np.zeros((rows, len(segments)), dtype=np.int64)
    total[row, segment[at]] = counts.total[at]
    group = pairs % width
    return Panel(
        issues=tuple(issues[i] for i in pairs // width),
        segments=tuple(segments[g] for g in group),
        first=first,
        step=step,
        n=n,
        total=total,
        group=group,
        origin=(earliest - first) // step,
    )


def _distinct(values: Ints) -> tuple[Ints, Ints]:
    """Give the distinct values, ascending, and the place of each value among them."""
    if not len(values):
        return values, values
    most = int(values.max()) + 1
    if most > DENSE_CELLS:
        found, place = np.unique(values, return_inverse=True)
        return found, place.reshape(-1)
    seen = np.zeros(most, dtype=bool)
    seen[values] = True
    found = np.flatnonzero(seen)
    place = np.cumsum(seen) - 1
    return found, place[values]


def _step_of(days: Ints) -> int:
    if not len(days):
        return 1
    dates = np.flatnonzero(np.bincount(days - days.min()))
    if len(dates) < MIN_WEEKLY_DATES:
        return 1
    return DAYS_PER_WEEK if not (np.diff(dates) % DAYS_PER_WEEK).any() else 1
