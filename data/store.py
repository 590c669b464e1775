"""Parquet tables of one output: read and written atomically, in a folder or in object storage.

A table that grows with comments is kept in parts (`tables/segments/0001-0003.parquet`), one part for every
chunk of comments, so that memory stays flat and a killed run goes on with the parts that are missing. Each
part carries a stamp: a hash of everything that it was computed from. A part whose stamp still fits is never
computed again. The ledger lists the parts that an ingest has finished; a part outside of it does not count.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.disk.files import DamagedError, Files
from data.schema import EMBEDDINGS, REPLACED
from data.table import Table

WHOLE = "all"  # the part of a table that is always written as one
EMPTY = "empty"  # the file of a table without parts: it tells other tools the columns, and is no part itself
LEDGER = "tables/ledger.json"
_STAMP = b"voc.stamp"
_DENSE_ROWS = 512  # vectors of one group, 1.6 MB: later parts look single rows up in it


def stamp_of(*ingredients: Any) -> str:  # noqa: ANN401 - anything that JSON can hold
    """Hash what a table is computed from: equal ingredients, equal stamp."""
    text = json.dumps(ingredients, sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.blake2b(text.encode(), digest_size=16).hexdigest()


class Store(Files):
    """The tables of one output."""

    def write(
        self, table: Table, frame: pd.DataFrame | pa.Table, *, part: str = WHOLE, stamp: str = ""
    ) -> int:
        """Check a frame against its table and write it as one part, whole or not at all.

        Returns:
            The number of rows written.

        Raises:
            TableError: the frame does not fit the table.
            StoreError: the disk is full, or the place may not be written.
        """
        arrow = table.to_arrow(frame)
        arrow = arrow.replace_schema_metadata({_STAMP: stamp.encode()})
        self._write_parquet(self._part_path(table, part), arrow, is_dense=table is EMBEDDINGS)
        return int(arrow.num_rows)

    def write_file(
        self, relative: str, table: Table, frame: pd.DataFrame | pa.Table, *, stamp: str = ""
    ) -> None:
        """Write a table as one plain Parquet file outside tables/, for analysts and other tools."""
        arrow = table.to_arrow(frame).replace_schema_metadata({_STAMP: stamp.encode()})
        self._write_parquet(relative, arrow, is_dense=False)

    def read_file(self, relative: str, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one Parquet file of this output."""
        with self.open_file(relative) as handle:
            arrow = pq.read_table(handle, columns=list(columns) if columns else None)
        return arrow.replace_schema_metadata(None)

    def file_stamp(self, relative: str) -> str | None:
        """Give the stamp of a file written by `write_file`; None when it is not there or cannot be read."""
        try:
            with self.open_file(relative) as handle:
                metadata = pq.read_schema(handle).metadata or {}
        except (FileNotFoundError, DamagedError):
            return None
        return str(metadata.get(_STAMP, b"").decode())

    def read(self, table: Table, part: str = WHOLE, columns: Sequence[str] | None = None) -> pa.Table:
        """Read one part; the empty table when the part does not exist."""
        path = self._part_path(table, part)
        if not self.has_file(path):
            empty = table.empty()
            return empty.select(list(columns)) if columns else empty
        return self.read_file(path, columns)

    def read_rows(
        self, table: Table, part: str, rows: np.ndarray, columns: Sequence[str] | None = None
    ) -> pa.Table:
        """Read some rows of a part, and of the file no more than the groups of rows that hold them.

        Args:
            table: the table.
            part: a part that is there.
            rows: ascending positions.
            columns: the columns wanted; all when None.
        """
        with self.open_file(self._part_path(table, part)) as handle:
            file = pq.ParquetFile(handle)
            sizes = [file.metadata.row_group(group).num_rows for group in range(file.num_row_groups)]
            ends = np.cumsum(sizes, dtype=np.int64)
            groups, of_row = np.unique(np.searchsorted(ends, rows, side="right"), return_inverse=True)
            arrow = file.read_row_groups(groups.tolist(), columns=list(columns) if columns else None)
        read_sizes = np.asarray(sizes, dtype=np.int64)[groups]
        skipped = ends[groups] - np.cumsum(read_sizes)  # rows of the file before a group that were not read
        return arrow.take(pa.array(rows - skipped[of_row])).replace_schema_metadata(None)

    def stamp(self, table: Table, part: str = WHOLE) -> str | None:
        """Give the stamp of a part; None when the part does not exist or cannot be read."""
        return self.file_stamp(self._part_path(table, part))

    def has(self, table: Table, part: str, stamp: str) -> bool:
        """Say whether a part is there and was computed from just these ingredients."""
        return self.stamp(table, part) == stamp

    def parts(self, table: Table) -> list[str]:
        """List the parts of a table that are on the disk, finished or not, ascending."""
        names = self.list_folder(f"tables/{table.name}")
        parts = [name.removesuffix(".parquet") for name in names if name.endswith(".parquet")]
        return [part for part in parts if part != EMPTY and not part.startswith(".")]

    def show_empty(self, tables: Iterable[Table]) -> None:
        """Give every table that has no part a file without rows, and take it from those that have one.

        Args:
            tables: all that a reader of this output may ask for.
        """
        for table in tables:
            empty = table.empty()
            stamp = stamp_of(str(empty.schema))
            if self.parts(table):
                self.drop(table, EMPTY)
            elif not self.has(table, EMPTY, stamp):
                self.write(table, empty, part=EMPTY, stamp=stamp)

    def drop(self, table: Table, part: str) -> None:
        """Delete one part; nothing happens when it is not there."""
        self.remove(self._part_path(table, part))

    def scan(
        self, table: Table, parts: Iterable[str], columns: Sequence[str] | None = None
    ) -> Iterator[pa.Table]:
        """Read part after part, leaving out comments whose newer version came later.

        Args:
            table: a table with a `feedback_id`, or any other (then nothing is left out).
            parts: the parts to read, ascending.
            columns: the columns wanted; all when None.
        """
        stale = self.stale_since()
        for part in parts:
            wanted = list(columns) if columns else None
            is_filtered = bool(stale) and "feedback_id" in table.columns.names
            if wanted and is_filtered and "feedback_id" not in wanted:
                wanted = [*wanted, "feedback_id"]
            arrow = self.read(table, part, wanted)
            if is_filtered:
                dropped = [i for i, since in stale.items() if part < since]
                arrow = arrow.filter(
                    pc.invert(pc.is_in(arrow["feedback_id"], pa.array(dropped, pa.string())))
                )
            yield arrow.select(list(columns)) if columns else arrow

    def read_all(self, table: Table, parts: Iterable[str], columns: Sequence[str] | None = None) -> pa.Table:
        """Read parts into one table; columns that only some parts have are null in the others."""
        tables = list(self.scan(table, parts, columns))
        if not tables:
            empty = table.empty()
            return empty.select(list(columns)) if columns else empty
        return pa.concat_tables(tables, promote_options="default")

    def export(self, table: Table, parts: Sequence[str], relative: str) -> int:
        """Write parts as one plain Parquet file outside tables/, a part at a time.

        Columns that only some parts have are null in the others.

        Returns:
            The number of rows written.
        """
        schema = table.columns
        for name in self.open_columns(table, parts):
            schema = schema.append(pa.field(name, pa.string()))
        schema = pa.schema([f.with_nullable(True).remove_metadata() for f in schema])
        sink, rows = pa.BufferOutputStream(), 0
        with pq.ParquetWriter(sink, schema, compression="zstd") as writer:
            for arrow in self.scan(table, parts):
                padded = pa.concat_tables([schema.empty_table(), arrow], promote_options="default")
                writer.write_table(padded.select(schema.names).cast(schema))
                rows += arrow.num_rows
        self.write_bytes(relative, sink.getvalue())
        return rows

    def open_columns(self, table: Table, parts: Iterable[str]) -> list[str]:
        """List the columns that parts have beyond the declared ones, ascending."""
        names = {name for part in parts for name in self._column_names(table, part)}
        return sorted(names - set(table.columns.names))

    def _column_names(self, table: Table, part: str) -> list[str]:
        with self.open_file(self._part_path(table, part)) as handle:
            return list(pq.read_schema(handle).names)

    def stale_since(self) -> dict[str, str]:
        """feedback_id -> the latest part that holds a newer version of it."""
        since: dict[str, str] = {}
        for part in self.parts(REPLACED):
            replaced = self.read(REPLACED, part)
            for feedback_id, newer in zip(
                replaced["feedback_id"].to_pylist(), replaced["part"].to_pylist(), strict=True
            ):
                since[feedback_id] = max(newer, since.get(feedback_id, ""))
        return since

    def ledger(self) -> list[dict[str, Any]]:
        """List the finished ingests, first to last: `{"ingest": "0001", "parts": [...]}`."""
        text = self.read_text(LEDGER)
        return list(json.loads(text)["ingests"]) if text else []

    def finish_ingest(self, entry: dict[str, Any]) -> None:
        """Add one ingest to the ledger: from now on its parts count."""
        ingests = [*self.ledger(), entry]
        self.write_text(LEDGER, json.dumps({"ingests": ingests}, indent=1, sort_keys=True) + "\n")

    def finished_parts(self) -> list[str]:
        """List the parts of comments that count, ascending."""
        return [part for entry in self.ledger() for part in entry["parts"]]

    def _part_path(self, table: Table, part: str) -> str:
        return f"tables/{table.name}/{part}.parquet"

    def _write_parquet(self, relative: str, arrow: pa.Table, *, is_dense: bool) -> None:
        sink = pa.BufferOutputStream()
        # Vectors do not compress; trying costs more than the encoder's own lookups.
        if is_dense:
            pq.write_table(arrow, sink, compression="none", use_dictionary=False, row_group_size=_DENSE_ROWS)
        else:
            pq.write_table(arrow, sink, compression="zstd")
        self.write_bytes(relative, sink.getvalue())
