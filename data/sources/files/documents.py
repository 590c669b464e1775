"""JSON and JSON Lines -> records."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from itertools import islice
from typing import Any

import ijson
import orjson

from data.sources.files.decode import MEGABYTE, Content, guess_encoding
from data.sources.files.nested import HEAD_EVENTS, MAX_DEPTH, MAX_ITEMS, NestedRecords, Problem
from data.sources.files.unpacked import is_cut
from data.sources.raw import SourceOptions, SourceRules

MAX_LINE = 64 * MEGABYTE
HEAD_LINES = 200  # of JSON Lines whose keys are looked at
BROKEN_JSON = (ijson.JSONError, UnicodeDecodeError, ValueError)


@dataclass
class JsonDocument:
    """JSON, or JSON Lines, each line a value of its own."""

    content: Content
    encoding: str
    rules: SourceRules
    is_lines: bool
    paths: frozenset[str] = frozenset()

    def values(self, place: str) -> Iterator[tuple[object, Problem | None]]:
        """Give every value at a place, with what is wrong with it."""
        if self.is_lines:
            return self._lines(place)
        if len_at_most(self.content, self.rules.whole_json_mb * MEGABYTE):
            return self._whole(place)
        return self._streamed(place)

    def _lines(self, place: str) -> Iterator[tuple[object, Problem | None]]:
        limit = self.rules.max_record_mb * MEGABYTE
        with self.content.text(self.encoding) as stream:
            for line in stream:
                if not line.strip("\r\n\t \x00\ufeff"):
                    continue
                value, problem = _parse_line(line, limit)
                if place and not problem:
                    yield from ((inner, None) for inner in _walk(value, place))
                else:
                    yield value, problem
            if is_cut(stream):
                yield None, ("cut", "the compressed file ends too early; what came before it was read")

    def _whole(self, place: str) -> Iterator[tuple[object, Problem | None]]:
        with self.content.text(self.encoding) as stream:
            try:
                value = orjson.loads(stream.read())
            except BROKEN_JSON:
                value = None
        if value is None:
            yield from self._streamed(place)
            return
        yield from ((record, None) for record in _walk(value, place))

    def _streamed(self, place: str) -> Iterator[tuple[object, Problem | None]]:
        """Read record by record: for files that are large, or broken somewhere."""
        with self.content.text(self.encoding) as stream:
            try:
                for record in ijson.items(_Utf8(stream), place, use_float=True):
                    yield record, None
            except BROKEN_JSON:
                yield None, ("cut", "the JSON breaks off or is not valid here; what came before it was read")


def _parse_line(line: str, limit: int) -> tuple[object, Problem | None]:
    if len(line) > limit:
        return None, ("too_long", f"a line of more than {limit} characters")
    try:
        return orjson.loads(line.strip("\x00\ufeff \r\n\t")), None
    except (orjson.JSONDecodeError, UnicodeEncodeError):
        return None, ("unreadable", "the line is not valid JSON")


def _walk(value: object, place: str) -> Iterator[object]:
    steps = place.split(".") if place else []
    level: list[object] = [value]
    for step in steps:
        found: list[object] = []
        for item in level:
            if step == "item" and isinstance(item, list):
                found.extend(item)
            elif isinstance(item, dict) and step in item:
                found.append(item[step])
        level = found
    yield from level


class _Utf8:
    """A text stream as the UTF-8 bytes that ijson wants, whatever its encoding was."""

    def __init__(self, stream: Any) -> None:  # noqa: ANN401 - any text stream
        self._stream = stream
        self._is_start = True

    def read(self, size: int) -> bytes:
        """Give the next bytes."""
        text = self._stream.read(size)
        if self._is_start:
            text, self._is_start = text.lstrip("\ufeff"), False
        return bytes(text.encode("utf-8", "replace"))


def len_at_most(content: Content, limit: int) -> bool:
    """Tell whether the unpacked content is no longer than `limit`, reading no further."""
    size = 0
    with content.open() as stream:
        while block := stream.read(MEGABYTE):
            size += len(block)
            if size > limit:
                return False
    return True


def looks_like_json(content: Content) -> bool:
    """Tell JSON from other text: it begins with a bracket, and a bracket is no column name."""
    start = content.head.decode(guess_encoding_of_head(content), errors="ignore").lstrip("\ufeff \r\n\t")
    if start[:1] == "{":
        return start[1:].lstrip()[:1] in ('"', "}", "")
    return start[:1] == "[" and start[1:].lstrip()[:1] in ("{", "[", "]", '"', "")


def guess_encoding_of_head(content: Content) -> str:
    """Tell the encoding by the first bytes alone: enough to see the first bracket."""
    head = content.head[:4]
    if head[:2] in (b"\xff\xfe", b"\xfe\xff"):
        return "utf-16"
    if head[1:2] == b"\x00":
        return "utf-16-le"
    return "utf-16-be" if head[:1] == b"\x00" else "utf-8"


def open_json(content: Content, *, options: SourceOptions, rules: SourceRules) -> NestedRecords:
    """Open JSON or JSON Lines: find the list of records and the columns they have."""
    encoding, encoding_why = guess_encoding(content, options.encoding)
    document = JsonDocument(content, encoding, rules, _is_lines(content, encoding))
    if document.is_lines:
        head = islice(document.values(""), HEAD_LINES)
        document.paths = frozenset(path for value, _ in head for path in _paths(value))
        place, shown, why = "", "(lines)", "every line is a JSON object"
    else:
        place, why, document.paths = find_records(content, encoding)
        shown = place or "(whole)"
    decisions: dict[str, Any] = {
        "encoding": {"value": encoding, "why": encoding_why},
        "records": {"value": shown, "why": why},
    }
    name = "jsonl" if document.is_lines else "json"
    records = NestedRecords(document, place, rules, name, (), decisions, [])
    records.find_names()
    return records


def _paths(value: object, prefix: str = "", depth: int = 0) -> Iterator[str]:
    """Give the paths of all values inside a value, as ijson names them."""
    pairs: Iterable[tuple[object, object]] = ()
    if isinstance(value, dict):
        pairs = value.items()
    elif isinstance(value, list):
        pairs = (("item", inner) for inner in value[:MAX_ITEMS])
    for key, inner in pairs:
        path = ".".join(filter(None, (prefix, str(key))))
        yield path
        if depth < MAX_DEPTH:
            yield from _paths(inner, path, depth + 1)


def find_records(content: Content, encoding: str) -> tuple[str, str, frozenset[str]]:
    """Find the outermost list of objects: its place, the reason, and the paths of all values in the head."""
    lists: Counter[str] = Counter()
    paths: set[str] = set()
    scalars, is_list = 0, False
    with content.text(encoding) as stream:
        try:
            for count, (prefix, event, _) in enumerate(ijson.parse(_Utf8(stream), use_float=True)):
                paths.add(prefix)
                lists[prefix] += event == "start_map" and prefix.split(".")[-1] == "item"
                is_list |= count == 0 and event == "start_array"
                scalars += prefix == "item" and event in ("string", "number")
                if count >= HEAD_EVENTS:
                    break
        except BROKEN_JSON:
            pass
    known = frozenset(paths)
    found = [prefix for prefix, count in lists.items() if count]
    if found:
        best = min(found, key=lambda p: (_depth(p), -lists[p], p))
        return best, f"outermost list of objects, {lists[best]} seen", known
    if scalars or is_list:
        return "item", "a list of plain values" if scalars else "an empty list", known
    return "", "one object, taken as one record", known


def _depth(prefix: str) -> int:
    return prefix.split(".").count("item")


def _is_lines(content: Content, encoding: str) -> bool:
    """Two complete objects on the first two lines, or one on the only line that ends: JSON Lines."""
    with content.text(encoding) as stream:
        lines = [line for line in (stream.readline(MAX_LINE) for _ in range(3)) if line.strip()]
    objects = [_is_object(line) for line in lines]
    return len(lines) > 1 and objects[0] and (objects[1] or lines[1].lstrip()[:1] == "{")


def _is_object(line: str) -> bool:
    record, problem = _parse_line(line, MAX_LINE)
    return problem is None and isinstance(record, Mapping)
