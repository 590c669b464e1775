"""Survey scores over some weeks: value, interval, change, from summed counts: weeks add up exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
import pandas as pd

from reports import intervals
from reports.sections.view import View
from reports.sections.window import sureness

Measured = Callable[[pd.Series], tuple[float, float, float]]  # value and the ends of its interval


@dataclass(frozen=True)
class Measure:
    """A score now, with its 95 % interval, and its change since the period before (NaN without one)."""

    value: float
    low: float
    high: float
    count: int
    change: float
    sureness: str


def net_promoter_measure(view: View, kind: str) -> Measure | None:
    """Give the net promoter score, -100 to 100; None when nobody was asked."""
    return _compared(view, kind, net_promoter_of, count="nps_count")


def rating_measure(view: View, kind: str) -> Measure | None:
    """Give the mean rating, 1 to 5; None when nobody rated."""
    return _compared(view, kind, rating_of, count="rating_count")


def net_promoter_of(sums: pd.Series) -> tuple[float, float, float]:
    """Give the score and the ends of its interval from promoter_count, detractor_count and nps_count."""
    up, down, n = (float(sums[f"{name}_count"]) for name in ("promoter", "detractor", "nps"))
    low, high = intervals.net_promoter([up], [down], [n])
    value = (up - down) / n if n else np.nan
    return 100 * value, 100 * float(low[0]), 100 * float(high[0])


def rating_of(sums: pd.Series) -> tuple[float, float, float]:
    """Give the mean rating and the ends of its interval from rating_count, rating_sum and rating_squares."""
    n = float(sums["rating_count"])
    if not n:
        return np.nan, np.nan, np.nan
    value = float(sums["rating_sum"]) / n
    spread = np.sqrt(max(float(sums["rating_squares"]) / n - value**2, 0) * n / max(n - 1, 1))
    low, high = intervals.mean([value], [spread], [n])
    return value, max(float(low[0]), 1.0), min(float(high[0]), 5.0)


def _compared(view: View, kind: str, measured: Measured, *, count: str) -> Measure | None:
    now = view.score_sums(kind, view.window.now)
    if not now[count]:
        return None
    value, low, high = measured(now)
    change, how = np.nan, "none"
    if view.window.before:
        earlier, was_low, was_high = measured(view.score_sums(kind, view.window.before))
        change = value - earlier
        ends = intervals.recovered(
            value, (np.array(low), np.array(high)), earlier, (np.array(was_low), np.array(was_high))
        )
        bounds = (float(ends[0]), float(ends[1]))
        how = sureness(bounds, bounds)
    return Measure(value, low, high, int(now[count]), float(change), how)
