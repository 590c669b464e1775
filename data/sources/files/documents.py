"""JSON and JSON Lines -> records: nested objects become columns with dots in their names."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import ijson
import orjson

from data.sources.files.chunks import ChunkBuilder
from data.sources.files.decode import MEGABYTE, Content, guess_encoding
from data.sources.files.unpacked import is_cut
from data.sources.raw import Chunk, SourceOptions, SourceRules

MAX_DEPTH = 12
MAX_ITEMS = 3  # objects of a list inside a record that become columns: the first comments.0.text and so on
HEAD_EVENTS = 200_000
BROKEN_JSON = (ijson.JSONError, UnicodeDecodeError, ValueError)

Problem = tuple[str, str]


def flatten(value: object, prefix: str = "", depth: int = 0) -> Iterator[tuple[str, str | None]]:
    """Give the leaves of a JSON value with their dotted names."""
    if isinstance(value, dict) and depth < MAX_DEPTH:
        for key, inner in value.items():
            yield from flatten(inner, f"{prefix}.{key}" if prefix else str(key), depth + 1)
    elif isinstance(value, list) and any(isinstance(item, dict) for item in value) and depth < MAX_DEPTH:
        for position, item in enumerate(value[:MAX_ITEMS]):
            yield from flatten(item, f"{prefix}.{position}", depth + 1)
    else:
        yield prefix or "value", _leaf(value)


def _leaf(value: object) -> str | None:
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
        return orjson.dumps(value, default=str).decode()
    return str(value)


@dataclass
class JsonRecords:
    """A JSON file as records, read anew by every call of `chunks`.

    Attributes:
        place: path of the list of records, in the notation of ijson ("item", "data.children.item");
            None for JSON Lines, empty for one object that is itself the record.
    """

    content: Content
    encoding: str
    place: str | None
    rules: SourceRules
    format: str
    names: tuple[str, ...]
    decisions: dict[str, Any]
    warnings: list[str]
    has_optional_names: bool = True

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the records, at most `rows` at a time."""
        builder = ChunkBuilder(self.names, names, rows, self.rules.batch_mb * MEGABYTE)
        for record, problem in self.values():
            if problem is None:
                leaves = dict(flatten(record))
                builder.keep([leaves.get(name) for name in self.names])
            else:
                builder.reject(*problem)
            if builder.is_full:
                yield builder.take()
        yield builder.take()

    def values(self) -> Iterator[tuple[object, Problem | None]]:
        """Give every record as it is nested, with what is wrong with it."""
        if self.place is None:
            return self._lines()
        if len_at_most(self.content, self.rules.whole_json_mb * MEGABYTE):
            return self._whole(self.place)
        return self._streamed(self.place)

    def _lines(self) -> Iterator[tuple[object, Problem | None]]:
        limit = self.rules.max_record_mb * MEGABYTE
        with self.content.text(self.encoding) as stream:
            for line in stream:
                if line.strip("\r\n\t \x00\ufeff"):
                    yield _parse_line(line, limit)
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


def open_json(content: Content, *, options: SourceOptions, rules: SourceRules) -> JsonRecords:
    """Open JSON or JSON Lines: find the list of records and the columns they have."""
    encoding, encoding_why = guess_encoding(content, options.encoding)
    decisions: dict[str, Any] = {"encoding": {"value": encoding, "why": encoding_why}}
    place, why = find_records(content, encoding)
    decisions["records"] = {"value": place or "(lines)" if place is None else place or "(whole)", "why": why}
    name = "jsonl" if place is None else "json"
    records = JsonRecords(content, encoding, place, rules, name, (), decisions, [])
    records.names = _find_names(records)
    return records


def _find_names(records: JsonRecords) -> tuple[str, ...]:
    """Collect the names over the whole file: optional keys may come late. In order of appearance."""
    names: dict[str, None] = {}
    for record, problem in records.values():
        if problem is None:
            names.update(dict.fromkeys(name for name, _ in flatten(record)))
        if len(names) > records.rules.max_columns:
            records.warnings.append(
                f"the records have over {records.rules.max_columns} different keys; later ones were left out"
            )
            break
    return tuple(names)[: records.rules.max_columns]


def find_records(content: Content, encoding: str) -> tuple[str | None, str]:
    """Find the outermost list of objects; None for JSON Lines."""
    if _is_lines(content, encoding):
        return None, "every line is a JSON object"
    lists: Counter[str] = Counter()
    scalars, is_list = 0, False
    with content.text(encoding) as stream:
        try:
            for count, (prefix, event, _) in enumerate(ijson.parse(_Utf8(stream), use_float=True)):
                lists[prefix] += event == "start_map" and prefix.split(".")[-1] == "item"
                is_list |= count == 0 and event == "start_array"
                scalars += prefix == "item" and event in ("string", "number")
                if count >= HEAD_EVENTS:
                    break
        except BROKEN_JSON:
            pass
    found = [prefix for prefix, count in lists.items() if count]
    if found:
        best = min(found, key=lambda p: (_depth(p), -lists[p], p))
        return best, f"outermost list of objects, {lists[best]} seen"
    if scalars or is_list:
        return "item", "a list of plain values" if scalars else "an empty list"
    return "", "one object, taken as one record"


def _depth(prefix: str) -> int:
    return prefix.split(".").count("item")


def _is_lines(content: Content, encoding: str) -> bool:
    """Two complete objects on the first two lines, or one on the only line that ends: JSON Lines."""
    with content.text(encoding) as stream:
        lines = [line for line in (stream.readline(MEGABYTE * 64) for _ in range(3)) if line.strip()]
    objects = [_is_object(line) for line in lines]
    return len(lines) > 1 and objects[0] and (objects[1] or lines[1].lstrip()[:1] == "{")


def _is_object(line: str) -> bool:
    record, problem = _parse_line(line, MEGABYTE * 64)
    return problem is None and isinstance(record, Mapping)
