"""Gzip -> its bytes, as many of them as a cut or damaged file still holds."""

from __future__ import annotations

import io
import zlib
from typing import Any, BinaryIO

from data.sources.raw import SourceError

PACKED_BLOCK = 1 << 16
HARMLESS = 64 << 20  # bytes that may come out of however few


class Unpacked(io.RawIOBase):
    """A gzip stream that gives what it can: where the file is cut or damaged it ends, and says so."""

    def __init__(self, packed: BinaryIO, max_ratio: float | None = None) -> None:
        self.is_cut = False
        self._max_ratio, self._taken, self._given = max_ratio, 0, 0
        self._packed = packed
        self._engine = zlib.decompressobj(wbits=31)
        self._spare = b""

    def readable(self) -> bool:
        """Tell that it can be read."""
        return True

    def readinto(self, buffer: Any) -> int:  # noqa: ANN401 - the buffer protocol has no type before 3.12
        """Unpack up to the size of the buffer, so that a bomb does not fill the memory."""
        data = self._unpack(len(buffer))
        self._given += len(data)
        if self._max_ratio and self._given > max(HARMLESS, self._max_ratio * self._taken):
            raise SourceError(
                f"the compressed file unpacks to over {self._max_ratio:g} times its size, as no export does"
            )
        buffer[: len(data)] = data
        return len(data)

    def _unpack(self, size: int) -> bytes:
        while not self.is_cut:
            if self._engine.eof and not self._next_member():
                return b""
            packed = self._engine.unconsumed_tail or self._spare or self._read()
            self._spare = b""
            try:
                data = self._engine.decompress(packed, size)
            except zlib.error:
                data, packed = b"", b""
            if data:
                return data
            self.is_cut = not packed and not self._engine.eof
        return b""

    def _next_member(self) -> bool:
        self._spare = (self._engine.unused_data or self._read()).lstrip(b"\x00")
        self._engine = zlib.decompressobj(wbits=31) if self._spare else self._engine
        return bool(self._spare)

    def _read(self) -> bytes:
        packed = self._packed.read(PACKED_BLOCK)
        self._taken += len(packed)
        return packed

    def close(self) -> None:
        """Close the packed stream too."""
        self._packed.close()
        super().close()


def is_cut(stream: io.TextIOWrapper | BinaryIO) -> bool:
    """Tell whether a gzip stream, read to its end, ended too early."""
    raw = getattr(stream.buffer if isinstance(stream, io.TextIOWrapper) else stream, "raw", None)
    return isinstance(raw, Unpacked) and raw.is_cut
