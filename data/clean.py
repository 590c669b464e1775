"""Raw comments -> FEEDBACK and REJECTED: cleaned, masked, identified; what is no comment is set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

import pandas as pd

from data.cleaning.answers import why_empty
from data.cleaning.brands import ALL_OWN, BrandRules, mark_brands
from data.cleaning.cells import clean_cells, clean_label_column, find_personal_columns, strings_of
from data.cleaning.groups import Common, without_small_groups
from data.cleaning.text import clean_texts
from data.identify.fingerprints import copy_ids, feedback_ids, version_ids
from data.privacy import Masker
from data.schema import REJECTED

LABELS = ("question", "product", "region", "channel", "brand", "location")  # cleaned and masked like the text
NUMBERS = ("rating", "rating_original", "nps", "csat", "ces")
IDENTIFIERS = {"author_key": "author", "customer_key": "customer_id", "order_key": "order_id"}
RAW_COLUMNS = (
    "row", "own_id", "created_at", "updated_at", "created_issue", "declared_language", "text", *LABELS,
    *NUMBERS, *IDENTIFIERS.values(), "copy_of",
)  # fmt: skip
MASK_MARGIN = 1000  # characters masked beyond a cut, so that no find is cut in two
CUT_NOTE = "[CUT: {count} characters more were not kept]"


@dataclass(frozen=True)
class CleanRules:
    """What cleaning is told by the settings.

    Attributes:
        max_chars: longest text that later stages read; the rest goes to text_rest.
        max_rest_chars: longest text_rest; what stands beyond is not kept, and text_rest says how much it was.
        copy_min_bytes: UTF-8 bytes of letters from which equal texts are copies and not chance.
        min_group: employees that have to share a value, as a department, for it to be kept.
    """

    max_chars: int
    max_rest_chars: int
    copy_min_bytes: int
    min_group: int


@dataclass(frozen=True)
class SourceFacts:
    """What is known of the source of a batch.

    Attributes:
        text_columns: names of the input_ columns that hold the comment's text.
        personal_columns: (input_ column, kind) as `find_personal_columns` gives them for the first batch of a
            source, so that all its batches are treated alike; None to decide by this batch.
        brands: tells our customers from those of competitors.
        common: of employees, the values that enough of them share; None for everybody else.
    """

    source: str
    source_format: str
    source_kind: str
    stream: str
    input_hash: str
    text_columns: tuple[str, ...] = ()
    personal_columns: tuple[tuple[str, str], ...] | None = None
    brands: BrandRules = ALL_OWN
    common: Common | None = None


@dataclass(frozen=True)
class Cleaned:
    """One batch, cleaned.

    Attributes:
        feedback: FEEDBACK, the comments, in the order of the batch.
        rejected: REJECTED, what is no comment; one row per record and reason.
        has_own_id: (n of feedback,) booleans: the id is the source's own.
    """

    feedback: pd.DataFrame
    rejected: pd.DataFrame
    has_own_id: pd.Series


def clean_comments(raw: pd.DataFrame, *, source: SourceFacts, rules: CleanRules, masker: Masker) -> Cleaned:
    """Clean, mask and identify one batch of raw comments. Repeats are not resolved here.

    Args:
        raw: n rows as a source reads them, columns RAW_COLUMNS and any number of input_<name> strings.
        source: facts of the file, table or feed.
        rules: limits.
        masker: masks texts, and hashes identifiers with its key.

    Returns:
        The comments and what was set aside, both in the order of `raw`. Ids may repeat: ingest resolves that.

    Raises:
        ValueError: naming the columns that are missing.
    """
    _check_columns(raw)
    raw = raw.reset_index(drop=True)
    texts = clean_texts([text or "" for text in strings_of(raw["text"])])
    limit = rules.max_chars + rules.max_rest_chars
    masked = masker.mask(
        [text[: limit + MASK_MARGIN] for text in texts], strings_of(raw["declared_language"])
    )
    labels = {name: clean_label_column(raw[name], masker) for name in LABELS}
    reasons = [_why_rejected(*answer) for answer in zip(texts, masked, labels["question"], strict=True)]
    kept = [place for place, (reason, _) in enumerate(reasons) if not reason]
    cut = [
        _cut(text, rules, max(len(whole) - limit - MASK_MARGIN, 0))
        for text, whole in zip(masked, texts, strict=True)
    ]
    feedback = _feedback(raw, cut, labels, source=source, masker=masker)
    feedback["feedback_id"] = _ids(raw, feedback, texts, masker)
    feedback["copy_id"] = copy_ids(
        feedback["text"].tolist(),
        rules.copy_min_bytes,
        own_ids=strings_of(raw["own_id"]),
        originals=strings_of(raw["copy_of"]),
    )
    facts = ["text", "text_rest", "question", *NUMBERS[1:]]
    feedback["version_id"] = version_ids(feedback[facts])
    feedback = _add_inputs(feedback, raw, source=source, masker=masker)
    if source.common is not None:
        feedback = without_small_groups(feedback, raw, source.common)
    feedback = _with_masked_names(feedback, masker).iloc[kept]
    has_own_id = pd.Series([bool(own) for own in strings_of(raw["own_id"])], dtype=bool).iloc[kept]
    return Cleaned(
        feedback.reset_index(drop=True), _rejected(raw, reasons, source), has_own_id.reset_index(drop=True)
    )


def _check_columns(raw: pd.DataFrame) -> None:
    missing = [name for name in RAW_COLUMNS if name not in raw.columns]
    if missing:
        raise ValueError(
            f"raw comments lack the columns {', '.join(missing)}; a source must give all of RAW_COLUMNS, "
            "with missing values where the export has none; fix it in data/sources/"
        )


def _why_rejected(text: str, masked: str, question: str | None) -> tuple[str, str]:
    if not text:
        return "no_text", "found no text; expected the customer's words"
    detail = why_empty(masked, question)
    return ("no_content", f"found {detail}; expected the customer's words") if detail else ("", "")


def _feedback(
    raw: pd.DataFrame,
    cut: Sequence[tuple[str, str | None]],
    labels: dict[str, list[str | None]],
    *,
    source: SourceFacts,
    masker: Masker,
) -> pd.DataFrame:
    """Fill the columns of FEEDBACK that need no other column of it."""
    keys = {name: masker.keys.keys(strings_of(raw[column])) for name, column in IDENTIFIERS.items()}
    facts = {name: getattr(source, name) for name in ("stream", "source", "source_format", "source_kind")}
    brands, is_own = mark_brands(labels["brand"], source.source, source.brands)
    strings = {
        "created_issue": strings_of(raw["created_issue"]),
        "declared_language": clean_label_column(raw["declared_language"], masker),
        "text": [text for text, _ in cut],
        "text_rest": [rest for _, rest in cut],
        **labels,
        "brand": brands,
        **keys,
    }
    return pd.DataFrame(
        {
            "row": raw["row"],
            "created_at": raw["created_at"],
            "updated_at": pd.to_datetime(raw["updated_at"], utc=True),
            **{name: pd.Series(values, dtype="str") for name, values in strings.items()},
            **{name: pd.to_numeric(raw[name]) for name in NUMBERS},
        }
    ).assign(**facts, is_own=is_own, nps=pd.to_numeric(raw["nps"]).astype("Int8"))


def _ids(raw: pd.DataFrame, feedback: pd.DataFrame, texts: Sequence[str], masker: Masker) -> list[str]:
    """Give the ids. Scores and places tell only those comments apart whose writer is unknown.

    Of a known writer's comment they may be corrected later, and it stays the same comment.
    """
    facts = feedback[["source_kind", *IDENTIFIERS, "created_at", "question", "product"]].copy()
    facts.insert(0, "text", list(texts))
    is_anonymous = feedback[list(IDENTIFIERS)].isna().all(axis=1)
    for name in (*NUMBERS[1:], "region", "channel", "brand", "location"):
        facts[name] = feedback[name].where(is_anonymous, None)
    return feedback_ids(strings_of(raw["own_id"]), facts, masker.keys)


def _add_inputs(
    feedback: pd.DataFrame, raw: pd.DataFrame, *, source: SourceFacts, masker: Masker
) -> pd.DataFrame:
    names = [str(name) for name in raw.columns if str(name).startswith("input_")]
    kinds = source.personal_columns
    personal = dict(kinds) if kinds is not None else find_personal_columns(raw, masker)
    inputs = {}
    for name in names:
        if name in source.text_columns:
            inputs[name] = _text_cells(strings_of(raw[name]), raw, feedback, masker)
        else:
            inputs[name] = clean_cells(strings_of(raw[name]), personal.get(name, ""), masker)
    columns = {name: pd.Series(values, dtype="str") for name, values in inputs.items()}
    return pd.concat([feedback, pd.DataFrame(columns, index=feedback.index)], axis=1)


def _with_masked_names(feedback: pd.DataFrame, masker: Masker) -> pd.DataFrame:
    """Mask names of input_ columns: where a file has no header, its first comment may stand for one."""
    names = [str(name) for name in feedback if str(name).startswith("input_")]
    masked = zip(names, masker.mask([name.removeprefix("input_") for name in names]), strict=True)
    personal = {name: f"input_{bare}" for name, bare in masked if name != f"input_{bare}"}
    return feedback.rename(columns={n: f"{m}_{place}" for place, (n, m) in enumerate(personal.items(), 1)})


def _text_cells(
    cells: list[str | None], raw: pd.DataFrame, feedback: pd.DataFrame, masker: Masker
) -> list[str | None]:
    """Give a text column's cells as the masked text; other answers of the record are masked too."""
    known = dict(zip(strings_of(raw["text"]), feedback["text"].tolist(), strict=True))
    longest = max((len(text) for text in known.values()), default=0)
    others = clean_cells([None if cell in known else cell for cell in cells], "", masker)
    return [
        known[cell] if cell in known else other and other[: max(longest, MASK_MARGIN)]
        for cell, other in zip(cells, others, strict=True)
    ]


def _cut(text: str, rules: CleanRules, beyond: int) -> tuple[str, str | None]:
    """Cut a masked text at a blank: what later stages read, and the rest, which says what it lacks."""
    if len(text) <= rules.max_chars:
        return text, None
    end = _cut_place(text, rules.max_chars)
    rest = text[end:].strip()
    if len(rest) > rules.max_rest_chars:
        stop = _cut_place(rest, rules.max_rest_chars)
        count = beyond + len(rest) - stop
        rest = f"{rest[:stop].rstrip()} {CUT_NOTE.format(count=count)}"
    return text[:end].rstrip(), rest or None


def _cut_place(text: str, limit: int) -> int:
    """Give where to cut: behind the last blank before the limit, and never inside a placeholder."""
    blank = max(text.rfind(" ", 0, limit), text.rfind("\n", 0, limit))
    if blank >= limit * 3 // 4:
        return blank
    bracket = text.rfind("[", max(limit - 10, 0), limit)
    return bracket if bracket > 0 and "]" not in text[bracket:limit] else limit


def _rejected(raw: pd.DataFrame, reasons: Sequence[tuple[str, str]], source: SourceFacts) -> pd.DataFrame:
    """Give REJECTED; answers of one record that were set aside for one reason share a row."""
    rows = Counter(
        (int(row), reason, detail)
        for row, (reason, detail) in zip(raw["row"].tolist(), reasons, strict=True)
        if reason
    )
    found = pd.DataFrame(list(rows), columns=["row", "reason", "detail"])
    found = found.drop_duplicates(["row", "reason"]).reset_index(drop=True)
    rejected = found.assign(source=source.source, input_hash=source.input_hash)
    return rejected.reindex(columns=REJECTED.columns.names).astype({"row": "int64"})
