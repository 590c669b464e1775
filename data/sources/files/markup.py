"""XML -> records: read as a stream, without entities of its own and without a look at the network."""

from __future__ import annotations

import codecs
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any
from xml.parsers import expat

from data.sources.files.decode import BOMS, MEGABYTE, Content, guess_encoding
from data.sources.files.nested import HEAD_EVENTS, NestedRecords, Problem
from data.sources.files.unpacked import is_cut
from data.sources.raw import SourceError, SourceOptions, SourceRules

BLOCK = 1 << 16
MAX_LEVELS = 200  # elements inside elements; an export has ten
TEXT = ""  # key of an element's own text beside its attributes and children
FIRST_TAG = re.compile(r"<\?xml\b|<(?!(?i:html|!doctype\s+html)\b)[A-Za-z_][\w:.-]*(?:\s[^<>]*)?/?>")
DECLARED = re.compile(rb"<\?xml[^>]*?encoding\s*=\s*[\"']([\w.-]{1,40})[\"']")
FORBIDDEN = {code: " " for code in range(32) if chr(code) not in "\t\n\r"} | {0xFFFE: " ", 0xFFFF: " "}


class _EntityError(Exception):
    """The document declares entities: a way to fill the memory, or to read other files."""


@dataclass
class _Element:
    name: str
    value: dict[str, Any] = field(default_factory=dict)
    pieces: list[str] = field(default_factory=list)

    def close(self) -> object:
        text = "".join(self.pieces).strip()
        if not self.value:
            return text
        return {TEXT: text, **self.value} if text else self.value

    def add(self, name: str, value: object) -> None:
        """Take a child; children of one name become a list."""
        if name not in self.value:
            self.value[name] = value
        elif isinstance(self.value[name], list):
            self.value[name].append(value)
        else:
            self.value[name] = [self.value[name], value]


class _Builder:
    """Collects the elements at one place as nested values."""

    def __init__(self, place: str, limit: int) -> None:
        self.done: list[tuple[object, Problem | None]] = []
        self._place, self._limit = tuple(place.split(".")) if place else (), limit
        self._path: list[str] = []
        self._open: list[_Element] = []  # of the record being read
        self._size = 0

    def start(self, name: str, attributes: dict[str, str]) -> None:
        self._path.append(name)
        if len(self._path) > MAX_LEVELS:
            raise expat.ExpatError
        is_record = tuple(self._path) == self._place or (not self._place and len(self._path) == 1)
        if is_record or self._open:
            self._size = 0 if is_record else self._size
            self._open.append(_Element(name, {f"@{key}": value for key, value in attributes.items()}))

    def text(self, piece: str) -> None:
        if self._open:
            self._size += len(piece)
            if self._size <= self._limit:
                self._open[-1].pieces.append(piece)

    def end(self, name: str) -> None:
        self._path.pop()
        if not self._open:
            return
        value = self._open.pop().close()
        if self._open:
            self._open[-1].add(name, value)
        elif self._size > self._limit:
            self.done.append((None, ("too_long", f"a record of more than {self._limit} characters")))
        else:
            self.done.append((value, None))


class _Outline:
    """Collects the paths of a document's head, and how often each element with children occurs."""

    def __init__(self) -> None:
        self.paths: set[str] = set()
        self.parents: Counter[str] = Counter()
        self._path: list[str] = []
        self._has_children: list[bool] = []
        self.is_full = False

    def start(self, name: str, attributes: dict[str, str]) -> None:
        if self._has_children:
            self._has_children[-1] = True
        self._path.append(name)
        self._has_children.append(False)
        if len(self._path) > MAX_LEVELS:
            raise expat.ExpatError
        path = ".".join(self._path)
        self.is_full = len(self.paths) > HEAD_EVENTS
        self.paths.add(path)
        self.paths.update(f"{path}.@{key}" for key in attributes)

    def text(self, piece: str) -> None:
        """Pass over text: an outline has none."""

    def end(self, name: str) -> None:
        if self._has_children.pop():
            self.parents[".".join(self._path)] += 1
        self._path.pop()


@dataclass
class XmlDocument:
    """An XML file."""

    content: Content
    encoding: str
    rules: SourceRules
    paths: frozenset[str] = frozenset()

    def values(self, place: str) -> Iterator[tuple[object, Problem | None]]:
        """Give every element at a place ("feed.entry"; empty: the whole document)."""
        builder = _Builder(place, self.rules.max_record_mb * MEGABYTE)
        problem: Problem | None = None
        steps = self._parse(builder)
        while problem is None:
            try:
                next(steps)
            except StopIteration:
                break
            except expat.ExpatError:
                problem = ("cut", "the XML breaks off or is not valid here; what came before it was read")
            yield from builder.done
            builder.done = []
        yield from builder.done
        if problem:
            yield None, problem

    def outline(self) -> _Outline:
        """Look at the head of the document."""
        outline = _Outline()
        try:
            for _ in self._parse(outline):
                if outline.is_full:
                    break
        except expat.ExpatError:
            pass
        return outline

    def _parse(self, handler: _Builder | _Outline) -> Iterator[None]:
        parser = expat.ParserCreate("utf-8")
        parser.buffer_text = True
        parser.StartElementHandler, parser.EndElementHandler = handler.start, handler.end
        parser.CharacterDataHandler = handler.text
        parser.EntityDeclHandler = _refuse_entity
        with self.content.text(self.encoding) as stream:
            while text := stream.read(BLOCK):
                self._feed(parser, text.translate(FORBIDDEN), is_last=False)
                yield
            self._feed(parser, "", is_last=not is_cut(stream))
            yield

    def _feed(self, parser: expat.XMLParserType, text: str, *, is_last: bool) -> None:
        try:
            parser.Parse(text.lstrip("\ufeff").encode("utf-8", "replace"), is_last)
        except _EntityError:
            raise SourceError(
                f"{self.content.path} declares XML entities, which an export has no use for; "
                "it was not read. Export it again without them"
            ) from None


def _refuse_entity(*_: object) -> None:
    raise _EntityError


def looks_like_xml(content: Content) -> bool:
    """Tell XML from other text by its first tag; a web page is no export."""
    encoding, _ = _encoding_of(content, None)
    start = content.head[:4096].decode(encoding, errors="ignore").lstrip("\ufeff \r\n\t")
    return FIRST_TAG.match(start) is not None and "<html" not in start.lower()


def open_xml(content: Content, *, options: SourceOptions, rules: SourceRules) -> NestedRecords:
    """Open XML: find the elements that repeat and the columns they have.

    Raises:
        SourceError: it declares entities.
    """
    encoding, encoding_why = _encoding_of(content, options.encoding)
    document = XmlDocument(content, encoding, rules)
    outline = document.outline()
    document.paths = frozenset(outline.paths)
    place, why = _record_place(outline.parents)
    decisions: dict[str, Any] = {
        "encoding": {"value": encoding, "why": encoding_why},
        "records": {"value": place or "(whole)", "why": why},
    }
    records = NestedRecords(document, place, rules, "xml", (), decisions, [])
    records.find_names()
    return records


def _encoding_of(content: Content, stated: str | None) -> tuple[str, str]:
    declared = DECLARED.match(content.head[:200].lstrip())
    if stated or declared is None or any(content.head.startswith(bom) for bom, _ in BOMS):
        return guess_encoding(content, stated)
    try:
        return codecs.lookup(declared[1].decode("ascii")).name, "the document states it"
    except LookupError:
        return guess_encoding(content, stated)


def _record_place(parents: Counter[str]) -> tuple[str, str]:
    """Choose the outermost element that repeats and has children of its own."""
    repeated = [path for path, count in parents.items() if count > 1]
    if not repeated:
        return "", "one document, taken as one record"
    best = min(repeated, key=lambda path: (path.count("."), -parents[path], path))
    return best, f"outermost element that repeats, {parents[best]} seen"
