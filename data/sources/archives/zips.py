"""Zip archives -> their members."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from data.sources.archives.limits import (
    HEAD_BYTES,
    ArchiveError,
    Budget,
    Member,
    Opened,
    is_wanted,
    shown_name,
)

END = b"PK\x05\x06"
END_BYTES = 22
MAX_COMMENT = 1 << 16
MAX_DIRECTORY = 64 << 20  # bytes of the list of members that are taken into memory
BROKEN = (
    zipfile.BadZipFile,
    NotImplementedError,
    RuntimeError,
    zlib.error,
    EOFError,
    OSError,
    ValueError,
    struct.error,
)
OFFICE = "[Content_Types].xml"


class ZipArchive:
    """A zip archive; members are read in any order."""

    def __init__(self, stored: Callable[[], BinaryIO], opened: Opened) -> None:
        self._stored, self._opened = stored, opened
        self._open: zipfile.ZipFile | None = None

    def members(self, budget: Budget) -> Iterator[Member]:
        """Give every file in it, those that are not read with the reason.

        Raises:
            ArchiveError: its list of members cannot be read.
        """
        for entry in self._entries():
            name = entry.filename
            if entry.is_dir() or not is_wanted(name):
                budget.pass_over()
                continue
            problem = budget.why_refused(name, entry.file_size, entry.compress_size)
            if not problem and entry.flag_bits & 1:
                problem = "it is encrypted; unpack it with its password"
            head = b""
            try:
                head = b"" if problem else self._head(entry)
            except ArchiveError as error:
                problem = str(error)
            yield Member(shown_name(name), problem, head, partial(self._read, entry))
            if budget.is_spent:
                return

    def is_workbook(self) -> bool:
        """Tell a spreadsheet or another office document from an archive of files."""
        return any(entry.filename == OFFICE or entry.filename.startswith("xl/") for entry in self._entries())

    def close(self) -> None:
        """Give its memory back; it opens again when a member is read."""
        if self._open is not None:
            self._open.close()
            self._open = None

    def _entries(self) -> list[zipfile.ZipInfo]:
        return self._archive().infolist()

    def _archive(self) -> zipfile.ZipFile:
        self._opened.touch(self)
        if self._open is None:
            stream = self._stored()
            try:
                _check_directory(stream)
                self._open = zipfile.ZipFile(stream)
            except ArchiveError:
                stream.close()
                raise
            except BROKEN:
                stream.close()
                raise ArchiveError("the zip archive is damaged or cut; make it again") from None
        return self._open

    def _head(self, entry: zipfile.ZipInfo) -> bytes:
        return self._unpacked(entry, HEAD_BYTES)

    def _read(self, entry: zipfile.ZipInfo) -> BinaryIO:
        # No more than the stated size is unpacked, whatever the packed bytes hold.
        return io.BytesIO(self._unpacked(entry, -1))

    def _unpacked(self, entry: zipfile.ZipInfo, size: int) -> bytes:
        try:
            with self._archive().open(entry) as stream:
                return stream.read(size)
        except ArchiveError:
            raise
        except BROKEN:
            raise ArchiveError("it is damaged, or packed in a way that is not known; pack it again") from None


def _check_directory(stream: BinaryIO) -> None:
    """Refuse a list of members that is itself too long to be read."""
    size = stream.seek(0, io.SEEK_END)
    stream.seek(max(0, size - MAX_COMMENT - END_BYTES))
    tail = stream.read()
    place = tail.rfind(END)
    if place < 0 or len(tail) - place < END_BYTES:
        raise zipfile.BadZipFile
    (length,) = struct.unpack_from("<L", tail, place + 12)
    if length != 0xFFFFFFFF and length > MAX_DIRECTORY:
        raise ArchiveError("the zip archive lists more members than can be read; unpack it")
    stream.seek(0)
