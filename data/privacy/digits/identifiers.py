"""Finds bank accounts, national ids with letters, and numbers that a word before them names."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.privacy.digits.checksums import IBAN_LENGTHS, is_dni, is_iban, is_prc_id
from data.privacy.spans import Finder, Span, any_of
from data.privacy.words import WORDS, pattern_of

# "number", in the ways that stand between the word and the number; a sign makes a short number sure
_SIGN = (
    r"(?:numbers?|num\b|no\b|nr\b|n\b|id\b|code|codice|numero|número|numer(?:em|ze|u)?|nummer"
    r"|numéro|kod|ref|"
    r"رقمه|رقمها|رقم|كود|号码|编号|号|[#№:=]|n°|n\.º|nº)"
)
_FILLER = (
    r"(?:is|was|è|era|to|jest|był[ao]?|ist|war|est|era|es|é|هو|هي|是|为|osobist(?:y|ego)|klienta"
    r"|mój|my|il|\()"
)
_TOKEN = re.compile(r"(?<![A-Za-z0-9])(?:[A-Za-z]{1,6}[-/]?)?\d[A-Za-z0-9]*+(?:[-/_.][A-Za-z0-9]++){0,6}")
_LINK = rf"[\s.)°º-]{{0,3}}(?P<sign>(?:{_SIGN}[\s.°º)-]{{0,3}}){{0,3}})(?:{_FILLER}[\s:#]{{1,2}}){{0,2}}#?$"
CONTEXT = 48  # characters before a number in which the word is looked for
FEWEST_SIGNED, FEWEST_BARE = 3, 5  # digits of an order number with "no." or "#" before it, and without


def _before(section: str) -> re.Pattern[str]:
    """A word of the section and what links it to the number behind it; Chinese writes no blanks."""
    chinese = any_of(WORDS[section]["zh"])
    return re.compile(rf"(?:(?<![^\W_])(?<!\[){pattern_of(section)}|{chinese}){_LINK}", re.IGNORECASE)


_ORDER_BEFORE = _before("order")
_ID_BEFORE = _before("id")
_NUMBERED = re.compile(
    r"(?<![\w/])(?:ORD(?:ER)?|INV(?:OICE)?|RMA|TKT|TCK|CASE|REF|SO|PO|FV|FT|ZAM|BEST|RE|CMD|PED"
    r"|AWB|INC|CS|REQ|BKG|RES)"
    r"[-_/#]{1,2}(?:\d{2,4}[-_/])?[A-Z0-9-]*\d{3}[A-Z0-9-]*+(?!\w)"
    r"|(?<!\w)1Z[0-9A-Z]{16}(?!\w)|(?<!\w)[A-Z]{2}\d{9}[A-Z]{2}(?!\w)"
)
_HASH = re.compile(r"(?<![\w&#])#(?P<it>\d{5,20})(?![\w])")
_UNIT_AFTER = re.compile(
    r"\s?(?:[$€£¥%°]|zł|pln|eur|usd|gbp|sar|aed|egp|rmb|ريال|درهم|جنيه|دولار|元|块|g\b|kg|lbs?\b"
    r"|pounds|miles|#|points|ml|km"
    r"|pcs|pieces|items|units|times"
    r"|days?\b|hours?|minut|years?|people|stars?|sztuk|szt|pezzi|giorni|ore\b|minuti|dni\b|godzin"
    r"|يوم|أيام|ساعة|دقيقة|天|小时|分钟|件|个|次|年|月)",
    re.IGNORECASE,
)
_DAY = re.compile(r"\d{1,2}/\d{1,2}|(?:\d{1,4}[-/.]){2}\d{1,4}|(?:19|20)\d\d")

_IBAN_START = re.compile(r"[A-Za-z]{2} ?\d\d(?=[ -]?[A-Za-z0-9])")
_IBAN_NAMED = re.compile(
    r"\bIBAN[\s:.#-]{0,4}(?:(?:is|to|è|jest|ist)[\s:]{1,2})?(?P<it>[A-Z]{2} ?\d\d(?:[ "
    r"-]?[A-Z0-9]{2,4}){3,8})",
    re.I,
)
_CODICE_FISCALE = re.compile(
    r"(?<![A-Za-z0-9])[A-Z]{6}[ -]?[0-9LMNP-V]{2}[A-EHLMPRST][0-9LMNP-V]{2}[ "
    r"-]?[A-Z][0-9LMNP-V]{3}[A-Z](?![A-Za-z0-9])",
    re.IGNORECASE,
)
_PRC_ID = re.compile(r"(?<![0-9A-Za-z])\d{17}[0-9Xx](?![0-9A-Za-z])")
_DNI = re.compile(r"(?<![0-9A-Za-z])(?:\d{8}|[XYZxyz]-?\d{7})[- ]?[A-Za-z](?![0-9A-Za-z])")
_NINO = re.compile(r"(?<![0-9A-Za-z])[A-CEGHJ-PR-TW-Z]{2} ?\d\d ?\d\d ?\d\d ?[A-D](?![0-9A-Za-z])")


def _find_orders(text: str) -> Iterator[Span]:
    yield from _find_named(text, _ORDER_BEFORE, "order")


def _find_ids(text: str) -> Iterator[Span]:
    yield from _find_named(text, _ID_BEFORE, "id")


def _find_named(text: str, before: re.Pattern[str], kind: str) -> Iterator[Span]:
    """Find numbers that a word before them names. The number is found first: there are fewer of them."""
    for found in _TOKEN.finditer(text):
        token = found[0]
        digits = sum(character.isdigit() for character in token)
        if digits < FEWEST_SIGNED or _UNIT_AFTER.match(text, found.end()):
            continue
        named = before.search(text[max(0, found.start() - CONTEXT) : found.start()])
        if named and digits >= _fewest(named["sign"]) and not _DAY.fullmatch(token):
            yield Span(*found.span(), kind)


def _fewest(sign: str) -> int:
    """Give how many digits a number needs to be one: the surer the sign before it, the fewer."""
    if not sign.strip():
        return FEWEST_BARE
    return FEWEST_SIGNED + 1 if sign.strip() == ":" else FEWEST_SIGNED


def _find_numbered(text: str) -> Iterator[Span]:
    for found in _NUMBERED.finditer(text):
        yield Span(*found.span(), "order")
    for found in _HASH.finditer(text):
        yield Span(*found.span("it"), "order")


def _find_ibans(text: str) -> Iterator[Span]:
    for found in _IBAN_START.finditer(text):
        length = IBAN_LENGTHS.get(found[0][:2].upper(), 0)
        end = _walk(text, found.start(), length) if length else 0
        if end and is_iban(re.sub(r"[ -]", "", text[found.start() : end])):
            yield Span(found.start(), end, "iban")
    for found in _IBAN_NAMED.finditer(text):
        if sum(character.isdigit() for character in found["it"]) >= 8:
            yield Span(*found.span("it"), "iban")


def _walk(text: str, start: int, length: int) -> int:
    """Give the end of `length` letters and digits, at most one blank or hyphen apart; 0 if too few."""
    place, left = start, length
    while left and place < len(text):
        if text[place].isascii() and text[place].isalnum():
            left -= 1
        elif text[place] not in " -" or text[place - 1] in " -":
            return 0
        place += 1
    return 0 if left else place


def _find_national_ids(text: str) -> Iterator[Span]:
    for pattern in (_CODICE_FISCALE, _NINO):
        for found in pattern.finditer(text):
            if sum(character.isdigit() for character in found[0]) >= 4:
                yield Span(*found.span(), "id")
    for found in _PRC_ID.finditer(text):
        if is_prc_id(found[0]):
            yield Span(*found.span(), "id")
    for found in _DNI.finditer(text):
        if is_dni(re.sub(r"[ -]", "", found[0])):
            yield Span(*found.span(), "id")


_DIGITS = r"\d[^ ]{0,4}\d[^ ]{0,4}\d"


def _trigger(section: str) -> str:
    """The same words and link as RE2 reads them, up to the first digit."""
    return rf"(?i){pattern_of(section)}{_LINK.rstrip('$')}(?:[A-Za-z]{{1,6}}[-/]?)?\d"


FINDERS = (
    Finder((r"[A-Za-z]{2} ?\d\d[ -]?[A-Za-z]{0,4}[ -]?\d\d",), _find_ibans),
    Finder((_DIGITS, _trigger("order")), _find_orders),
    Finder((_DIGITS, _trigger("id")), _find_ids),
    Finder(
        (
            r"#\d{5}|[A-Z]{2,7}[-_/#]{1,2}[A-Z\d-]*\d{3}|[A-Z]{2}\d{9}[A-Z]{2}"
            r"|1Z[0-9A-Z]{16}",
        ),
        _find_numbered,
    ),
    Finder(
        (
            r"[A-Za-z]{6}[ -]?[0-9L-Vl-v]{2}[A-Ta-t][0-9L-Vl-v]{2}[ -]?[A-Za-z][0-9L-Vl-v]{3}"
            r"|\d{17}|\d{7,8}[- ]?[A-Za-z]|[A-Za-z]{2} ?\d\d ?\d\d ?\d\d ?[A-D]",
        ),
        _find_national_ids,
    ),
)
