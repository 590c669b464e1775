"""Any file -> an Export: which format, which source, which column means what, decided by content alone."""

from __future__ import annotations

import hashlib
import json
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import PurePosixPath
from typing import Any, BinaryIO
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from data.sources.cells.kinds import KINDS
from data.sources.completion import complete
from data.sources.files.decode import Content, guess_container
from data.sources.files.readers import READERS
from data.sources.general import GeneralSource, role_columns
from data.sources.raw import (
    CONTENTS,
    Plan,
    RawBatch,
    Records,
    Source,
    SourceError,
    SourceOptions,
    SourceRules,
)
from data.sources.readings import Readings, Survey
from data.sources.reviews import REVIEWS
from data.sources.shape import shape_batch
from data.sources.social import SOCIAL
from data.sources.stores import STORES
from data.sources.support import SUPPORT
from data.sources.surveys import SURVEYS
from data.sources.workplace import WORKPLACE

# Tools whose exports are known; the most confident reads a file. A family lists its own in its folder.
TOOLS: tuple[Source, ...] = (*SURVEYS, *STORES, *WORKPLACE, *REVIEWS, *SUPPORT, *SOCIAL)
GENERAL = GeneralSource()
A_GUESS = 0.1  # confidence of a plain table; sources that know their tool are surer
REVERSIBLE = ("rating", "csat", "ces")
SOURCES: tuple[Source, ...] = (*TOOLS, GENERAL)


@dataclass(frozen=True)
class Export:
    """One file, recognised; `batches` reads it.

    Attributes:
        name: last part of its path.
        source_format: csv, tsv, xlsx, xls, json, jsonl, parquet, or the tool's name.
        source_kind: kind of feedback; None for what is no comment.
        content: comments, orders, tickets or customers.
        stream: hash of format, kind and column names: exports of one tool share it.
        input_hash: SHA-256 of the stored bytes.
        record_count: records in the file, those that will be set aside included.
        decisions: ready for JSON; every entry has a value and the reason in words; `warnings` is a list.
    """

    name: str
    source_format: str
    source_kind: str | None
    content: str
    stream: str
    input_hash: str
    record_count: int
    decisions: dict[str, Any]
    _records: Records = field(repr=False)
    _plan: Plan = field(repr=False)
    _readings: Readings = field(repr=False)
    _rules: SourceRules = field(repr=False)
    _facts: tuple[Plan, Readings] | None = field(default=None, repr=False)

    @property
    def text_columns(self) -> tuple[str, ...]:
        """Columns of the file whose cells are the customer's words."""
        title = self._plan.roles.get("title")
        return (*(answer.column for answer in self._plan.answers), *([title] if title else []))

    @property
    def names(self) -> tuple[str, ...]:
        """Columns of the file."""
        return self._records.names

    @property
    def facts_content(self) -> str | None:
        """What the file says of operations beside its comments: tickets; None for nothing."""
        return self._facts[0].content if self._facts else None

    def facts(self) -> Iterator[RawBatch]:
        """Read the file as `facts_content`, batch by batch."""
        plan, readings = self._facts or (self._plan, self._readings)
        for chunk in (plan.records or self._records).chunks(self._rules.batch_rows):
            yield shape_batch(chunk, plan, readings)

    def batches(self, rows: int | None = None) -> Iterator[RawBatch]:
        """Read the file, at most `rows` records at a time; at least one batch, possibly empty."""
        for chunk in self._records.chunks(rows or self._rules.batch_rows):
            yield shape_batch(chunk, self._plan, self._readings)


def open_export(
    path: str, *, options: SourceOptions, rules: SourceRules, stored: Callable[[], BinaryIO] | None = None
) -> Export:
    """Recognise a file and decide how it is read; its comments are read by `Export.batches`.

    Args:
        path: a file or any fsspec URL.
        options: what the settings name; everything else is guessed.
        rules: numbers of the readers.
        stored: opens the bytes where `path` is only what they are called, as for a member of an archive.

    Raises:
        SourceError: it cannot be opened, is no table, or has no column of comments.
    """
    name = PurePosixPath(str(path).replace("\\", "/")).name
    options = options.of_file(name)
    check_options(options)
    content = Content(str(path), rules, stored)
    try:
        records = open_records(content, options=options, rules=rules)
        input_hash = content.input_hash
        return recognise_records(records, name=name, input_hash=input_hash, options=options, rules=rules)
    except FileNotFoundError:
        raise SourceError(f"{path} does not exist") from None
    except PermissionError:
        raise SourceError(f"{path} may not be read: permission denied") from None
    except (zlib.error, EOFError):
        raise SourceError(f"{path} is a damaged or cut archive; export it again") from None


def recognise_records(
    records: Records, *, name: str, input_hash: str, options: SourceOptions, rules: SourceRules
) -> Export:
    """Decide how records are read, wherever they come from.

    Args:
        records: the records as their reader gives them.
        name: what the source is called.
        input_hash: tells this content from other content of that name.
        options: what the settings name for this source.
        rules: numbers of the readers.

    Raises:
        SourceError: no column holds comments.
    """
    plan = choose_plan(records, options=options, rules=rules, path=name)
    records = plan.records or records
    survey = Survey(records, plan, options, rules)
    try:
        readings = survey.take()
    except SourceError as error:
        raise SourceError(f"{name}: {error}") from None
    facts = None
    if plan.facts is not None and plan.facts.records is not None:
        facts = plan.facts, Survey(plan.facts.records, plan.facts, options, rules).take()
    source_format = records.format if plan.source == "general" else plan.source
    decisions = describe(records, plan, survey)
    decisions["format"] = {"value": source_format, "why": "by its content"}
    return Export(
        name=name,
        source_format=source_format,
        source_kind=plan.kind,
        content=plan.content,
        stream=hash_stream(source_format, records, plan),
        input_hash=input_hash,
        record_count=survey.record_count,
        decisions=decisions,
        _records=records,
        _plan=plan,
        _readings=readings,
        _rules=rules,
        _facts=facts,
    )


def check_options(options: SourceOptions) -> None:
    """Refuse settings that no file could be read with.

    Raises:
        SourceError: naming the setting, what was found and what is expected.
    """
    if options.timezone is not None:
        try:
            ZoneInfo(options.timezone)
        except (ZoneInfoNotFoundError, ValueError, OSError):
            raise SourceError(
                f'[sources] timezone = "{options.timezone}" is unknown; expected a name such as Europe/Rome'
            ) from None
    if options.content not in (None, *CONTENTS):
        raise SourceError(f'[sources] content = "{options.content}": expected {" or ".join(CONTENTS)}')
    if options.kind not in (None, *KINDS):
        raise SourceError(f'[sources] kind = "{options.kind}" is unknown; known: {", ".join(sorted(KINDS))}')
    unknown = sorted(set(options.reversed) - set(REVERSIBLE))
    if unknown:
        raise SourceError(f"[sources] reversed = {unknown[0]!r}: expected some of {', '.join(REVERSIBLE)}")
    for own in options.files.values():
        check_options(own)


def open_records(content: Content, *, options: SourceOptions, rules: SourceRules) -> Records:
    """Open a file with the reader of its format."""
    container = guess_container(content)
    reader = next(open_ for claims, open_ in READERS if claims(container, content))
    return reader(content, options=options, rules=rules)


def choose_plan(records: Records, *, options: SourceOptions, rules: SourceRules, path: str) -> Plan:
    """Ask every tool's source how it would read the file; the most confident one's plan is taken.

    Only what no tool claims is left to the general source, which guesses, and refuses what it cannot read.

    Raises:
        SourceError: naming the file at `path`, what was found in it and the setting that helps.
    """
    sample = next(iter(records.chunks(rules.sample_rows))).values
    tools = TOOLS if options.content in (None, "comments") else ()
    try:
        plans = [source.plan(records, sample, options=options, rules=rules) for source in tools]
        claimed = [plan for plan in plans if plan is not None]
        if not claimed:
            return GENERAL.plan(records, sample, options=options, rules=rules)
    except SourceError as error:
        raise SourceError(f"{path}: {error}") from None
    best = max(claimed, key=lambda plan: plan.confidence)
    return complete(best, records, options=options, rules=rules)


def hash_stream(source_format: str, records: Records, plan: Plan) -> str:
    """Hash what exports of one tool have in common.

    Keys of JSON come and go with the day's data, so only the columns that mean something count there.
    """
    if plan.id_space:
        return hashlib.sha256(plan.id_space.encode()).hexdigest()[:16]
    meaning = {*plan.roles.values(), *(answer.column for answer in plan.answers)}
    names = sorted(meaning if records.has_optional_names else records.names)
    parts = json.dumps([source_format, plan.kind, names], ensure_ascii=False)
    return hashlib.sha256(parts.encode("utf-8", "replace")).hexdigest()[:16]


def describe(records: Records, plan: Plan, survey: Survey) -> dict[str, Any]:
    """Put all decisions and their reasons into one JSON-able dict."""
    columns = role_columns(plan, plan.answers)
    return {
        **records.decisions,
        "source": {
            "value": plan.source,
            "why": "its columns are those of this tool's export"
            if plan.confidence > A_GUESS
            else "no tool's own export: names and cells of the columns tell what they hold",
            "confidence": plan.confidence,
        },
        "content": {"value": plan.content, "why": plan.why.get("content", "it has a column of comments")},
        "kind": {"value": plan.kind, "why": plan.why.get("kind", "")},
        "columns": {role: {"value": name, "why": plan.why.get(role, "")} for role, name in columns.items()},
        "questions": {answer.column: answer.question for answer in plan.answers if answer.question},
        **survey.decisions,
        "warnings": [*records.warnings, *plan.warnings, *survey.warnings],
    }
