"""Finds cards, telephone numbers and long ids in runs of digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import lru_cache, partial

import phonenumbers

from data.privacy.checksums import CARD_LENGTHS, is_card, is_cpf, is_national_id
from data.privacy.spans import Finder, Span
from data.privacy.words import pattern_of

USUAL_CARD_LENGTHS = (16, 15)
LONGEST_CLUSTER = 32  # digits; a longer run of numbers is a machine's, and is masked as a whole
SHORTEST_PHONE, LONGEST_PHONE = 7, 15  # digits; 15 by ITU E.164
CONTEXT = 32  # characters looked at before and after a number

_CLUSTER = re.compile(r"\+?\(?\d(?:[ ().\-/]{0,2}\d)*+")
_GROUP = re.compile(r"\d+")
_DATE = re.compile(
    r"(?<!\d)(?:\d{1,2}[./ -]\d{1,2}[./ -](?:19|20)\d\d|(?:19|20)\d\d[./ -]\d{1,2}[./ -]\d{1,2}"
    r"|\d{1,2}/\d{1,2}/\d\d"
    r"|(?:19|20)\d\d[./ -]{1,2}(?:19|20)\d\d)(?!\d)"
)
_PHONE_WORDS = pattern_of("phone")
_AFTER_PHONE_WORD = re.compile(_PHONE_WORDS + r"(?!\d)[^\d\n]{0,18}$", re.IGNORECASE)
_UNIT = re.compile(
    r"\s?(?:[$€£¥₹%‰°]|zł|pln|eur|euro|usd|gbp|sar|aed|egp|rmb|brl|r\$|dollars?|pounds?|złot|ريال"
    r"|درهم|جنيه|دولار|دينار|元|块|人民币"
    r"|km|kg|ml|mah|mb|gb|kb|kcal|people|users|customers|views|steps|points|punt|osób|persone"
    r"|نقطة|人|次|步|积分|metr|miles)",
    re.IGNORECASE,
)
_MONEY_BEFORE = re.compile(
    r"(?:[$€£¥₹]|zł|pln|eur|euro|usd|gbp|sar|aed|egp|rmb|brl|r\$|ريال|元)\s?$", re.IGNORECASE
)
_THING_BEFORE = re.compile(
    r"(?:isbn|ean|upc|gtin|barcode|bar code|sku|asin|model\w*|modell\w*|art\.?|article|part (?:no"
    r"|number)|kod kreskowy"
    r"|codice a barre|strichcode|código de barras|code.barres|条码|条形码|型号|باركود|الباركود"
    r"|موديل)[\s.:#№°-]*(?:13|10)?[\s:#-]*$",
    re.IGNORECASE,
)
_SSN = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])")
_CPF = re.compile(r"(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d\d(?!\d)")
_EMIRATES = re.compile(r"(?<!\d)784[- ]?(?:19|20)\d\d[- ]?\d{7}[- ]?\d(?!\d)")
_AMAZON = re.compile(r"(?<!\d)\d{3}-\d{7}-\d{7}(?!\d)")
_FORMATS = ((_SSN, "id"), (_CPF, "id"), (_EMIRATES, "id"), (_AMAZON, "order"))

# digits of the groups, without country code and trunk zero: how people write national numbers
_NATIONAL_GROUPS = {
    (3, 3, 3), (2, 3, 2, 2), (3, 2, 2, 2), (9,), (3, 6), (2, 7), (3, 3, 4), (3, 7), (10,), (3, 4, 3), (3, 3, 2, 2),
    (3, 4, 4), (11,), (2, 5, 4), (2, 4, 4), (2, 9), (2, 8), (4, 3, 4), (3, 8), (1, 3, 3, 4), (1, 10), (5, 4, 2),
    (3, 2, 5), (5, 5), (5, 6), (4, 6), (7, 4),
}  # fmt: skip


def find_numbers(text: str, regions: tuple[str, ...], id_digits: int) -> Iterator[Span]:
    """Find cards, phones and ids among the runs of digits of a folded text."""
    for pattern, kind in _FORMATS:
        for found in pattern.finditer(text):
            yield Span(*found.span(), kind)
    for found in _CLUSTER.finditer(text):
        if found.end() - found.start() < SHORTEST_PHONE:
            continue
        yield from _classify_cluster(text, found.span(), regions, id_digits)


def _classify_cluster(
    text: str, where: tuple[int, int], regions: tuple[str, ...], id_digits: int
) -> Iterator[Span]:
    start, end = where
    groups = [(start + g.start(), start + g.end()) for g in _GROUP.finditer(text[start:end])]
    count = sum(stop - first for first, stop in groups)
    if count < SHORTEST_PHONE:
        return
    if len(set(text[start:end])) == 1:
        return
    if count > LONGEST_CLUSTER:
        yield Span(start, end, "id")
        return
    cards = list(_find_cards(text, groups)) if count >= CARD_LENGTHS[-1] else []
    yield from cards
    if not cards:
        yield from _find_phones(text, groups, regions, id_digits)


def _find_cards(text: str, groups: list[tuple[int, int]]) -> Iterator[Span]:
    """Look for a card at every digit: it may stand glued to other digits."""
    places = [i for first, stop in groups for i in range(first, stop)]
    digits = "".join(text[i] for i in places)
    if _DATE.search(text[groups[0][0] : groups[-1][1]]):
        return
    first = 0
    while first <= len(digits) - CARD_LENGTHS[-1]:
        # inside a longer run only the usual lengths: with all seven, one run in two holds a card by chance
        fits = (
            n
            for n in CARD_LENGTHS
            if first + n <= len(digits) and (n in USUAL_CARD_LENGTHS or n == len(digits))
        )
        length = next((n for n in fits if is_card(digits[first : first + n])), 0)
        if length:
            start, end = places[first], places[first + length - 1] + 1
            if not _is_thing(text, start, end):
                # the rest of an unbroken number goes with it, else its digits would be left over
                start = next(a for a, b in groups if a <= start < b)
                end = next(b for a, b in groups if a < end <= b)
                yield Span(start, end, "card")
        first += length or 1


def _find_phones(
    text: str, groups: list[tuple[int, int]], regions: tuple[str, ...], id_digits: int
) -> Iterator[Span]:
    first = 0
    while first < len(groups):
        for last in range(min(len(groups), first + 7), first, -1):
            kind = _kind_of(text, groups[first:last], regions, id_digits)
            if kind:
                start = groups[first][0]
                start -= len(text[max(0, start - 3) : start]) - len(
                    text[max(0, start - 3) : start].rstrip("+(")
                )
                yield Span(start, groups[last - 1][1], kind)
                first = last - 1
                break
        first += 1


def _kind_of(text: str, groups: list[tuple[int, int]], regions: tuple[str, ...], id_digits: int) -> str:
    """Say what a few neighbouring groups of digits are together: phone, id, or nothing ("")."""
    start, end = groups[0][0], groups[-1][1]
    written = text[start:end]
    digits = "".join(text[first:stop] for first, stop in groups)
    if not SHORTEST_PHONE <= len(digits) <= max(LONGEST_PHONE + 2, 20) or _is_thing(text, start, end):
        return ""
    if is_phone(text, groups, regions):
        return "phone"
    if len(groups) > 1 or _DATE.search(written):
        return ""
    if is_national_id(digits) or is_cpf(digits):
        return "id"
    is_round = digits.endswith("00000") or len(set(digits)) == 1
    return "id" if len(digits) >= id_digits and not is_round else ""


def is_phone(text: str, groups: list[tuple[int, int]], regions: tuple[str, ...]) -> bool:
    """Say whether groups of digits of a text are a telephone number, by sign, form, word before, or number plan."""
    start, end = groups[0][0], groups[-1][1]
    digits = "".join(text[first:stop] for first, stop in groups)
    if len(digits) > LONGEST_PHONE + 2 or len(set(digits)) == 1:
        return False
    if text[max(0, start - 2) : start].rstrip("(").endswith("+"):
        return 8 <= len(digits) <= LONGEST_PHONE and not digits.endswith("00000")
    written = text[start:end]
    if _DATE.search(written) or digits.endswith("000000"):
        return False
    if digits.startswith("00"):
        return len(digits) >= 10 and _is_international(digits[2:])
    if not _is_one_style(text, groups):
        return False
    if len(digits) <= 13 and _AFTER_PHONE_WORD.search(text[max(0, start - CONTEXT) : start]):
        return True
    if digits[0] == "0":
        return 9 <= len(digits) <= 12 and groups[0][1] - groups[0][0] > 1
    return _is_national(text, groups, regions)


def _is_national(text: str, groups: list[tuple[int, int]], regions: tuple[str, ...]) -> bool:
    sizes = tuple(stop - first for first, stop in groups)
    digits = "".join(text[first:stop] for first, stop in groups)
    if sizes not in _NATIONAL_GROUPS or _UNIT.match(text, groups[-1][1]):
        return False
    if sizes in ((3, 3, 4), (1, 3, 3, 4)) and digits[-10] in "23456789" and digits[-7] in "23456789":
        return True  # North America; checked by form, as the plan's unused area codes are what people invent
    return any(_is_valid(digits, region) for region in regions)


def _is_one_style(text: str, groups: list[tuple[int, int]]) -> bool:
    """One separator throughout, but for the one behind the area code."""
    between = {text[a[1] : b[0]].strip("()") for a, b in zip(groups[1:], groups[2:], strict=False)}
    return len(between) <= 1 and all(stop - first > 1 for first, stop in groups[1:])


def _is_thing(text: str, start: int, end: int) -> bool:
    """Money, measures, and numbers of products."""
    before = text[max(0, start - CONTEXT) : start]
    if before.endswith("+") or before.endswith("+("):
        return False
    return bool(
        _UNIT.match(text, end)
        or _MONEY_BEFORE.search(before)
        or _THING_BEFORE.search(before)
        or before.endswith(("#", "."))
        and before[-2:-1].isdigit()
    )


@lru_cache(maxsize=4096)
def _is_valid(number: str, region: str | None) -> bool:
    try:
        return phonenumbers.is_valid_number(phonenumbers.parse(number, region))
    except phonenumbers.NumberParseException:
        return False


@lru_cache(maxsize=4096)
def _is_international(digits: str) -> bool:
    """Say whether this is a country code with as many digits behind it as that country has."""
    try:
        return phonenumbers.is_possible_number(phonenumbers.parse("+" + digits, None))
    except phonenumbers.NumberParseException:
        return False


def number_finder(regions: tuple[str, ...], id_digits: int) -> Finder:
    """Make the finder for the number plans of these regions."""
    find = partial(find_numbers, regions=regions, id_digits=id_digits)
    return Finder((r"\d(?:[ ().\-/]{0,2}\d){6}",), find)
