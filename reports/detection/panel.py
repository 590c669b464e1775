"""COUNTS -> matrices: days down, series across; refuses what would be counted wrongly."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ALL, COUNTS, TableError

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.int64]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

EPOCH = date(1970, 1, 1)
DAYS_PER_WEEK = 7
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


def validate_counts(frame: pd.DataFrame | pa.Table) -> pa.Table:
    """Check a table of counts from anywhere and give it as COUNTS.

    Args:
        frame: date (dates, timestamps or ISO strings), issue, segment, n, total; other columns are ignored.

    Returns:
        COUNTS, n rows, sorted by issue, segment, date.

    Raises:
        TableError: with every problem found: missing columns, unreadable dates, numbers that are not
            whole, negative, or n above total, repeated rows, totals that differ within a segment's day.
    """
    table = frame if isinstance(frame, pa.Table) else _to_arrow(frame)
    missing = [name for name in COUNTS.columns.names if name not in table.column_names]
    if missing:
        _refuse([f"missing columns: {', '.join(missing)}; found: {', '.join(table.column_names) or 'none'}"])
    if not table.num_rows:
        return COUNTS.empty()
    problems: list[str] = []
    columns = [
        _read_days(table["date"], problems),
        *[_read_names(table[name], name, problems) for name in ("issue", "segment")],
        *[_read_whole(table[name], name, problems) for name in ("n", "total")],
    ]
    if problems:
        _refuse(problems)
    counts = pa.table(columns, names=COUNTS.columns.names)
    problems = _range_problems(counts)
    if problems:
        _refuse(problems)
    return COUNTS.to_arrow(counts)


def build_panel(counts: pa.Table, known: pa.Table, *, since: int | None, until: int) -> Panel:
    """Lay checked counts out as matrices; a missing day of a series is a day without complaints.

    Args:
        counts: COUNTS.
        known: issue, segment of series that must be there even without a row.
        since: day number of the first row wanted; None for the first day of the counts.
        until: day number of the last row wanted.

    Returns:
        The panel; series without any row up to `until` are left out.
    """
    days = counts["date"].cast(pa.int32()).to_numpy().astype(np.int64)
    step = _step_of(days)
    earliest = int(days.min()) if len(days) else until
    if len(days) and step == DAYS_PER_WEEK:
        until -= (until - int(days[0])) % step
    # Rows must fall on the grid of the weekly dates.
    first = earliest if since is None else since - (since - earliest) % step
    seen = counts.filter(pa.array(days <= until))
    days = days[days <= until]
    issue, issues = _encode([seen["issue"], known["issue"]])
    segment, segments = _encode([seen["segment"], known["segment"]])
    width = max(len(segments), 1)
    pair, series = np.unique(issue * width + segment, return_inverse=True)
    inside = days >= first
    row = (days[inside] - first) // step
    rows = max((until - first) // step + 1, 0)
    n = np.zeros((rows, len(pair)), dtype=np.int64)
    n[row, series.reshape(-1)[: len(days)][inside]] = seen["n"].to_numpy()[inside]
    total = np.zeros((rows, len(segments)), dtype=np.int64)
    total[row, segment[: len(days)][inside]] = seen["total"].to_numpy()[inside]
    group = pair % width
    issue_names = tuple(issues[i] for i in pair // width)
    origin = (earliest - first) // step
    return Panel(issue_names, tuple(segments[g] for g in group), first, step, n, total, group, origin)


def _step_of(days: Ints) -> int:
    dates = np.unique(days)
    if len(dates) < MIN_WEEKLY_DATES:
        return 1
    return DAYS_PER_WEEK if not (np.diff(dates) % DAYS_PER_WEEK).any() else 1


def _encode(parts: Sequence[pa.ChunkedArray]) -> tuple[Ints, list[str]]:
    """Code names by their rank, so that the order of the rows does not matter."""
    values = pa.chunked_array([chunk for part in parts for chunk in part.chunks], pa.string())
    encoded = values.combine_chunks().dictionary_encode()
    names = encoded.dictionary.to_pylist()
    order = np.argsort(np.array(names, dtype=object), kind="stable")
    rank = np.empty(len(names), dtype=np.int64)
    rank[order] = np.arange(len(names))
    codes = encoded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    return rank[codes] if len(names) else codes, [names[i] for i in order]


def _to_arrow(frame: pd.DataFrame) -> pa.Table:
    arrays, names = [], [str(name) for name in frame.columns]
    for name in COUNTS.columns.names:
        if name not in names:
            continue
        try:
            arrays.append((name, pa.array(frame[name], from_pandas=True)))
        except (pa.ArrowInvalid, pa.ArrowTypeError):
            _refuse([f"{name}: values of different types in one column"])
    return pa.table([array for _, array in arrays], names=[name for name, _ in arrays])


def _read_days(values: pa.ChunkedArray, problems: list[str]) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        values = values.cast(values.type.value_type)
    if pa.types.is_string(values.type) or pa.types.is_large_string(values.type):
        text = pc.utf8_slice_codeunits(values, 0, 10)
        parsed = pd.to_datetime(text.to_pandas(), format="%Y-%m-%d", errors="coerce")
        result = pa.chunked_array([pa.array(parsed.dt.date, type=pa.date32(), from_pandas=True)])
    elif pa.types.is_temporal(values.type) and not pa.types.is_time(values.type):
        result = values.cast(pa.date32(), safe=False)
    else:
        problems.append(f"date: expected days as 2026-03-01, found the type {values.type}")
        return pa.chunked_array([pa.nulls(len(values), pa.date32())])
    if result.null_count:
        problems.append(f"date: {result.null_count} values are not days; write them as 2026-03-01")
    return result


def _read_names(values: pa.ChunkedArray, name: str, problems: list[str]) -> pa.ChunkedArray:
    if pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        problems.append(f"{name}: expected names, found the type {values.type}")
        return pa.chunked_array([pa.nulls(len(values), pa.string())])
    names = values.cast(pa.string())
    blank = names.null_count + (pc.sum(pc.equal(pc.utf8_trim_whitespace(names), "")).as_py() or 0)
    if blank:
        problems.append(f"{name}: {blank} names are missing or empty")
    return names


def _read_whole(values: pa.ChunkedArray, name: str, problems: list[str]) -> pa.ChunkedArray:
    if not (pa.types.is_integer(values.type) or pa.types.is_floating(values.type)):
        if not (len(values) == 0 or pa.types.is_null(values.type)):
            problems.append(f"{name}: expected whole numbers, found the type {values.type}")
        elif len(values):
            problems.append(f"{name}: {len(values)} values are missing")
        return pa.chunked_array([pa.nulls(len(values), pa.int64())])
    if values.null_count:
        problems.append(f"{name}: {values.null_count} values are missing")
    try:
        return values.cast(pa.int64())
    except pa.ArrowInvalid:
        problems.append(f"{name}: expected whole numbers, found fractions or numbers out of range")
        return pa.chunked_array([pa.nulls(len(values), pa.int64())])


def _range_problems(counts: pa.Table) -> list[str]:
    problems = []
    negative = pc.sum(pc.or_(pc.less(counts["n"], 0), pc.less(counts["total"], 0))).as_py()
    if negative:
        problems.append(f"n, total: {negative} rows are negative")
    above = pc.sum(pc.greater(counts["n"], counts["total"])).as_py()
    if above:
        problems.append(f"n: {above} rows are above total; total counts all comments of the segment that day")
    totals = counts.group_by(["date", "segment"]).aggregate([("total", "min"), ("total", "max")])
    unequal = totals.filter(pc.not_equal(totals["total_min"], totals["total_max"]))
    if unequal.num_rows:
        day, segment = unequal["date"][0].as_py(), unequal["segment"][0].as_py()
        problems.append(
            f"total: differs between issues in {unequal.num_rows} days of a segment, as {segment} on {day}; "
            "total is the same for every issue of a segment"
        )
    return problems


def _refuse(problems: list[str]) -> None:
    lines = "\n".join(f"  {problem}" for problem in problems)
    raise TableError(
        f"table 'counts' ({COUNTS.row}) was refused:\n{lines}\n  fix it where the counts are made"
    )
