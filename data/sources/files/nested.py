"""Nested values (JSON, XML) -> records: what is nested becomes columns with dots in their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Protocol

import orjson

from data.sources.files.chunks import ChunkBuilder
from data.sources.files.decode import MEGABYTE
from data.sources.raw import Chunk, Records, SourceRules

MAX_DEPTH = 12
MAX_ITEMS = 3  # objects of a list inside a record that become columns: the first comments.0.text and so on
HEAD_EVENTS = 200_000  # of a document that are looked at to find its records

Problem = tuple[str, str]  # reason, detail
Leaves = dict[str, str | None]
Found = (
    Leaves | Problem | list[Leaves | Problem]
)  # a list: one record that holds several, as a case its messages


def flatten(value: object, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str | None]]:
    """Give the leaves of a nested value with their dotted names."""
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for key, inner in value.items():
            yield from flatten(inner, ".".join(filter(None, (prefix, str(key)))), depth + 1)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value) and depth < MAX_DEPTH:
        for position, item in enumerate(value[:MAX_ITEMS]):
            yield from flatten(item, f"{prefix}.{position}", depth + 1)
    else:
        yield prefix or "value", leaf(value)


def leaf(value: object) -> str | None:
    """Write one value as a cell; null for what holds nothing."""
    if value is None or value in ([], {}):
        return None
    if isinstance(value, str):
        # A lone surrogate is legal in JSON and nowhere else.
        return value if value.isascii() else value.encode("utf-8", "replace").decode("utf-8")
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, list) and not any(isinstance(item, (dict, list)) for item in value):
        return "; ".join(str(item) for item in value if item is not None)
    if isinstance(value, (dict, list)):
        return _dumped(value)
    return str(value)


def _dumped(value: object) -> str | None:
    try:
        return orjson.dumps(value, default=str).decode()
    except TypeError:  # nested deeper than any tool does
        return None


def all_leaves(record: object) -> Leaves:
    """Give all leaves of a record: what a source without wishes of its own reads."""
    return dict(flatten(record))


class Document(Protocol):
    """A file of nested values.

    Attributes:
        paths: of every value in its head, in the notation of ijson ("data.item.text"); lines have no prefix.
    """

    paths: frozenset[str]

    def values(self, place: str) -> Iterator[tuple[object, Problem | None]]:
        """Give every value at a place, with what is wrong with it; reads the file anew."""
        ...


@dataclass
class NestedRecords:
    """A file of nested values as records, read anew by every call of `chunks`.

    Attributes:
        place: path of the records in the document ("item", "data.children.item"); empty: each value is one.
        leaves: gives the cells of one record by name, or says why it is none, or does so several times.
    """

    document: Document
    place: str
    rules: SourceRules
    format: str
    names: tuple[str, ...]
    decisions: dict[str, Any]
    warnings: list[str]
    leaves: Callable[[object], Found] = all_leaves
    has_optional_names: bool = True

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the records, at most `rows` at a time."""
        builder = ChunkBuilder(self.names, names, rows, self.rules.batch_mb * MEGABYTE)
        for found in self._read():
            for position, one in enumerate(found):
                if position:
                    builder.stay()
                if isinstance(one, dict):
                    builder.keep([one.get(name) for name in self.names])
                else:
                    builder.reject(*one)
            while builder.is_full:
                yield builder.take()
        yield builder.take()

    def _read(self) -> Iterator[list[Leaves | Problem]]:
        for record, problem in self.document.values(self.place):
            found = problem or self.leaves(record)
            yield found if isinstance(found, list) else [found]

    def place_of(self, *marks: str) -> str | None:
        """Find where records lie that have values at all the paths `marks`, the outermost such place."""
        paths, ending = self.document.paths, f".{marks[0]}"
        places = ["" if p == marks[0] else p.removesuffix(ending) for p in paths if f".{p}".endswith(ending)]
        fitting = [p for p in places if all(f"{p}.{mark}".lstrip(".") in paths for mark in marks)]
        return min(fitting, key=lambda p: (p.count("."), p), default=None)

    def place_of_any(self, kinds: Sequence[Sequence[str]]) -> str | None:
        """Find where records lie that fit one of several lists of marks, the first list that fits."""
        places = (self.place_of(*marks) for marks in kinds)
        return next((place for place in places if place is not None), None)

    def seen(self, place: str, leaves: Callable[[object], Found] = all_leaves) -> NestedRecords:
        """Give the records at another place, or flattened in another way."""
        records = replace(self, place=place, leaves=leaves, names=(), warnings=[])
        records.decisions = {**self.decisions, "records": {"value": place or "(whole)", "why": "the tool's"}}
        records.find_names()
        return records

    def find_names(self) -> None:
        """Collect the names over the whole file: optional keys may come late. In order of appearance."""
        names: dict[str, None] = {}
        for found in self._read():
            for leaves in found:
                names.update(dict.fromkeys(leaves if isinstance(leaves, dict) else ()))
            if len(names) > self.rules.max_columns:
                self.warnings.append(
                    f"the records have over {self.rules.max_columns} different keys; later ones were left out"
                )
                break
        self.names = tuple(names)[: self.rules.max_columns]


def records_at(
    records: Records, *marks: str, leaves: Callable[[object], Leaves | Problem] = all_leaves
) -> NestedRecords | None:
    """Give the records that have values at the paths `marks`; None where the file holds none such.

    Args:
        records: any file.
        marks: paths inside a record, as ijson names them ("answers.item.type").
        leaves: gives the cells of one record.
    """
    if not isinstance(records, NestedRecords):
        return None
    place = records.place_of(*marks)
    return None if place is None else records.seen(place, leaves)
