"""Survey scores over some weeks: value, interval, change, from summed counts: weeks add up exactly."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
import pandas as pd

from reports.facts import intervals
from reports.sections.shared.view import View
from reports.sections.shared.window import sureness

Scored = tuple[intervals.Numbers, intervals.Numbers, intervals.Numbers]  # values, lower and upper ends
SCALES = {"rating": (1.0, 5.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0)}
Measured = Callable[[pd.DataFrame], Scored]  # one row of sums per value


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


def net_promoter_of(sums: pd.DataFrame) -> Scored:
    """Give the score and the ends of its interval from promoter_count, detractor_count and nps_count."""
    up, down, n = (sums[f"{name}_count"].to_numpy(dtype=float) for name in ("promoter", "detractor", "nps"))
    low, high = intervals.net_promoter(up, down, n)
    return 100 * (up - down) / np.where(n > 0, n, np.nan), 100 * low, 100 * high


def mean_of(name: str) -> Measured:
    """Give what turns sums of a score (count, sum, squares) into its mean and the ends of its interval."""
    return partial(_mean_of, name=name)


def share_of(name: str, of: str) -> Measured:
    """Give what turns the counts `name` and `of` into a share and the ends of its interval."""
    return partial(_share_of, name=name, of=of)


def _mean_of(sums: pd.DataFrame, *, name: str) -> Scored:
    counts = sums[f"{name}_count"].to_numpy(dtype=float)
    n = np.where(counts > 0, counts, np.nan)
    value = sums[f"{name}_sum"].to_numpy(dtype=float) / n
    variance = np.maximum(sums[f"{name}_squares"].to_numpy(dtype=float) / n - value**2, 0)
    deviation = np.sqrt(variance * n / np.maximum(n - 1, 1))
    return value, *intervals.mean_on_scale(value, deviation, counts, scale=SCALES[name])


def _share_of(sums: pd.DataFrame, *, name: str, of: str) -> Scored:
    count, total = (sums[f"{one}_count"].to_numpy(dtype=float) for one in (name, of))
    low, high = intervals.wilson(count, total)
    return count / np.where(total > 0, total, np.nan), low, high


rating_of = mean_of("rating")


def measure_of(sums: pd.Series, measured: Measured) -> tuple[float, float, float]:
    """Give value, lower and upper end of one set of sums."""
    value, low, high = measured(sums.to_frame().T)
    return float(value[0]), float(low[0]), float(high[0])


def _compared(view: View, kind: str, measured: Measured, *, count: str) -> Measure | None:
    now = view.score_sums(kind, view.window.now)
    if not now[count]:
        return None
    value, low, high = measure_of(now, measured)
    change, how = np.nan, "none"
    if view.window.before:
        earlier, was_low, was_high = measure_of(view.score_sums(kind, view.window.before), measured)
        change = value - earlier
        ends = intervals.recovered(
            value, (np.array(low), np.array(high)), earlier, (np.array(was_low), np.array(was_high))
        )
        bounds = (float(ends[0]), float(ends[1]))
        how = sureness(bounds, bounds)
    return Measure(value, low, high, int(now[count]), float(change), how)
