"""Decides whether some neighbouring groups of digits are a telephone number."""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

import phonenumbers

from data.privacy.words import pattern_of

SHORTEST_PHONE, LONGEST_PHONE = 7, 15  # digits; 15 by ITU E.164
CONTEXT = 32  # characters looked at before a number

DATE = re.compile(
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
# digits of the groups, without country code and trunk zero: how people write national numbers
_NATIONAL_GROUPS = {
    (3, 3, 3), (2, 3, 2, 2), (3, 2, 2, 2), (9,), (3, 6), (2, 7), (3, 3, 4), (3, 7), (10,), (3, 4, 3),
    (3, 3, 2, 2), (3, 4, 4), (11,), (2, 5, 4), (2, 4, 4), (2, 9), (2, 8), (4, 3, 4), (3, 8), (1, 3, 3, 4),
    (1, 10), (5, 4, 2), (3, 2, 5), (5, 5), (5, 6), (4, 6), (7, 4),
}  # fmt: skip
_NORTH_AMERICAN = ((3, 3, 4), (1, 3, 3, 4))


class Number(NamedTuple):
    """Some neighbouring groups of digits of a text.

    Attributes:
        text: the folded text.
        groups: (start, end) of each group.
    """

    text: str
    groups: tuple[tuple[int, int], ...]

    @property
    def start(self) -> int:
        """First digit."""
        return self.groups[0][0]

    @property
    def end(self) -> int:
        """One past the last digit."""
        return self.groups[-1][1]

    @property
    def digits(self) -> str:
        """The digits alone."""
        return "".join(self.text[first:stop] for first, stop in self.groups)

    @property
    def sizes(self) -> tuple[int, ...]:
        """Digits per group."""
        return tuple(stop - first for first, stop in self.groups)

    @property
    def before(self) -> str:
        """What stands before it."""
        return self.text[max(0, self.start - CONTEXT) : self.start]

    @property
    def has_plus(self) -> bool:
        """Whether it is written +39 or (+39)."""
        return self.before.rstrip("(").endswith("+")

    @property
    def has_date(self) -> bool:
        """Whether some of its groups are a date or years."""
        return bool(DATE.search(self.text[self.start : self.end]))


def is_thing(number: Number) -> bool:
    """Say whether it is money, a measure, a part of a longer decimal, or the number of a product."""
    if number.has_plus:
        return False
    is_decimal = number.before[-2:-1].isdigit() and number.before.endswith((".", "#"))
    return is_decimal or bool(
        _UNIT.match(number.text, number.end)
        or _MONEY_BEFORE.search(number.before)
        or _THING_BEFORE.search(number.before)
    )


def is_phone(number: Number, regions: tuple[str, ...]) -> bool:
    """Say whether it is a telephone number: by sign, by the word before it, by form, or by a number plan.

    Args:
        number: groups of digits that are no money and no measure.
        regions: countries whose national numbers count.
    """
    digits = number.digits
    if len(digits) > LONGEST_PHONE + 2 or len(set(digits)) == 1:
        return False
    if number.has_plus:
        return 8 <= len(digits) <= LONGEST_PHONE and not digits.endswith("00000")
    if number.has_date or digits.endswith("000000"):
        return False
    if digits.startswith("00"):
        return len(digits) >= 10 and _is_international(digits[2:])
    return _is_one_style(number) and (_is_announced(number) or _is_national(number, regions))


def _is_announced(number: Number) -> bool:
    return len(number.digits) <= 13 and bool(_AFTER_PHONE_WORD.search(number.before))


def _is_national(number: Number, regions: tuple[str, ...]) -> bool:
    digits, sizes = number.digits, number.sizes
    if digits[0] == "0":  # the trunk prefix: nothing else of this length starts with it
        return 9 <= len(digits) <= 12 and sizes[0] > 1
    if sizes not in _NATIONAL_GROUPS:
        return False
    if sizes in _NORTH_AMERICAN and digits[-10] in "23456789" and digits[-7] in "23456789":
        return True  # by form: number plans leave out the codes that people invent
    return any(_is_valid(digits, region) for region in regions)


def _is_one_style(number: Number) -> bool:
    """One separator throughout, but for the one behind the area code."""
    pairs = zip(number.groups[1:], number.groups[2:], strict=False)
    between = {number.text[left[1] : right[0]].strip("()") for left, right in pairs}
    return len(between) <= 1 and min(number.sizes[1:], default=2) > 1


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
