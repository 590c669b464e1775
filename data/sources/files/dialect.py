"""The first lines of delimited text -> its separator, quote and escape."""

from __future__ import annotations

import csv
import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from data.sources.cells.columns import is_known_name
from data.sources.raw import SourceError, SourceOptions, SourceRules

SEPARATORS = (",", ";", "\t", "|")
LINE_END = re.compile(r"[\r\n]")
NO_SEPARATOR = "\x1f"  # csv needs one; unit separators do not occur in text
SEPARATOR_NAMES = {"\t": "tab", ",": "comma", ";": "semicolon", "|": "bar", NO_SEPARATOR: "none"}


@dataclass(frozen=True)
class Dialect:
    """How cells are set apart: the arguments of csv.reader."""

    delimiter: str
    quotechar: str = '"'
    escapechar: str | None = None

    def reader(self, lines: Iterator[str] | Sequence[str], *, strict: bool = False) -> Iterator[list[str]]:
        """Read lines as lists of cells."""
        return csv.reader(
            lines,
            delimiter=self.delimiter,
            quotechar=self.quotechar,
            escapechar=self.escapechar,
            strict=strict,
        )


def choose_dialect(sample: list[str], options: SourceOptions, rules: SourceRules) -> tuple[Dialect, str]:
    """Take the separator and quoting under which most records have one and the same number of cells.

    Args:
        sample: the first lines, each with its end.
        options: `separator` settles it; only the quoting is chosen then.
        rules: section [reading].

    Returns:
        The dialect, and the reason in words.

    Raises:
        SourceError: the separator of the settings is no single character.
    """
    stated = {"tab": "\t", "\\t": "\t", "none": NO_SEPARATOR}.get(options.separator or "", options.separator)
    if stated and len(stated) != 1:
        raise SourceError(f'[sources] separator = "{options.separator}": expected one character, or tab')
    candidates = [stated] if stated else [s for s in SEPARATORS if any(s in line for line in sample)]
    best, best_score, best_share = Dialect(stated or NO_SEPARATOR), 0.0, 0.0
    for delimiter in candidates:
        for dialect in _quotings(delimiter, sample):
            score, share = _consistency(dialect, sample)
            if score > best_score:
                best, best_score, best_share = dialect, score, share
    if stated:
        return best, "named in the settings"
    if best_share < rules.separator_consistency:
        return Dialect(NO_SEPARATOR), "no separator gives records of equal length: one column"
    return best, f"{best_share:.0%} of the first records have the same number of cells"


def _quotings(delimiter: str, sample: list[str]) -> list[Dialect]:
    text = "".join(sample)
    found = [Dialect(delimiter)]
    if "\\" in text:
        found.append(Dialect(delimiter, escapechar="\\"))
    if delimiter + "'" in text or text.startswith("'"):
        found.append(Dialect(delimiter, quotechar="'"))
        if "\\" in text:
            found.append(Dialect(delimiter, quotechar="'", escapechar="\\"))
    return found


def _consistency(dialect: Dialect, sample: list[str]) -> tuple[float, float]:
    """Score a dialect: the share of equally long records, less for odd quotes, more for more columns."""
    records = list(first_records(dialect, sample, len(sample)))
    widths = Counter(len(record) for record in records)
    shaped = {width: count for width, count in widths.items() if width > 1}
    if not shaped:
        return 0.0, 0.0
    # Lines about an export stand before its table: in a small file they may outnumber the table's own.
    late = Counter(len(record) for record in records[len(records) // 2 :])
    width = max(shaped, key=lambda w: (late[w], shaped[w], w))
    first = next(place for place, record in enumerate(records) if len(record) == width)
    share = shaped[width] / (len(records) - first)  # lines about the export before the table do not count
    odd = sum(_is_oddly_quoted(record, dialect) for record in records) / len(records)
    rare = 0.97 if dialect.quotechar == "'" else 1.0  # an apostrophe is a quote only if that reads better
    score = share * (1 - 0.5 * odd) * (1 - 0.1 / width) * rare * (1 - 0.5 * first / len(records))
    named = sum(map(is_known_name, records[first]))
    return score + 0.25 * min(named, 2), share


def _is_oddly_quoted(record: list[str], dialect: Dialect) -> bool:
    """Tell whether a cell still shows its quotes or swallowed records: the sign of a wrong dialect."""
    quote = dialect.quotechar
    other = "'" if quote == '"' else '"'
    return any(
        cell[:1] == quote
        or cell[-1:] == quote
        or (cell[:1] == other and cell[-1:] == other and len(cell) > 1)
        or (dialect.escapechar is None and cell[-1:] == "\\")
        or (quote == "'" and LINE_END.search(cell) and dialect.delimiter in cell)
        for cell in record
    )


def first_records(dialect: Dialect, sample: list[str], count: int) -> Iterator[list[str]]:
    """Read the sample; the last record is left out when it may go on behind the sample."""
    reader: Callable[[], list[str]] = iter(dialect.reader(iter(sample))).__next__
    for _ in range(count):
        try:
            record = reader()
        except StopIteration:
            return
        except csv.Error:
            continue
        if any(map(str.strip, record)):
            yield record
