"""Inputs -> inputs: an archive becomes its members, those of archives inside it too."""

from __future__ import annotations

import io
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from typing import BinaryIO, cast

import fsspec

from data.intake.inputs import Input
from data.sources.archives.limits import HEAD_BYTES, ArchiveError, ArchiveRules, Budget, Member, Opened
from data.sources.archives.tars import TarArchive
from data.sources.archives.zips import ZipArchive
from data.sources.files.unpacked import PACKED_BLOCK, Unpacked

ZIP, GZIP = (b"PK\x03\x04", b"PK\x05\x06"), b"\x1f\x8b"
TAR_PLACE, TAR = 257, b"ustar"
SEPARATOR = "!"

Stored = Callable[[], BinaryIO]


def open_archives(inputs: Iterable[Input], rules: ArchiveRules) -> list[Input]:
    """Put the members of archives in the archives' places.

    Args:
        inputs: files and others; what is no archive stays as it is.
        rules: what an archive may hold.

    Returns:
        The inputs, members named archive!member. A member that is not read, and an archive that breaks off,
        has its `problem` set.
    """
    return [member for one in inputs for member in _opened(one, rules)]


def _opened(one: Input, rules: ArchiveRules) -> Iterator[Input]:
    if one.database is not None or one.problem:
        yield one
        return

    def stored() -> BinaryIO:
        return cast("BinaryIO", fsspec.open(one.path, "rb").open())

    try:
        with stored() as stream:
            head = stream.read(HEAD_BYTES)
    except OSError:
        yield one  # reading it says what is wrong
        return
    tree = _Tree(rules)
    archive = tree.archive(head, stored)
    if archive is None:
        yield one
        return
    yield from _distinct(tree.inputs(one, archive, depth=1))


class _Tree:
    """One archive with all that is inside."""

    def __init__(self, rules: ArchiveRules) -> None:
        self._rules = rules
        self._budget, self._opened = Budget(rules), Opened(rules.max_depth + 1)

    def archive(self, head: bytes, stored: Stored) -> ZipArchive | TarArchive | None:
        """Tell an archive of files by its first bytes; None for anything else, workbooks among it."""
        if head.startswith(ZIP):
            found = ZipArchive(stored, self._opened)
            try:
                return None if found.is_workbook() else found
            except ArchiveError:
                return None  # a cut workbook looks the same; the reader of workbooks says so
        is_gzip = head.startswith(GZIP)
        start = Unpacked(io.BytesIO(head)) if is_gzip else io.BytesIO(head)
        plain = io.BufferedReader(start, PACKED_BLOCK).read(TAR_PLACE + len(TAR)) if is_gzip else head
        if plain[TAR_PLACE : TAR_PLACE + len(TAR)] != TAR:
            return None
        return TarArchive(stored, self._opened, is_gzip=is_gzip, rules=self._rules)

    def inputs(self, parent: Input, archive: ZipArchive | TarArchive, *, depth: int) -> Iterator[Input]:
        """Give the members as inputs, in the order of the archive."""
        count = 0
        try:
            for member in archive.members(self._budget):
                count += 1
                yield from self._input(parent, member, depth)
        except ArchiveError as error:
            yield replace(parent, problem=f"{parent.path}: {error} ({count} members)")
            return
        if not count:
            yield replace(parent, problem=f"{parent.path}: the archive holds no file to read")

    def _input(self, parent: Input, member: Member, depth: int) -> Iterator[Input]:
        path = f"{parent.path}{SEPARATOR}{member.name}"
        one = Input(f"{parent.name}{SEPARATOR}{member.name}", path, stored=member.stored)
        if member.problem:
            yield replace(one, problem=f"{path}: {member.problem}")
            return
        inner = self.archive(member.head, member.stored)
        if inner is None:
            yield one
        elif depth >= self._rules.max_depth:
            yield replace(one, problem=f"{path}: more than {depth} archives inside each other; unpack it")
        else:
            yield from self.inputs(one, inner, depth=depth + 1)


def _distinct(inputs: Iterable[Input]) -> Iterator[Input]:
    """Number the members that have one name: an archive may hold several."""
    seen: dict[str, int] = {}
    for one in inputs:
        seen[one.name] = seen.get(one.name, 0) + 1
        count = seen[one.name]
        yield one if count == 1 else replace(one, name=f"{one.name}#{count}")
