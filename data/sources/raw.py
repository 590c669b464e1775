"""What a source is: its options, the records it reads, its plan for them, the RAW comments it gives."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, fields, replace
from datetime import date
from fnmatch import fnmatchcase
from typing import Any, Protocol

import numpy as np
import pandas as pd
import pyarrow as pa

from data.sources.tables import OPERATION_SHAPES

RAW_TEXTS = (
    "own_id", "created_issue", "declared_language", "text", "question", "author", "customer_id", "order_id",
    "product", "region", "channel", "brand", "location", "copy_of",
)  # fmt: skip
RAW_NUMBERS = ("rating", "rating_original", "nps", "csat", "ces")
COMMENT_DATES = ("created_at", "updated_at")
RAW_COLUMNS = ("row", *COMMENT_DATES, *RAW_TEXTS, *RAW_NUMBERS)

# What a company may name in [sources.columns]; title is joined to text, pros and cons stand alone.
COMMENT_ROLES = (
    "text", "title", "pros", "cons", "question", "own_id", "created_at", "updated_at", "declared_language",
    "rating", "nps", "csat", "ces", "author", "customer_id", "order_id", "product", "region", "channel",
    "brand", "location",
)  # fmt: skip
ROLES = tuple(
    dict.fromkeys((*COMMENT_ROLES, *(role for shape in OPERATION_SHAPES.values() for role in shape.roles)))
)
CONTENTS = ("comments", *OPERATION_SHAPES)


class SourceError(ValueError):
    """A file cannot be read as an export; the message says what was found, expected and what to do."""


@dataclass(frozen=True)
class SourceOptions:
    """What a company knows better than the guess; every field may stay empty.

    Attributes:
        kind: survey, review, social, employee or support.
        content: comments, orders, tickets or customers.
        columns: role -> column name; `text` may name several columns, each a comment of its own.
        dayfirst: True for 31/12/2024, False for 12/31/2024.
        timezone: IANA zone of times that name none; UTC if empty.
        rating_max: the best rating; the worst is 1, or 0 where the file holds zeros.
        reversed: scores (rating, csat, ces) whose lowest value is the best, as in school marks.
        encoding: as utf-8, cp1250, gb18030.
        separator: one character, or `tab`.
        header_row: 1-based number of the record with the column names, blank lines not counted; 0: none has.
        sheet: name of the spreadsheet's sheet.
        latest: last day a comment can be from; later ones are marked `future`.
        files: pattern of file names -> the lines above that hold for these files alone.
    """

    kind: str | None = None
    content: str | None = None
    columns: Mapping[str, str | list[str]] = field(default_factory=dict)
    dayfirst: bool | None = None
    timezone: str | None = None
    rating_max: float | None = None
    reversed: tuple[str, ...] = ()
    encoding: str | None = None
    separator: str | None = None
    header_row: int | None = None
    sheet: str | None = None
    latest: date | None = None
    files: Mapping[str, SourceOptions] = field(default_factory=dict)

    def of_file(self, name: str) -> SourceOptions:
        """Give the options of one file: every pattern that fits its name adds its lines; the last wins."""
        own: dict[str, Any] = {}
        for pattern, options in self.files.items():
            if fnmatchcase(name.lower(), pattern.lower()):
                lines = {line.name: getattr(options, line.name) for line in fields(options)}
                own |= {name: value for name, value in lines.items() if value not in (None, {}, ())}
        return replace(self, **own)


@dataclass(frozen=True)
class SourceRules:
    """Numbers of the readers; each is explained in settings.toml under [reading]."""

    sample_rows: int
    batch_rows: int
    batch_mb: int
    header_search_rows: int
    max_columns: int
    max_record_lines: int
    max_record_mb: int
    max_unpacked_mb: int
    max_mail_mb: int
    max_unpack_ratio: float
    whole_json_mb: int
    in_memory_mb: int
    control_share: float
    separator_consistency: float
    statistics_values: int
    prose_words: float
    prose_distinct_share: float
    alias_score: float
    date_share: float
    earliest_year: int
    future_hours: int
    order_outlier_share: float
    monotonic_share: float
    rating_outlier_share: float
    loss_rows: int
    loss_share: float


@dataclass(frozen=True)
class Chunk:
    """Some records in file order.

    Attributes:
        numbers: (n,) int64, 1-based record numbers of the rows of `values`.
        values: n rows of strings or null; the columns asked for, under the names of `Records.names`.
        rejected: (row, reason, detail) of records set aside since the chunk before.
    """

    numbers: np.ndarray
    values: pa.Table
    rejected: list[tuple[int, str, str]]


class Records(Protocol):
    """A file as records of strings; every call of `chunks` reads it again from its start."""

    @property
    def format(self) -> str:
        """Format of the file, as csv."""
        ...

    @property
    def has_optional_names(self) -> bool:
        """Tell whether columns come and go between files of one tool, as keys of JSON do."""
        ...

    @property
    def decisions(self) -> dict[str, Any]:
        """What the reader decided, each with its value and the reason in words."""
        ...

    @property
    def warnings(self) -> list[str]:
        """What a person should look at."""
        ...

    @property
    def names(self) -> tuple[str, ...]:
        """Distinct names of the columns."""
        ...

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the records, at most `rows` at a time, with the columns `names` (None: all)."""
        ...


@dataclass(frozen=True)
class Answer:
    """One column whose cells are comments."""

    column: str
    question: str | None  # what the customer was asked; null for the one text column of a file
    suffix: str  # sets the ids of several answers of one record apart; empty when there is one


@dataclass(frozen=True)
class Plan:
    """What a source makes of the records: which column means what, and why.

    Attributes:
        source: name of the source that made it.
        confidence: 0 to 1; the most confident source reads the file.
        content: comments, orders, tickets or customers.
        kind: kind of feedback; None for what is no comment.
        roles: role -> column name, without the answers.
        answers: the columns whose cells are comments.
        why: role (or `kind`, `content`) -> the reason in words.
        day_first_hints: reasons, in words, to read 03/04/2024 as the 3rd of April.
        usual_order: whether the tool writes the day first, and the words for it, where nothing else tells.
        warnings: what a person should look at.
        records: the records as this source sees them, where that is not as the file's reader gives them.
        id_space: sources that name one space share their ids, whatever their format and columns.
        timezone: zone of times that name none, where the file or the tool states it.
        scales: role -> worst and best score that the tool knows.
        constants: role -> what holds for every comment of the file, where no column says otherwise.
        facts: a plan for what the same file says of operations, as a help desk's of its tickets.
    """

    source: str
    confidence: float
    content: str
    kind: str | None
    roles: Mapping[str, str]
    answers: tuple[Answer, ...]
    why: Mapping[str, str]
    day_first_hints: tuple[str, ...] = ()
    warnings: tuple[str, ...] = ()
    usual_order: tuple[bool, str] | None = None
    records: Records | None = None
    id_space: str | None = None
    timezone: str | None = None
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)
    facts: Plan | None = None


@dataclass(frozen=True)
class About:
    """What people read of a source, in `voc sources` and docs/sources.md.

    Attributes:
        title: the tool's name.
        reads: which of its exports, in which formats.
        signs: by what it is recognised.
        kind: kind of feedback.
        gives: what a reader of reports should know of its comments.
    """

    title: str
    reads: str
    signs: str
    kind: str
    gives: str


class Source(Protocol):
    """One tool's exports, recognised by content.

    A plan's confidence: 0.1 for a guess from names and cells, 0.8 when the tool's own column names are all
    there, 0.95 when the file holds something that no other tool writes.
    """

    @property
    def name(self) -> str:
        """Short name, as in FEEDBACK.source_format."""
        ...

    @property
    def about(self) -> About:
        """What people read of it."""
        ...

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Say how this source would read the file; None if it is not one of its own.

        Raises:
            SourceError: it is one of its own and cannot be read.
        """
        ...


@dataclass(frozen=True)
class RawBatch:
    """Some records as RAW comments (or operations), unmasked: this must not touch the disk before cleaning.

    Attributes:
        comments: RAW_COLUMNS (or those of an OperationShape) and one `input_<name>` per column, in file
            order. A record with several answers gives several rows with one `row` number.
        rejected: row, reason, detail; records that could not be read.
        read_count: records read: the distinct `row` numbers of both frames.
    """

    comments: pd.DataFrame
    rejected: pd.DataFrame
    read_count: int
