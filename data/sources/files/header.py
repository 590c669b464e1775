"""The first rows of a table -> which of them names the columns."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from data.sources.cells.columns import EMAIL, count_words, is_known_name, match_name
from data.sources.names import shown_names, unique_names

MAX_NAME_WORDS = 20  # of a column, when it is no question
MAX_ONLY_NAME_WORDS = 3  # of the only column
NUMBER_OR_DATE = re.compile(r"[-+]?\d[\d.,:/\- T+Z%]*")


@dataclass(frozen=True)
class Header:
    """Where the column names stand.

    Attributes:
        names: distinct, non-empty.
        row: 1-based record that names the columns; 0 if none does.
        first_record: 1-based record that the data begin with.
        why: the reason in words.
        warnings: repeated names, a missing header.
    """

    names: tuple[str, ...]
    row: int
    first_record: int
    why: str
    warnings: tuple[str, ...] = ()

    @property
    def decision(self) -> dict[str, Any]:
        """What was decided, for the record of decisions."""
        return {"header_row": {"value": self.row, "why": self.why}}


def fit_to_header(record: list[str], width: int) -> tuple[list[str], tuple[str, str] | None]:
    """Give the cells of one record under its header's names, or what is wrong with it."""
    if len(record) == width:
        return record, None
    if len(record) > width and not any(record[width:]):
        return record[:width], None
    return record, ("ragged", f"{len(record)} cells where the header has {width}")


def find_header(records: Sequence[Sequence[str]], *, stated: int | None, search_rows: int) -> Header:
    """Find the record that names the columns; lines about the export before it are passed over.

    Args:
        records: the first records of the table.
        stated: 1-based record named in the settings; 0: none names the columns.
        search_rows: how many records to look at.
    """
    if not records:
        return Header((), 0, 1, "the file is empty", ("the file is empty",))
    width = _usual_width(records)
    if stated == 0:
        return _numbered(width, 1, "the settings say that there is none")
    if stated is not None and stated <= len(records):
        return _named(_without_blank_end(records[stated - 1], width), stated, "named in the settings")
    scores = [_score(record, width) for record in records[:search_rows]]
    best = max(range(len(scores)), key=lambda i: (scores[i], -i))
    if scores[best] < 0.5 or _looks_like_data(records, best):
        return _numbered(width, 1, "the first records look like data, not like names")
    why = "first record that fills the columns with names"
    return _named(
        _without_blank_end(records[best], width), best + 1, why if best else "first record of the file"
    )


def _usual_width(records: Sequence[Sequence[str]]) -> int:
    # The end of the sample is table, whatever stands before it.
    widths = Counter(len(record) for record in records[len(records) // 2 :])
    return max(widths, key=lambda w: (widths[w], w))


def _score(record: Sequence[str], width: int) -> float:
    """Rate a record as a header, 0 to 1: as wide as the table, filled, distinct, made of names."""
    if len(record) < min(width, 2) or not record:
        return 0.0
    filled = [cell.strip() for cell in record if cell.strip()]
    if not filled:
        return 0.0
    named = [c for c in filled if not NUMBER_OR_DATE.fullmatch(c)]
    known = sum(is_known_name(c) for c in named)
    shape = min(len(record), width) / max(len(record), width)
    score = (
        shape * (len(filled) / len(record)) * (len(named) / len(filled)) * (len(set(filled)) / len(filled))
    )
    return min(1.0, 0.8 * score + 0.2 * min(known, 2) / 2)


def _looks_like_data(records: Sequence[Sequence[str]], position: int) -> bool:
    record = records[position]
    cells = [cell.strip() for cell in record if cell.strip()]
    if any(is_known_name(cell) for cell in cells):
        return False
    if any(NUMBER_OR_DATE.fullmatch(cell) or EMAIL.fullmatch(cell) for cell in cells):
        return True
    # A file without header begins with a sentence; as a column name it would leave the file unmasked.
    longest = MAX_NAME_WORDS if len(cells) > 1 else MAX_ONLY_NAME_WORDS
    return position == 0 and any(
        count_words(c) > longest and c[-1] not in "?？؟" and not match_name(c, "text").score for c in cells
    )


def _without_blank_end(record: Sequence[str], width: int) -> list[str]:
    cells = list(record)
    while len(cells) > width and not cells[-1].strip():
        cells.pop()
    return cells


def _named(cells: list[str], row: int, why: str) -> Header:
    repeated = sorted(n for n, count in Counter(c.strip() for c in cells if c.strip()).items() if count > 1)
    warnings = (f"columns of the same name were numbered: {shown_names(repeated)}",) if repeated else ()
    return Header(tuple(unique_names(cells)), row, row + 1, why, warnings)


def _numbered(width: int, first_record: int, why: str) -> Header:
    warning = "no header row was found: the columns are column_1, column_2 ...; [sources] header_row sets it"
    return Header(tuple(f"column_{i}" for i in range(1, width + 1)), 0, first_record, why, (warning,))
