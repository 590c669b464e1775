"""The words of words.toml, as patterns."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path

GAP = 120  # characters that "..." may stand for


@lru_cache(maxsize=1)
def load_words() -> dict[str, tuple[str, ...]]:
    """Read words.toml once: list -> its words."""
    text = Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
    return {name: tuple(words) for name, words in tomllib.loads(text).items()}


def any_of(*lists: str) -> str:
    """Give a pattern for any of the words of some lists, the longest first."""
    return f"(?:{'|'.join(map(_pattern, _longest_first(w for name in lists for w in load_words()[name])))})"


def _longest_first(words: Iterable[str]) -> list[str]:
    return sorted(words, key=lambda word: (-len(word), word))


def _pattern(word: str) -> str:
    bare = re.escape(word).replace(r"\ \.\.\.\ ", f".{{0,{GAP}}}").replace(r"\ ", r"\s")
    # Chinese stands without spaces between words.
    return rf"{bare}\b" if word[-1].isascii() and word[-1].isalpha() and "..." not in word else bare
