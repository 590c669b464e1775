"""Spreadsheets (XLSX, XLS) and Parquet -> records."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc
import pyarrow.parquet as pq
from python_calamine import CalamineError, CalamineWorkbook

from data.sources.files.chunks import ChunkBuilder
from data.sources.files.decode import MEGABYTE, Content
from data.sources.files.header import Header, find_header
from data.sources.files.nested import flatten
from data.sources.raw import Chunk, SourceError, SourceOptions, SourceRules, unique_names

PARQUET_ROWS = 8192
Rows = list[list[str]]


@dataclass
class SheetRecords:
    """The rows of one or several sheets with the same header; the format forces them into memory."""

    sheets: list[Rows]
    header: Header
    rules: SourceRules
    format: str
    decisions: dict[str, Any]
    warnings: list[str]
    has_optional_names: bool = False

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns."""
        return self.header.names

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the records, at most `rows` at a time."""
        width = len(self.names)
        builder = ChunkBuilder(self.names, names, rows, self.rules.batch_mb * MEGABYTE)
        for sheet in self.sheets:
            for record in sheet[self.header.first_record - 1 :]:
                if len(record) > width and any(record[width:]):
                    builder.reject("ragged", f"{len(record)} cells where the header has {width}")
                else:
                    builder.keep([*record[:width], *[""] * (width - len(record))])
                if builder.is_full:
                    yield builder.take()
        yield builder.take()


def open_sheets(content: Content, *, options: SourceOptions, rules: SourceRules) -> SheetRecords:
    """Open a spreadsheet: its largest sheet, and the sheets with the same column names.

    Raises:
        SourceError: it is no spreadsheet, too large unpacked, or lacks the sheet of the settings.
    """
    with content.open() as stream:
        data = stream.read()
    kind = "xlsx" if data[:2] == b"PK" else "xls"
    if kind == "xlsx":
        _check_archive(data, content.path, rules)
    sheets = _read_sheets(data, content.path, options)
    largest = max(sheets, key=lambda name: len(sheets[name])) if sheets else ""
    header = _header_of(sheets.get(largest, []), options, rules)
    chosen = [largest] if sheets else []
    skipped: list[str] = []
    for name, rows in sheets.items():
        if name == largest:
            continue
        same = rows and _header_of(rows, options, rules).names == header.names
        (chosen if same else skipped).append(name)
    warnings = list(header.warnings)
    if skipped:
        warnings.append(
            f"sheets with other columns were not read: {', '.join(skipped)}; [sources] sheet names one"
        )
    why = "named in the settings" if options.sheet else "most rows; others have the same columns"
    decisions = {
        "sheets": {"value": chosen, "why": why},
        "header_row": {"value": header.row, "why": header.why},
    }
    ordered = [sheets[name] for name in sheets if name in chosen]
    return SheetRecords(ordered, header, rules, kind, decisions, warnings)


def _header_of(rows: Rows, options: SourceOptions, rules: SourceRules) -> Header:
    return find_header(
        rows[: rules.header_search_rows], stated=options.header_row, search_rows=rules.header_search_rows
    )


def _check_archive(data: bytes, path: str, rules: SourceRules) -> None:
    try:
        with zipfile.ZipFile(io.BytesIO(data)) as archive:
            members = archive.infolist()
    except (zipfile.BadZipFile, NotImplementedError, ValueError, OSError, EOFError):
        raise SourceError(f"{path} is a damaged or cut archive; export it again") from None
    if not any(member.filename.startswith("xl/") for member in members):
        raise SourceError(f"{path} is a zip archive without a workbook; unpack it and give the files inside")
    size = sum(member.file_size for member in members)
    if size > rules.max_unpacked_mb * MEGABYTE:
        raise SourceError(
            f"{path} unpacks to {size // MEGABYTE} MB, more than {rules.max_unpacked_mb} MB; export CSV "
            "or raise [reading] max_unpacked_mb"
        )


def _read_sheets(data: bytes, path: str, options: SourceOptions) -> dict[str, Rows]:
    """Read every sheet that has rows, in the order of the workbook."""
    try:
        book = CalamineWorkbook.from_filelike(io.BytesIO(data))
        names = book.sheet_names
        if options.sheet and options.sheet not in names:
            raise SourceError(f"{path} has no sheet '{options.sheet}'; it has: {', '.join(names)}")
        wanted = [options.sheet] if options.sheet else names
        sheets = {name: book.get_sheet_by_name(name).to_python(skip_empty_area=True) for name in wanted}
    except CalamineError:
        raise SourceError(
            f"{path} cannot be opened as a spreadsheet (damaged or protected); export it again"
        ) from None
    texts = {name: [[_cell(value) for value in row] for row in rows] for name, rows in sheets.items()}
    return {name: [row for row in rows if any(row)] for name, rows in texts.items() if any(map(any, rows))}


def _cell(value: object) -> str:
    if isinstance(value, str):
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer() and abs(value) < 1e15:
        return str(int(value))
    if isinstance(value, datetime):
        return value.isoformat(sep=" ")
    if isinstance(value, (date, time)):
        return value.isoformat()
    return str(value)


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
