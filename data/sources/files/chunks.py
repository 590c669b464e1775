"""Rows of strings -> chunks of Arrow columns, with the numbers of the records that were set aside."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from data.sources.raw import Chunk


class ChunkBuilder:
    """Collects records until there are enough for a chunk; counts every record that it sees."""

    def __init__(self, names: Sequence[str], wanted: Sequence[str] | None, rows: int, size: int) -> None:
        self._wanted = [(names.index(n), n) for n in (names if wanted is None else wanted)]
        self._rows = rows
        self._size_limit = size
        self._number = 0
        self._records: list[Sequence[str | None]] = []
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
        if not any(record):
            self.reject("empty", "every cell is empty")
            return
        self._number += 1
        self._numbers.append(self._number)
        self._records.append(record)
        self._size += sum(map(len, filter(None, record)))

    def extend(self, records: Sequence[Sequence[str | None]], size: int) -> None:
        """Take many good records, none of them empty, of `size` characters together."""
        self._numbers.extend(range(self._number + 1, self._number + 1 + len(records)))
        self._number += len(records)
        self._records.extend(records)
        self._size += size

    def reject(self, reason: str, detail: str) -> None:
        """Set one record aside."""
        self._number += 1
        self._rejected.append((self._number, reason, detail))

    def take(self) -> Chunk:
        """Give what was collected, at most as many rows as asked for, and keep the others."""
        columns = list(zip(*self._records[: self._rows], strict=True)) if self._records else []
        arrays = [
            pa.array(columns[position] if columns else [], pa.large_string(), from_pandas=False)
            for position, _ in self._wanted
        ]
        values = pa.Table.from_arrays(arrays, names=[name for _, name in self._wanted])
        chunk = Chunk(np.array(self._numbers[: self._rows], dtype=np.int64), values, self._rejected)
        self._records, self._numbers = self._records[self._rows :], self._numbers[self._rows :]
        self._rejected, self._size = [], 0
        return chunk
