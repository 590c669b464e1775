"""A table of counts from anywhere -> checked counts; refuses what would be counted wrongly."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import COUNTS, TableError

Floats = np.ndarray[Any, np.dtype[np.float64]]
Ints = np.ndarray[Any, np.dtype[np.signedinteger[Any]]]
Bools = np.ndarray[Any, np.dtype[np.bool_]]

MOST_SHOWN = 3  # ids in a message
MOST_DAYS = 36_525  # a century: a day of the year 9999 is a slip, and every day up to it would be judged
MOST_CELLS = 50_000_000  # segments x days up to which a table of all of them is faster than sorting


@dataclass(frozen=True)
class Counts:
    """COUNTS, n rows sorted by issue, segment, date, with codes in place of names.

    Attributes:
        issues: the names behind `issue`, ascending.
        segments: the names behind `segment`, ascending.
        issue: (n,) codes.
        segment: (n,) codes.
        day: (n,) day numbers.
        n: (n,) complaints.
        total: (n,) comments of the segment that day.
    """

    issues: tuple[str, ...]
    segments: tuple[str, ...]
    issue: Ints
    segment: Ints
    day: Ints
    n: Ints
    total: Ints

    @property
    def last_day(self) -> int | None:
        """Give the last day number; None when there is no row."""
        return int(self.day.max()) if len(self.day) else None

    def to_table(self) -> pa.Table:
        """Write the counts as COUNTS."""
        columns = [
            pa.array(self.day.astype(np.int32)).cast(pa.date32()),
            pa.array(self.issues, pa.string()).take(pa.array(self.issue)),
            pa.array(self.segments, pa.string()).take(pa.array(self.segment)),
            pa.array(self.n, pa.int64()),
            pa.array(self.total, pa.int64()),
        ]
        return pa.table(columns, schema=pa.schema([field.with_nullable(True) for field in COUNTS.columns]))


NO_COUNTS = Counts((), (), *(np.zeros(0, dtype=np.int64) for _ in range(5)))


def validate_counts(frame: pd.DataFrame | pa.Table) -> pa.Table:
    """Check a table of counts from anywhere and give it as COUNTS; see `check_counts`."""
    return check_counts(frame).to_table()


def check_counts(frame: pd.DataFrame | pa.Table) -> Counts:
    """Check a table of counts from anywhere.

    Args:
        frame: date (dates, timestamps or ISO strings), issue, segment, n, total; other columns are ignored.

    Returns:
        The counts, sorted by issue, segment, date.

    Raises:
        TableError: with every problem found: missing columns, unreadable dates, numbers that are not
            whole, negative, or n above total, repeated rows, totals that differ within a segment's day.
    """
    table = frame if isinstance(frame, pa.Table) else _to_arrow(frame)
    missing = [name for name in COUNTS.columns.names if name not in table.column_names]
    if missing:
        _refuse([f"missing columns: {', '.join(missing)}; found: {', '.join(table.column_names) or 'none'}"])
    twice = [name for name in COUNTS.columns.names if table.column_names.count(name) > 1]
    if twice:
        _refuse([f"columns that are there twice: {', '.join(twice)}"])
    if not table.num_rows:
        return NO_COUNTS
    problems: list[str] = []
    days = _read_days(table["date"], problems)
    issues, segments = (_read_names(table[name], name, problems) for name in ("issue", "segment"))
    n, total = (_read_whole(table[name], name, problems) for name in ("n", "total"))
    if not problems:
        _check_span(days, problems)
    if problems:
        _refuse(problems)
    issue, issue_names = _codes(issues)
    segment, segment_names = _codes(segments)
    counts = Counts(
        issues=issue_names,
        segments=segment_names,
        issue=issue,
        segment=segment,
        day=days.cast(pa.int32()).to_numpy(),
        n=n.to_numpy(),
        total=total.to_numpy(),
    )
    return _checked(counts)


def merge_names(
    names: tuple[str, ...], codes: Ints, more: pa.ChunkedArray
) -> tuple[tuple[str, ...], Ints, Ints]:
    """Add names to those that codes stand for.

    Returns:
        All names, ascending, the codes among them, and the codes of `more`.
    """
    wanted = more.to_pylist()
    everything = tuple(sorted({*names, *wanted}))
    place = {name: i for i, name in enumerate(everything)}
    added = np.array([place[name] for name in wanted], dtype=np.int64)
    if everything == names:
        return names, codes, added
    return everything, np.array([place[name] for name in names], dtype=np.int64)[codes], added


def _checked(counts: Counts) -> Counts:
    """Refuse what cannot be, and sort."""
    problems = _range_problems(counts)
    first = int(counts.day.min())
    width = int(counts.day.max()) - first + 1
    key = (counts.issue.astype(np.int64) * len(counts.segments) + counts.segment) * width + (
        counts.day - first
    )
    steps = np.diff(key)
    if not (steps > 0).all():
        order = np.argsort(key, kind="stable")
        key = key[order]
        steps = np.diff(key)
        columns = {name: getattr(counts, name)[order] for name in ("issue", "segment", "day", "n", "total")}
        counts = Counts(counts.issues, counts.segments, **columns)
    repeated = np.unique(key[1:][steps == 0])
    if len(repeated):
        problems.append(
            f"date + issue + segment: {len(repeated)} repeated, as {_written(counts, key, repeated)}"
        )
    if problems:
        _refuse(problems)
    return counts


def _written(counts: Counts, key: Ints, repeated: Ints) -> str:
    rows = np.searchsorted(key, repeated[:MOST_SHOWN])
    days = pa.array(counts.day[rows].astype(np.int32)).cast(pa.date32()).to_pylist()
    names = [(counts.issues[counts.issue[row]], counts.segments[counts.segment[row]]) for row in rows]
    return "; ".join(f"{day}/{issue}/{segment}" for day, (issue, segment) in zip(days, names, strict=True))


def _range_problems(counts: Counts) -> list[str]:
    problems = []
    negative = int(((counts.n < 0) | (counts.total < 0)).sum())
    if negative:
        problems.append(f"n, total: {negative} rows are negative")
    above = int((counts.n > counts.total).sum())
    if above:
        problems.append(f"n: {above} rows are above total; total counts all comments of the segment that day")
    first = int(counts.day.min())
    cell = counts.segment.astype(np.int64) * (int(counts.day.max()) - first + 1) + (counts.day - first)
    place = np.unique(cell, return_inverse=True)[1] if cell.max() > MOST_CELLS else cell
    told = np.zeros(int(place.max()) + 1, dtype=np.int64)
    told[place] = counts.total
    unequal = np.flatnonzero(told[place] != counts.total)
    if len(unequal):
        row = int(unequal[np.argmin(cell[unequal])])
        day = pa.scalar(int(counts.day[row]), pa.int32()).cast(pa.date32())
        problems.append(
            f"total: differs between issues in {len(np.unique(cell[unequal]))} days of a segment, as "
            f"{counts.segments[counts.segment[row]]} on {day}; total is the same for every issue of a segment"
        )
    return problems


def _codes(encoded: pa.ChunkedArray) -> tuple[Ints, tuple[str, ...]]:
    """Code names by their rank, so that the order of the rows does not matter."""
    whole = encoded.chunk(0)
    names = whole.dictionary.to_pylist()
    used = np.zeros(len(names), dtype=bool)
    codes = whole.indices.to_numpy()
    used[codes] = True
    order = [int(i) for i in np.argsort(np.array(names, dtype=object), kind="stable") if used[i]]
    rank = np.zeros(len(names), dtype=np.int32)
    rank[order] = np.arange(len(order), dtype=np.int32)
    return rank[codes], tuple(names[i] for i in order)


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


def _check_span(days: pa.ChunkedArray, problems: list[str]) -> None:
    first, last = pc.min_max(days).as_py().values()
    if (last - first).days > MOST_DAYS:
        problems.append(f"date: from {first} to {last} is more than a century; one of them is a slip")


def _read_names(values: pa.ChunkedArray, name: str, problems: list[str]) -> pa.ChunkedArray:
    if pa.types.is_dictionary(values.type):
        values = values.cast(pa.dictionary(pa.int32(), pa.string()))
    elif pa.types.is_nested(values.type) or pa.types.is_binary(values.type):
        problems.append(f"{name}: expected names, found the type {values.type}")
        return pa.chunked_array([pa.nulls(len(values), pa.string())]).dictionary_encode()
    else:
        values = values.cast(pa.string()).dictionary_encode()
    encoded = values.unify_dictionaries().combine_chunks()
    encoded = encoded.chunk(0) if isinstance(encoded, pa.ChunkedArray) else encoded
    empty = pc.fill_null(pc.equal(pc.utf8_trim_whitespace(encoded.dictionary), ""), True)
    is_empty = np.append(empty.to_numpy(zero_copy_only=False), True)
    codes = encoded.indices.fill_null(len(encoded.dictionary)).to_numpy()
    blank = int(is_empty[codes].sum()) if is_empty[:-1].any() or encoded.null_count else 0
    if blank:
        problems.append(f"{name}: {blank} names are missing or empty")
    return pa.chunked_array([encoded])


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


def _refuse(problems: list[str]) -> None:
    lines = "\n".join(f"  {problem}" for problem in problems)
    raise TableError(
        f"table 'counts' ({COUNTS.row}) was refused:\n{lines}\n  fix it where the counts are made"
    )
