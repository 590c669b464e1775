"""What a finder gives: spans of a folded text; and how texts are folded before finders look at them."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from typing import NamedTuple

# The placeholders, in order of precedence where finds overlap. One vocabulary for texts and columns.
PLACEHOLDERS = {
    "email": "[EMAIL]",
    "url": "[URL]",
    "handle": "[HANDLE]",
    "ip": "[IP]",
    "iban": "[IBAN]",
    "card": "[CARD]",
    "order": "[ORDER]",
    "id": "[ID]",
    "phone": "[PHONE]",
    "address": "[ADDRESS]",
    "name": "[NAME]",
}
MEANINGS = {
    "email": "an e-mail address",
    "url": "the part of a web address behind the domain, or before it, where it can name a person",
    "handle": "a user name on a social network or messenger",
    "ip": "an internet address, version 4 or 6",
    "iban": "a bank account number",
    "card": "a payment card number",
    "order": "an order, ticket, invoice, booking or parcel number",
    "id": "a national id, tax, passport, customer or account number, or a long number of unknown meaning",
    "phone": "a telephone number",
    "address": "a street with its number, and the postcode and town behind it",
    "name": "the name of a person",
}
KINDS = tuple(PLACEHOLDERS)


class Span(NamedTuple):
    """One find: text[start:end] is personal data of this kind."""

    start: int
    end: int
    kind: str


@dataclass(frozen=True)
class Finder:
    """Finds some kinds of personal data.

    Attributes:
        triggers: RE2 patterns; a folded text that does not match all of them is never shown to `find`. They
            run over a whole column in Arrow, in linear time, half a microsecond for a clean comment.
        find: folded text -> spans, in any order.
    """

    triggers: tuple[str, ...]
    find: Callable[[str], Iterable[Span]]


_DIGIT_ZEROS = (
    0x0660, 0x06F0, 0x07C0, 0x0966, 0x09E6, 0x0A66, 0x0AE6, 0x0B66, 0x0BE6, 0x0C66, 0x0CE6, 0x0D66, 0x0E50,
    0x0ED0, 0x0F20, 0x1040, 0x17E0, 0x1810,
)  # fmt: skip
_FOLDS: dict[int, str] = {
    **{code: chr(code - 0xFEE0) for code in range(0xFF01, 0xFF5F)},
    **{zero + digit: str(digit) for zero in _DIGIT_ZEROS for digit in range(10)},
    **dict.fromkeys(map(ord, "‐‑‒–—―−﹣"), "-"),
    **dict.fromkeys(map(ord, "\u00a0\u2007\u2009\u202f\u3000"), " "),
    ord("﹫"): "@",
    ord("•"): ".",
}
FOLDABLE = "[" + "".join(f"\\x{{{code:X}}}" for code in sorted(_FOLDS)) + "]"


def fold(text: str) -> str:
    """Write digits, signs and letters of other scripts and widths in ASCII; the length stays the same."""
    return text.translate(_FOLDS)


def merge(spans: Iterable[Span]) -> list[Span]:
    """Join finds that overlap, under the kind that stands first in the vocabulary; ascending and apart."""
    merged: list[Span] = []
    for span in sorted(spans):
        if merged and span.start < merged[-1].end:
            last = merged[-1]
            kind = min(last.kind, span.kind, key=KINDS.index)
            merged[-1] = Span(last.start, max(last.end, span.end), kind)
        else:
            merged.append(span)
    return merged


def replace(text: str, spans: Sequence[Span]) -> str:
    """Write the placeholder of each span in its place."""
    parts, done = [], 0
    for start, end, kind in spans:
        parts += [text[done:start], PLACEHOLDERS[kind]]
        done = end
    return "".join([*parts, text[done:]])


def any_of(words: Iterable[str]) -> str:
    """Join fragments of patterns into one group, the longest first."""
    return "(?:" + "|".join(sorted(words, key=lambda word: (-len(word), word))) + ")"


def matches(pattern: re.Pattern[str], kind: str) -> Callable[[str], Iterable[Span]]:
    """Make a finder of a pattern: its group `it` where it has one, else the whole match."""
    group = "it" if "it" in pattern.groupindex else 0
    return lambda text: [Span(*found.span(group), kind) for found in pattern.finditer(text)]
