"""Delimited text (CSV, TSV, any separator) -> records; broken lines are set aside, one by one."""

from __future__ import annotations

import csv
import sys
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from data.sources.files.chunks import ChunkBuilder
from data.sources.files.decode import MEGABYTE, Content, guess_encoding
from data.sources.files.dialect import SEPARATOR_NAMES, Dialect, choose_dialect, first_records
from data.sources.files.header import Header, find_header
from data.sources.files.lines import Lines, RunawayError, read_block, read_records
from data.sources.files.unpacked import is_cut
from data.sources.raw import Chunk, SourceOptions, SourceRules

SAMPLE_CHARACTERS = 1 << 18


@dataclass
class DelimitedRecords:
    """A delimited text file, read anew by every call of `chunks`."""

    content: Content
    encoding: str
    dialect: Dialect
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
        builder = ChunkBuilder(self.names, names, rows, self.rules.batch_mb * MEGABYTE)
        width = len(self.names)
        with self.content.text(self.encoding) as stream:
            lines = Lines(stream, self.rules)
            self._skip_header(lines)
            one_by_one = read_records(lines, self.dialect, width)
            while True:
                block, sound = read_block(lines, self.dialect, width)
                if not block:
                    break
                if sound is not None:
                    builder.extend(sound, sum(map(len, block)))
                else:
                    lines.put_back(block)
                    _read_one_by_one(one_by_one, lines, builder)
                while builder.is_full:
                    yield builder.take()
            if is_cut(stream):
                builder.reject("cut", "the compressed file ends too early; what came before it was read")
        while builder.is_full:
            yield builder.take()
        yield builder.take()

    def _skip_header(self, lines: Lines) -> None:
        reader, wanted = self.dialect.reader(lines), self.header.first_record - 1
        while wanted:
            try:
                record = next(reader, None)
                wanted -= record is None or any(map(str.strip, record))
            except (csv.Error, RunawayError):
                reader = self.dialect.reader(lines)
            lines.release()


def _read_one_by_one(
    records: Iterator[tuple[list[str], tuple[str, str] | None]], lines: Lines, builder: ChunkBuilder
) -> None:
    while lines.are_put_back:
        record, problem = next(records, ([], ("", "")))
        if problem is None:
            builder.keep(record)
        elif problem[0]:
            builder.reject(*problem)


def open_delimited(content: Content, *, options: SourceOptions, rules: SourceRules) -> DelimitedRecords:
    """Open delimited text: tell encoding, separator and header row."""
    csv.field_size_limit(sys.maxsize)  # a comment of 10 MB is a comment; max_record_mb bounds the memory
    encoding, encoding_why = guess_encoding(content, options.encoding)
    sample = _sample_lines(content, encoding, rules)
    dialect, why = choose_dialect(sample, options, rules)
    head = list(first_records(dialect, sample, rules.header_search_rows))
    header = find_header(head, stated=options.header_row, search_rows=rules.header_search_rows)
    decisions = {
        "encoding": {"value": encoding, "why": encoding_why},
        "separator": {"value": SEPARATOR_NAMES.get(dialect.delimiter, dialect.delimiter), "why": why},
        **header.decision,
    }
    name = "tsv" if dialect.delimiter == "\t" else "csv"
    return DelimitedRecords(content, encoding, dialect, header, rules, name, decisions, list(header.warnings))


def _sample_lines(content: Content, encoding: str, rules: SourceRules) -> list[str]:
    """Read the first lines, whole ones."""
    lines, size = [], 0
    with content.text(encoding) as stream:
        for line in stream:
            lines.append(line)
            size += len(line)
            if len(lines) >= rules.sample_rows or size >= SAMPLE_CHARACTERS:
                break
    return lines
