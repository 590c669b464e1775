"""One parsed mail -> what its author wrote, as plain text; attachments are not looked at."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from email.message import Message

from data.cleaning.text import clean_text
from data.sources.files.decode import legacy_encoding
from data.sources.mail.quotes import own_words

# Codecs of Python that are no character sets, or cost more than linear time.
NO_CHARSETS = frozenset({"punycode", "idna", "unicode_escape", "raw_unicode_escape", "undefined"})
WIDER = {"gb2312": "gb18030", "gbk": "gb18030", "iso8859-1": "cp1252", "ascii": "utf-8", "euc_kr": "cp949"}
SHORTEST_LINE, LONGEST_LINE = 60, 100  # where mail programs wrap lines
MAX_GAP = 14  # a wrapped line lacks no more than one long word to the full width
TAG = re.compile(r"<(/?)([a-zA-Z][a-zA-Z0-9]{0,20})\b([^<>]{0,4000})>")
# An element of these is quoted history or a signature.
FOREIGN = re.compile(
    r"gmail_quote|gmail_attr|gmail_signature|moz-cite-prefix|moz-signature|yahoo_quoted|protonmail_quote"
    r"|protonmail_signature|tutanota_quote|zmail_extra|ms-outlook-mobile-signature|type\s*=\s*[\"']?cite"
    r"|id\s*=\s*[\"']?(?:x_)?signature",
    re.IGNORECASE,
)
# Behind one of these everything is history.
END = re.compile(
    r"divRplyFwdMsg|appendonsend|OLK_SRC_BODY_SECTION|OutlookMessageHeader|reference-message-container", re.I
)


def body_of(message: Message) -> tuple[str, bool]:
    """Give the author's own words.

    Returns:
        The text, and whether there was more text that is not the author's.
    """
    texts = [text for text in _texts(message) if text.strip()]
    own = [own_words(text) for text in texts]
    return "\n\n".join(text for text in own if text), bool(texts)


def _texts(message: Message) -> Iterator[str]:
    """Give the texts of a mail in reading order, every alternative once."""
    pending = [message]
    while pending:  # by hand: a thousand parts inside each other are no reason for a thousand frames
        part = pending.pop()
        kind = part.get_content_type()
        if part.is_multipart():
            inner = [one for one in part.get_payload() if isinstance(one, Message)]
            if kind == "multipart/alternative":
                inner = _preferred(inner)
            if kind != "message/rfc822":  # a mail sent along is somebody else's
                pending += reversed(inner)
        elif kind in ("text/plain", "text/html") and not _is_attachment(part):
            yield _plain(part) if kind == "text/plain" else _from_html(_decoded(part))


def _preferred(parts: list[Message]) -> list[Message]:
    """Choose one of several forms of the same text: plain text, unless it is a stub for old programs."""
    plain = [part for part in parts if part.get_content_type() == "text/plain"]
    others = [part for part in parts if part.get_content_type() != "text/plain"]
    size = max((len(_decoded(part).strip()) for part in plain), default=0)
    if plain and (not others or size > 0):
        return plain[:1]
    return others[-1:]


def _is_attachment(part: Message) -> bool:
    disposition = str(part.get("Content-Disposition") or "").strip().lower()
    return disposition.startswith("attachment") or "filename" in disposition


def _decoded(part: Message) -> str:
    """Decode a part whatever its charset says; what cannot be decoded is marked, not lost."""
    payload = part.get_payload(decode=True)
    data = payload if isinstance(payload, bytes) else str(payload or "").encode("utf-8", "replace")
    return decode_bytes(data, _charset(part))


def _charset(part: Message) -> str | None:
    try:
        stated = part.get_content_charset()
    except (ValueError, LookupError, TypeError):
        return None
    return stated.strip("\"' ") if stated else None


def decode_bytes(data: bytes, stated: str | None) -> str:
    """Decode text: as stated if that fits, else as UTF-8, else in the old encoding that reads best."""
    for name in (known_charset(stated), "utf-8"):
        if name:
            try:
                return data.decode(name)
            except UnicodeError:
                continue
    name = known_charset(stated)
    return data.decode(name if name and name != "utf-8" else legacy_encoding(data)[0], "replace")


def known_charset(stated: str | None) -> str | None:
    """Give the codec of a charset's name; None for names of no charset."""
    try:
        info = codecs.lookup((stated or "").strip()[:40])
    except (LookupError, ValueError):
        return None
    if info.name in NO_CHARSETS or not info._is_text_encoding:
        return None
    return WIDER.get(info.name, info.name)


def _plain(part: Message) -> str:
    text = _decoded(part).replace("\r\n", "\n").replace("\r", "\n").replace("\x00", "")
    is_flowed = "flowed" in str(part.get("Content-Type") or "").lower()
    return unwrap(text, is_flowed=is_flowed)


def unwrap(text: str, *, is_flowed: bool) -> str:
    """Join the lines that a mail program has wrapped: a sentence must not end at its 72nd character."""
    lines = text.split("\n")
    width = max((len(line) for line in lines if len(line) <= LONGEST_LINE and line[:1] != ">"), default=0)
    joined: list[str] = []
    is_open = False
    for line in lines:
        if is_open and line.strip() and line[:1] != ">":
            joined[-1] = f"{joined[-1].rstrip()} {line.lstrip()}"
        else:
            joined.append(line)
        is_soft = is_flowed and line.endswith(" ") and line.strip() != "--"
        is_open = line[:1] != ">" and (is_soft or SHORTEST_LINE <= len(line) <= width)
        is_open = is_open and (is_soft or width - len(line) < MAX_GAP)
    return "\n".join(joined)


def _from_html(html: str) -> str:
    """Give the text of an HTML part without quoted history, line by line as it would be shown."""
    kept: list[str] = []
    done, dropping = 0, ("", 0)
    for tag in TAG.finditer(html):
        name = tag[2].lower()
        if dropping[1]:
            if name == dropping[0]:
                dropping = (name, dropping[1] + (-1 if tag[1] else 1))
            done = tag.end()
            continue
        if tag[1]:
            continue
        if END.search(tag[3]):
            return _shown(f"{''.join(kept)} {html[done : tag.start()]}")
        if name == "blockquote" or (tag[3] and FOREIGN.search(tag[3])):
            kept += [html[done : tag.start()], "\n"]
            dropping, done = (name, 1), tag.end()
    return _shown("".join([*kept, "" if dropping[1] else html[done:]]))


def _shown(html: str) -> str:
    return clean_text(re.sub(r"\s+", " ", html))
