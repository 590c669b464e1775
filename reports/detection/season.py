"""Trend and yearly season, fitted to years of weekly counts of all series at once."""

from __future__ import annotations

import dataclasses
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from reports.detection.panel import Bools, Floats, Panel
from reports.detection.rules import AlertRules
from reports.detection.windows import tail_probability

if TYPE_CHECKING:
    from reports.detection.scan import Signals

WEEKS_PER_YEAR = 365.25 / 7
HARMONICS = 2
STEPS = 6  # Newton steps per round; the fit starts at the mean and is convex
ROUNDS = 3  # of outlier weights
MAX_LOG = 12.0  # keeps exp() finite while a hopeless series has not converged
# Prior precision of trend and season: a standard deviation of 1 on the log scale, 2.7 times. It only
# matters for series with a handful of complaints, where the likelihood alone runs away.
PRIOR_PRECISION = 1.0


@dataclass(frozen=True)
class SeasonFit:
    """A fitted season.

    Attributes:
        beta: (series, terms) coefficients on the log scale.
        covariance: (series, terms, terms) of the coefficients, dispersion included.
        dispersion: (series,) variance over mean of a week.
    """

    beta: Floats
    covariance: Floats
    dispersion: Floats


def _weeks(panel: Panel, start: int, stop: int) -> Floats:
    return np.arange(start, stop, dtype=np.float64) + panel.first / 7


def season_terms(weeks: Floats, origin: float) -> Floats:
    """Give intercept, trend in years, and two harmonics: (k,) week numbers -> (k, 6)."""
    time = weeks
    columns = [np.ones(len(time)), (time - origin) / WEEKS_PER_YEAR]
    for harmonic in range(1, HARMONICS + 1):
        angle = 2 * np.pi * harmonic * time / WEEKS_PER_YEAR
        columns += [np.cos(angle), np.sin(angle)]
    return np.stack(columns, axis=1)


def fit_counts(n: Floats, comments: Floats, terms: Floats, outlier: float) -> SeasonFit:
    """Fit a log-linear quasi-Poisson to every series, surprising weeks weighing less.

    Args:
        n: (weeks, series) complaints.
        comments: (weeks, series) comments; 0 leaves the week out.
        terms: (weeks, terms) design.
        outlier: Anscombe residual above which a week weighs less.

    Returns:
        One fit per series.

    Source:
        Noufaily et al. 2013, Statistics in Medicine 32:1206; own implementation.
    """
    width = terms.shape[1]
    products = (terms[:, :, None] * terms[:, None, :]).reshape(len(terms), width * width)
    prior = np.full(width, PRIOR_PRECISION)
    prior[0] = 0.0
    usable = comments > 0
    weight = usable.astype(np.float64)
    offset = np.log(np.where(usable, comments, 1.0))
    beta = np.zeros((n.shape[1], width))
    beta[:, 0] = np.log((n.sum(axis=0) + 0.5) / np.maximum(comments.sum(axis=0), 1.0))
    for round_ in range(ROUNDS):
        for _ in range(STEPS if round_ == 0 else 2):
            mean = np.exp(np.clip(offset + terms @ beta.T, -MAX_LOG * 3, MAX_LOG))
            information = ((weight * mean).T @ products).reshape(-1, width, width)
            information += np.diag(prior) + 1e-9 * np.eye(width)
            gradient = (weight * (n - mean)).T @ terms - prior * beta
            step = np.linalg.solve(information, gradient[:, :, None])[:, :, 0]
            beta += np.clip(step, -1.0, 1.0)
        mean = np.maximum(np.exp(np.clip(offset + terms @ beta.T, -MAX_LOG * 3, MAX_LOG)), 1e-9)
        squares = (weight * (n - mean) ** 2 / mean).sum(axis=0)
        dispersion = np.maximum(1.0, squares / np.maximum(weight.sum(axis=0) - width, 1.0))
        surprise = _surprise(n * usable, np.where(usable, mean, 1e-9), dispersion)
        weight = np.where(surprise > outlier, 1 / np.maximum(surprise, outlier) ** 2, 1.0) * usable
    covariance = np.linalg.inv(information) * dispersion[:, None, None]
    return SeasonFit(beta, covariance, dispersion)


def _surprise(n: Floats, mean: Floats, dispersion: Floats) -> Floats:
    """Give the larger residual of each week alone and with a neighbour: outbreaks last a few weeks."""
    surprise = _anscombe(n, mean, dispersion)
    pairs = _anscombe(n[1:] + n[:-1], mean[1:] + mean[:-1], dispersion)
    surprise[1:] = np.maximum(surprise[1:], pairs)
    surprise[:-1] = np.maximum(surprise[:-1], pairs)
    return surprise


def _anscombe(n: Floats, mean: Floats, dispersion: Floats) -> Floats:
    root = np.sqrt(mean)
    return np.asarray(1.5 * (np.cbrt(n) ** 2 / np.cbrt(root) - root) / np.sqrt(dispersion))


def fit_season(panel: Panel, signals: Signals, rules: AlertRules) -> Signals:
    """Judge weekly counts by trend and season where the history is long enough.

    Args:
        panel: weekly counts.
        signals: what the scan says of some rows.
        rules: section [alerts].

    Returns:
        The signals, those of series with a long history replaced.
    """
    arrays = {
        name: getattr(signals, name).copy()
        for name in ("expected", "variance", "p", "share", "dispersion", "exposure", "weeks")
    }
    scores = {name: getattr(signals, name).copy() for name in ("score", "short_score", "run_score")}
    live, ready = signals.live.copy(), signals.ready.copy()
    for place, row in enumerate(signals.rows):
        stop = int(row) + 1 - rules.season_gap_weeks
        start = max(stop - rules.season_max_weeks, 0)
        if stop - start < rules.season_weeks:
            continue
        n = panel.n[start:stop].astype(np.float64)
        comments = panel.total[start:stop][:, panel.group].astype(np.float64)
        known = (comments > 0).sum(axis=0) >= rules.season_weeks
        if not known.any():
            continue
        origin = panel.day(int(row)) / 7
        terms = season_terms(_weeks(panel, start, stop), origin)
        fit = fit_counts(n[:, known], comments[:, known], terms, rules.outlier)
        _replace(panel, (signals, arrays), (place, known), fit, rules)
        best = arrays["p"][:, place, known].min(axis=0)
        value = -np.log10(np.clip(len(rules.season_windows) * best, 1e-300, 1.0))
        for score in scores.values():
            score[place, known] = np.round(value, 6) + 0.0
        last = signals.n[0, place, known]
        live[place, known] = (last > 0) & (last >= rules.live_ratio * arrays["expected"][0, place, known])
        ready[place, known] = True
    return dataclasses.replace(signals, **arrays, **scores, live=live, ready=ready)


def _replace(
    panel: Panel,
    what: tuple[Signals, dict[str, Floats]],
    where: tuple[int, Bools],
    fit: SeasonFit,
    rules: AlertRules,
) -> None:
    signals, arrays = what
    place, known = where
    row = int(signals.rows[place])
    origin = panel.day(row) / 7
    for number, length in enumerate(signals.windows):
        terms = season_terms(_weeks(panel, row + 1 - length, row + 1), origin)
        comments = panel.total[row + 1 - length : row + 1][:, panel.group[known]]
        means = comments * np.exp(np.clip(terms @ fit.beta.T, -3 * MAX_LOG, MAX_LOG))
        expected = np.maximum(means.sum(axis=0), 1e-9)
        centre = (means[:, :, None] * terms[:, None, :]).sum(axis=0) / expected[:, None]
        error = np.einsum("si,sij,sj->s", centre, fit.covariance, centre)
        variance = fit.dispersion * expected + error * expected**2
        n = signals.n[number, place, known]
        judged = (n >= rules.min_count) & (n >= rules.season_min_ratio * expected)
        judged &= length in rules.season_windows
        p = np.ones(len(expected))
        p[judged] = tail_probability(n[judged], expected[judged], variance[judged])
        total = np.maximum(comments.sum(axis=0), 1)
        arrays["expected"][number, place, known] = expected
        arrays["variance"][number, place, known] = variance
        arrays["p"][number, place, known] = p
        arrays["share"][number, place, known] = expected / total
        arrays["dispersion"][number, place, known] = fit.dispersion
