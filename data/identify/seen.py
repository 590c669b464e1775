"""What is remembered of every comment that was kept, in about 150 bytes each."""

from __future__ import annotations

from array import array
from dataclasses import dataclass

from data.compact import ABSENT, CompactMap, key_of


@dataclass(slots=True)
class Seen:
    """What is remembered of a kept comment.

    Attributes:
        version: key of its version_id.
        stream: its stream.
        written: when this version was written, in microseconds; the least value when unknown.
        part: part of an earlier ingest; empty while this ingest is running.
        source: empty for an earlier run.
        row: row in the source.
    """

    version: int
    stream: str
    written: int
    part: str
    source: str
    row: int

    @property
    def where(self) -> str:
        """Say where it stands, for messages."""
        return f"{self.source}:{self.row}" if self.source else "an earlier run"


class _Names:
    """Numbers the few names that many rows share."""

    def __init__(self) -> None:
        self._names: list[str] = []
        self._numbers: dict[str, int] = {}

    def number(self, name: str) -> int:
        if name not in self._numbers:
            self._numbers[name] = len(self._names)
            self._names.append(name)
        return self._numbers[name]

    def name(self, number: int) -> str:
        return self._names[number]


class SeenComments:
    """Kept comments by id: columns of numbers, as an object for each would take ten times the memory."""

    def __init__(self) -> None:
        self._places = CompactMap()
        self._ids, self._ends = bytearray(), array("Q")  # all ids in one string, and where each ends
        self._versions, self._written, self._rows = array("Q"), array("q"), array("q")
        self._streams, self._parts, self._sources = array("I"), array("I"), array("I")
        self._names = _Names()

    def place(self, feedback_id: str) -> int:
        """Give the number under which a comment is kept; ABSENT when it is not."""
        return self._places.get(key_of(feedback_id))

    def id_at(self, place: int) -> str:
        """Give the id of a comment by its number."""
        start = self._ends[place - 1] if place else 0
        return self._ids[start : self._ends[place]].decode("utf-8", "surrogatepass")

    def at(self, place: int) -> Seen | None:
        """Give a comment by its number; None for ABSENT."""
        if place == ABSENT:
            return None
        name = self._names.name
        return Seen(
            self._versions[place],
            name(self._streams[place]),
            self._written[place],
            name(self._parts[place]),
            name(self._sources[place]),
            self._rows[place],
        )

    def keep(self, feedback_id: str, seen: Seen) -> int:
        """Remember a comment, in place of an older version of it; give its number."""
        key = key_of(feedback_id)
        place = self._places.get(key)
        number = self._names.number
        facts = (
            (self._versions, seen.version),
            (self._written, seen.written),
            (self._rows, seen.row),
            (self._streams, number(seen.stream)),
            (self._parts, number(seen.part)),
            (self._sources, number(seen.source)),
        )
        if place != ABSENT:
            for column, value in facts:
                column[place] = value
            return place
        place = len(self._ends)
        for column, value in facts:
            column.append(value)
        self._ids += feedback_id.encode("utf-8", "surrogatepass")
        self._ends.append(len(self._ids))
        self._places.set(key, place)
        return place
