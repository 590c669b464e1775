"""Bytes of a mailbox -> single mails, and what their headers say."""

from __future__ import annotations

import email
import re
from collections.abc import Iterator
from datetime import UTC
from email.errors import MessageError
from email.header import decode_header
from email.message import Message
from email.policy import compat32
from email.utils import getaddresses, parsedate_to_datetime
from typing import BinaryIO

from data.sources.mail.bodies import decode_bytes
from data.sources.mail.words import any_of

LINE_BYTES = 1 << 16
MAX_HEADER = 2_000  # characters of a header that are read; a longer one is a list of recipients
MBOX_START = re.compile(rb"From [^\r\n]{1,200}\d\d:\d\d[^\r\n]{0,40}\d{4}")
ESCAPED = re.compile(rb">+From ")
HEADER_LINE = re.compile(rb"[A-Za-z][A-Za-z0-9-]{1,60}:[ \t]?[^\r\n]*")
MAIL_HEADERS = frozenset(
    (b"from", b"to", b"date", b"subject", b"received", b"message-id", b"mime-version", b"return-path")
    + (b"delivered-to", b"content-type", b"dkim-signature", b"reply-to", b"x-gm-thrid")
)
MIN_MAIL_HEADERS = 3
ANSWER = re.compile(rf"\s*{any_of('answers')}\s*(?:\[\d+\])?\s*[:：]", re.IGNORECASE)


def split_mbox(stream: BinaryIO, limit: int) -> Iterator[bytes]:
    """Cut a mailbox into its mails; of each at most `limit` bytes, as attachments come last."""
    mail, is_line_start, is_blank_before, has_begun = bytearray(), True, True, False
    while line := stream.readline(LINE_BYTES):
        if is_line_start and is_blank_before and MBOX_START.match(line):
            if has_begun:
                yield bytes(mail)
            mail, has_begun = bytearray(), True
        elif len(mail) < limit:
            mail += line[1:] if is_line_start and ESCAPED.match(line) else line
        is_blank_before = is_line_start and not line.strip(b"\r\n")
        is_line_start = line.endswith(b"\n")
    if has_begun:
        yield bytes(mail)


def looks_like_mbox(head: bytes) -> bool:
    """Tell a mailbox: a line that says who wrote when, and headers below it."""
    found = MBOX_START.match(head)
    return found is not None and looks_like_mail(head[found.end() :].partition(b"\n")[2])


def looks_like_mail(head: bytes) -> bool:
    """Tell a single mail: it begins with headers, and enough of them are those of mails."""
    names = set()
    for line in head.removeprefix(b"\xef\xbb\xbf").splitlines()[:200]:
        if not line.strip():
            break
        if line[:1] in (b" ", b"\t"):
            continue
        if not HEADER_LINE.fullmatch(line):
            return False
        names.add(line.partition(b":")[0].lower())
    return len(names & MAIL_HEADERS) >= MIN_MAIL_HEADERS


def parse_mail(data: bytes) -> Message | None:
    """Parse one mail; None if it is beyond repair."""
    try:
        # compat32: the newer policies parse headers by a grammar, and hostile ones make it fail or crawl.
        return email.message_from_bytes(data, policy=compat32)
    except (MessageError, ValueError, LookupError, TypeError, IndexError, RecursionError):
        return None


def header_text(message: Message, name: str) -> str:
    """Give a header, decoded, on one line."""
    line = next(iter(_raw(message, name)), "")
    try:
        pieces = decode_header(line)
    except (MessageError, ValueError, LookupError, TypeError, IndexError):
        return line
    decoded = [piece if isinstance(piece, str) else _decoded(piece, charset) for piece, charset in pieces]
    return " ".join("".join(decoded).replace("\x00", "").split())


def _raw(message: Message, name: str) -> list[str]:
    """Give the values of a header as they stand, cut; bytes beyond ASCII, which none may have, decoded."""
    values = [str(value)[:MAX_HEADER] for key, value in message.raw_items() if key.lower() == name.lower()]
    lines = [" ".join(value.split()) for value in values]
    return [
        line if line.isascii() else decode_bytes(line.encode("utf-8", "surrogateescape"), None)
        for line in lines
    ]


def _decoded(piece: bytes, charset: str | None) -> str:
    if charset is None:  # decode_header writes what is not encoded in this way
        return piece.decode("raw-unicode-escape", "replace")
    return decode_bytes(piece, charset)


def addresses(message: Message, *names: str) -> list[str]:
    """Give the addresses of some headers, in lower case."""
    texts = [line for name in names for line in _raw(message, name)]
    try:
        found = getaddresses(texts)
    except (ValueError, IndexError, TypeError, AttributeError, RecursionError):
        return []
    return [address.strip().lower() for _, address in found if "@" in address]


def sent_at(message: Message) -> str | None:
    """Give when a mail was sent: its own date, else that of the server that took it in first."""
    servers = [line.rpartition(";")[2] for line in _raw(message, "Received")]
    for stated in (*_raw(message, "Date")[:1], *servers[-1:]):
        try:
            moment = parsedate_to_datetime(stated[:200])
            aware = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
            return aware.astimezone(UTC).isoformat()
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
    return None
