"""Sums over windows, and the tail probability of a count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from reports.detection.panel import DAYS_PER_WEEK, Floats, Ints
from reports.detection.rules import AlertRules

MOST_INT32 = 2**31 - 1
MIN_VARIANCE_RATIO = 1 + 1e-9  # the negative binomial needs a variance above its mean
MOST_BINOMIAL = 1 - 1e-6  # between the two, both are a Poisson
TINY = 1e-9


@dataclass(frozen=True)
class Grid:
    """Lengths in rows of a panel, one row being a day or a week.

    Attributes:
        step: days per row.
        week: rows per week.
        windows: lengths of the windows.
        gaps: rows between the baseline and the row judged, for each window.
        mask_length: windows up to this length can mask days.
        safe: rows that can be judged before a mask set by them would be needed.
    """

    step: int
    week: int
    windows: tuple[int, ...]
    gaps: tuple[int, ...]
    mask_length: int
    safe: int

    @property
    def reach(self) -> int:
        """Rows before the row judged that its score can depend on."""
        return max(self.gaps) + max(self.windows)


def make_grid(step: int, rules: AlertRules) -> Grid:
    """Translate the rules' days and weeks into rows."""
    week = DAYS_PER_WEEK // step
    windows = rules.windows if step == 1 else rules.weekly_windows
    long = rules.long_window_days
    gaps = tuple((rules.long_gap_days if w * step >= long else rules.gap_days) // step for w in windows)
    return Grid(step, week, windows, gaps, week, min(gaps) - week + 1)


def cumulate(values: Ints) -> Ints:
    """Add up down the rows: (rows, k) -> (rows + 1, k); in half the memory where the sums allow it."""
    most = int(values.sum(axis=0, dtype=np.int64).max(initial=0))
    sums = np.zeros(
        (values.shape[0] + 1, values.shape[1]), dtype=np.int32 if most <= MOST_INT32 else np.int64
    )
    np.cumsum(values, axis=0, out=sums[1:])
    return sums


def window_sums(sums: Ints, rows: Ints, length: int) -> Floats:
    """Sum the `length` rows that end with each of `rows`; rows before the first count as none."""
    return (sums[rows + 1] - sums[np.maximum(rows + 1 - length, 0)]).astype(np.float64)


def tail_probability(n: Floats, mean: Floats, variance: Floats) -> Floats:
    """Give P(X > n) + P(X = n) / 2 for a negative binomial X; a binomial where variance < mean.

    Args:
        n: (k,) counts, at least 1.
        mean: (k,) means above 0.
        variance: (k,) variances.

    Returns:
        (k,) probabilities.
    """
    spread = np.maximum(variance, mean * MIN_VARIANCE_RATIO)
    size = mean * mean / (spread - mean)
    chance = 1 - mean / spread
    p = np.asarray((betainc(n + 1, size, chance) + betainc(n, size, chance)) / 2)
    narrow = variance < mean * MOST_BINOMIAL
    if narrow.any():
        p[narrow] = _binomial_tail(n[narrow], mean[narrow], variance[narrow])
    return p


def _binomial_tail(n: Floats, mean: Floats, variance: Floats) -> Floats:
    """Give the same for a binomial with these moments; the number of trials need not be whole.

    What was counted was possible: there were at least n trials, whatever the variance says.
    """
    trials = np.maximum(mean * mean / (mean - variance), n)
    chance = np.minimum(mean / trials, 1.0)
    above, from_here = (
        np.where(trials > k, betainc(k + 1, np.maximum(trials - k, TINY), chance), 0.0) for k in (n, n - 1)
    )
    return np.asarray((above + from_here) / 2)
