"""The words, numbers and dates of the page in one language."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from datetime import date
from functools import cache
from importlib import resources
from typing import Any

from babel import Locale, UnknownLocaleError
from babel.dates import format_skeleton, get_day_names, get_month_names
from babel.numbers import format_currency, format_decimal, format_percent, is_currency

from reports.charts import ChartWords

LANGUAGES = ("en", "it", "pl", "ar", "zh")
_ISOLATE, _FIRST_STRONG, _END = "\u2066", "\u2068", "\u2069"  # of Unicode's bidirectional algorithm
_DIRECTIONS = re.compile("[\u200e\u200f\u061c\u202a-\u202e\u2066-\u2069]")
_BARE_CODE = re.compile(r"(?<=[A-Z])(?=\d)")  # PLN5 -> PLN 5: CLDR asks for a space after letters
MINUS = "\u2212"


class Words:
    """Every word and number of the page.

    Attributes:
        language: ISO 639-1 code of the page.
        currency: ISO 4217 code of every amount of money; empty when amounts are bare numbers.
        direction: ltr or rtl.
    """

    def __init__(self, language: str, *, currency: str = "") -> None:
        """Read the catalogue of a language.

        Raises:
            ValueError: when there is no catalogue, or no such currency; the message says what there is.
        """
        if currency and not is_currency(currency):
            raise ValueError(
                f"there is no currency '{currency}'; name one by its ISO 4217 code, as EUR or PLN, "
                "or leave it empty"
            )
        if language not in LANGUAGES:
            raise ValueError(
                f"the page has no language '{language}'; known: {', '.join(LANGUAGES)}; "
                "add a catalogue to reports/locales/"
            )
        self.language = language
        self.currency = currency
        self._texts = catalogue(language)
        self._locale = Locale.parse(language)
        self.direction = self._locale.text_direction

    def __call__(self, key: str, **values: str) -> str:
        """Give the words behind a key, as ``friction.title``, values filled in."""
        text = self._texts[key]
        if not isinstance(text, str):
            raise ValueError(f"'{key}' in the catalogue '{self.language}' depends on a number: use count()")
        return text.format_map(values)

    def count(self, key: str, number: int, **values: str) -> str:
        """Give the words behind a key in the form that a number asks for; the number is ``{n}``."""
        forms = self._texts[key]
        form = forms.get(self._locale.plural_form(number), forms["other"])
        return str(form).format_map({"n": self.number(number), **values})

    def has(self, key: str) -> bool:
        """Say whether the catalogue knows a key."""
        return key in self._texts

    def number(self, value: float, digits: int = 0) -> str:
        """Write a number with this many decimals."""
        return self._kept(_plain(format_decimal(value, format=_pattern(digits), locale=self._locale)))

    def signed(self, value: float, digits: int = 0) -> str:
        """Write a number with its sign; zero has none."""
        written = _plain(format_decimal(abs(value), format=_pattern(digits), locale=self._locale))
        is_zero = round(abs(value), digits) == 0
        return self._kept(written if is_zero else (MINUS if value < 0 else "+") + written)

    def share(self, value: float, digits: int = 0) -> str:
        """Write a part of a whole as a percentage."""
        pattern = "#,##0" + ("." + "0" * digits if digits else "") + "%"
        return self._kept(_plain(format_percent(value, format=pattern, locale=self._locale)))

    def money(self, value: float) -> str:
        """Write an amount of money, whole, with its currency where one is set."""
        if not self.currency:
            return self.number(value)
        pattern = self._locale.currency_formats["standard"].pattern.replace(".00", "")
        written = format_currency(
            value, self.currency, format=pattern, locale=self._locale, currency_digits=False
        )
        return self._kept(_BARE_CODE.sub("\u00a0", _plain(written)))

    def day(self, value: date) -> str:
        """Write a day with its year."""
        return str(format_skeleton("yMMMd", value, locale=self._locale))

    def short_day(self, value: date) -> str:
        """Write a day without its year."""
        return str(format_skeleton("MMMd", value, locale=self._locale))

    def month(self, value: date) -> str:
        """Write a month with its year."""
        return str(format_skeleton("yMMMM", value, locale=self._locale))

    def span(self, first: date, last: date) -> str:
        """Write two days as a span."""
        if first == last:
            return self.day(first)
        start = self.day(first) if first.year != last.year else self.short_day(first)
        return f"{start} – {self.day(last)}"

    def language_name(self, code: str) -> str:
        """Name a language; its code if it has no name here."""
        if code == "und":
            return self("language.unknown")
        try:
            name = Locale.parse(code).get_display_name(self._locale)
        except (ValueError, UnknownLocaleError):
            return code
        return str(name or code)

    def chart(self) -> ChartWords:
        """Give what charts need to know about numbers and days."""
        symbols = self._locale.number_symbols["latn"]
        numbers = {
            "decimal": symbols["decimal"],
            "thousands": symbols["group"],
            "grouping": [3],
            "currency": ["", ""],
        }
        return ChartWords(numbers=numbers, times=_times(self._locale), day=self("chart.day"))

    def _kept(self, written: str) -> str:
        return f"{_ISOLATE}{written}{_END}" if self.direction == "rtl" else written


@cache
def catalogue(language: str) -> Mapping[str, Any]:
    """Read the words of one language by ``section.key``; those that depend on a number as a dict of forms."""
    raw = resources.files("reports").joinpath("locales", f"{language}.toml").read_text(encoding="utf-8")
    sections = tomllib.loads(raw)
    return {f"{section}.{key}": text for section, texts in sections.items() for key, text in texts.items()}


def _pattern(digits: int) -> str:
    return "#,##0" + ("." + "0" * digits if digits else "")


def isolated(name: str) -> str:
    """Let a name from the data stand in a sentence without turning its direction."""
    return f"{_FIRST_STRONG}{_DIRECTIONS.sub('', name)}{_END}"


def _plain(written: str) -> str:
    # Marks that some locales put around signs: the isolate around the whole number replaces them.
    return _DIRECTIONS.sub("", written)


def _times(locale: Locale) -> dict[str, Any]:
    def named(names: Mapping[int, str], order: list[int]) -> list[str]:
        return [str(names[i]) for i in order]

    months, sunday_first = list(range(1, 13)), [6, 0, 1, 2, 3, 4, 5]
    return {
        "dateTime": "%x, %X", "date": "%Y-%m-%d", "time": "%H:%M:%S", "periods": ["AM", "PM"],
        "days": named(get_day_names("wide", locale=locale), sunday_first),
        "shortDays": named(get_day_names("abbreviated", locale=locale), sunday_first),
        "months": named(get_month_names("wide", locale=locale), months),
        "shortMonths": named(get_month_names("abbreviated", locale=locale), months),
    }  # fmt: skip
