"""One cell -> year, month, day, time and zone, in the many ways that people and tools write dates."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Mapping
from functools import lru_cache
from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

MISSING = ("", "null", "none", "nan", "nat", "n/a", "na", "-", "--", "#n/a")
MAX_LENGTH = 60  # no date is longer

_TIME = (
    r"(?:[T ,]+(?:at |alle |um |o |a las |às |à )?(?P<early>上午|下午|早上|晚上)?\s?(?P<h>\d{1,2})[:.h时]"
    r"(?P<mi>\d{2})分?(?:[:.]?(?P<s>\d{2})秒?(?:[.,](?P<f>\d{1,9}))?)?\s?(?P<late>[ap]\.?\s?m\.?|ص|م)?)?"
    r"\s?\(?(?P<zone>Z|UTC|GMT|[A-Z]{2,4}T|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?\)?"
)
NUMERIC = re.compile(
    rf"(?P<a>\d{{1,4}})(?P<sep>[-/. ])(?P<b>\d{{1,2}})(?P=sep)(?P<c>\d{{1,4}})\.?{_TIME}", re.I
)
_NAME = r"(?P<name>[^\W\d_]{3,12})\.?"
DAY_FIRST = re.compile(
    rf"(?:[^\W\d_]{{2,12}}\.?,?\s)?(?P<b>\d{{1,2}})(?:st|nd|rd|th|er|º|°|\.)?[\s-]+(?:of |de )?{_NAME}"
    rf"[,\s-]+(?:de |del )?(?P<c>\d{{4}}|\d{{2}})(?: r\.?| г\.?)?{_TIME}",
    re.I,
)
NAME_FIRST = re.compile(
    rf"(?:[^\W\d_]{{2,12}}\.?,?\s)?{_NAME}\s(?P<b>\d{{1,2}})(?:st|nd|rd|th)?,?\s(?P<c>\d{{4}}){_TIME}", re.I
)
YEAR_LAST = re.compile(
    rf"[a-z]{{3}}\s{_NAME}\s(?P<b>\d{{1,2}})\s(?P<h>\d\d):(?P<mi>\d\d):(?P<s>\d\d)\s"
    r"(?P<zone>[+-]\d{4}|UTC|GMT|[A-Z]{2,4}T)\s(?P<c>\d{4})",
    re.I,
)
NAMED = (DAY_FIRST, NAME_FIRST, YEAR_LAST)
EPOCH = re.compile(r"\d{5}(?:\.\d{1,12})?|\d{9,10}(?:\.\d{1,9})?|\d{12,13}|\d{15,16}|\d{18,19}")
COMPACT = re.compile(r"(?P<y>\d{4})(?P<mo>\d{2})(?P<d>\d{2})(?:(?P<h>\d{2})(?P<mi>\d{2})(?P<s>\d{2}))?")

_MONTHS = (
    "jan gen sty ene janv ينا كان",
    "feb lut fev fevr فبر شبا",
    "mar marz mars مار اذا",
    "apr kwi abr avr ابر نيس",
    "may mag maj mai ماي ايا",
    "jun giu cze juin يون حزي",
    "jul lug lip juil يول تمو",
    "aug ago sie aou اغس",
    "sep set wrz سبت ايل",
    "oct ott paz out okt اكت",
    "nov lis نوف",
    "dec dic gru dez ديس",
)
MONTHS = {name: number for number, names in enumerate(_MONTHS, start=1) for name in names.split()}
ZONES = {
    "z": 0, "utc": 0, "gmt": 0, "est": -300, "edt": -240, "cst": -360, "cdt": -300, "mst": -420, "mdt": -360,
    "pst": -480, "pdt": -420, "bst": 60, "wet": 0, "west": 60, "cet": 60, "cest": 120, "eet": 120,
    "eest": 180, "jst": 540, "brt": -180,
}  # fmt: skip
AFTERNOON = ("p", "下", "晚", "م")


class Parts(NamedTuple):
    """One cell taken apart. `sep` is empty when the order of day and month is beyond doubt."""

    sep: str
    a: int  # the year if sep is empty, else what stands first
    b: int  # the month if sep is empty, else what stands second
    c: int  # the day if sep is empty, else the year
    clock: int  # microseconds since midnight; -1 without a time of day
    offset: int | None  # minutes east of UTC


DIGITS = {ord(c): str(i % 10) for i, c in enumerate("٠١٢٣٤٥٦٧٨٩۰۱۲۳۴۵۶۷۸۹")}
MARKS = dict.fromkeys(map(ord, "\u200e\u200f\u202a\u202b\u202c\u2066\u2067\u2069\ufeff\x00"))
CHINESE = {ord("年"): "-", ord("月"): "-", ord("日"): " ", ord("号"): " "}


def tidy(cell: str) -> str:
    """Bring a cell to plain digits and single spaces."""
    if not cell.isascii():
        cell = cell.translate(DIGITS).translate(MARKS).translate(CHINESE)
    return " ".join(cell.split())


def take_apart(cell: str) -> Parts | None:
    """Read one tidy cell; None if it is no date."""
    if len(cell) > MAX_LENGTH:
        return None
    match = NUMERIC.fullmatch(cell)
    if match:
        return _numeric(match)
    compact = COMPACT.fullmatch(cell)
    if compact:
        return _finish("", int(compact["y"]), int(compact["mo"]), int(compact["d"]), compact)
    for pattern in NAMED:
        match = pattern.fullmatch(cell)
        month = _month(match["name"]) if match else None
        if match and month:
            return _finish("", _year(match["c"]), month, int(match["b"]), match)
    return None


def _numeric(match: re.Match[str]) -> Parts | None:
    a, b, c = match["a"], match["b"], match["c"]
    if len(a) == 4 and len(c) <= 2:
        return _finish("", int(a), int(b), int(c), match)
    if len(a) > 2 or len(c) not in (2, 4):
        return None
    if len(c) == 2 and int(a) > 31:
        return _finish("", _year(a), int(b), int(c), match)
    return _finish(match["sep"], int(a), int(b), _year(c), match)


def _finish(sep: str, a: int, b: int, c: int, match: re.Match[str]) -> Parts | None:
    groups = match.groupdict()
    clock = _clock(groups) if groups["h"] else -1
    offset = _offset(groups["zone"]) if groups.get("zone") else None
    if clock is None or (groups.get("zone") and offset is None):
        return None
    return Parts(sep, a, b, c, clock, offset)


def _clock(groups: Mapping[str, str | None]) -> int | None:
    hour, minute, second = int(groups["h"] or 0), int(groups["mi"] or 0), int(groups["s"] or 0)
    half = (groups.get("late") or groups.get("early") or "").lower()
    if half:
        hour = hour % 12 + 12 * half.startswith(AFTERNOON)
    if hour > 23 or minute > 59 or second > 60:
        return None
    fraction = int((groups.get("f") or "0").ljust(6, "0")[:6])
    return ((hour * 60 + minute) * 60 + min(second, 59)) * 1_000_000 + fraction


@lru_cache(maxsize=256)
def _offset(zone: str) -> int | None:
    bare = zone.lower()
    if bare in ZONES:
        return ZONES[bare]
    bare = bare.removeprefix("utc").removeprefix("gmt").replace(":", "")
    if bare[:1] not in "+-" or not bare:
        return None
    digits = bare[1:]
    minutes = int(digits) * 60 if len(digits) <= 2 else int(digits[:-2]) * 60 + int(digits[-2:])
    return (-minutes if bare[0] == "-" else minutes) if minutes <= 14 * 60 else None


@lru_cache(maxsize=512)
def _month(name: str) -> int | None:
    folded = unicodedata.normalize("NFKD", name.lower())
    bare = "".join(c for c in folded if not unicodedata.combining(c))
    return MONTHS.get(bare[:4]) or MONTHS.get(bare[:3])


def _year(digits: str) -> int:
    year = int(digits)
    return year if len(digits) == 4 else year + (1900 if year >= 70 else 2000)


def looks_like_date(cell: str) -> bool:
    """Tell whether a cell, on its own, can only be a date."""
    parts = take_apart(tidy(cell))
    if parts is None:
        return False
    if parts.sep:
        return max(parts.a, parts.b) <= 31 and min(parts.a, parts.b) <= 12
    return 1800 <= parts.a <= 2200 and 1 <= parts.b <= 12 and 1 <= parts.c <= 31


# The commonest shape, for Arrow: 31/12/2024 23:59:59.
PLAIN = (
    r"^\s*(?P<a>\d{1,2})(?P<sep>[-/.])(?P<b>\d{1,2})(?P<again>[-/.])(?P<c>\d{4}|\d{2})"
    r"(?:[ ,T]+(?P<h>\d{1,2})[:.](?P<mi>\d{2})(?:[:.](?P<s>\d{2}))?)?\s*$"
)


class PlainDates(NamedTuple):
    """Many cells of the plain shape, taken apart at once; `a` and `b` in an order still to be told."""

    places: np.ndarray  # which cells they are
    sep: np.ndarray
    a: np.ndarray
    b: np.ndarray
    year: np.ndarray
    clock: np.ndarray  # microseconds since midnight; -1 without a time of day


def take_plain_apart(cells: pa.Array) -> PlainDates:
    """Find the cells of the plain shape, at the speed of Arrow; the others are left to `take_apart`."""
    found = pc.extract_regex(cells, PLAIN)
    sep, again, year = (pc.struct_field(found, name) for name in ("sep", "again", "c"))
    first = _integers(pc.struct_field(found, "a"))
    hour, minute, second = (_integers(pc.struct_field(found, name)) for name in ("h", "mi", "s"))
    has_time = hour >= 0
    is_time = ~has_time | ((hour <= 23) & (minute <= 59) & (second <= 59))
    is_plain = pc.fill_null(pc.equal(sep, again), False).to_numpy(zero_copy_only=False)
    # 99-01-02 begins with the year.
    is_plain &= is_time & (
        pc.equal(pc.utf8_length(year), 4).fill_null(False).to_numpy(zero_copy_only=False) | (first <= 31)
    )
    places = np.flatnonzero(is_plain)
    short = _integers(year)[places]
    years = np.where(short >= 100, short, short + np.where(short >= 70, 1900, 2000))
    clock = ((hour * 60 + minute) * 60 + np.maximum(second, 0)) * 1_000_000
    return PlainDates(
        places,
        sep.take(pa.array(places)).to_numpy(zero_copy_only=False),
        first[places],
        _integers(pc.struct_field(found, "b"))[places],
        years,
        np.where(has_time, clock, -1)[places],
    )


def _integers(texts: pa.Array) -> np.ndarray:
    filled = pc.if_else(pc.fill_null(pc.equal(texts, ""), True), "-1", texts)
    return np.asarray(filled.cast(pa.int64()).to_numpy(zero_copy_only=False))


def resolve_plain(
    plain: PlainDates, dayfirst: Mapping[str, bool | None]
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give (n,) months, days, and whether a cell has two readings; those are read as month first."""
    known = np.array([{True: 1, False: 0, None: -1}[dayfirst.get(sep)] for sep in ("/", "-", ".")])
    order = np.select([plain.sep == "/", plain.sep == "-"], [known[0], known[1]], known[2])
    order = np.where((plain.a > 12) | (plain.a == plain.b), 1, np.where(plain.b > 12, 0, order))
    month = np.where(order == 1, plain.b, plain.a)
    day = np.where(order == 1, plain.a, plain.b)
    return month, day, order == -1


def resolve(parts: Parts, dayfirst: Mapping[str, bool | None]) -> tuple[int, int, int] | None:
    """Give year, month and day; None if both orders are possible and none is known."""
    if not parts.sep:
        return parts.a, parts.b, parts.c
    if parts.a > 12 or parts.b > 12:
        is_dayfirst: bool | None = parts.a > 12
    else:
        is_dayfirst = dayfirst.get(parts.sep) if parts.a != parts.b else True
    if is_dayfirst is None:
        return None
    day, month = (parts.a, parts.b) if is_dayfirst else (parts.b, parts.a)
    return parts.c, month, day
