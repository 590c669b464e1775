"""Own implementations of the detectors that alerts are compared with: daily counts in, evidence per day out.

Each takes (days, series) complaints and comments and gives (days, series) scores, larger = more surprising; a
threshold is chosen for all alike, by their false alerts on the same counts. Written from the papers.
"""

from __future__ import annotations

import numpy as np
from scipy.stats import norm

WEEK = 7
USUAL_WEEKS = 24
FLOOR = 0.5  # standard deviation of a count that hardly ever moves
ALLOWANCE = 0.5  # of CUSUM, in standard deviations


def vendor_rule(n: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Score the last week against the 24 weeks before it, counts alone.

    Source: "last calendar week vs previous six months", docs.chattermill.com, article 6671719.
    """
    weeks = _weekly(n)
    score = np.zeros(n.shape)
    for day in range((USUAL_WEEKS + 1) * WEEK, len(n)):
        past = weeks[day - WEEK : day - (USUAL_WEEKS + 1) * WEEK : -WEEK]
        score[day] = (weeks[day] - past.mean(axis=0)) / np.maximum(past.std(axis=0, ddof=1), FLOOR)
    return score


def ears_c2(n: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Score a day against seven days that end three days before it.

    Source: Hutwagner et al. 2003, Journal of Urban Health 80:i89.
    """
    score = np.zeros(n.shape)
    for day in range(10, len(n)):
        past = n[day - 9 : day - 2]
        score[day] = (n[day] - past.mean(axis=0)) / np.maximum(past.std(axis=0, ddof=1), FLOOR)
    return score


def cusum(n: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Add up by how much shares exceed those of the last eight weeks, less half a standard deviation.

    Source: Fricker et al. 2008, Statistics in Medicine 27:3407 (CUSUM on residuals).
    """
    score, level = np.zeros(n.shape), np.zeros(n.shape[1])
    for day in range(10 * WEEK, len(n)):
        past = slice(day - 10 * WEEK, day - 2 * WEEK)
        share = (n[past].sum(axis=0) + 0.5) / np.maximum(total[past].sum(axis=0), 1)
        mean = share * total[day]
        level = np.maximum(0.0, level + (n[day] - mean) / np.sqrt(np.maximum(mean, FLOOR**2)) - ALLOWANCE)
        score[day] = level
    return score


def farrington(n: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Score rolling weeks by a quasi-Poisson with log-volume as offset, outlying weeks weighing less.

    Source: Farrington et al. 1996, JRSS A 159:547; weights of Noufaily et al. 2013, Stat Med 32:1206.
    """
    weeks, volume = _weekly(n), _weekly(total)
    score = np.zeros(n.shape)
    for day in range((USUAL_WEEKS + 4) * WEEK, len(n)):
        at = np.arange(day - 4 * WEEK, day - (USUAL_WEEKS + 4) * WEEK, -WEEK)
        y, e = weeks[at], np.maximum(volume[at], 1e-9)
        weight = np.ones(y.shape)
        for _ in range(2):
            share = ((weight * y).sum(axis=0) + 0.5) / (weight * e).sum(axis=0)
            mean = share * e
            spread = np.maximum(1.0, (weight * (y - mean) ** 2 / mean).sum(axis=0) / (len(at) - 1))
            anscombe = 1.5 * (np.cbrt(y) ** 2 * mean ** (-1 / 6) - np.sqrt(mean)) / np.sqrt(spread)
            weight = np.minimum(1.0, (2.58 / np.maximum(anscombe, 2.58)) ** 2)
        now = np.maximum(share * volume[day], 1e-9)
        error = np.sqrt(spread * now + spread * now**2 / (share * (weight * e).sum(axis=0)))
        score[day] = np.where(weeks[day] >= 3, _upper(weeks[day], now, error), 0.0)
    return score


RIVALS = {
    "vendor rule": vendor_rule,
    "EARS C2": ears_c2,
    "CUSUM of shares": cusum,
    "Farrington, rolling weeks": farrington,
}


def _upper(count: np.ndarray, mean: np.ndarray, error: np.ndarray) -> np.ndarray:
    """Give -log10 of the upper tail on the two-thirds power scale, where counts are nearly normal."""
    z = 1.5 * (np.cbrt(count) ** 2 - np.cbrt(mean) ** 2) * np.cbrt(mean) / error
    return np.asarray(-norm.logsf(z) / np.log(10))


def _weekly(values: np.ndarray) -> np.ndarray:
    sums = np.cumsum(np.vstack([np.zeros((1, values.shape[1])), values]), axis=0)
    starts = np.maximum(np.arange(1, len(values) + 1) - WEEK, 0)
    return np.asarray(sums[1:] - sums[starts])
