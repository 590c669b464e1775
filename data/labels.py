"""Label files -> one row per record: text, language, sentiment, categories, as people wrote them.

Read with the readers of exports, so any format, encoding and separator will do. The columns are found by name
or named by the user. A file of corrections (`right_sentiment`, `right_category` beside what was shown) counts
only where the reader wrote something.
"""

from __future__ import annotations

import tomllib
import zlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cache
from pathlib import Path

import pandas as pd

from data.cleaning.text import clean_texts
from data.intake.inputs import InputError, expand_inputs
from data.privacy import Masker
from data.schema import SENTIMENT_LABELS
from data.sources.cells.columns import match_name, normal_name
from data.sources.files.decode import Content
from data.sources.names import shown_names
from data.sources.raw import Records, SourceError, SourceOptions, SourceRules
from data.sources.recognise import open_records

COLUMNS = ("source", "row", "group", "text", "language", "sentiment", "shown_sentiment", "categories")
_SHOWN_VALUE = 24  # a longer cell is no label but somebody's words, which no message may show
_SHOWN_VALUES = 5
_ROWS = 20_000


@dataclass(frozen=True)
class LabelColumns:
    """Which column means what; None where the name tells."""

    text: str | None = None
    language: str | None = None
    sentiment: str | None = None
    category: str | None = None


@dataclass(frozen=True)
class LabelReader:
    """How label files are read.

    Attributes:
        columns: what the user named.
        options: encoding, separator and the like; section [sources] of the settings.
        rules: numbers of the readers; section [reading].
        masker: masks the texts, as a run does.
        max_chars: longest text that is read; section [clean].
    """

    columns: LabelColumns
    options: SourceOptions
    rules: SourceRules
    masker: Masker
    max_chars: int


@dataclass
class Labels:
    """What the files hold.

    Attributes:
        rows: COLUMNS, one row per record with a text and a label. `group` is equal for rows that belong
            together (one comment); `sentiment` one of SENTIMENT_LABELS or None; `categories` the names as
            written, or None where nobody looked.
        warnings: what a person should look at.
    """

    rows: pd.DataFrame
    warnings: list[str] = field(default_factory=list)


def read_labels(inputs: Sequence[str], *, reader: LabelReader) -> Labels:
    """Read every file.

    Args:
        inputs: files, folders, patterns, fsspec URLs.
        reader: how.

    Raises:
        InputError: a file cannot be read, has no text or no label column, or its labels are no sentiments.
    """
    frames: list[pd.DataFrame] = []
    warnings: list[str] = []
    for one in expand_inputs(inputs):
        try:
            frame = _read_file(one.path, one.name, reader, warnings)
        except (SourceError, OSError, zlib.error, EOFError) as error:
            words = (
                str(error) if isinstance(error, SourceError) else f"cannot be read: {type(error).__name__}"
            )
            raise InputError(f"{one.name}: {words}") from None
        frames.append(frame)
    rows = pd.concat(frames, ignore_index=True)
    has_label = rows["sentiment"].notna() | rows["categories"].notna()
    is_usable = (rows["text"].str.len() > 0) & has_label
    if (~is_usable).any():
        warnings.append(f"{int((~is_usable).sum()):,} rows without a text or a label were left out")
    return Labels(rows[is_usable].reset_index(drop=True), warnings)


def _read_file(path: str, name: str, reader: LabelReader, warnings: list[str]) -> pd.DataFrame:
    records = open_records(Content(path, reader.rules), options=reader.options, rules=reader.rules)
    columns = _find_columns(records, name, reader.columns)
    chunks = list(records.chunks(_ROWS, list(dict.fromkeys(columns.values()))))
    cells = pd.concat([chunk.values.to_pandas() for chunk in chunks], ignore_index=True)
    numbers = [number for chunk in chunks for number in chunk.numbers.tolist()]
    lost = sum(len(chunk.rejected) for chunk in chunks)
    if lost:
        warnings.append(f"{name}: {lost:,} records could not be read and were left out")
    warnings += [f"{name}: {warning}" for warning in records.warnings]
    taken = {role: _strings(cells[column]) for role, column in columns.items()}
    languages = taken.get("language", [""] * len(numbers))
    texts = clean_texts([text[: 2 * reader.max_chars] for text in taken["text"]])
    masked = reader.masker.mask(texts, [code or None for code in languages])
    ids = taken.get("group", [""] * len(numbers))
    feelings = _sentiments(taken, name, columns)
    return pd.DataFrame(
        {
            "source": name,
            "row": numbers,
            "group": [f"{name}/{one}" if one else "" for one in ids],
            "text": pd.Series([text[: reader.max_chars] for text in masked], dtype="str"),
            "language": pd.Series([code.lower()[:2] for code in languages], dtype="str"),
            "sentiment": pd.Series(feelings, dtype="object"),
            "shown_sentiment": pd.Series(taken.get("shown_sentiment", [""] * len(numbers)), dtype="str"),
            "categories": pd.Series(
                [_split(cell) for cell in taken.get("category", [""] * len(numbers))], dtype="object"
            ),
        }
    )


def _strings(cells: pd.Series) -> list[str]:
    return [cell.strip() if isinstance(cell, str) else "" for cell in cells.tolist()]


def _split(cell: str) -> list[str] | None:
    if not cell:
        return None
    names = [name.strip() for name in cell.replace("|", ";").replace("；", ";").split(";")]
    return [name for name in names if name]


def _find_columns(records: Records, file: str, asked: LabelColumns) -> dict[str, str]:
    """Give role -> column; raises InputError with every problem."""
    by_name = {normal_name(name): name for name in reversed(records.names)}
    problems: list[str] = []
    columns: dict[str, str] = {}
    for role in ("text", "language", "sentiment", "category"):
        stated = getattr(asked, role)
        found = by_name.get(normal_name(stated)) if stated else _by_name(role, records.names, by_name)
        if found is not None:
            columns[role] = found
        elif stated:
            problems.append(f"no column '{stated}' for the {role} (--{role}-column)")
    problems += _missing(columns, asked)
    if problems:
        lines = "; ".join(problems)
        raise InputError(f"{file}: {lines}; columns found: {shown_names(records.names)}")
    for role in ("shown_sentiment", "group"):
        name = by_name.get(_names()[role][0])
        if name is not None and name not in columns.values():
            columns[role] = name
    return columns


def _by_name(role: str, names: Sequence[str], by_name: Mapping[str, str]) -> str | None:
    """Find the column of a role: the names of labels.toml, best first; else what exports call it."""
    for alias in _names()[role]:
        if alias in by_name:
            return by_name[alias]
    known_as = {"text": "text", "language": "declared_language"}.get(role)
    if known_as is None:
        return None
    scored = [(match_name(name, known_as).score, -place, name) for place, name in enumerate(names)]
    best = max(scored, default=(0.0, 0, ""))
    return best[2] if best[0] >= 0.6 else None


def _missing(columns: Mapping[str, str], asked: LabelColumns) -> list[str]:
    problems = []
    if "text" not in columns and not asked.text:
        problems.append("no column looks like the text; name it with --text-column")
    if not {"sentiment", "category"} & set(columns) and not (asked.sentiment or asked.category):
        problems.append(
            "no column of labels: expected sentiment (negative, neutral, positive) or category; "
            "name it with --sentiment-column or --category-column"
        )
    return problems


@cache
def _tables() -> dict[str, dict[str, list[str]]]:
    return tomllib.loads(Path(__file__).with_name("labels.toml").read_text(encoding="utf-8"))


@cache
def _names() -> dict[str, list[str]]:
    return {role: [normal_name(name) for name in names] for role, names in _tables()["columns"].items()}


@cache
def _feelings() -> dict[str, str]:
    words = _tables()["sentiments"]
    return {_fold(word): label for label in SENTIMENT_LABELS for word in words[label]}


def _fold(value: str) -> str:
    return " ".join(value.casefold().replace("_", " ").split())


def _sentiments(taken: Mapping[str, list[str]], file: str, columns: Mapping[str, str]) -> list[str | None]:
    if "sentiment" not in taken:
        return [None] * len(taken["text"])
    cells = taken["sentiment"]
    known = _feelings()
    strange = sorted({cell for cell in cells if cell and _fold(cell) not in known})
    if strange:
        short = [f"'{cell}'" for cell in strange if len(cell) <= _SHOWN_VALUE][:_SHOWN_VALUES]
        raise InputError(
            f"{file}: column '{columns['sentiment']}' holds {len(strange)} values that are no sentiment"
            + (f", as {', '.join(short)}" if short else "")
            + f"; expected {', '.join(SENTIMENT_LABELS)}, or name another column with --sentiment-column"
        )
    return [known[_fold(cell)] if cell else None for cell in cells]
