"""Bytes -> what they are: opened once or again, hashed, unpacked, and in which encoding they are written."""

from __future__ import annotations

import codecs
import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import BinaryIO, cast

import fsspec

from data.sources.files.unpacked import PACKED_BLOCK, Unpacked
from data.sources.raw import SourceError, SourceRules

MEGABYTE = 1 << 20
HEAD_BYTES = 1 << 16
LEGACY_BYTES = 1 << 18  # lines with undecodable bytes that are kept to tell the encoding by
BROKEN = "\udcff"  # stands where bytes could not be decoded; no decoder gives it for valid input

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
MAGIC = (
    (b"PAR1", "parquet"),
    (b"PK\x03\x04", "zip"),
    (b"PK\x05\x06", "zip"),
    (b"\xd0\xcf\x11\xe0", "xls"),
    (b"%PDF", "PDF document"),
    (b"\x89PNG", "PNG picture"),
    (b"\xff\xd8\xff", "JPEG picture"),
    (b"GIF8", "GIF picture"),
    (b"7z\xbc\xaf\x27\x1c", "7z archive"),
    (b"Rar!", "RAR archive"),
    (b"BZh", "bzip2 archive"),
    (b"\xfd7zXZ", "xz archive"),
    (b"\x28\xb5\x2f\xfd", "zstd archive"),
    (b"SQLite format 3\x00", "SQLite database"),
    (b"\x7fELF", "program"),
    (b"MZ\x90", "program"),
)
# Encoding -> the characters that its languages are full of. A wrong guess decodes to other characters.
_COMMON_CHINESE = (
    "的一是不了在人有我他这个们中来上大为和国地到以说时要就出会可也你对生能而子那得于着下自之年过发后作里用道行所然家种"
    "事成方多经么去法学如都同现当没动面起看定天分还进好小部其些主样理心她本前开但因只从想实很太差快慢买货服务质量评价，。！？"
)
LEGACY = {
    "cp1252": "àèéìòùçñáíóúäöüßâêîôûãõëïÀÈÉÌÒÙÇÑÁÍÓÚÄÖÜ€’‘“”–—…«»¿¡°º",
    "cp1250": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ„”–—…’",
    "iso8859-2": "ąćęłńóśźżĄĆĘŁŃÓŚŹŻ",
    "cp1256": "ابتثجحخدذرزسشصضطظعغفقكلمنهويىةأإآؤئء،؟؛ـ",
    "cp1251": "абвгдежзийклмнопрстуфхцчшщъыьэюяАБВГДЕЖЗИЙКЛМНОПРСТУФХЦЧШЩЪЫЬЭЮЯёЁ",
    "gb18030": _COMMON_CHINESE,
}

LATIN = frozenset({"cp1252", "cp1250", "iso8859-2"})


def _mark_broken(error: UnicodeError) -> tuple[str, int]:
    return BROKEN, cast("UnicodeDecodeError", error).end


codecs.register_error("voc-mark", _mark_broken)


@dataclass
class Content:
    """The bytes of one source, readable again and again; small remote ones are kept in memory."""

    path: str
    rules: SourceRules
    stored: Callable[[], BinaryIO] | None = None  # of what is no file of its own, as a member of an archive

    @cached_property
    def _kept(self) -> bytes | Path | None:
        """Give the bytes of a small remote file, the path of a local one, None for a large remote one."""
        filesystem, name = fsspec.core.url_to_fs(self.path)
        protocols = filesystem.protocol if isinstance(filesystem.protocol, tuple) else (filesystem.protocol,)
        if "file" in protocols:
            return Path(name)
        small = (filesystem.size(name) or 0) <= self.rules.in_memory_mb * MEGABYTE
        return bytes(filesystem.cat_file(name)) if small else None

    def open_stored(self) -> BinaryIO:
        """Open the bytes as they are stored."""
        if self.stored is not None:
            return self.stored()
        if isinstance(self._kept, bytes):
            return io.BytesIO(self._kept)
        if isinstance(self._kept, Path):
            return self._kept.open("rb")
        return cast("BinaryIO", fsspec.open(self.path, "rb").open())

    def open(self) -> BinaryIO:
        """Open the bytes, unpacked when they are gzip."""
        stream = self.open_stored()
        if not self.is_gzip:
            return stream
        return cast(
            "BinaryIO", io.BufferedReader(Unpacked(stream, self.rules.max_unpack_ratio), PACKED_BLOCK)
        )

    @cached_property
    def is_gzip(self) -> bool:
        """Tell whether the stored bytes are a gzip file."""
        with self.open_stored() as stream:
            return stream.read(2) == b"\x1f\x8b"

    @cached_property
    def head(self) -> bytes:
        """The first bytes, unpacked; fewer if the file is cut."""
        with self.open() as stream:
            return stream.read(HEAD_BYTES)

    @cached_property
    def input_hash(self) -> str:
        """SHA-256 of the stored bytes."""
        digest = hashlib.sha256()
        with self.open_stored() as stream:
            while block := stream.read(MEGABYTE):
                digest.update(block)
        return digest.hexdigest()

    def text(self, encoding: str) -> io.TextIOWrapper:
        """Open as text; undecodable bytes become BROKEN, line ends stay as they are."""
        return io.TextIOWrapper(self.open(), encoding=encoding, errors="voc-mark", newline="")


def guess_container(content: Content) -> str:
    """Tell the container by its first bytes: parquet, zip, xls, or text.

    Raises:
        SourceError: the file is something that holds no table, as a picture or a program.
    """
    head = content.head
    for magic, name in MAGIC:
        if head.startswith(magic):
            if name in {"parquet", "zip", "xls"}:
                return name
            raise SourceError(_binary_message(content.path, f"a {name}"))
    if any(head.startswith(bom) for bom, _ in BOMS) or _wide_encoding(head):
        return "text"
    controls = sum(head.count(bytes([c])) for c in range(32) if c not in (0, 9, 10, 11, 12, 13, 26, 27))
    zeros = head.count(0)
    if controls > content.rules.control_share * len(head) or zeros > len(head) * 0.5:
        raise SourceError(_binary_message(content.path, "binary data"))
    return "text"


def _binary_message(path: str, found: str) -> str:
    return (
        f"{path} holds {found}, not text; expected CSV, TSV, XLSX, JSON, JSON Lines or Parquet "
        "(text formats may be gzipped). Export it again from the tool in one of these"
    )


def _wide_encoding(head: bytes) -> str | None:
    """Recognise UTF-16 without a mark: every second byte of Western text, digits and separators is zero."""
    even, odd = head[0:4096:2], head[1:4096:2]
    if len(odd) < 4:
        return None
    if odd.count(0) > 0.3 * len(odd) and even.count(0) < 0.05 * len(even):
        return "utf-16-le"
    if even.count(0) > 0.3 * len(even) and odd.count(0) < 0.05 * len(odd):
        return "utf-16-be"
    return None


def guess_encoding(content: Content, stated: str | None) -> tuple[str, str]:
    """Tell the encoding of a text file from all its bytes.

    Returns:
        The codec and the reason in words.

    Raises:
        SourceError: the encoding named in the settings is unknown.
    """
    if stated:
        try:
            codecs.lookup(stated)
        except LookupError:
            raise SourceError(
                f'[sources] encoding = "{stated}" is unknown; expected utf-8, cp1252, gb18030 ...'
            ) from None
        return stated, "named in the settings"
    for bom, name in BOMS:
        if content.head.startswith(bom):
            return name, "byte order mark"
    wide = _wide_encoding(content.head)
    if wide:
        return wide, "every second byte is zero"
    return _narrow_encoding(content)


def _narrow_encoding(content: Content) -> tuple[str, str]:
    if _is_utf8(content):
        return "utf-8", "every byte is valid UTF-8"
    valid, invalid, evidence = 0, 0, bytearray()
    with content.open() as stream:
        for line in stream:
            if line.isascii():
                continue
            try:
                line.decode("utf-8")
                valid += 1
            except UnicodeDecodeError:
                invalid += 1
                if len(evidence) < LEGACY_BYTES:
                    evidence += line[:LEGACY_BYTES]
    # Legacy text is almost never valid UTF-8 by chance, so valid lines outweigh as many broken ones.
    if valid >= invalid:
        return "utf-8", f"{valid} lines with non-ASCII letters are valid UTF-8, {invalid} are broken"
    return legacy_encoding(bytes(evidence))


def _is_utf8(content: Content) -> bool:
    decoder = codecs.getincrementaldecoder("utf-8")()
    with content.open() as stream:
        try:
            while block := stream.read(MEGABYTE):
                decoder.decode(block)
        except UnicodeDecodeError:
            return False
    return True  # a last character that is cut costs its record, not the encoding


def legacy_encoding(evidence: bytes) -> tuple[str, str]:
    """Tell the encoding of text that is no UTF-8 by what it reads as: the codec, and the reason in words."""
    scores = {name: _legacy_score(evidence, name, letters) for name, letters in LEGACY.items()}
    best = max(scores, key=lambda name: scores[name])
    if scores[best] >= 0.5:
        return best, f"{scores[best]:.0%} of the non-ASCII characters are usual ones of {best}"
    from charset_normalizer import from_bytes  # noqa: PLC0415 - slow import, needed for rare encodings only

    match = from_bytes(evidence[:HEAD_BYTES]).best()
    if match is not None:
        return match.encoding, "most readable of all known encodings"
    return "cp1252", "no encoding reads well; the commonest was taken"


def _legacy_score(evidence: bytes, encoding: str, letters: str) -> float:
    decoded = evidence.decode(encoding, errors="replace")
    special = [c for c in decoded if ord(c) > 127]
    if not special:
        return 0.0
    usual = sum(c in letters for c in special)
    # In a Latin script letters with accents are few; more of them are another script, decoded wrongly.
    if encoding in LATIN and usual > 0.4 * sum(map(str.isalpha, decoded)):
        return 0.0
    # A few hundred characters make up half of any Chinese text; the other half are still ideographs.
    if encoding == "gb18030" and usual >= 0.1 * len(special):
        usual = sum("\u3000" <= c <= "\u9fff" or "\uff00" <= c <= "\uffef" for c in special)
    return usual / len(special)
