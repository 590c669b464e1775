"""Parquet -> records: nested columns become columns with dots in their names."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq

from data.sources.files.decode import Content
from data.sources.files.nested import flatten
from data.sources.names import unique_names
from data.sources.raw import Chunk, SourceError, SourceOptions, SourceRules

PARQUET_ROWS = 8192


@dataclass
class ParquetRecords:
    """A Parquet file, read in batches; nested columns become columns with dots in their names."""

    content: Content
    rules: SourceRules
    names: tuple[str, ...]
    stored: tuple[str, ...]  # names in the file, nested ones included, before they were made distinct
    decisions: dict[str, Any]
    warnings: list[str]
    format: str = "parquet"
    has_optional_names: bool = False

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the records, at most `rows` at a time."""
        wanted = self.names if names is None else tuple(names)
        first = 1
        with self.content.open_stored() as stream:
            file = _open_parquet(stream, self.content.path)
            # One size for every pass, so that a damaged file breaks off at the same record in each.
            batches = file.iter_batches(batch_size=PARQUET_ROWS)
            while True:
                try:
                    batch = next(batches, None)
                    if batch is None:
                        break
                    chunk = self._chunk(batch, wanted, first)
                except (OSError, pa.ArrowException):
                    yield self._nothing(file, wanted, [(first, "cut", "the file is damaged from here on")])
                    return
                for start in range(0, batch.num_rows, rows):
                    part = slice(start, start + rows)
                    yield Chunk(chunk.numbers[part], chunk.values.slice(start, rows), [])
                first += batch.num_rows
            if first == 1:
                yield self._nothing(file, wanted, [])

    def _nothing(
        self, file: pq.ParquetFile, wanted: Sequence[str], rejected: list[tuple[int, str, str]]
    ) -> Chunk:
        empty = self._chunk(pa.RecordBatch.from_pylist([], file.schema_arrow), wanted, 1)
        return Chunk(empty.numbers, empty.values, rejected)

    def _chunk(self, batch: pa.RecordBatch, wanted: Sequence[str], first: int) -> Chunk:
        flat = _flat_table(pa.Table.from_batches([batch]))
        places = {name: position for position, name in enumerate(self.names)}
        columns = [_as_text(flat.column(places[name])) for name in wanted]
        values = pa.Table.from_arrays(columns, names=list(wanted))
        numbers = pa.array(range(first, first + batch.num_rows), pa.int64()).to_numpy()
        return Chunk(numbers, values, [])


def open_parquet(content: Content, *, options: SourceOptions, rules: SourceRules) -> ParquetRecords:
    """Open a Parquet file; its schema names the columns.

    Raises:
        SourceError: the file is damaged or cut.
    """
    del options  # names, types and encoding are in the file
    with content.open_stored() as stream:
        schema = _open_parquet(stream, content.path).schema_arrow
    stored = tuple(_flat_table(schema.empty_table()).column_names)
    return ParquetRecords(content, rules, tuple(unique_names(stored)), stored, {}, [])


def _open_parquet(stream: object, path: str) -> pq.ParquetFile:
    try:
        file = pq.ParquetFile(stream)
        _ = file.schema_arrow
    except (ValueError, OSError):
        raise SourceError(f"{path} is a damaged or cut Parquet file; export it again") from None
    return file


def _flat_table(table: pa.Table) -> pa.Table:
    while any(pa.types.is_struct(field.type) for field in table.schema):
        table = table.flatten()
    return table


def _as_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    kind = column.type
    if pa.types.is_dictionary(kind):
        return _as_text(column.cast(kind.value_type))
    if pa.types.is_floating(kind):
        return _whole_numbers(column)
    if pa.types.is_binary(kind) or pa.types.is_large_binary(kind) or pa.types.is_nested(kind):
        texts = [None if value is None else _nested_text(value) for value in column.to_pylist()]
        return pa.chunked_array([pa.array(texts, pa.large_string())])
    return _valid_text(column.cast(pa.large_string()))


def _valid_text(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Replace bytes that are no UTF-8: Parquet takes a writer's word for it."""
    try:
        column.validate(full=True)
    except pa.ArrowInvalid:
        texts = [
            None if v is None else v.decode("utf-8", "replace")
            for v in column.cast(pa.large_binary()).to_pylist()
        ]
        return pa.chunked_array([pa.array(texts, pa.large_string())])
    return column


def _whole_numbers(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Write 5.0 as 5: a missing cell made a column of integers one of floats."""
    clean = pc.if_else(pc.is_nan(column), None, column)
    is_whole = pc.and_(pc.equal(pc.floor(clean), clean), pc.less(pc.abs(clean), 1e15))
    whole = pc.if_else(is_whole, clean, 0.0).cast(pa.int64()).cast(pa.large_string())
    return pc.if_else(is_whole, whole, clean.cast(pa.large_string()))


def _nested_text(value: object) -> str:
    if isinstance(value, bytes):
        return value.decode("utf-8", "replace")
    return "; ".join(text for _, text in flatten(value) if text)
