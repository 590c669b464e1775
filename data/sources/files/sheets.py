"""Spreadsheets (XLSX, XLS) -> records."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import Any

from python_calamine import CalamineError, CalamineWorkbook

from data.sources.files.chunks import ChunkBuilder
from data.sources.files.decode import MEGABYTE, Content
from data.sources.files.header import Header, find_header, fit_to_header
from data.sources.raw import Chunk, SourceError, SourceOptions, SourceRules

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
                cells, problem = fit_to_header([*record, *[""] * (width - len(record))], width)
                if problem:
                    builder.reject(*problem)
                else:
                    builder.keep(cells)
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
        **header.decision,
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
