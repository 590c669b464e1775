"""The written part of the sample: comments, small talk and plants, and how a template becomes a text."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

FOLDER = Path(__file__).parent
LANGUAGES = ("en", "it", "pl", "ar", "zh")

_SLOT = re.compile(r"\{([a-z]+)\}")
_CHOICE = re.compile(r"\{([^{}]*\|[^{}]*)\}")


@dataclass(frozen=True)
class Comment:
    """One hand-written comment; the text may hold {slots} and {one wording|another}.

    Attributes:
        kinds: the kinds of feedback it may appear in.
        category: the friction category that it is mostly about, or other.
        tags: events that it serves; a tagged comment appears only in them.
        products: keys or groups of products that it fits; empty: any.
    """

    text: str
    language: str
    kinds: tuple[str, ...]
    category: str
    sentiment: str
    tags: tuple[str, ...]
    products: tuple[str, ...]


@dataclass(frozen=True)
class Phrases:
    """Small talk of one language; `space` stands between sentences."""

    space: str
    openers: tuple[str, ...]
    openers_employee: tuple[str, ...]
    tails: tuple[str, ...]
    names: tuple[str, ...]
    closers: Mapping[str, list[str]]
    closers_employee: Mapping[str, list[str]]
    titles: Mapping[str, list[str]]


@dataclass(frozen=True)
class Plant:
    """One row planted on purpose, and why."""

    text: str
    language: str
    kinds: tuple[str, ...]
    reason: str


def load_comments() -> tuple[Comment, ...]:
    """Read every hand-written comment, language by language, in the order of the files."""
    found: list[Comment] = []
    for language in LANGUAGES:
        found += [_comment(row, language) for row in _read(f"comments_{language}.toml")["comments"]]
    return tuple(found)


def load_phrases() -> dict[str, Phrases]:
    """Read the small talk of each language."""
    return {
        language: Phrases(
            space=rows["space"],
            openers=tuple(rows["openers"]),
            openers_employee=tuple(rows["openers_employee"]),
            tails=tuple(rows["tails"]),
            names=tuple(rows["names"]),
            closers=rows["closers"],
            closers_employee=rows["closers_employee"],
            titles=rows["titles"],
        )
        for language, rows in _read("phrases.toml").items()
    }


def load_plants() -> tuple[Plant, ...]:
    """Read the rows that are planted on purpose, each as often as it is planted."""
    return tuple(
        Plant(text, language, tuple(group["kinds"]), group["reason"])
        for group in _read("plants.toml")["plants"]
        for language, texts in group["texts"].items()
        for text in texts
        for _ in range(group["times"])
    )


def fill(template: str, slots: Mapping[str, str], rng: np.random.Generator) -> str:
    """Put words into the slots of a template, then choose among its wordings.

    Args:
        template: text with {slot} and {one wording|another}; a wording may hold slots.
        slots: slot -> words.
        rng: draws the wordings, from left to right.

    Raises:
        KeyError: the template names a slot that `slots` lacks.
    """
    filled = _SLOT.sub(lambda found: slots[found.group(1)], template)
    return _CHOICE.sub(lambda found: _pick(found.group(1).split("|"), rng), filled)


def _pick(options: list[str], rng: np.random.Generator) -> str:
    return options[int(rng.integers(len(options)))]


def _comment(row: Mapping[str, Any], language: str) -> Comment:
    return Comment(
        text=row["text"],
        language=language,
        kinds=tuple(row["kinds"]),
        category=row["category"],
        sentiment=row["sentiment"],
        tags=tuple(row.get("tags", ())),
        products=tuple(row.get("products", ())),
    )


def _read(name: str) -> dict[str, Any]:
    return tomllib.loads((FOLDER / name).read_text(encoding="utf-8"))
