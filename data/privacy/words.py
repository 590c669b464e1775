"""The words of words.toml, as patterns and sets."""

from __future__ import annotations

import tomllib
from pathlib import Path

from data.privacy.spans import any_of

WORDS: dict[str, dict[str, list[str]]] = tomllib.loads(
    Path(__file__).with_name("words.toml").read_text(encoding="utf-8")
)


def listed(*sections: str) -> list[str]:
    """Give the words of some sections, all languages together, each once."""
    return sorted({word for name in sections for words in WORDS[name].values() for word in words})


def pattern_of(section: str) -> str:
    """Join the words of a section into one group of a pattern."""
    return any_of(listed(section))
