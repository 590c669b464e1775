"""Column names and samples of cells -> what a column looks like and which role its name speaks for."""

from __future__ import annotations

import re
import tomllib
import unicodedata
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sources.cells.dateparts import looks_like_date

FIRST_EMOJI = "\U0001f000"  # a thumb is an answer; the stars and ticks below are scores
MAX_NAME = 300  # characters of a header that are looked at; a header may be anything
CAMEL = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
NOT_WORD = re.compile(r"[\W_]+")
IDEOGRAPH = re.compile(r"[\u3040-\u30ff\u3400-\u9fff\uac00-\ud7af]")
NUMBER = re.compile(r"[-+]?\d{1,15}(?:[.,]\d{1,15})?")
INTEGER = re.compile(r"[-+]?\d{1,15}(?:[.,]0{1,6})?")
EMAIL = re.compile(r"[^\s@]{1,80}@[^\s@]{1,80}\.[a-zA-Z]{2,24}")
URL = re.compile(r"(?:https?://|www\.)\S{1,2000}")
LANGUAGE = re.compile(r"[a-zA-Z]{2,3}(?:[-_][a-zA-Z]{2,4}){0,2}|[A-Z][a-z]{3,12}")
OPAQUE = re.compile(r"(?=[^\s]{0,60}\d)[A-Za-z0-9][\w:.#/-]{3,80}")
KIND_SECTION = "kinds"
WHOLE_ONLY = frozenset((
    "ordered_at", "promised", "delivered", "opened_at", "first_response", "resolved", "since", "churned_at",
    "churned",
))  # fmt: skip
# Inside a longer name these say nothing: "lounge name" is no author, "hotel day" no date.
VAGUE = frozenset(
    {
        "name", "nome", "nom", "nombre", "imie", "user", "customer", "client", "at", "day", "time",
        "key", "number", "title", "ref", "points", "score", "note", "other",
    }
)  # fmt: skip


@dataclass(frozen=True)
class Look:
    """What the cells of one column look like, in a sample.

    Attributes:
        filled: cells that are not empty.
        distinct: share of distinct values among the filled.
        words: mean number of words (an ideograph counts as half a word).
        letters: mean share of letters and emoji among the characters.
        dates, numbers, integers, emails, urls, languages, opaque, lists: share of filled cells of that shape.
        low, high: smallest and largest number; nan without numbers.
    """

    filled: int = 0
    distinct: float = 0.0
    words: float = 0.0
    letters: float = 0.0
    dates: float = 0.0
    numbers: float = 0.0
    integers: float = 0.0
    emails: float = 0.0
    urls: float = 0.0
    languages: float = 0.0
    opaque: float = 0.0
    lists: float = 0.0
    low: float = np.nan
    high: float = np.nan


def look_at(column: pa.ChunkedArray, limit: int) -> Look:
    """Describe one column by at most `limit` of its filled cells, evenly spread over the sample."""
    text = pc.utf8_trim_whitespace(column)
    text = text.filter(pc.fill_null(pc.greater(pc.binary_length(text), 0), False))
    filled = len(text)
    if not filled:
        return Look()
    places = np.linspace(0, filled - 1, min(limit, filled)).astype(np.int64)
    cells = [cell[:2000] for cell in text.take(pa.array(places)).to_pylist()]
    numbers = [float(c.replace(",", ".")) for c in cells if NUMBER.fullmatch(c)]
    return Look(
        filled=filled,
        distinct=pc.count_distinct(text).as_py() / filled,
        words=float(np.mean([count_words(c) for c in cells])),
        letters=float(np.mean([_count_letters(c) / len(c) for c in cells])),
        dates=_share(cells, looks_like_date),
        numbers=len(numbers) / len(cells),
        integers=_share(cells, INTEGER.fullmatch),
        emails=_share(cells, EMAIL.fullmatch),
        urls=_share(cells, URL.fullmatch),
        languages=_share(cells, LANGUAGE.fullmatch),
        opaque=_share(cells, OPAQUE.fullmatch),
        lists=_share(cells, lambda cell: cell[0] in "[{" and cell[-1] in "]}"),
        low=min(numbers, default=np.nan),
        high=max(numbers, default=np.nan),
    )


def _count_letters(cell: str) -> int:
    if cell.isascii():
        return sum(map(str.isalpha, cell))
    return sum(c.isalpha() or c >= FIRST_EMOJI for c in cell)


def _share(cells: Sequence[str], test: Callable[[str], object]) -> float:
    return sum(bool(test(cell)) for cell in cells) / len(cells)


def count_words(text: str) -> float:
    """Count words; scripts without spaces count half a word per character."""
    ideographs = 0 if text.isascii() else len(IDEOGRAPH.findall(text))
    return len(text.split()) + ideographs / 2


@lru_cache(maxsize=4096)
def normal_name(name: str) -> str:
    """Bring a column name to words: no case, accents, underscores, camelCase."""
    spaced = CAMEL.sub(" ", name[:MAX_NAME])
    folded = unicodedata.normalize("NFKD", spaced.lower().replace("ł", "l").replace("ß", "ss"))
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return " ".join(NOT_WORD.sub(" ", bare).split())


@dataclass(frozen=True)
class Names:
    """The names of headers.toml and operations.toml, normalised.

    Attributes:
        aliases: role -> normalised name -> (position in its list, language).
        stems: role -> pieces that mark a survey question.
        kinds: kind of feedback -> words.
    """

    aliases: Mapping[str, Mapping[str, tuple[int, str]]]
    stems: Mapping[str, tuple[str, ...]]
    kinds: Mapping[str, tuple[str, ...]]


@lru_cache(maxsize=1)
def load_names() -> Names:
    """Read the lists of names once."""
    sections: dict[str, Any] = {}
    for file in ("headers.toml", "operations.toml"):
        sections |= tomllib.loads(Path(__file__).with_name(file).read_text(encoding="utf-8"))
    kinds = {kind: tuple(map(normal_name, words)) for kind, words in sections.pop(KIND_SECTION).items()}
    stems = {
        role: tuple(map(normal_name, languages.pop("contains", ()))) for role, languages in sections.items()
    }
    aliases: dict[str, dict[str, tuple[int, str]]] = {}
    for role, languages in sections.items():
        aliases[role] = {}
        for language, names in languages.items():
            for position, name in enumerate(names):
                aliases[role].setdefault(normal_name(name), (position, language))
    return Names(aliases, stems, kinds)


@lru_cache(maxsize=4096)
def is_known_name(name: str) -> bool:
    """Tell whether a cell is, as a whole, one of the column names that we know."""
    normal = normal_name(name)
    return any(normal in names for names in load_names().aliases.values())


@dataclass(frozen=True)
class Match:
    """How well a column name speaks for a role."""

    score: float
    alias: str
    language: str


NO_MATCH = Match(0.0, "", "")


@lru_cache(maxsize=16384)
def match_name(name: str, role: str) -> Match:
    """Score a column name for a role, 0 to 1: the whole name, its last JSON part, or a part of it."""
    normal, names = normal_name(name), load_names()
    aliases = names.aliases[role]
    best = _whole(normal, aliases, 1.0)
    for parts in (1, 2) if "." in name else ():
        last = normal_name(" ".join(name.split(".")[-parts:]))
        best = max(best, _whole(last, aliases, 0.9), key=_by_score)
    if best.score:
        return best
    if any(stem in normal for stem in names.stems[role]):
        return Match(0.8, name, "")
    if role in WHOLE_ONLY:  # "date" inside a name says nothing about which date of an order it is
        aliases = {alias: place for alias, place in aliases.items() if " " in alias}
    return _inside(normal, aliases)


def _by_score(match: Match) -> float:
    return match.score


def _whole(normal: str, aliases: Mapping[str, tuple[int, str]], score: float) -> Match:
    if normal not in aliases:
        return NO_MATCH
    position, language = aliases[normal]
    return Match(score - 0.004 * position, normal, language)


def _inside(normal: str, aliases: Mapping[str, tuple[int, str]]) -> Match:
    """Find the longest alias inside the name; its end counts a little more (the head noun of English)."""
    words = normal.split()
    if len(words) > 6:
        return NO_MATCH
    best = NO_MATCH
    for start in range(len(words)):
        for stop in range(start + 1, len(words) + 1):
            alias = " ".join(words[start:stop])
            if alias in aliases and alias not in VAGUE:
                position, language = aliases[alias]
                score = (
                    0.45 + 0.4 * (stop - start) / len(words) + 0.05 * (stop == len(words)) - 0.004 * position
                )
                best = max(best, Match(score, alias, language), key=_by_score)
    return best if best.score or normal.isascii() or len(normal) > 16 else _inside_unspaced(normal, aliases)


def _inside_unspaced(normal: str, aliases: Mapping[str, tuple[int, str]]) -> Match:
    found = [
        Match(0.45 + 0.4 * len(alias) / len(normal) - 0.004 * position, alias, language)
        for alias, (position, language) in aliases.items()
        if IDEOGRAPH.search(alias) and alias in normal
    ]
    return max(found, key=_by_score, default=NO_MATCH)
