"""A whole date column -> which of 03/04/2024 is the day: decided once per file, or not at all."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.sources.cells.dateparts import take_apart, take_plain_apart, tidy
from data.sources.cells.dates import DAY, DateReading, latest_moment
from data.sources.raw import SourceOptions, SourceRules

COMMON = r"^\s*(\d{4}-\d{2}-\d{2}.*|\d*)\s*$"
MAX_ORDERED = 200_000  # cells that the test of order looks at
MIN_STEPS = 8  # fewer steps rise or fall by chance


@dataclass
class Evidence:
    """What the cells of one separator say."""

    day_first: int = 0
    month_first: int = 0
    told_day_first: int = 0  # by the file's other date columns
    told_month_first: int = 0
    open_rows: list[int] = field(default_factory=list)
    open_count: int = 0
    sequences: list[np.ndarray] = field(default_factory=list)  # (3, n): first, second, year

    def add(self, first: np.ndarray, second: np.ndarray, year: np.ndarray, numbers: np.ndarray) -> None:
        """Take some cells in file order."""
        self.day_first += int(np.sum(first > 12))
        self.month_first += int(np.sum((second > 12) & (first <= 12)))
        is_open = (first <= 12) & (second <= 12) & (first != second)
        self.open_count += int(is_open.sum())
        self.open_rows += numbers[is_open][: 2 - len(self.open_rows)].tolist()
        if sum(part.shape[1] for part in self.sequences) < MAX_ORDERED:
            self.sequences.append(np.stack([first, second, year]))


@dataclass(frozen=True)
class Signs:
    """What speaks for an order beside the dates themselves."""

    stated: bool | None
    hints: Sequence[str]
    latest: int | None
    usual: tuple[bool, str] | None


@dataclass(frozen=True)
class DayOrder:
    """The decision, in words too.

    Attributes:
        warnings: a few cells have two readings; they are left without a date.
        problems: so many have that the column cannot be read.
    """

    reading: DateReading
    why: str
    warnings: tuple[str, ...] = ()
    problems: tuple[str, ...] = ()


class DateSurvey:
    """Looks at every cell of a date column once, before any is read."""

    def __init__(self) -> None:
        self._evidence: dict[str, Evidence] = defaultdict(Evidence)
        self._count = 0

    def learn_from(self, others: Sequence[DateSurvey]) -> None:
        """Take over what the file's other date columns say where the own cells say nothing."""
        for sep, own in self._evidence.items():
            if not own.day_first and not own.month_first:
                found = [other._evidence[sep] for other in others if sep in other._evidence]
                own.told_day_first = sum(one.day_first for one in found)
                own.told_month_first = sum(one.month_first for one in found)

    def add(self, cells: pa.ChunkedArray, numbers: np.ndarray) -> None:
        """Take the cells of some records, with their record numbers."""
        self._count += len(cells) - cells.null_count
        texts = cells.combine_chunks()
        plain = take_plain_apart(texts)
        for sep in np.unique(plain.sep.astype(str)):
            here = plain.sep == sep
            self._evidence[str(sep)].add(
                plain.a[here], plain.b[here], plain.year[here], numbers[plain.places[here]]
            )
        self._add_others(texts, numbers, plain.places)

    def _add_others(self, texts: pa.Array, numbers: np.ndarray, seen: np.ndarray) -> None:
        """Look at cells of rarer shapes, one by one; ISO dates, the commonest, have one reading."""
        is_other = pc.fill_null(pc.invert(pc.match_substring_regex(texts, COMMON)), False)
        others = is_other.to_numpy(zero_copy_only=False).copy()
        others[seen] = False
        for place in np.flatnonzero(others):
            parts = take_apart(tidy(texts[place].as_py()))
            if parts is not None and parts.sep:
                taken = [np.array([value]) for value in (parts.a, parts.b, parts.c, numbers[place])]
                self._evidence[parts.sep].add(*taken)

    def decide(
        self,
        column: str,
        *,
        hints: Sequence[str],
        options: SourceOptions,
        rules: SourceRules,
        usual: tuple[bool, str] | None = None,
    ) -> DayOrder:
        """Decide the order for each separator in use.

        Args:
            column: its name, for the message.
            hints: reasons, in words, to take the day for the first number.
            options: dayfirst, timezone and latest.
            rules: shares that count as decisive.
            usual: how the tool writes dates, and the words for it, where nothing else tells.
        """
        latest = latest_moment(options.latest, rules.future_hours)
        orders: dict[str, bool | None] = {}
        reasons: list[str] = []
        warnings: list[str] = []
        problems: list[str] = []
        for sep, found in sorted(self._evidence.items()):
            order, why = _decide(sep, found, Signs(options.dayfirst, hints, latest, usual), rules)
            orders[sep] = order
            said = {True: "day first", False: "month first", None: "undecided"}[order]
            reasons.append(f"{said} in dates with '{sep}': {why}")
            if order is None and found.open_count:
                is_stray = found.open_count <= rules.order_outlier_share * self._count
                (warnings if is_stray else problems).append(_undecided(column, found, is_stray=is_stray))
        reading = DateReading(orders, options.timezone, rules.earliest_year, latest)
        why = "; ".join(reasons) or "every date has one reading"
        return DayOrder(reading, why, tuple(warnings), tuple(problems))


def _undecided(column: str, found: Evidence, *, is_stray: bool) -> str:
    rows = " and ".join(map(str, found.open_rows))
    says = "they have no date now. Set" if is_stray else "nothing in the file tells which. Set"
    return (
        f"{found.open_count} dates of column '{column}' can be read day or month first, as in "
        f"row{'s' * (len(found.open_rows) > 1)} {rows}; {says} [sources] dayfirst = true or false"
    )


def _decide(sep: str, found: Evidence, signs: Signs, rules: SourceRules) -> tuple[bool | None, str]:
    if signs.stated is not None:
        return signs.stated, "named in the settings"
    return (
        _by_numbers(found, rules)
        or _by_signs(sep, signs.hints)
        or _by_order(found, rules.monotonic_share)
        or _by_future(found, signs.latest)
        or signs.usual
        or (None, "no date tells")
    )


def _by_numbers(found: Evidence, rules: SourceRules) -> tuple[bool | None, str] | None:
    """Decide by numbers over 12, which are days; the column's own count first."""
    shown = f"{found.day_first} dates have a first number over 12, {found.month_first} a second"
    told = (found.told_day_first, found.told_month_first, "as in the file's other dates")
    for day_first, month_first, why in ((found.day_first, found.month_first, shown), told):
        total = day_first + month_first
        if total:
            is_clear = min(day_first, month_first) <= rules.order_outlier_share * total
            return (day_first > month_first if is_clear else None), why
    return None


def _by_signs(sep: str, hints: Sequence[str]) -> tuple[bool, str] | None:
    if sep == ".":
        return True, "dates with dots are written day first"
    return (True, hints[0]) if hints else None


def _days(found: Evidence) -> tuple[np.ndarray, np.ndarray]:
    """Read all cells day first and month first, as days since 1970 (months of 31 days will do)."""
    first, second, year = np.concatenate(found.sequences, axis=1)
    return (year * 12 + second) * 31 + first, (year * 12 + first) * 31 + second


def _by_order(found: Evidence, decisive: float) -> tuple[bool, str] | None:
    shares = []
    for days in _days(found):
        steps = np.diff(days)
        moved = steps[steps != 0]
        if len(moved) < MIN_STEPS:
            return None
        shares.append(max(float(np.mean(moved > 0)), float(np.mean(moved < 0))))
    as_day_first, as_month_first = shares
    if max(shares) < decisive or abs(as_day_first - as_month_first) < 0.05:
        return None
    return as_day_first > as_month_first, "read this way, the records are in order of time"


def _by_future(found: Evidence, latest: int | None) -> tuple[bool, str] | None:
    if latest is None or not found.sequences:
        return None
    limit = np.datetime64(latest - latest % DAY, "us").astype("datetime64[D]").astype(object)
    last = (limit.year * 12 + limit.month) * 31 + limit.day
    late_day_first, late_month_first = (int(np.sum(days > last)) for days in _days(found))
    if bool(late_day_first) == bool(late_month_first):
        return None
    return late_month_first > 0, "read the other way, some dates lie in the future"
