"""One export -> what a run would make of it: what is recognised, five masked rows, what is set aside."""

from __future__ import annotations

import dataclasses
import json
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.clean import clean_comments
from data.identify.identity import KnownComments
from data.intake.inputs import Input
from data.intake.plan import IngestPlan, open_input, source_facts
from data.operations import OPERATION_TABLES, build_operations, condense
from data.sources.raw import RawBatch
from data.sources.recognise import Export

EXAMPLES = 5
MAX_TEXT, MAX_LABEL = 160, 60  # characters shown: enough to know a comment by, not enough to be its copy
MAX_KEY = 12  # of a hash: equal ones are seen to be equal
MAX_ROWS = 5  # row numbers shown per reason
SHOWN_FACTS = (
    "row", "created_at", "text", "question", "rating", "nps", "csat", "ces", "declared_language", "product",
    "region", "channel", "brand", "location",
)  # fmt: skip
# decision -> the setting that overrides it, and values that it may take
CHANGES: Mapping[str, tuple[str, tuple[str, ...]]] = {
    "encoding": ("sources.encoding", ('"utf-8"', '"cp1252"')),
    "separator": ("sources.separator", ('";"', '","')),
    "header_row": ("sources.header_row", ("0", "1")),
    "sheets": ("sources.sheet", ('"NAME"',)),
    "content": ("sources.content", ('"comments"', '"orders"')),
    "kind": ("sources.kind", ('"review"', '"survey"')),
    "columns": ("sources.columns", ('{ROLE = "COLUMN"}',)),
    "dates": ("sources.dayfirst", ("true", "false")),
    "scales": ("sources.rating_max", ("10", "5")),
}


@dataclass(frozen=True)
class Decision:
    """One thing that was decided: what, why, and the line that would change it (empty: nothing would)."""

    what: str
    value: str
    why: str
    change: str


@dataclass(frozen=True)
class Rejection:
    """Rows that would be set aside for one reason."""

    reason: str
    count: int
    rows: tuple[int, ...]  # the first of them, by number
    detail: str


@dataclass(frozen=True)
class Preview:
    """What a run would make of one export; no text in it is unmasked, whole, or able to steer a terminal.

    Attributes:
        source: name of the file, table or feed.
        source_format: what it was recognised as.
        source_kind: kind of feedback; None for orders, tickets and customers.
        content: comments, orders, tickets or customers.
        confidence: of the source that recognised it, 0 to 1.
        record_count: records in the export.
        looked_at: records read for this preview: all of them, or as many as were asked for.
        read_count: comments (or operations) in them: kept and rejected add up to it.
        kept_count: comments that a first run would keep.
        columns: role -> column.
        unused: columns without a role; they are kept as input_<name>.
        decisions: what was decided and why.
        examples: the first rows that would be kept.
        rejected: what would be set aside, most frequent reason first.
        warnings: what a person should look at.
    """

    source: str
    source_format: str
    source_kind: str | None
    content: str
    confidence: float
    record_count: int
    looked_at: int
    read_count: int
    kept_count: int
    columns: Mapping[str, str]
    unused: tuple[str, ...]
    decisions: tuple[Decision, ...]
    examples: tuple[dict[str, Any], ...]
    rejected: tuple[Rejection, ...]
    warnings: tuple[str, ...]

    def as_dict(self) -> dict[str, Any]:
        """Give the preview as JSON can hold it."""
        return dataclasses.asdict(self)


def preview_export(one: Input, *, plan: IngestPlan, max_records: int) -> Preview:
    """Read an export as a run would, and keep nothing.

    Args:
        one: the export.
        plan: how it is read.
        max_records: records after which reading stops; the header, dates and scales are decided over all.

    Raises:
        SourceError: it cannot be read; the message names the setting that helps.
    """
    export, rows = open_input(one, plan, None)
    looker = _Looker(one, export, plan)
    try:
        for batch in export.batches():
            looker.take(batch)
            if looker.looked_at >= max_records:
                break
    finally:
        if rows:
            rows.close()
    kept = looker.finish()
    decisions = export.decisions

    def words(value: object, limit: int) -> str:  # where a file has no header, a name may be a comment
        return shown(plan.masker.mask([str(value)])[0], limit)

    columns = {role: words(entry["value"], MAX_LABEL) for role, entry in decisions["columns"].items()}
    used = {name for entry in decisions["columns"].values() for name in str(entry["value"]).split(", ")}
    return Preview(
        source=words(one.name, MAX_TEXT),
        source_format=export.source_format,
        source_kind=export.source_kind,
        content=export.content,
        confidence=float(decisions["source"].get("confidence", 0.0)),
        record_count=export.record_count,
        looked_at=looker.looked_at,
        read_count=looker.read_count,
        kept_count=kept,
        columns=columns,
        unused=tuple(words(n, MAX_LABEL) for n in looker.names if n not in used),
        decisions=tuple(_decisions(export, words)),
        examples=tuple(looker.examples),
        rejected=tuple(looker.rejections()),
        warnings=tuple(words(warning, 4 * MAX_TEXT) for warning in decisions["warnings"]),
    )


def shown(value: object, limit: int) -> str:
    """Cut a value and take from it what could steer a terminal: control, format and private characters."""
    text = "".join(" " if unicodedata.category(one)[0] == "C" else one for one in str(value)[: limit + 1])
    return text if len(str(value)) <= limit else f"{text[:limit]}…"


class _Looker:
    """Reads batch by batch and remembers no more than is shown."""

    def __init__(self, one: Input, export: Export, plan: IngestPlan) -> None:
        self._one, self._export, self._plan = one, export, plan
        self._known = KnownComments()
        self._aside: list[pd.DataFrame] = []
        self._operations: list[pd.DataFrame] = []
        self._facts: Any = None
        self._kept = 0
        self.looked_at = self.read_count = 0
        self.names: list[str] = []
        self.examples: list[dict[str, Any]] = []

    def take(self, batch: RawBatch) -> None:
        """Take in some records."""
        self.looked_at += batch.read_count
        self.read_count += len(batch.comments) + len(batch.rejected)
        self._aside.append(batch.rejected)
        self.names = [str(name)[6:] for name in batch.comments if str(name).startswith("input_")]
        if self._export.content != "comments":
            self._operations.append(condense(batch.comments))
        elif len(batch.comments):
            self._take_comments(batch.comments)

    def finish(self) -> int:
        """Give the number of rows that would be kept."""
        raw = [frame for frame in self._operations if len(frame)]
        if raw:
            rows = pd.concat(raw, ignore_index=True)
            content = self._export.content
            found, aside = build_operations(rows, content=content, keying=self._plan.keying)
            self._aside.append(aside)
            self._kept = len(rows) - len(aside)
            self._show(OPERATION_TABLES[content].to_arrow(found).to_pandas())
        return self._kept

    def rejections(self) -> list[Rejection]:
        """Sum up what was set aside, by reason."""
        aside = pd.concat([frame[["row", "reason", "detail"]] for frame in self._aside])
        found = [
            Rejection(
                str(reason),
                len(rows),
                tuple(int(row) for row in sorted(rows["row"])[:MAX_ROWS]),
                shown(rows["detail"].iloc[0], MAX_TEXT),
            )
            for reason, rows in aside.groupby("reason", sort=True)
        ]
        return sorted(found, key=lambda one: -one.count)

    def _take_comments(self, raw: pd.DataFrame) -> None:
        plan = self._plan
        if self._facts is None:
            self._facts = source_facts(self._one.name, self._export, raw, plan)
        cleaned = clean_comments(raw, source=self._facts, rules=plan.clean_rules, masker=plan.masker)
        resolved = self._known.resolve(cleaned.feedback, has_own_id=cleaned.has_own_id)
        repeats = pd.DataFrame(resolved.rejected, columns=["row", "reason", "detail"])
        self._aside += [cleaned.rejected, repeats]
        self._kept += len(resolved.kept) - len(resolved.dropped)
        self._show(resolved.kept[[name for name in SHOWN_FACTS if name in resolved.kept]])

    def _show(self, rows: pd.DataFrame) -> None:
        for row in rows.head(EXAMPLES - len(self.examples)).to_dict("records"):
            said = {str(name): value for name, value in row.items() if not pd.isna(value)}
            self.examples.append({name: _cell(name, value) for name, value in said.items()})


def _cell(name: str, value: object) -> object:
    if isinstance(value, (bool, int, float)):
        return value
    if name.endswith("_key"):
        return str(value)[:MAX_KEY]
    return shown(value, MAX_TEXT if name in ("text", "question") else MAX_LABEL)


def _decisions(export: Export, words: Callable[[object, int], str]) -> list[Decision]:
    """Give every decision in words, with the line that changes it."""
    made = []
    for what, entry in export.decisions.items():
        if what in ("columns", "dates", "scales"):
            made += [_decision(what, role, one, words) for role, one in entry.items()]
        elif isinstance(entry, dict) and entry.get("value") is not None:
            made.append(_decision(what, "", entry, words))
    return made


def _written(value: object) -> str:
    """Write what was decided as a person would: a scale, a few facts, or that there was nothing to decide."""
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_written(one)}" for name, one in value.items()) or "as it stands"
    if (
        isinstance(value, (list, tuple))
        and len(value) == 2
        and all(isinstance(v, (int, float)) for v in value)
    ):
        return f"{value[0]:g} to {value[1]:g}"
    return value if isinstance(value, str) else json.dumps(value, ensure_ascii=False, default=str)


# as it is told -> as it is set
_AS_SET = {"semicolon": ";", "comma": ",", "/: true": "true", ".: true": "true", "-: true": "true"}


def _decision(
    what: str, role: str, entry: Mapping[str, Any], words: Callable[[object, int], str]
) -> Decision:
    value = entry["value"]
    found = value if isinstance(value, str) else _written(value)
    change = ""
    if what in CHANGES and (what != "scales" or role == "rating"):
        key, others = CHANGES[what]
        other = next((one for one in others if one.strip('"') not in (found, _AS_SET.get(found))), others[0])
        change = f"--set '{key}={other.replace('ROLE', role)}'"
    name = f"{what}: {role}" if role else what
    return Decision(name, words(found, MAX_TEXT), words(entry["why"], MAX_TEXT), change)
