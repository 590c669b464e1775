"""Column names and cells -> kind of feedback, and signs of where the file comes from."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence

import pyarrow as pa

from data.sources.cells.columns import Match, load_names, normal_name
from data.sources.raw import Answer, Records

KINDS = ("employee", "support", "social", "survey", "review")
DAY_FIRST_LANGUAGES = {
    "it": "Italian", "pl": "Polish", "ar": "Arabic", "es": "Spanish", "de": "German", "fr": "French",
    "pt": "Portuguese",
}  # fmt: skip
# Commonest short words; the first language whose words make up enough of the sample.
FUNCTION_WORDS = {
    "it": frozenset(["che", "non", "è", "per", "una", "il", "di", "sono", "ho", "molto", "della", "ma"]),
    "pl": frozenset(["nie", "jest", "się", "na", "do", "że", "ale", "bardzo", "to", "za", "i"]),
    "es": frozenset(["que", "el", "los", "muy", "pero", "es", "una", "por", "la", "y", "con"]),
    "de": frozenset(["und", "nicht", "der", "die", "das", "ist", "ich", "sehr", "ein", "mit", "aber"]),
    "fr": frozenset(["est", "pas", "les", "très", "je", "le", "une", "et", "mais", "pour", "des"]),
    "pt": frozenset(["que", "não", "muito", "é", "uma", "o", "com", "mas", "do", "da", "foi"]),
    "en": frozenset(["the", "and", "is", "was", "to", "of", "very", "not", "it", "my", "i", "for"]),
}
WORD = re.compile(r"[^\W\d_]+")
ARABIC = re.compile(r"[\u0600-\u06ff]")


def guess_kind(
    stated: str | None, names: Sequence[str], roles: Mapping[str, str], answers: Sequence[Answer]
) -> tuple[str, str]:
    """Tell survey, review, social, employee and support apart."""
    if stated:
        return stated, "named in the settings"
    signs: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for name in names:
        padded = f" {normal_name(name)} "
        for kind, words in load_names().kinds.items():
            if any(f" {word} " in padded or (not word.isascii() and word in padded) for word in words):
                # Words of work, tickets and networks are rarer than "review" and weigh double.
                signs[kind] += [f"column '{name[:40]}'"] * (1 if kind in ("review", "survey") else 2)
    signs["survey"] += [f"a {role} score" for role in ("nps", "csat", "ces") if role in roles]
    signs["survey"] += ["a survey question"] * (2 if any(a.question for a in answers) else 0)
    signs["review"] += ["a rating", "a rating"] if "rating" in roles and "nps" not in roles else []
    signs["review"] += ["a title"] if "title" in roles else []
    if any(normal_name(a.column) in load_names().aliases["cons"] for a in answers):
        signs["employee"] += ["pros and cons"]
        signs["review"] += ["pros and cons"]
    best = max(KINDS, key=lambda kind: len(signs[kind]))
    if not signs[best]:
        return "survey", 'nothing in the columns tells; [sources] kind = "..." names another'
    return best, ", ".join(list(dict.fromkeys(signs[best]))[:3])


def day_first_hints(
    matches: Iterable[Match], records: Records, sample: pa.Table, answers: Sequence[Answer]
) -> tuple[str, ...]:
    """Give reasons, beside the dates themselves, to read the day first."""
    hints = [
        f"column '{match.alias}' is {DAY_FIRST_LANGUAGES[match.language]}"
        for match in matches
        if match.language in DAY_FIRST_LANGUAGES
    ]
    if records.decisions.get("separator", {}).get("value") == "semicolon":
        hints.append("cells are separated by semicolons, as where the comma is a decimal sign")
    for answer in answers:
        language = guess_language(sample[answer.column].to_pylist())
        if language in DAY_FIRST_LANGUAGES:
            hints.append(f"the comments are {DAY_FIRST_LANGUAGES[language]}")
    return tuple(hints)


def guess_language(cells: Sequence[str | None]) -> str:
    """Tell the language of most of a column by its commonest words; empty if unsure."""
    text = " ".join(cell[:300] for cell in cells[:300] if cell).lower()
    if len(ARABIC.findall(text)) > 0.3 * max(len(text), 1):
        return "ar"
    words = WORD.findall(text)
    shares = {language: sum(w in usual for w in words) for language, usual in FUNCTION_WORDS.items()}
    best = max(shares, key=lambda language: shares[language])
    return best if len(words) >= 5 and shares[best] >= 0.1 * len(words) else ""
