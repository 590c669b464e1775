"""How sure a number is: intervals for shares, differences, net promoter scores and means, over whole columns.

Every function takes arrays and gives arrays, so that a table of a million rows costs one pass. Where there is
nothing to say (no comment, one rating) the ends are NaN, never a made-up zero.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

Numbers = npt.NDArray[np.float64]
Ends = tuple[Numbers, Numbers]
Countable = npt.ArrayLike

Z_95 = 1.959963984540054  # two-sided 95 % of the normal distribution
HALVINGS = 36  # of an interval of length 2 at most: ends are exact to 3e-11


def wilson(successes: Countable, total: Countable, *, z: float = Z_95) -> Ends:
    """Give the score interval of a share.

    Args:
        successes: (n,) counts.
        total: (n,) counts, not smaller; 0 gives NaN.
        z: normal quantile of the wanted confidence.

    Source:
        Wilson 1927, JASA 22:209; the form in Newcombe 1998, Statistics in Medicine 17:857, method 3.
    """
    x, n = _columns(successes, total)
    share = _divide(x, n)
    middle = _divide(2 * n * share + z * z, 2 * (n + z * z))
    half = z * np.sqrt(z * z + 4 * n * share * (1 - share)) / (2 * (n + z * z))
    return np.where(x == 0, 0.0 * share, middle - half), np.where(x == n, share, middle + half)


def newcombe(
    now: tuple[Countable, Countable], before: tuple[Countable, Countable], *, z: float = Z_95
) -> Ends:
    """Give the interval of a share now minus the share before, from two separate groups of comments.

    Args:
        now: (n,) successes and (n,) totals.
        before: (n,) successes and (n,) totals.
        z: normal quantile of the wanted confidence.

    Source:
        Newcombe 1998, Statistics in Medicine 17:873, method 10 (hybrid score).
    """
    x1, n1 = _columns(*now)
    x2, n2 = _columns(*before)
    return recovered(_divide(x1, n1), wilson(x1, n1, z=z), _divide(x2, n2), wilson(x2, n2, z=z))


def net_promoter(promoters: Countable, detractors: Countable, total: Countable, *, z: float = Z_95) -> Ends:
    """Give the score interval of (promoters - detractors) / total, -1 to 1.

    The score interval is among those that Rocks finds to cover best. Its variance under a supposed score
    needs the likeliest number of detractors given that score, which Tango gives in closed form.

    Args:
        promoters: (n,) answers 9 or 10.
        detractors: (n,) answers 0 to 6.
        total: (n,) answers; 0 gives NaN.
        z: normal quantile of the wanted confidence.

    Source:
        Rocks 2016, The American Statistician 70:365 (arXiv 1601.07235).
        Tango 1998, Statistics in Medicine 17:891.
    """
    up, n = _columns(promoters, total)
    down, _ = _columns(detractors, total)
    score = _divide(up - down, n)
    answers = (up, down, n)
    return _furthest(answers, score, -np.ones_like(n), z=z), _furthest(answers, score, np.ones_like(n), z=z)


def mean(average: Countable, deviation: Countable, count: Countable, *, confidence: float = 0.95) -> Ends:
    """Give Student's interval of a mean.

    Args:
        average: (n,) means.
        deviation: (n,) sample standard deviations.
        count: (n,) values behind each mean; fewer than 2 give NaN.
        confidence: share of intervals that hold the true mean.
    """
    centre, n = _columns(average, count)
    spread, _ = _columns(deviation, count)
    enough = np.where(n >= 2, n, np.nan)
    half = stats.t.ppf((1 + confidence) / 2, enough - 1) * spread / np.sqrt(enough)
    return centre - half, centre + half


def mean_on_scale(
    average: Countable, deviation: Countable, count: Countable, *, scale: tuple[float, float]
) -> Ends:
    """Give the 95 % interval of the mean of answers on a scale, as 1 to 5 stars.

    Student's interval of so few and so skewed answers as "nine fives and a one" holds the truth 8 times of 10
    only, and has no width where all agree. Half an answer more at either end of the scale mends both.

    Args:
        average: (n,) means.
        deviation: (n,) sample standard deviations.
        count: (n,) answers behind each mean; fewer than 2 give NaN.
        scale: the lowest and the highest possible answer.

    Source:
        Agresti and Coull 1998, The American Statistician 52:119 (the same for shares); what it is worth for
        means is measured by benchmarks/coverage.py.
    """
    centre, n = _columns(average, count)
    spread, _ = _columns(deviation, count)
    ends = np.array(scale, dtype=float)
    more = np.where(n >= 2, n + 1, np.nan)
    middle = (n * centre + ends.mean()) / more
    squares = (n - 1) * spread**2 + n * centre**2 + (ends**2).mean()
    around = np.sqrt(np.maximum(squares / more - middle**2, 0) * more / (more - 1))
    low, high = mean(middle, around, more)
    return np.minimum(np.maximum(low, ends[0]), centre), np.maximum(np.minimum(high, ends[1]), centre)


def recovered(now: Countable, now_ends: Ends, before: Countable, before_ends: Ends) -> Ends:
    """Give the interval of `now - before` from the interval of each: apart, not from the same comments.

    Source:
        Zou and Donner 2008, Statistics in Medicine 27:1693 (method of variance estimates recovery).
    """
    one, two = _columns(now, before)
    difference = one - two
    below = np.sqrt((one - now_ends[0]) ** 2 + (before_ends[1] - two) ** 2)
    above = np.sqrt((now_ends[1] - one) ** 2 + (two - before_ends[0]) ** 2)
    return difference - below, difference + above


def quantile(confidence: float, *, comparisons: int = 1) -> float:
    """Give the normal quantile for a two-sided confidence shared out over many comparisons (Bonferroni)."""
    return float(stats.norm.ppf(1 - (1 - confidence) / (2 * max(comparisons, 1))))


def _furthest(
    answers: tuple[Numbers, Numbers, Numbers], inside: Numbers, edge: Numbers, *, z: float
) -> Numbers:
    """Find, between `inside` and `edge`, the last supposed net score that the answers do not contradict.

    The score statistic grows steadily on the way, so halving the interval finds the place.
    """
    for _ in range(HALVINGS):
        half = (inside + edge) / 2
        beyond = np.abs(_score_statistic(*answers, half)) > z
        edge, inside = np.where(beyond, half, edge), np.where(beyond, inside, half)
    return np.where(answers[2] > 0, inside, np.nan)


def _score_statistic(up: Numbers, down: Numbers, n: Numbers, supposed: Numbers) -> Numbers:
    a, c = 2 * n, -down * supposed * (1 - supposed)
    b = -up - down + (2 * n - up + down) * supposed
    likeliest = _divide(np.sqrt(np.maximum(b * b - 4 * a * c, 0)) - b, 2 * a)
    variance = n * (2 * likeliest + supposed * (1 - supposed))
    gap = up - down - n * supposed
    with np.errstate(divide="ignore", invalid="ignore"):
        statistic = gap / np.sqrt(np.maximum(variance, 0))
    return np.where(np.abs(gap) < 1e-12, 0.0, statistic)


def _columns(first: Countable, second: Countable) -> tuple[Numbers, Numbers]:
    one, two = np.broadcast_arrays(np.asarray(first, dtype=float), np.asarray(second, dtype=float))
    return one, two


def _divide(top: Numbers, bottom: Numbers) -> Numbers:
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(bottom > 0, top / bottom, np.nan), dtype=float)


def quantile_ranks(count: Countable, share: float) -> Ends:
    """Give the ranks, from 0, between which a quantile lies with 95 % confidence; whatever the distribution.

    Ranks are whole, so the confidence is 95 % or more: of the ranks that reach it, the closest are given.

    Args:
        count: (n,) values behind each quantile.
        share: which quantile, as 0.5 for the median.

    Returns:
        Lower and upper ranks; NaN where there are too few values for any.

    Source:
        Conover 1999, Practical Nonparametric Statistics, 3.2: order statistics by the binomial distribution.
    """
    n = np.asarray(count, dtype=float)
    low = stats.binom.ppf(0.025, n, share) - 1
    high = stats.binom.ppf(0.975, n, share)
    for below, above in ((0, 1), (1, 0)):  # one rank less above, one less below
        sure = stats.binom.cdf(high - above, n, share) - stats.binom.cdf(low + below, n, share)
        low, high = np.where(sure >= 0.95, low + below, low), np.where(sure >= 0.95, high - above, high)
    enough = (low >= 0) & (high <= n - 1)
    return np.where(enough, low, np.nan), np.where(enough, high, np.nan)


def ratio(now: tuple[Countable, Countable], before: tuple[Countable, Countable], *, z: float = Z_95) -> Ends:
    """Give the interval of one share over another, of separate groups.

    Args:
        now: (n,) successes and (n,) totals of the upper share.
        before: the same of the lower share; a share of 0 gives an open end (infinity).
        z: normal quantile of the wanted confidence.

    Source:
        Donner and Zou 2012, Stat Methods Med Res 21:347 (MOVER for ratios), with Wilson's intervals.
    """
    x1, n1 = _columns(*now)
    x2, n2 = _columns(*before)
    top, bottom = _divide(x1, n1), _divide(x2, n2)
    (l1, u1), (l2, u2) = wilson(x1, n1, z=z), wilson(x2, n2, z=z)
    product = top * bottom
    with np.errstate(divide="ignore", invalid="ignore"):
        low_root = np.sqrt(np.maximum(product**2 - l1 * u2 * (2 * top - l1) * (2 * bottom - u2), 0))
        high_root = np.sqrt(np.maximum(product**2 - u1 * l2 * (2 * top - u1) * (2 * bottom - l2), 0))
        low = (product - low_root) / (u2 * (2 * bottom - u2))
        high = (product + high_root) / (l2 * (2 * bottom - l2))
    return np.maximum(np.where(x1 == 0, 0.0, low), 0.0), np.where(x2 == 0, np.inf, high)
