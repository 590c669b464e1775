"""Phrases that people edit -> patterns: "…" stands for more of the same sentence, "*" for any ending."""

from __future__ import annotations

import re
from collections.abc import Sequence

# Bounded, so that no text makes a search quadratic.
_GAP_IN_WORDS = r"\b[^.!?\n]{0,120}?\b"
_GAP_IN_CHARACTERS = "[^，。！？\n]{0,16}?"


def any_of(phrases: Sequence[str], *, is_spaced: bool) -> str:
    """Give the pattern of any of these phrases, longest first.

    Args:
        phrases: as people write them in a TOML file.
        is_spaced: the language puts spaces between words.
    """
    gap = _GAP_IN_WORDS if is_spaced else _GAP_IN_CHARACTERS
    parts = []
    for phrase in sorted(phrases, key=lambda one: (-len(one), one)):
        escaped = re.escape(phrase.replace(" … ", "…")).replace(r"\ ", r"\s+")
        escaped = escaped.replace("'", "['’]")  # telephones write the second
        parts.append(escaped.replace("…", gap).replace(r"\*", r"\w*" if is_spaced else ""))
    return "|".join(parts)


def whole_words(body: str, phrases: Sequence[str], *, is_spaced: bool) -> re.Pattern[str]:
    """Compile a pattern that matches whole words, in any case.

    Args:
        body: alternatives made by `any_of`.
        phrases: all phrases in it: looking at their first letters before anything else makes the search three
            times as fast.
        is_spaced: the language puts spaces between words.
    """
    ahead = f"(?=[{''.join(sorted({re.escape(phrase[0]) for phrase in phrases}))}])"
    return re.compile(
        rf"(?<!\w){ahead}(?:{body})(?!\w)" if is_spaced else f"{ahead}(?:{body})", re.IGNORECASE
    )
