"""Which weeks the page speaks of, and what they are compared with."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd

from reports.facts import intervals
from reports.rules import PageRules

SIZES = (
    1,
    4,
    12,
)  # weeks: a page speaks of one week where there is enough, else of a month, else of a quarter
WEEK = timedelta(days=7)
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Window:
    """The weeks now, the weeks before, and the weeks of the trend.

    Attributes:
        weeks: number of weeks in `now`, and in `before`; 0 when no comment is dated.
        now: first days (Mondays) of the weeks now.
        before: first days of as many weeks just before; empty where the history does not reach.
        trend: first days of all weeks drawn over time, oldest first, without gaps.
    """

    weeks: int
    now: tuple[date, ...]
    before: tuple[date, ...]
    trend: tuple[date, ...]

    @property
    def first_day(self) -> date:
        """Give the first day of the weeks now."""
        return self.now[0]

    @property
    def last_day(self) -> date:
        """Give the last day of the weeks now."""
        return self.now[-1] + WEEK - DAY


NO_WINDOW = Window(weeks=0, now=(), before=(), trend=())


def choose_window(volumes: pd.Series, *, as_of: date, rules: PageRules) -> Window:
    """Choose the weeks asked for, or the shortest of 1, 4 and 12 whole weeks that holds enough comments.

    A week counts once it is over. When the newest comments are older than the last whole week, the page
    speaks of the weeks that end with them.

    Args:
        volumes: comments per week, indexed by the week's Monday.
        as_of: day of the report.
        rules: weeks asked for, comments that are enough, most weeks in the trend.
    """
    whole = as_of + DAY
    last_whole = whole - timedelta(days=whole.weekday()) - WEEK
    volumes = volumes[volumes.index <= last_whole]
    if volumes.empty:
        return NO_WINDOW
    last, first = max(volumes.index), min(volumes.index)
    reach = (last - first).days // 7 + 1
    possible: list[int] = [size for size in SIZES if 2 * size <= reach] or [1]
    newest = {size: volumes[volumes.index > last - size * WEEK].sum() for size in possible}
    full = (size for size in possible if newest[size] >= rules.enough_comments)
    size = int(rules.weeks) or next(full, possible[-1])
    before = _weeks(last - size * WEEK, size) if 2 * size <= reach else ()
    return Window(size, _weeks(last, size), before, _weeks(last, min(reach, rules.trend_weeks)))


@dataclass(frozen=True)
class Level:
    """A share now and before, and how sure its change is.

    Attributes:
        count: comments of the kind now.
        total: all comments now.
        share: count / total; low and high are its 95 % interval.
        change: now minus before; NaN without a before. change_low and change_high are its 95 % interval.
        sureness: sure (the change stands even when all changes of the list are tested together), likely
            (it stands by itself), open (it may be chance) or none (nothing to compare with).
    """

    count: int
    total: int
    share: float
    low: float
    high: float
    change: float
    change_low: float
    change_high: float
    sureness: str

    @property
    def rises(self) -> bool:
        """Say whether the share rose."""
        return self.change > 0


Counts = tuple[Sequence[int] | np.ndarray, Sequence[int] | np.ndarray]


def levels(now: Counts, before: Counts | None, *, comparisons: int = 1) -> list[Level]:
    """Compare shares now with shares before.

    Args:
        now: (n,) counts and (n,) totals.
        before: the same for the period before; None if there is none.
        comparisons: how many changes the reader looks at together.
    """
    count, total = np.asarray(now[0], dtype=float), np.asarray(now[1], dtype=float)
    nothing = np.full(len(count), np.nan)
    count_before, total_before = (
        (nothing, nothing) if before is None else (np.asarray(b, float) for b in before)
    )
    ends = intervals.wilson(count, total)
    with np.errstate(divide="ignore", invalid="ignore"):
        share = count / total
        change = share - count_before / total_before
    at_95 = intervals.newcombe((count, total), (count_before, total_before))
    strict = intervals.quantile(0.95, comparisons=comparisons)
    at_strict = intervals.newcombe((count, total), (count_before, total_before), z=strict)
    return [
        Level(
            int(count[i]), int(total[i]), float(share[i]), float(ends[0][i]), float(ends[1][i]),
            float(change[i]), float(at_95[0][i]), float(at_95[1][i]),
            sureness((at_95[0][i], at_95[1][i]), (at_strict[0][i], at_strict[1][i])),
        )
        for i in range(len(count))
    ]  # fmt: skip


def sureness(ends: tuple[float, float], strict: tuple[float, float]) -> str:
    """Put into one word how sure a change is: sure, likely, open or none."""
    if np.isnan(ends[0]) or np.isnan(ends[1]):
        return "none"
    if strict[0] > 0 or strict[1] < 0:
        return "sure"
    return "likely" if ends[0] > 0 or ends[1] < 0 else "open"


def _weeks(last: date, count: int) -> tuple[date, ...]:
    return tuple(last - WEEK * back for back in range(count - 1, -1, -1))
