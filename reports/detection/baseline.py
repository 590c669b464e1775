"""What share of a segment's comments an issue usually takes, and how much that varies."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from reports.detection.panel import Bools, Floats
from reports.detection.rules import AlertRules

POOL_GROUPS = 6  # sextiles of the weekly mean: dispersion grows with the level
ROBUST_ROUNDS = 2
# Trial forecasts inside the baseline: four weeks from the weeks at least two further back, as the scan does.
TRIAL_STARTS = (0, 4, 8)
TRIAL_WEEKS = 4
TRIAL_GAP = 2
MIN_TRIAL_COUNT = 10.0  # below, noise hides any drift
MEDIAN_SQUARE = 0.4549  # median of a squared standard normal: half of the forecasts, whatever the issues did
PRIOR_TRIALS = 200.0  # trial forecasts that weigh as much as the drift of the settings
MAX_DRIFT = 0.6
# Of the estimate: the gain in detection and the loss in false alarms balance here (docs/alerts.md).
DRIFT_SHARE = 0.65
BISECTIONS = 14
MOST_SHARE = 0.9  # beyond, hardly a comment is left to be without the issue
PRIOR_COUNT = 0.5  # an issue never seen has a share above 0


@dataclass(frozen=True)
class Baseline:
    """The usual share of each series, for each day judged; arrays are (days, series).

    Attributes:
        share: complaints per comment.
        dispersion: variance over mean of a baseline week, at least 1, pooled.
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
            weight = usable * (rules.outlier / np.maximum(surprise, rules.outlier)) ** 2
    return Baseline(share, dispersion, exposure, weeks, count)


def independence(share: Floats) -> Floats:
    """Give the variance over mean of the complaints among a fixed number of independent comments."""
    return np.asarray(1 - np.minimum(share, MOST_SHARE))


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


def pool_drift(n: Floats, comments: Floats, dispersion: Floats, usual: float) -> Floats:
    """Estimate how far shares drift in the time a forecast looks ahead, from forecasts inside the baseline.

    Args:
        n: (days, weeks, series) complaints per baseline week, latest first.
        comments: (days, weeks, series) comments.
        dispersion: (days, series) variance over mean of a week.
        usual: drift of the settings; the estimate is drawn towards it and never below.

    Returns:
        (days,) standard deviations on the log scale.
    """
    squares, noises, means = [], [], []
    for start in TRIAL_STARTS:
        stop, before = start + TRIAL_WEEKS, start + TRIAL_WEEKS + TRIAL_GAP
        ahead, behind = comments[:, start:stop].sum(axis=1), comments[:, before:].sum(axis=1)
        mean = (n[:, before:].sum(axis=1) + PRIOR_COUNT) / np.maximum(behind, 1.0) * ahead
        squares.append((n[:, start:stop].sum(axis=1) - mean) ** 2)
        noises.append(dispersion * mean * (1 + ahead / np.maximum(behind, 1.0)))
        means.append(np.where(behind > 0, mean, 0.0))
    square, noise, mean = (np.concatenate(part, axis=1) for part in (squares, noises, means))
    return np.array([_solve_drift(square[d], noise[d], mean[d], usual) for d in range(len(mean))])


def _solve_drift(square: Floats, noise: Floats, mean: Floats, usual: float) -> float:
    told = mean >= MIN_TRIAL_COUNT
    count = int(told.sum())
    if not count:
        return usual
    square, noise, level = square[told], noise[told], mean[told] ** 2
    low, high = 0.0, MAX_DRIFT
    for _ in range(BISECTIONS):
        middle = (low + high) / 2
        if float(np.median(square / (noise + middle**2 * level))) > MEDIAN_SQUARE:
            low = middle
        else:
            high = middle
    drift = np.sqrt((count * low**2 + PRIOR_TRIALS * usual**2) / (count + PRIOR_TRIALS))
    return max(usual, DRIFT_SHARE * float(drift))
