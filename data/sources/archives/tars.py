"""Tar archives, packed or not -> their members, one after the other."""

from __future__ import annotations

import io
import tarfile
import zlib
from collections.abc import Callable, Iterator
from functools import partial
from typing import BinaryIO

from data.sources.archives.limits import (
    HEAD_BYTES,
    MEGABYTE,
    ArchiveError,
    ArchiveRules,
    Budget,
    Member,
    Opened,
    is_bomb,
    is_wanted,
    shown_name,
)
from data.sources.files.unpacked import PACKED_BLOCK, Unpacked

BROKEN = (tarfile.TarError, zlib.error, EOFError, OSError, ValueError, OverflowError)
CUT = "the archive is damaged or cut here; what stands before it was read"
MAX_HEADER = MEGABYTE  # bytes that tarfile may ask for at once: what it reads beside the data are names


class Forward(io.RawIOBase):
    """A stream that only goes forward, and stops where a small file unpacks to too much."""

    def __init__(self, packed: BinaryIO, *, is_gzip: bool, rules: ArchiveRules) -> None:
        self._packed, self._rules, self._place = packed, rules, 0
        self._is_gzip, self.is_at_end_mark = is_gzip, False
        self._plain = io.BufferedReader(Unpacked(packed), PACKED_BLOCK) if is_gzip else packed

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def seekable(self) -> bool:
        """Tell that it can move, if only forward."""
        return True

    def tell(self) -> int:
        """Give the place, in unpacked bytes."""
        return self._place

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        """Go forward."""
        if whence != io.SEEK_SET or offset < self._place:
            raise OSError("a packed archive is read in one direction")
        while self._place < offset and self.read(min(MAX_HEADER, offset - self._place)):
            pass
        return self._place

    def read(self, size: int = -1) -> bytes:
        """Give the next bytes; less at the end."""
        if not 0 <= size <= MAX_HEADER:
            raise OSError("a header of the archive asks for too much memory")
        data = self._plain.read(size) or b""
        self._place += len(data)
        self.is_at_end_mark = len(data) == tarfile.BLOCKSIZE and not any(data)
        if self._is_gzip and is_bomb(self._place, self._packed.tell(), self._rules):
            raise ArchiveError(
                f"it unpacks to more than {self._rules.max_ratio:g} times its size, as no export does"
            )
        return data

    def close(self) -> None:
        """Close what is below, too."""
        self._plain.close()
        self._packed.close()
        super().close()


class TarArchive:
    """A tar archive; members are read in their order, and the last one stays at hand.

    Going back means to begin again, so who reads all members in order reads the archive once.
    """

    def __init__(
        self, stored: Callable[[], BinaryIO], opened: Opened, *, is_gzip: bool, rules: ArchiveRules
    ) -> None:
        self._stored, self._opened, self._is_gzip, self._rules = stored, opened, is_gzip, rules
        self._tar: tarfile.TarFile | None = None
        self._stream: Forward | None = None
        self._next = 0  # number of the member that comes next
        self._held: tuple[int, bytes] | None = None

    def members(self, budget: Budget) -> Iterator[Member]:
        """Give every file in it, those that are not read with the reason.

        Raises:
            ArchiveError: it breaks off; what stands before was given.
        """
        self.close()
        number = 0
        while (entry := self._advance()) is not None:
            place, number = number, number + 1
            if entry.isdir() or not is_wanted(entry.name):
                budget.pass_over()
                continue
            problem = budget.why_refused(entry.name, max(entry.size, 0), None)
            if not problem and not entry.isreg():
                problem = "it is a link or a device, not a file"
            head = b"" if problem else self._data(entry, HEAD_BYTES)
            yield Member(shown_name(entry.name), problem, head, partial(self._read, place))
            if budget.is_spent:
                return

    def close(self) -> None:
        """Give its memory back; it begins again when a member is read."""
        if self._tar is not None:
            self._tar.close()
        if self._stream is not None:
            self._stream.close()
        self._tar, self._stream, self._next, self._held = None, None, 0, None

    def _advance(self) -> tarfile.TarInfo | None:
        self._opened.touch(self)
        try:
            if self._tar is None:
                self._stream = Forward(self._stored(), is_gzip=self._is_gzip, rules=self._rules)
                self._tar = tarfile.TarFile(fileobj=self._stream, mode="r", ignore_zeros=False)
            entry = self._tar.next()
        except BROKEN as error:
            raise ArchiveError(str(error) if isinstance(error, ArchiveError) else CUT) from None
        except RecursionError:
            raise ArchiveError(CUT) from None
        if entry is None and self._stream is not None and not self._stream.is_at_end_mark:
            raise ArchiveError(CUT)
        self._next += 1
        return entry

    def _read(self, number: int) -> BinaryIO:
        if self._held is None or self._held[0] != number:
            self._held = (number, self._fetch(number))
        return io.BytesIO(self._held[1])

    def _fetch(self, number: int) -> bytes:
        if self._next > number:
            self.close()
        entry = None
        while self._next <= number:
            entry = self._advance()
        if entry is None:
            raise ArchiveError(CUT)
        return self._data(entry, entry.size)

    def _data(self, entry: tarfile.TarInfo, size: int) -> bytes:
        wanted = min(size, entry.size)
        data = self._tar.extractfile(entry) if self._tar else None
        pieces: list[bytes] = []
        try:
            while data and wanted and (piece := data.read(min(wanted, MAX_HEADER))):
                pieces.append(piece)
                wanted -= len(piece)
        except BROKEN as error:
            raise ArchiveError(str(error) if isinstance(error, ArchiveError) else CUT) from None
        if wanted:
            raise ArchiveError(CUT)
        return b"".join(pieces)
