"""Records as one source sees them: its head passed over, records set aside, columns made of others."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sources.raw import Chunk, Records


@dataclass(frozen=True)
class Aside:
    """Records that are no feedback: those with one of some cells in a column.

    Attributes:
        values: cells in lower case; the cell as a whole counts.
    """

    column: str
    values: tuple[str, ...]
    reason: str
    detail: str

    def mask(self, values: pa.Table) -> np.ndarray:
        """Tell which of n records it is: (n,) booleans."""
        cells = pc.utf8_lower(pc.utf8_trim_whitespace(values[self.column]))
        found = pc.is_in(cells, pa.array(self.values, pa.large_string()))
        return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


@dataclass(frozen=True)
class Made:
    """A column that is made of others of the file, cell by cell.

    Attributes:
        of: the columns that `make` gets.
    """

    of: tuple[str, ...]
    make: Callable[..., pa.ChunkedArray]


@dataclass
class View:
    """Records seen through a source's eyes.

    Attributes:
        inner: the file's records.
        head: records at its start that are none, as rows of question texts; the next one is number 1.
        asides: records that are set aside; the first that fits gives the reason.
        made: columns beside those of the file.
    """

    inner: Records
    head: int = 0
    asides: tuple[Aside, ...] = ()
    made: Mapping[str, Made] = field(default_factory=dict)

    @property
    def format(self) -> str:
        """Format of the file."""
        return self.inner.format

    @property
    def has_optional_names(self) -> bool:
        """Tell whether columns come and go between files of the tool."""
        return self.inner.has_optional_names

    @property
    def decisions(self) -> dict[str, Any]:
        """What the file's reader decided."""
        return self.inner.decisions

    @property
    def warnings(self) -> list[str]:
        """What the file's reader warns of."""
        return self.inner.warnings

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns: the file's, and those made of them."""
        return (*self.inner.names, *self.made)

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the records, at most `rows` at a time."""
        wanted = self.names if names is None else tuple(names)
        needed = [of for name in wanted if name in self.made for of in self.made[name].of]
        needed += [name for name in wanted if name not in self.made] + [a.column for a in self.asides]
        for chunk in self.inner.chunks(rows, list(dict.fromkeys(needed))):
            yield self._change(chunk, wanted)

    def _change(self, chunk: Chunk, wanted: Sequence[str]) -> Chunk:
        rejected = [(row - self.head, why, note) for row, why, note in chunk.rejected if row > self.head]
        kept = chunk.numbers > self.head
        for aside in self.asides:
            found = aside.mask(chunk.values) & kept
            rejected += [
                (row, aside.reason, aside.detail) for row in (chunk.numbers[found] - self.head).tolist()
            ]
            kept &= ~found
        is_whole = kept.all() or not chunk.values.num_columns  # a table without columns has no rows either
        values = chunk.values if is_whole else chunk.values.filter(pa.array(kept))
        columns = [self._column(values, name) for name in wanted]
        return Chunk(
            chunk.numbers[kept] - self.head,
            pa.Table.from_arrays(columns, names=list(wanted)),
            sorted(rejected),
        )

    def _column(self, values: pa.Table, name: str) -> pa.ChunkedArray:
        made = self.made.get(name)
        return values[name] if made is None else made.make(*(values[of] for of in made.of))
