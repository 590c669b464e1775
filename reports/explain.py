"""Why an alert was raised: a sentence that a manager can check, and every number to do it again by hand."""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any

from scipy.stats import gamma

from data.schema import ALL

DIGITS = 10  # significant digits that survive being written and read again
LOWER_TAIL = 0.05  # severity and the shown interval start from what is sure
RECURRING_BONUS = 0.25
PERSISTENT_BONUS = 0.25
LARGE = 10  # expected numbers from here on are told without decimals
WEEKDAYS = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS = (
    "January", "February", "March", "April", "May", "June", "July", "August", "September", "October",
    "November", "December",
)  # fmt: skip

Calculation = dict[str, Any]


@dataclass(frozen=True)
class DisplayNames:
    """How issues and segments are called in sentences; what is not named shows its own id.

    Attributes:
        issues: COUNTS.issue -> name, as ``category:shipping`` -> ``Shipping``.
        segments: COUNTS.segment -> name, as ``region=Lombardy`` -> ``region Lombardy``.
    """

    issues: Mapping[str, str] = field(default_factory=dict)
    segments: Mapping[str, str] = field(default_factory=dict)

    def issue(self, issue: str) -> str:
        """Name an issue."""
        if issue in self.issues:
            return self.issues[issue]
        kind, colon, name = issue.partition(":")
        if not colon:
            return issue
        readable = name.replace("_", " ")
        return readable[:1].upper() + readable[1:] if kind == "category" else f"topic {name}"

    def segment(self, segment: str) -> str:
        """Name a segment."""
        if segment in self.segments:
            return self.segments[segment]
        dimension, equals, value = segment.partition("=")
        return f"{dimension.removeprefix('input_').replace('_', ' ')} {value}" if equals else segment


NO_NAMES = DisplayNames()


def severity_of(calculation: Calculation, *, is_recurring: bool, is_persistent: bool) -> float:
    """Give the number by which alerts are ordered; it says nothing about chance.

    Args:
        calculation: record of the calculation.
        is_recurring: the issue keeps coming back.
        is_persistent: it has stayed for weeks.

    Returns:
        0 or more: grows with the complaints that are surely too many, and with the ratio to the expected.

    Source:
        alerts method, section on severity: docs/alerts.md.
    """
    sure = _sure_count(calculation)
    expected = calculation["expected"]
    excess, ratio = max(0.0, sure - expected), max(1.0, sure / expected)
    bonus = 1 + RECURRING_BONUS * is_recurring + PERSISTENT_BONUS * is_persistent
    return math.log2(1 + excess) * (1 + math.log2(ratio)) * bonus


def _sure_count(calculation: Calculation) -> float:
    n, expected = calculation["n"], calculation["expected"]
    spread = max(1.0, calculation["variance"] / expected)
    return float(spread * gamma.ppf(LOWER_TAIL, n / spread)) if n else 0.0


def explain(series: tuple[str, str], calculation: Calculation, began: date, *, names: DisplayNames) -> str:
    """Say in one sentence what was found, what was expected, since when.

    Args:
        series: COUNTS.issue and COUNTS.segment.
        calculation: record of the calculation.
        began: first day above expectation.
        names: display names.

    Returns:
        One English sentence.
    """
    issue, segment = series
    where = "" if segment == ALL else f" in {names.segment(segment)}"
    days = calculation["window_days"]
    until = date.fromisoformat(calculation["window_end"])
    n, expected = calculation["n"], calculation["expected"]
    if calculation["baseline_n"] == 0:
        compared = f"none in the {calculation['baseline_weeks']} weeks it is compared with"
    else:
        compared = f"about {_rounded(expected)} expected, {_times(n / expected)} as many"
    return (
        f"{names.issue(issue)} complaints{where}: {n} in the {days} days to {_spoken(until)}, "
        f"{compared}; began on {_spoken(began, weekday=True)}."
    )


def _rounded(number: float) -> str:
    if number >= LARGE:
        return f"{number:.0f}"
    return f"{number:.1f}".removesuffix(".0") if number >= 0.1 else f"{number:.2g}"


def _times(ratio: float) -> str:
    return f"{ratio:.0f} times" if ratio >= LARGE else f"{ratio:.1f} times"


def _spoken(day: date, *, weekday: bool = False) -> str:
    spoken = f"{day.day} {MONTHS[day.month - 1]}"
    return f"{WEEKDAYS[day.weekday()]} {spoken}" if weekday else f"{spoken} {day.year}"


def write_calculation(calculation: Calculation) -> str:
    """Write a record as JSON, keys sorted, numbers to ten digits."""
    return json.dumps(shorten(calculation), sort_keys=True, ensure_ascii=False)


def read_calculation(text: str) -> Calculation:
    """Read a record back."""
    record: Calculation = json.loads(text)
    return record


def shorten(value: Any) -> Any:  # noqa: ANN401 - any JSON value
    """Round every float of a JSON value to the digits that are written."""
    if isinstance(value, dict):
        return {key: shorten(item) for key, item in value.items()}
    if isinstance(value, list):
        return [shorten(item) for item in value]
    return float(f"{value:.{DIGITS}g}") if isinstance(value, float) else value


def window_dates(end: date, days: int) -> tuple[str, str]:
    """Give first and last day of a window as ISO dates."""
    return (end - timedelta(days=days - 1)).isoformat(), end.isoformat()
