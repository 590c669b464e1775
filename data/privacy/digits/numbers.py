"""Finds cards, telephone numbers and long ids in runs of digits."""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import partial

from data.privacy.digits.checksums import CARD_LENGTHS, is_card, is_national_id
from data.privacy.digits.phones import DATE, LONGEST_PHONE, SHORTEST_PHONE, Number, is_phone, is_thing
from data.privacy.spans import Finder, Span

USUAL_CARD_LENGTHS = (16, 15)
LONGEST_CLUSTER = 32  # digits; a longer run of numbers is a machine's, and is masked as a whole
MOST_GROUPS = 7  # of one telephone number

_CLUSTER = re.compile(r"\+?\(?\d(?:[ ().\-/]{0,2}\d)*+")
_GROUP = re.compile(r"\d+")
_SSN = re.compile(r"(?<![\d-])(?!000|666|9)\d{3}-(?!00)\d\d-(?!0000)\d{4}(?![\d-])")
_CPF = re.compile(r"(?<![\d.])\d{3}\.\d{3}\.\d{3}-\d\d(?!\d)")
_EMIRATES = re.compile(r"(?<!\d)784[- ]?(?:19|20)\d\d[- ]?\d{7}[- ]?\d(?!\d)")
_AMAZON = re.compile(r"(?<!\d)\d{3}-\d{7}-\d{7}(?!\d)")
_FORMATS = ((_SSN, "id"), (_CPF, "id"), (_EMIRATES, "id"), (_AMAZON, "order"))


def find_numbers(text: str, regions: tuple[str, ...], id_digits: int) -> Iterator[Span]:
    """Find cards, telephones and ids among the runs of digits of a folded text.

    Args:
        text: folded.
        regions: countries whose national telephone numbers are known.
        id_digits: an unbroken number of so many digits is an id.
    """
    for pattern, kind in _FORMATS:
        for found in pattern.finditer(text):
            yield Span(*found.span(), kind)
    for found in _CLUSTER.finditer(text):
        if found.end() - found.start() >= SHORTEST_PHONE:
            yield from _find_in_cluster(text, found.span(), regions, id_digits)


def _find_in_cluster(
    text: str, where: tuple[int, int], regions: tuple[str, ...], id_digits: int
) -> Iterator[Span]:
    start, end = where
    if DATE.fullmatch(text, start, end):
        return
    number = Number(
        text, tuple((start + g.start(), start + g.end()) for g in _GROUP.finditer(text[start:end]))
    )
    count = sum(number.sizes)
    if count < SHORTEST_PHONE or len(set(text[start:end])) == 1:
        return
    if count > LONGEST_CLUSTER:
        yield Span(start, end, "id")
        return
    cards = list(_find_cards(number)) if count >= CARD_LENGTHS[-1] and not number.has_date else []
    yield from cards or _find_phones_and_ids(number, regions, id_digits)


def _find_cards(number: Number) -> Iterator[Span]:
    """Look for a card at every digit: it may stand glued to other digits."""
    places = [place for first, stop in number.groups for place in range(first, stop)]
    digits = number.digits
    first = 0
    while first <= len(digits) - CARD_LENGTHS[-1]:
        length = _card_length(digits, first)
        if length:
            # the rest of an unbroken number goes with it, else its digits would be left over
            left, right = places[first], places[first + length - 1]
            groups = tuple(group for group in number.groups if group[1] > left and group[0] <= right)
            card = Number(number.text, groups)
            if not is_thing(card):
                yield Span(card.start, card.end, "card")
        first += length or 1


def _card_length(digits: str, first: int) -> int:
    """Give the length of the card that starts here; 0 if none does.

    Inside a longer run only the usual lengths count: with all seven, one run in two holds a card by chance.
    """
    fitting = (n for n in CARD_LENGTHS if first + n <= len(digits))
    lengths = (n for n in fitting if n in USUAL_CARD_LENGTHS or n == len(digits))
    whole = len(digits) - first  # a card of 19 digits may hold one of 16 by chance
    ordered = sorted(lengths, key=lambda n: n != whole)
    return next((n for n in ordered if is_card(digits[first : first + n])), 0)


def _find_phones_and_ids(number: Number, regions: tuple[str, ...], id_digits: int) -> Iterator[Span]:
    """Try neighbouring groups together, from the left, the longest stretch first."""
    first = 0
    while first < len(number.groups):
        for last in range(min(len(number.groups), first + MOST_GROUPS), first, -1):
            part = Number(number.text, number.groups[first:last])
            kind = _kind_of(part, regions, id_digits)
            if kind:
                yield Span(part.start - len(part.before) + len(part.before.rstrip("+(")), part.end, kind)
                first = last - 1
                break
        first += 1


def _kind_of(number: Number, regions: tuple[str, ...], id_digits: int) -> str:
    digits = number.digits
    if not SHORTEST_PHONE <= len(digits) <= LONGEST_CLUSTER or is_thing(number):
        return ""
    if len(digits) <= LONGEST_PHONE + 2 and is_phone(number, regions):
        return "phone"
    if len(number.groups) > 1 or number.has_date:
        return ""
    is_round = digits.endswith("00000") or len(set(digits)) == 1
    return "id" if is_national_id(digits) or (len(digits) >= id_digits and not is_round) else ""


def number_finder(regions: tuple[str, ...], id_digits: int) -> Finder:
    """Make the finder for the number plans of these regions."""
    find = partial(find_numbers, regions=regions, id_digits=id_digits)
    return Finder((r"\d(?:[ ().\-/]{0,2}\d){6}",), find)
