"""Finds people by given names that are nothing else: "Sarah was lovely", "promised by Ornella Greco".

The list leaves out what is also a word, a place or a brand in one of the languages ('Grace', 'Victoria',
'Mila'); beside a word for a place or a brand ("St Patrick", "Giorgio Armani") a name stays.
"""

from __future__ import annotations

import re
import tomllib
from collections.abc import Iterator
from pathlib import Path

from data.privacy.people.names import FULL_NAME, keep_words
from data.privacy.spans import Finder, Span, any_of
from data.privacy.words import WORDS

_LISTS = tomllib.loads(Path(__file__).with_name("given_names.toml").read_text(encoding="utf-8"))
_STOP = frozenset(WORDS["no_name"]["capitalised"]) | frozenset(WORDS["no_name"]["behind_cues"])
_BEFORE, _BEHIND = (frozenset(_LISTS["no_person"][where]) for where in ("before", "behind"))
_SHORTEST_STEM = 4  # shorter Polish names with endings fall together with words


def _polish_cases(name: str) -> Iterator[str]:
    """Give the endings that need no change of the stem; the others stay unknown."""
    yield name
    if len(name) > _SHORTEST_STEM and name.endswith("a"):
        yield from (name[:-1] + ending for ending in ("y", "i", "ę", "ą", "ie"))
    elif len(name) > _SHORTEST_STEM:
        yield from (name + ending for ending in ("a", "owi", "em"))


def _listed() -> frozenset[str]:
    names = {name for words in _LISTS["anywhere"].values() for name in words.split()}
    names |= {case for name in _LISTS["anywhere"]["pl"].split() for case in _polish_cases(name)}
    return frozenset(names)


GIVEN = _listed()
ARABIC_GIVEN = any_of(map(re.escape, _LISTS["eastern"]["ar"]))
_FOUND = re.compile(rf"(?<![\w'’&@#./-])(?P<it>{FULL_NAME})(?:['’]s)?(?P<next>(?: [^\W\d_][\w'’]*)?)")
_LAST_WORD = re.compile(r"([\w&]+)[.'’]? $")
_LOOK_BACK = 20  # characters: the word before a name


def _find_given(text: str) -> Iterator[Span]:
    for found in _FOUND.finditer(text):
        start = found.start("it")
        for word in re.finditer(r"[^\s'’]+", found["it"]):
            if word[0] in GIVEN:
                yield from _person(text, (start + word.start(), found.end("it")), found["next"])
                break


def _person(text: str, where: tuple[int, int], behind: str) -> Iterator[Span]:
    start, end = where
    words = re.findall(r"[\w&'’]+", text[start:end] + behind)
    before = _LAST_WORD.search(text, max(0, start - _LOOK_BACK), start)
    if before and before[1].casefold() in _BEFORE:
        return
    if any(word.casefold() in _BEHIND for word in words[1:3]):
        return
    if text[end - 2 : end] in ("'s", "’s"):  # "Sarah's desk"
        end -= 2
    yield from keep_words(text, (start, end), _STOP)


# an Arabic given name with a family's name behind it, which begins with the article and ends as an adjective
_AR_FULL = re.compile(
    rf"(?<![\u0600-\u06ff])[ول]?(?P<it>{ARABIC_GIVEN} (?:(?:بن|بنت) [\u0621-\u064a]{{2,12}} )?"
    r"ال[\u0621-\u064a]{3,12}ي)"
    r"(?![\u0600-\u06ff])"
)


def _find_arabic(text: str) -> Iterator[Span]:
    for found in _AR_FULL.finditer(text):
        yield Span(*found.span("it"), "name")


FINDERS = (
    Finder((rf"(?:^|[^\w]){any_of(map(re.escape, sorted(GIVEN)))}(?:$|[^\w])",), _find_given),
    Finder((rf"{ARABIC_GIVEN} (?:بن|بنت|ال)",), _find_arabic),
)
