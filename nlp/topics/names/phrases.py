"""The phrases of a text, and how a phrase is usually written."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Sequence

import pandas as pd

from nlp.protocols import Word

MAX_WORDS = 3  # content words of one phrase
MAX_GAP = 2  # stop words inside a phrase, as in "tempi di attesa"
TAG = "\x1e"  # between a phrase's language and its words: the same letters mean other things elsewhere
UNSPACED = ("zh",)
PARTICLES = {"en": frozenset(["in", "out", "up", "off", "on", "down", "back"])}
AFTER_PARTICLES = {
    "en": frozenset(["to", "and", "or", "for", "at", "with", "from", "after", "since", "when", "again"])
}
ENGLISH_I = re.compile(r"\bi\b")


def phrases_of(
    text: str, language: str, stretches: Iterable[Sequence[Word]], names: frozenset[tuple[str, str]]
) -> dict[str, str]:
    """Give the phrases of one text: language, TAG, stems -> how the text writes it."""
    found: dict[str, str] = {}
    for stretch in stretches:
        usable = [
            (i, word)
            for i, word in enumerate(stretch)
            if word.kind in ("theme", "name", "negator") and (language, word.key) not in names
        ]
        for first in range(len(usable)):
            for last in range(first, min(first + MAX_WORDS, len(usable))):
                chosen = usable[first : last + 1]
                if last > first and not _adjoin(stretch, chosen[-2][0], chosen[-1][0], language):
                    break
                stems = [word.key for _, word in chosen]
                if chosen[-1][1].kind == "negator" or len(set(stems)) < len(stems):
                    continue
                key = language + TAG + " ".join(stems)
                found.setdefault(key, text[chosen[0][1].start : _end(stretch, chosen[-1][0], text, language)])
    return found


def _end(stretch: Sequence[Word], last: int, text: str, language: str) -> int:
    """Give where a phrase ends: "can't sign" goes on with its particle where no object follows that."""
    rest = [text[word.start : word.end].casefold() for word in stretch[last + 1 : last + 3]]
    is_particle = bool(rest) and rest[0] in PARTICLES.get(language, ())
    if is_particle and (len(rest) == 1 or rest[1] in AFTER_PARTICLES[language]):
        return stretch[last + 1].end
    return stretch[last].end


def name_like(texts: pd.DataFrame, words: Sequence[Sequence[Sequence[Word]]]) -> frozenset[tuple[str, str]]:
    """Find words that have a capital in the middle of sentences: people, mostly, and brands."""
    capital: Counter[tuple[str, str]] = Counter()
    small: Counter[tuple[str, str]] = Counter()
    for text, language, stretches in zip(texts["text"], texts["language"], words, strict=True):
        if language == "de":  # every noun has a capital there
            continue
        for word in (word for stretch in stretches for word in stretch):
            if word.kind == "name":
                capital[language, word.key] += 1
            elif text[word.start].islower():
                small[language, word.key] += 1
    return frozenset(word for word, count in capital.items() if count > small[word])


def usual_surface(surfaces: Counter[str], language: str) -> str:
    """Give the usual way to write a phrase, in small letters unless the language has reasons."""
    folded: Counter[str] = Counter()
    for surface, seen in surfaces.items():
        folded[_one_line(surface).casefold()] += seen
    usual = min(folded, key=lambda text: (-folded[text], text))
    written = {_one_line(s): n for s, n in surfaces.items() if _one_line(s).casefold() == usual}
    best = min(written, key=lambda text: (-written[text], text))
    if language == "de" or (best.isupper() and len(best) <= 5):
        return best
    return ENGLISH_I.sub("I", usual) if language == "en" else usual


def _adjoin(stretch: Sequence[Word], left: int, right: int, language: str) -> bool:
    between = stretch[left + 1 : right]
    # "Not in the screen" negates nothing that the phrase says.
    most = 0 if language in UNSPACED or stretch[left].kind == "negator" else MAX_GAP
    return len(between) <= most and all(word.kind == "stop" for word in between)


def _one_line(surface: str) -> str:
    return re.sub(r"\s+", " ", surface).strip()
