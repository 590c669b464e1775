"""One comment in the exports of two tools: the same words and scores, written in the same second."""

from __future__ import annotations

from dataclasses import dataclass

from data.compact import ABSENT, CompactMap, key_of

_SECOND, _DAY = 1_000_000, 86_400_000_000  # microseconds


@dataclass(frozen=True, slots=True)
class Words:
    """What two exports of one comment have in common.

    Attributes:
        version_id: hash of the text and the scores.
        created: microseconds since 1970.
        author: keyed hash; empty if unknown.
        is_long: the text is too long to be another's by chance.
    """

    version_id: str
    created: int
    author: str
    is_long: bool


class Twins:
    """Remembers by words and moment what was kept, so that another tool's copy of it is known.

    A short text needs its author, too: many say "Great" in the second in which a file was made. Of a copy
    that states the day alone, only a long text is taken for the same.
    """

    def __init__(self) -> None:
        self._known = CompactMap()

    def find(self, words: Words) -> int:
        """Give the number of the comment with these words, scores and moment; ABSENT when there is none."""
        places = (self._known.get(key) for key in _keys(words, is_search=True))
        return next((place for place in places if place != ABSENT), ABSENT)

    def add(self, place: int, words: Words) -> None:
        """Take in a comment that is kept, by its number."""
        for key in _keys(words, is_search=False):
            self._known.set_new(key, place)


def _keys(words: Words, *, is_search: bool) -> list[int]:
    is_day = words.created % _DAY == 0
    keys = []
    if not is_day and (words.is_long or words.author):
        who = "" if words.is_long else words.author
        keys.append(key_of(words.version_id, who, words.created // _SECOND))
    if words.is_long:
        day = words.created // _DAY
        # One of the two must state the day alone; two times of one day are two comments.
        stored = "day" if is_day else "time"
        wanted = ("day", "time") if is_day else ("day",)
        keys += [key_of(words.version_id, kind, day) for kind in (wanted if is_search else (stored,))]
    return keys
