"""What share of a segment's comments an issue usually takes, and how much that varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.detection.panel import Bools, Floats
from reports.detection.rules import AlertRules

POOL_GROUPS = 6  # sextiles of the weekly mean: dispersion grows with the level
ROBUST_ROUNDS = 2
PRIOR_COUNT = 0.5  # an issue never seen has a share above 0


@dataclass(frozen=True)
class Baseline:
    """The usual share of each series, for each day judged; arrays are (days, series).

    Attributes:
        share: complaints per comment.
        dispersion: variance over mean of a baseline week, pooled.
        exposure: weighted comments of the segment in the baseline.
        weeks: baseline weeks with comments.
        count: complaints in the baseline, unweighted.
    """

    share: Floats
    dispersion: Floats
    exposure: Floats
    weeks: Floats
    count: Floats


def fit_baseline(n: Floats, comments: Floats, rules: AlertRules) -> Baseline:
    """Fit shares to baseline weeks, a surprising week weighing less.

    Args:
        n: (days, weeks, series) complaints per baseline week, masked days left out.
        comments: (days, weeks, series) comments of the segment in the same days.
        rules: section [alerts].

    Returns:
        (days, series) baselines.

    Source:
        Noufaily et al. 2013, Statistics in Medicine 32:1206 (Anscombe residuals, weights).
    """
    usable = comments > 0
    weeks = usable.sum(axis=1).astype(np.float64)
    weight = usable.astype(np.float64)
    anscombe = np.cbrt(n) ** 2
    count = n.sum(axis=1)
    for last in [False] * ROBUST_ROUNDS + [True]:
        exposure = (weight * comments).sum(axis=1)
        share = ((weight * n).sum(axis=1) + PRIOR_COUNT) / np.maximum(exposure, 1.0)
        mean = share[:, None, :] * comments
        safe = np.where(usable, mean, 1.0)
        squares = (weight * (n - mean) ** 2 / safe).sum(axis=1)
        own = np.maximum(1.0, squares / np.maximum(weeks - 1, 1.0))
        level = mean.sum(axis=1) / np.maximum(weeks, 1.0)
        used = (weeks >= rules.min_baseline_weeks) & (count > 0)
        dispersion = _pool(own, weeks, level, (used, rules.pool_weight))
        if not last:
            root = np.sqrt(safe)
            surprise = 1.5 * (anscombe / np.cbrt(root) - root) / np.sqrt(dispersion)[:, None, :]
            weight = usable * np.minimum(1.0, (rules.outlier / np.maximum(surprise, rules.outlier)) ** 2)
    return Baseline(share, dispersion, exposure, weeks, count)


def _pool(own: Floats, weeks: Floats, level: Floats, using: tuple[Bools, float]) -> Floats:
    """Draw each series' dispersion towards the mean of series of the same level."""
    used, pool_weight = using
    pooled = np.ones_like(own)
    for day in range(own.shape[0]):
        chosen = np.flatnonzero(used[day])
        if not len(chosen):
            continue
        # Sorted by value, not by name: sums must not depend on how the series are called.
        order = chosen[np.lexsort((own[day, chosen], level[day, chosen]))]
        groups = np.array_split(order, POOL_GROUPS)
        filled = [group for group in groups if len(group)]
        means = np.array([np.sort(own[day, group]).mean() for group in filled])
        bounds = level[day, [group[0] for group in filled[1:]]]
        pooled[day] = means[np.searchsorted(bounds, level[day], side="right")]
    trust = np.maximum(weeks - 1, 0.0)
    return np.asarray((pool_weight * pooled + trust * own) / (pool_weight + trust))
