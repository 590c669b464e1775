"""Which comment is which: the same comment read twice is one comment, its newest version counts."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field

import pandas as pd

from data.compact import key_of
from data.identify.seen import Seen, SeenComments
from data.identify.twins import Twins, Words
from data.intake.rereading import meanings

SUPERSEDED = "a newer version follows"
REMEMBERED = (
    "feedback_id", "version_id", "stream", "copy_id", "author_key", "created_at", "updated_at",
)  # fmt: skip
_NEW, _KNOWN, _REPEAT, _REPLACES, _OLDER, _REREAD = "new", "known", "repeat", "replaces", "older", "reread"


@dataclass
class Resolved:
    """What became of one batch of comments.

    Attributes:
        kept: FEEDBACK rows that are new or replace an older version.
        rejected: rows (row, reason, detail) that are repeats or older versions.
        known_count: rows that an earlier ingest had kept, unchanged.
        replaced: ids whose version of an earlier ingest is stale from now on.
        dropped: (id, source, row) kept earlier in this ingest that must give way to the one in `kept`.
        superseded: FEEDBACK rows of this batch that are older versions, for the history.
        stale: (id, part) of each of `replaced`: where the older version lies.
    """

    kept: pd.DataFrame
    rejected: list[tuple[int, str, str]] = field(default_factory=list)
    known_count: int = 0
    replaced: list[str] = field(default_factory=list)
    dropped: list[tuple[str, str, int]] = field(default_factory=list)
    superseded: pd.DataFrame = field(default_factory=pd.DataFrame)
    stale: list[tuple[str, str]] = field(default_factory=list)


class KnownComments:
    """Remembers every comment that was kept, by id.

    An id belongs to a stream: sources of one format and one set of columns, such as the monthly exports of
    one tool. When two streams use one id for different comments, the later source puts its name in front.
    A comment without an id of its own is known by the hash of its author, time and text. When the author and
    the time of day are unknown and the text is too short to be recognised, equal texts are different people,
    told apart by their count. What another stream holds already, the same words and scores at one moment,
    is one comment: a review may be exported by two tools.
    """

    def __init__(self) -> None:
        self._seen = SeenComments()
        self._twins: Counter[tuple[str, str]] = Counter()
        self._elsewhere = Twins()
        self._former: Mapping[str, tuple[str, int]] = {}
        self.met: set[str] = set()  # of the former ones, those that came again

    def expect(self, former: Mapping[str, tuple[str, int]]) -> None:
        """Take in what a former reading of the inputs kept: id -> (source, meaning)."""
        self._former = former

    def remember(self, feedback: pd.DataFrame, part: str) -> None:
        """Take in comments that an earlier ingest kept the columns REMEMBERED."""
        for feedback_id, version, stream, copy, author, created, written in zip(
            *(feedback[c].tolist() for c in ("feedback_id", "version_id", "stream", "copy_id", "author_key")),
            _microseconds(feedback["created_at"]),
            _written(feedback),
            strict=True,
        ):
            place = self._seen.keep(feedback_id, Seen(key_of(version), stream, written, part, "", 0))
            self._elsewhere.add(place, _words(version, created, author, copy))

    def resolve(self, feedback: pd.DataFrame, *, has_own_id: pd.Series) -> Resolved:
        """Decide for every comment of a batch whether it is new, known, a repeat or another version.

        Args:
            feedback: FEEDBACK, n rows of one source, in the order of the source.
            has_own_id: (n,) booleans: the id is the source's own.

        Returns:
            Resolved; its `kept` rows carry their final ids.
        """
        kept: dict[str, int] = {}  # id -> position in the batch, ascending
        older: list[tuple[int, str]] = []  # position in the batch, id
        resolved = Resolved(kept=feedback.iloc[:0])
        columns = ["feedback_id", "version_id", "stream", "source", "row", "copy_id", "author_key"]
        rows = zip(
            *(feedback[c].tolist() for c in columns),
            _microseconds(feedback["created_at"]),
            _written(feedback),
            has_own_id.tolist(),
            strict=True,
        )
        meant = meanings(feedback) if self._former else []
        for index, row_facts in enumerate(rows):
            given, version, stream, source, row, copy, author, created, written, own = row_facts
            new = Seen(key_of(version), stream, written, "", source, int(row))
            is_untimed = created == _UNKNOWN_TIME or created % _DAY == 0  # a day alone tells nobody apart
            is_anonymous = pd.isna(author) and pd.isna(copy) and is_untimed
            feedback_id = self._final_id(given, new, own=own, is_anonymous=is_anonymous)
            words = _words(version, created, author, copy)
            feedback_id, old = self._known_elsewhere(feedback_id, new, words)
            fate = _compare(old, new)
            if old is not None and feedback_id in self._former:
                fate = self._reread(fate, feedback_id, old, new, meant[index])
            if fate == _REREAD:
                resolved.replaced.append(feedback_id)
                fate = _NEW
            if fate in {_NEW, _REPLACES}:
                if fate == _REPLACES:
                    older += [(kept[feedback_id], feedback_id)] if feedback_id in kept else []
                    self._replace(resolved, kept, feedback_id, feedback)
                kept[feedback_id] = index
                self._elsewhere.add(self._seen.keep(feedback_id, new), words)
            elif fate == _KNOWN:
                resolved.known_count += 1
            else:
                reason = "repeat" if fate == _REPEAT else "older_version"
                assert old is not None  # noqa: S101 - for the type checker: only a seen comment has a fate
                resolved.rejected.append((int(row), reason, f"same comment as {old.where}"))
                older += [(index, feedback_id)] if fate == _OLDER else []
        resolved.kept = feedback.iloc[list(kept.values())].assign(feedback_id=list(kept))
        places, ids = [place for place, _ in older], [id_ for _, id_ in older]
        resolved.superseded = feedback.iloc[places].assign(feedback_id=ids)
        return resolved

    def _final_id(self, given: str, new: Seen, *, own: bool, is_anonymous: bool) -> str:
        if own:
            old = self._seen.at(self._seen.place(given))
            if old is None or old.stream == new.stream or old.version == new.version:
                return given
            return f"{new.source}:{given}"
        if not is_anonymous:
            return given
        self._twins[(new.source, given)] += 1
        count = self._twins[(new.source, given)]
        return given if count == 1 else f"{given}-{count}"

    def _known_elsewhere(self, feedback_id: str, new: Seen, words: Words) -> tuple[str, Seen | None]:
        """Give the id under which this very comment is kept, another tool's maybe, and what is kept there."""
        old = self._seen.at(self._seen.place(feedback_id))
        if old is not None:
            return feedback_id, old
        place = self._elsewhere.find(words)
        found = self._seen.at(place)
        if found is None or found.stream == new.stream:
            return feedback_id, None
        return self._seen.id_at(place), found

    def _reread(self, fate: str, feedback_id: str, old: Seen, new: Seen, meant: int) -> str:
        """Give the fate of a comment that a former reading of the inputs kept: the new reading is right."""
        self.met.add(feedback_id)
        source, meaning = self._former[feedback_id]
        if not old.part or source != new.source:
            return fate
        return _KNOWN if old.version == new.version and meaning == meant else _REREAD

    def _replace(
        self, resolved: Resolved, kept: dict[str, int], feedback_id: str, feedback: pd.DataFrame
    ) -> None:
        old = self._seen.at(self._seen.place(feedback_id))
        assert old is not None  # noqa: S101 - for the type checker: only a seen comment is replaced
        if old.part:
            resolved.replaced.append(feedback_id)
            resolved.stale.append((feedback_id, old.part))
            return
        if feedback_id in kept:  # the older version stands in this very batch
            row = int(feedback["row"].iloc[kept.pop(feedback_id)])
            resolved.rejected.append((row, "older_version", SUPERSEDED))
            return
        resolved.dropped.append((feedback_id, old.source, old.row))


_UNKNOWN_TIME = -(2**63)
_DAY = 86_400_000_000  # microseconds


def _words(version: str, created: int, author: str | None, copy: str | None) -> Words:
    known = "" if author is None or pd.isna(author) else author
    is_dated = created != _UNKNOWN_TIME
    # Without a date nothing tells two comments of equal words apart.
    return Words(version, created, known if is_dated else "", is_long=is_dated and not pd.isna(copy))


def _written(feedback: pd.DataFrame) -> list[int]:
    """Give when each version was written: the day of its last change, else of the comment."""
    return _microseconds(feedback["updated_at"].fillna(feedback["created_at"]))


def _microseconds(moments: pd.Series) -> list[int]:
    stamps = pd.to_datetime(moments, utc=True).astype("datetime64[us, UTC]")
    return [
        _UNKNOWN_TIME if pd.isna(m) else int(v) for m, v in zip(stamps, stamps.astype("int64"), strict=True)
    ]


def _compare(old: Seen | None, new: Seen) -> str:
    if old is None:
        return _NEW
    if old.version == new.version:
        return _KNOWN if old.part else _REPEAT
    return _REPLACES if new.written >= old.written else _OLDER
