"""The text of a mail -> what its author wrote in it: without quoted history, signature and disclaimer."""

from __future__ import annotations

import re

from data.sources.mail.words import any_of

MAX_LINE = 1_000  # a longer line is a paragraph of text, never a line that introduces a quote
MAX_ATTRIBUTION_LINES = 3  # mail programs wrap "On Monday ... wrote:"
MAX_SIGNATURE_LINES = 10
MAX_SIGNATURE_WIDTH = 80
MIN_HEADERS = 3  # lines like "From: ..." one under the other that make a quoted header

BLANK_LINES = re.compile(r"\n(?:[ \t]*\n){2,}")
QUOTED = re.compile(r"\s{0,3}(?:>|\|\s)")
# How mail programs introduce what they quote: a date, a name, a verb, a colon.
ATTRIBUTION_START = re.compile(rf"\s*(?:{any_of('quote_starts')}|\d)", re.IGNORECASE)
ATTRIBUTION_VERB = re.compile(any_of("quote_verbs"), re.IGNORECASE)
DATED = re.compile(r"\d|@")
MAX_BEHIND_VERB = 200  # German names the author behind the verb
# From here on the rest of the mail is an older one.
DIVIDER = re.compile(rf"[\s_=*#-]{{0,80}}{any_of('dividers')}:?[\s_=*#-]{{0,80}}", re.IGNORECASE)
RULE = re.compile(r"\s*[_-]{20,}\s*")
HEADER = re.compile(rf"\s*\*?{any_of('senders', 'headers')}\*?\s{{0,2}}[:：].{{0,400}}", re.IGNORECASE)
FIRST_HEADER = re.compile(rf"\s*\*?{any_of('senders')}\*?\s{{0,2}}[:：]", re.IGNORECASE)
# From here on only who wrote it, and with what.
SIGNATURE = re.compile(r"--[ \u00a0]?|—\s*")
DEVICE = re.compile(rf"\s*{any_of('devices')}.{{0,80}}", re.IGNORECASE)
CLOSING = re.compile(rf"\s*{any_of('closings')}\s*[,.!،。，]?\s*", re.IGNORECASE)
DISCLAIMER = re.compile(rf"[\W_]{{0,40}}{any_of('disclaimers')}", re.IGNORECASE)


def own_words(text: str) -> str:
    """Give what the author of a mail wrote, line by line as it stood.

    Args:
        text: the body as plain text.

    Returns:
        The body without lines quoted from older mails, what introduces them, the signature and a disclaimer;
        empty if nothing else is in it.
    """
    text = BLANK_LINES.sub("\n\n", text.replace("\r\n", "\n").replace("\r", "\n"))
    lines = text.split("\n")
    lines = _without_history(lines)
    lines = _without_signature(lines)
    return "\n".join(lines).strip()


def _without_history(lines: list[str]) -> list[str]:
    kept: list[str] = []
    place = 0
    while place < len(lines):
        line = lines[place]
        if len(line) > MAX_LINE:
            kept.append(line)
        elif QUOTED.match(line):
            pass
        elif _begins_history(lines, place):
            break
        elif width := _attribution_width(lines, place):
            place += width
            if not _is_quoted_next(lines, place):
                break  # quoted without signs: nobody can tell where it ends
            continue
        else:
            kept.append(line)
        place += 1
    return kept


def _begins_history(lines: list[str], place: int) -> bool:
    line = lines[place]
    if DIVIDER.fullmatch(line):
        return True
    start = place + 1 if RULE.fullmatch(line) else place
    while start < len(lines) and start > place and not lines[start].strip():
        start += 1
    if start >= len(lines) or not FIRST_HEADER.match(lines[start][:MAX_LINE]):
        return False
    following = [one[:MAX_LINE] for one in lines[start : start + 2 * MIN_HEADERS] if one.strip()]
    return sum(bool(HEADER.fullmatch(one)) for one in following[: MIN_HEADERS + 1]) >= MIN_HEADERS


def _attribution_width(lines: list[str], place: int) -> int:
    """Count the lines, wrapped perhaps, that say who wrote the quote below; 0 if none does."""
    if not ATTRIBUTION_START.match(lines[place]):
        return 0
    for width in range(1, MAX_ATTRIBUTION_LINES + 1):
        joined = " ".join(lines[place : place + width]).strip()
        if len(joined) > MAX_LINE or place + width > len(lines):
            return 0
        verb = ATTRIBUTION_VERB.search(joined)
        is_close = verb is not None and len(joined) - verb.end() <= MAX_BEHIND_VERB
        if is_close and joined.endswith((":", "：")) and DATED.search(joined):
            return width
    return 0


def _is_quoted_next(lines: list[str], place: int) -> bool:
    following = (line for line in lines[place : place + 4] if line.strip())
    return bool(QUOTED.match(next(following, "")))


def _without_signature(lines: list[str]) -> list[str]:
    for place, line in enumerate(lines):
        if len(line) > MAX_LINE:
            continue
        rest = lines[place : place + 4 * MAX_SIGNATURE_LINES]
        if (SIGNATURE.fullmatch(line) and place) or (DEVICE.fullmatch(line) and _is_short(rest)):
            return lines[:place]
        if DISCLAIMER.match(line) and place:
            return lines[:place]
        if CLOSING.fullmatch(line) and place and _is_short(rest):
            return lines[:place]
    return lines


def _is_short(lines: list[str]) -> bool:
    """Tell whether what is left of a mail can be a name, an office and telephone numbers."""
    head = [line for line in lines if line.strip()]
    until = next((i for i, line in enumerate(head) if DISCLAIMER.match(line[:MAX_LINE])), len(head))
    return until <= MAX_SIGNATURE_LINES and all(len(line) <= MAX_SIGNATURE_WIDTH for line in head[:until])
