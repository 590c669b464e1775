"""Lines of delimited text -> records: fast where all is well, with a way back from a stray quote."""

from __future__ import annotations

import csv
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import TextIO

from data.sources.files.decode import BROKEN, MEGABYTE
from data.sources.files.dialect import Dialect
from data.sources.files.header import fit_to_header
from data.sources.raw import SourceRules

BLOCK_CHARACTERS = 1 << 17
EXTENSION_CHARACTERS = 1 << 13
EXTENSIONS = 4  # a block that ends inside a comment is extended; a stray quote never ends
SPARE_LINES = 1000

Problem = tuple[str, str]  # reason, detail
NOT_ENCODED: Problem = ("encoding", "bytes that are not of the file's encoding")


class RunawayError(Exception):
    """A record goes on for more lines than any real one: its opening quote is a stray."""


@dataclass
class Lines:
    """Physical lines with a way back: what a stray quote swallowed is read again, line by line.

    What may be given back is bounded by what was read, so a hostile file costs linear time.
    """

    stream: TextIO
    rules: SourceRules
    held: list[str] = field(default_factory=list)  # lines of the record being read
    held_size: int = 0
    _again: deque[str] = field(default_factory=deque)
    _allowance: int = 0

    def __iter__(self) -> Lines:
        return self

    def __next__(self) -> str:
        if self._again:
            line = self._again.popleft()
        else:
            line = next(self.stream)
            self._allowance += 2
        self.held.append(line)
        if len(self.held) > 1:
            self.held_size += len(line)
            if self._is_runaway():
                raise RunawayError
        return line

    def _is_runaway(self) -> bool:
        allowed = min(self.rules.max_record_lines, self._allowance + SPARE_LINES)
        return len(self.held) > allowed or self.held_size > self.rules.max_record_mb * MEGABYTE

    def take_block(self, size: int = BLOCK_CHARACTERS) -> list[str]:
        """Take the next lines, `size` characters or a little more; none at the end of the file."""
        block = [*self._again] if self._again else self.stream.readlines(size)
        self._again.clear()
        return block

    def put_back(self, block: list[str]) -> None:
        """Return a block that has to be read line by line."""
        self._again.extend(block)
        self._allowance += 2 * len(block)

    @property
    def are_put_back(self) -> bool:
        """Tell whether lines wait to be read one by one."""
        return bool(self._again)

    def release(self) -> None:
        """Forget the lines of a good record."""
        self.held.clear()
        self.held_size = 0

    def give_back(self) -> None:
        """Keep the first line of a bad record out, and read the others again."""
        self._allowance -= len(self.held)
        self._again.extendleft(reversed(self.held[1:]))
        self.release()


def is_blank(record: list[str]) -> bool:
    """Tell whether a record is a blank line: that is none. Several empty cells are one, to be set aside."""
    return not record or (len(record) == 1 and not record[0].strip())


def read_block(lines: Lines, dialect: Dialect, width: int) -> tuple[list[str], list[list[str]] | None]:
    """Read the next lines at once.

    Returns:
        The lines, none at the end of the file, and their records; None if not all of them are sound, so that
        the lines have to be read one by one.
    """
    block = lines.take_block()
    for _ in range(EXTENSIONS):
        try:
            records = list(dialect.reader(block, strict=True))
        except csv.Error as error:
            more = lines.take_block(EXTENSION_CHARACTERS) if "end of data" in str(error) else []
            if not more:
                return block, None
            block += more
            continue
        records = _without_blanks(records, width)
        return block, records if _are_sound(records, block, width) else None
    return block, None


def _without_blanks(records: list[list[str]], width: int) -> list[list[str]]:
    if width == 1 or min(map(len, records), default=1) == 0:
        return [record for record in records if not is_blank(record)]
    return records


def _are_sound(records: list[list[str]], block: list[str], width: int) -> bool:
    if not records:
        return True
    if set(map(len, records)) != {width} or not all(map(any, records)):
        return False
    text = "".join(block)
    return text.isascii() or BROKEN not in text


def is_runaway_quote(dialect: Dialect, held: list[str], width: int) -> bool:
    """Tell whether a stray quote made one record of several lines (or of a cut last line)."""
    try:
        records = list(dialect.reader(held, strict=True))
    except csv.Error as error:
        return len(held) > 1 or "end of data" in str(error)
    if len(held) == 1 or (len(records) == 1 and len(records[0]) == width):
        return False
    # Quotes are in order but cells are too many: a ragged record, unless its lines are records by themselves.
    alone = sum(len(next(dialect.reader([line]), [])) == width for line in held[1:])
    return alone * 2 >= len(held) - 1


def read_records(lines: Lines, dialect: Dialect, width: int) -> Iterator[tuple[list[str], Problem | None]]:
    """Give every record with what is wrong with it; blank lines are no records."""
    reader, held = dialect.reader(lines), lines.held
    while True:
        try:
            record = next(reader)
        except StopIteration:
            return
        except (RunawayError, csv.Error):
            lines.give_back()
            reader = dialect.reader(lines)
            yield [], ("quote", "a quote is opened and never closed")
            continue
        is_one_line = len(held) == 1 and held[0][-1:] in ("\r", "\n")
        if not is_one_line and is_runaway_quote(dialect, held, width):
            lines.give_back()
            reader = dialect.reader(lines)
            yield [], ("quote", "a quote is opened that swallows the lines behind it")
            continue
        if not is_blank(record):
            is_broken = any(not line.isascii() and BROKEN in line for line in held)
            yield (record, NOT_ENCODED) if is_broken else fit_to_header(record, width)
        lines.release()
