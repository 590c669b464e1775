"""Rows of strings -> chunks of Arrow columns, with the numbers of the records that were set aside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from data.sources.raw import Chunk


class ChunkBuilder:
    """Collects records, column by column, until there are enough for a chunk; counts every record it sees.

    Only the columns asked for are kept, as lists of strings: rows would be lists that Python's garbage
    collector walks again and again.
    """

    def __init__(self, names: Sequence[str], wanted: Sequence[str] | None, rows: int, size: int) -> None:
        self._names = tuple(names if wanted is None else wanted)
        self._places = [names.index(name) for name in self._names]
        self._rows = rows
        self._size_limit = size
        self._number = 0
        self._columns: list[list[str | None]] = [[] for _ in self._names]
        self._numbers: list[int] = []
        self._rejected: list[tuple[int, str, str]] = []
        self._size = 0

    @property
    def is_full(self) -> bool:
        """Tell whether the records at hand make a chunk."""
        return (
            len(self._numbers) >= self._rows
            or len(self._rejected) >= self._rows
            or self._size >= self._size_limit
        )

    def keep(self, record: Sequence[str | None]) -> None:
        """Take one good record, one cell per column; an empty one is set aside."""
        if any(record):
            self.extend([record], sum(map(len, filter(None, record))))
        else:
            self.reject("empty", "every cell is empty")

    def extend(self, records: Sequence[Sequence[str | None]], size: int) -> None:
        """Take many good records, none of them empty, of `size` characters together."""
        self._numbers.extend(range(self._number + 1, self._number + 1 + len(records)))
        self._number += len(records)
        self._size += size
        for column, place in zip(self._columns, self._places, strict=True):
            column.extend([record[place] for record in records])

    def reject(self, reason: str, detail: str) -> None:
        """Set one record aside."""
        self._number += 1
        self._rejected.append((self._number, reason, detail))

    def stay(self) -> None:
        """Let what comes next belong to the record that came last."""
        self._number -= 1

    def take(self) -> Chunk:
        """Give what was collected, at most as many rows as asked for, and keep the others."""
        arrays = [pa.array(column[: self._rows], pa.large_string()) for column in self._columns]
        values = pa.Table.from_arrays(arrays, names=list(self._names))
        chunk = Chunk(np.array(self._numbers[: self._rows], dtype=np.int64), values, self._rejected)
        self._numbers = self._numbers[self._rows :]
        self._columns = [column[self._rows :] for column in self._columns]
        self._rejected, self._size = [], 0
        return chunk
