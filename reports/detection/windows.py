"""Sums over windows, and the tail probability of a count."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from scipy.special import betainc

from reports.detection.panel import DAYS_PER_WEEK, Floats, Ints
from reports.detection.rules import AlertRules

MIN_VARIANCE_RATIO = 1 + 1e-9  # the negative binomial needs a variance above its mean


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


def cumulate(values: Ints) -> Floats:
    """Add up down the rows: (rows, k) -> (rows + 1, k), exact for counts."""
    sums = np.zeros((values.shape[0] + 1, values.shape[1]))
    np.cumsum(values, axis=0, out=sums[1:])
    return sums


def window_sums(sums: Floats, rows: Ints, length: int) -> Floats:
    """Sum the `length` rows that end with each of `rows`; rows before the first count as none."""
    return np.asarray(sums[rows + 1] - sums[np.maximum(rows + 1 - length, 0)])


def tail_probability(n: Floats, mean: Floats, variance: Floats) -> Floats:
    """Give P(X > n) + P(X = n) / 2 for a negative binomial X.

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
    return np.asarray((betainc(n + 1, size, chance) + betainc(n, size, chance)) / 2)
