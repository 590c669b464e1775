"""What a declared table is, and how a frame is checked against it before it is written."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

MAX_SHOWN_IDS = 3


class TableError(ValueError):
    """A frame does not fit its declared table; the message lists every problem and no customer text."""


def column(
    name: str,
    type_: pa.DataType,
    description: str,
    *,
    nullable: bool = False,
    one_of: Sequence[str] = (),
) -> pa.Field:
    """Declare one column: its type, its meaning, and, for labels, the values it may take."""
    metadata = {"description": description}
    if one_of:
        metadata["one_of"] = ",".join(one_of)
    return pa.field(name, type_, nullable=nullable, metadata=metadata)


@dataclass(frozen=True)
class Least:
    """No row of some groups may count fewer than this, so that nobody is singled out.

    Attributes:
        count: the column that counts.
        column, value: which rows are meant, as source_kind = employee.
        size: the least count.
    """

    count: str
    column: str
    value: str
    size: int


@dataclass(frozen=True)
class Table:
    """One declared table.

    Attributes:
        name: folder or file that holds it; docs/tables.md says where.
        row: what one row means.
        key: the columns that identify a row; no two rows share them.
        written_by: the file that makes the rows.
        columns: names, types, descriptions, in the stored order.
        open_prefix: columns that start with this may be added (strings, nullable); empty: none may.
        least: groups that are too small to be written.
    """

    name: str
    row: str
    key: tuple[str, ...]
    written_by: str
    columns: pa.Schema
    open_prefix: str = ""
    sort_by: tuple[str, ...] = field(default=())
    least: Least | None = None

    def empty(self) -> pa.Table:
        """Give the table with no rows."""
        return self.columns.empty_table()

    def to_arrow(self, frame: pd.DataFrame | pa.Table) -> pa.Table:
        """Check a frame against the declaration and give it as Arrow, columns in the declared order.

        Args:
            frame: n rows; columns in any order.

        Returns:
            n rows, sorted by ``sort_by`` when the table declares it, else in the frame's order.

        Raises:
            TableError: with every problem found: missing or unexpected columns, wrong types,
                missing values, labels that are not allowed, repeated keys.
        """
        names = _names_of(frame)
        problems = self._column_problems(names)
        if problems:
            raise self._refusal(problems)
        extra = sorted(n for n in names if n not in self.columns.names)
        schema = self.columns
        for name in extra:
            schema = schema.append(pa.field(name, pa.string()))
        arrow = self._cast(frame, schema)
        problems = [*self._value_problems(arrow), *self._key_problems(arrow), *self._size_problems(arrow)]
        if problems:
            raise self._refusal(problems)
        if self.sort_by:
            arrow = arrow.sort_by([(name, "ascending") for name in self.sort_by])
        return arrow

    def _column_problems(self, names: list[str]) -> list[str]:
        missing = [n for n in self.columns.names if n not in names]
        unexpected = [
            n
            for n in names
            if n not in self.columns.names and not (self.open_prefix and n.startswith(self.open_prefix))
        ]
        problems = []
        if missing:
            problems.append(f"missing columns: {', '.join(missing)}")
        if unexpected:
            problems.append(f"unexpected columns: {', '.join(unexpected)}")
        return problems

    def _cast(self, frame: pd.DataFrame | pa.Table, schema: pa.Schema) -> pa.Table:
        arrays, problems = [], []
        for wanted in schema:
            try:
                arrays.append(_cast_column(frame, wanted))
            except (pa.ArrowInvalid, pa.ArrowTypeError, pa.ArrowNotImplementedError, TypeError):
                # Arrow's own message quotes the value, which may be customer text.
                problems.append(f"{wanted.name}: values do not fit the type {wanted.type}")
        if problems:
            raise self._refusal(problems)
        return pa.Table.from_arrays(arrays, schema=_without_null_checks(schema)).cast(
            _without_null_checks(schema)
        )

    def _value_problems(self, arrow: pa.Table) -> list[str]:
        problems = []
        for declared in self.columns:
            values = arrow[declared.name]
            if not declared.nullable and values.null_count:
                problems.append(f"{declared.name}: {values.null_count} values are missing")
            allowed = (declared.metadata or {}).get(b"one_of", b"").decode()
            if allowed:
                seen = {v for v in pc.unique(values).to_pylist() if v is not None}
                count = len(seen - set(allowed.split(",")))
                if count:
                    problems.append(f"{declared.name}: {count} labels are not among {allowed}")
        return problems

    def _key_problems(self, arrow: pa.Table) -> list[str]:
        if not arrow.num_rows or not self.key:
            return []
        counts = arrow.select(list(self.key)).group_by(list(self.key)).aggregate([([], "count_all")])
        repeated = counts.filter(pc.greater(counts["count_all"], 1))
        if not repeated.num_rows:
            return []
        shown = repeated.slice(0, MAX_SHOWN_IDS).select(list(self.key)).to_pylist()
        ids = "; ".join("/".join(str(v) for v in row.values()) for row in shown)
        return [f"{' + '.join(self.key)}: {repeated.num_rows} repeated, as {ids}"]

    def _size_problems(self, arrow: pa.Table) -> list[str]:
        if self.least is None:
            return []
        meant = pc.equal(arrow[self.least.column], self.least.value)
        small = pc.sum(pc.and_(meant, pc.less(arrow[self.least.count], self.least.size))).as_py() or 0
        rule = f"{self.least.count} of {self.least.column} {self.least.value} is at least {self.least.size}"
        return [f"{small} rows are of too small groups: {rule}"] if small else []

    def _refusal(self, problems: list[str]) -> TableError:
        lines = "\n".join(f"  {problem}" for problem in problems)
        return TableError(
            f"table '{self.name}' ({self.row}) was refused:\n{lines}\n  fix it in {self.written_by}"
        )


def to_matrix(values: pa.ChunkedArray | pa.Array) -> np.ndarray:
    """Turn a column of equally long lists of numbers into a matrix.

    Args:
        values: n lists of d float32.

    Returns:
        (n, d) float32; (0, 0) when there is no row.
    """
    array = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    if len(array) == 0:
        return np.zeros((0, 0), dtype=np.float32)
    flat = array.flatten().to_numpy(zero_copy_only=False)
    return np.asarray(flat, dtype=np.float32).reshape(len(array), -1)


def to_lists(matrix: np.ndarray) -> pa.ListArray:
    """Turn a (n, d) matrix into a column of n lists of d float32."""
    rows, width = matrix.shape
    offsets = pa.array(np.arange(rows + 1, dtype=np.int32) * np.int32(width))
    return pa.ListArray.from_arrays(offsets, pa.array(matrix.astype(np.float32).ravel()))


def _names_of(frame: pd.DataFrame | pa.Table) -> list[str]:
    return list(frame.column_names) if isinstance(frame, pa.Table) else [str(c) for c in frame]


def _cast_column(frame: pd.DataFrame | pa.Table, wanted: pa.Field) -> pa.ChunkedArray:
    if isinstance(frame, pa.Table):
        return frame[wanted.name].cast(wanted.type)
    values = pa.Array.from_pandas(frame[wanted.name], type=None if len(frame) else wanted.type)
    array = values if isinstance(values, pa.ChunkedArray) else pa.chunked_array([values])
    return array.cast(wanted.type)


def _without_null_checks(schema: pa.Schema) -> pa.Schema:
    # Missing values are reported by name and count; Arrow would stop at the first and quote it.
    return pa.schema([f.with_nullable(True) for f in schema])
