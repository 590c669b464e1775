"""Weekly counts before and after a day -> how much the rate changed there, beyond trend and control."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import stats
from scipy.special import expit

Numbers = npt.NDArray[np.float64]
FURTHEST = 7.0  # log of the largest change looked for, in either direction: a thousandfold
STEPS = 30  # of a fit; 5 to 8 are enough unless a period has no complaint at all
HALVINGS = 30
TINY = 1e-9


@dataclass(frozen=True)
class Weeks:
    """w weeks of one subject: complaints and comments, where something was done and where nothing was.

    Attributes:
        time: (w,) number of the week; 0 is the first one after.
        count: (w,) complaints where it was done.
        total: (w,) comments there.
        control_count: (w,) complaints elsewhere; all zero when there is no elsewhere.
        control_total: (w,) comments elsewhere.
    """

    time: Numbers
    count: Numbers
    total: Numbers
    control_count: Numbers
    control_total: Numbers

    @property
    def is_after(self) -> npt.NDArray[np.bool_]:
        """Say which weeks lie after."""
        return self.time >= 0

    def until(self, last: int) -> Weeks:
        """Leave out the weeks from number `last` on."""
        kept = self.time < last
        return Weeks(
            self.time[kept],
            self.count[kept],
            self.total[kept],
            self.control_count[kept],
            self.control_total[kept],
        )

    def without_control(self) -> Weeks:
        """Give the same with nothing to compare with."""
        nothing = np.zeros_like(self.count)
        return Weeks(self.time, self.count, self.total, nothing, nothing)


@dataclass(frozen=True)
class Change:
    """The change of a rate at a day: share expected without it, and the difference with its interval.

    Attributes:
        expected: (w,) share that trend and control lead one to expect, each week.
        effect: share now minus expected, over the weeks after; low and high are its interval.
        ratio: rate now over the expected; ratio_low and ratio_high are its interval.
    """

    expected: Numbers
    effect: float
    low: float
    high: float
    ratio: float
    ratio_low: float
    ratio_high: float


def measure_change(weeks: Weeks, *, confidence: float, drift: tuple[float, float]) -> Change:
    """Fit an interrupted time series: level, trend, and a step at the day.

    With a control the complaints of a week are split between here and elsewhere: given their sum, the part
    that falls here is binomial, so whatever moves both (a season, a strike, another model) drops out exactly.
    Without one the counts are Poisson around the trend. Extra spread is estimated from the weeks themselves
    (quasi-likelihood), and the interval is that of the profile: it stands when a period has no complaint.

    Args:
        weeks: at least 5 weeks, some before and some after; weeks without comments left out.
        confidence: of the interval, as 0.95.
        drift: how much log rates drift in a week, as a standard deviation: alone, and against elsewhere. A
            trend beyond it needs the weeks before to prove it.

    Source:
        Wagner et al. 2002, J Clin Pharm Ther 27:299 (segmented regression of interrupted time series).
        Lopez Bernal et al. 2018, Int J Epidemiol 47:2082 (control series). McCullagh 1983, Ann Statist 11:59.
    """
    model = _Model(weeks, drift)
    best = model.peak()
    spread = model.spread(best)
    cut = float(stats.f.ppf(confidence, 1, model.freedom)) * spread
    floor = model.deviance(best)
    low, high = (model.edge(best, side, floor + cut) for side in (-FURTHEST, FURTHEST))
    effects = [model.effect(step) for step in (low, best, high)]
    return Change(
        model.expected(best), effects[1], min(effects), max(effects),
        float(np.exp(best)), float(np.exp(low)), float(np.exp(high)),
    )  # fmt: skip


class _Model:
    """log rate = level + trend x week + step after; level and trend are fitted anew for every step."""

    def __init__(self, weeks: Weeks, drift: tuple[float, float]) -> None:
        self.weeks = weeks
        self.after = weeks.is_after.astype(float)
        scale = max(float(np.abs(weeks.time).max()), 1.0)
        self.design = np.column_stack([np.ones(len(weeks.time)), weeks.time / scale])
        self.has_control = bool(weeks.control_count.sum() > 0)
        self.doubt = 1.0 / (drift[1 if self.has_control else 0] * scale) ** 2  # precision of the trend
        self.freedom = max(len(weeks.time) - 3, 1)
        elsewhere = np.maximum(weeks.control_total, 0.5)
        self.offset = np.log(weeks.total / elsewhere) if self.has_control else np.log(weeks.total)
        self.trials = weeks.count + weeks.control_count

    def peak(self) -> float:
        """Find the step that fits best: the full model by iterated least squares, bounded."""
        design = np.column_stack([self.design, self.after])
        return float(np.clip(self._solve(design, self.offset)[2], -FURTHEST, FURTHEST))

    def deviance(self, step: float) -> float:
        """Give the deviance of the best level and trend under a step."""
        y, (mean, trend) = self.weeks.count, self._mean(step)
        parts = _terms(y, mean)
        if self.has_control:
            parts += _terms(self.trials - y, self.trials - mean)
        else:
            parts += mean - y
        return 2 * float(parts.sum()) + self.doubt * trend**2

    def spread(self, step: float) -> float:
        """Estimate the extra spread by Pearson's statistic; not below that of plain binomial counts."""
        mean, _ = self._mean(step)
        variance = mean * (1 - mean / np.maximum(self.trials, TINY)) if self.has_control else mean
        usable = variance > TINY
        pearson = ((self.weeks.count - mean)[usable] ** 2 / variance[usable]).sum() / self.freedom
        share = self.weeks.count.sum() / self.weeks.total.sum()
        return float(max(pearson, 1 - share))

    def edge(self, inside: float, outside: float, limit: float) -> float:
        """Find the step between the two at which the deviance reaches the limit."""
        if self.deviance(outside) < limit:
            return outside
        for _ in range(HALVINGS):
            half = (inside + outside) / 2
            if self.deviance(half) < limit:
                inside = half
            else:
                outside = half
        return inside

    def expected(self, step: float) -> Numbers:
        """Give the share of each week without the step."""
        level, trend = self._solve(self.design, self.offset + step * self.after)
        rate: Numbers = np.exp(np.clip(self.design @ np.array([level, trend]), -30, 30))
        if not self.has_control:
            return np.asarray(rate)
        elsewhere = (self.weeks.control_count + TINY) / np.maximum(self.weeks.control_total, 1)
        return np.asarray(elsewhere * rate)

    def effect(self, step: float) -> float:
        """Give the difference in share over the weeks after."""
        weight = self.weeks.total * self.after
        return float((self.expected(step) * weight).sum() / weight.sum() * np.expm1(step))

    def _mean(self, step: float) -> tuple[Numbers, float]:
        """Give the complaints expected under a step, and the trend that goes with it."""
        offset = self.offset + step * self.after
        beta = self._solve(self.design, offset)
        return self._from_linear(offset + self.design @ beta), float(beta[1])

    def _from_linear(self, linear: Numbers) -> Numbers:
        if self.has_control:
            return np.asarray(self.trials * expit(linear))
        return np.asarray(np.exp(np.clip(linear, -30, 30)))

    def _solve(self, design: Numbers, offset: Numbers) -> Numbers:
        """Fit by iterated weighted least squares; a whiff of ridge keeps empty periods finite."""
        y = self.weeks.count
        beta = np.zeros(design.shape[1])
        share = (y.sum() + 0.5) / (self.trials.sum() + 1)
        start = (
            np.log(share / (1 - share))
            if self.has_control
            else np.log((y.sum() + 0.5) / self.weeks.total.sum())
        )
        beta[0] = start - (offset.mean() if self.has_control else 0.0)
        ridge = np.full(len(beta), 1e-6)
        ridge[0], ridge[1] = 1e-9, self.doubt
        for _ in range(STEPS):
            linear = offset + design @ beta
            mean = self._from_linear(linear)
            weight = mean * (1 - mean / np.maximum(self.trials, TINY)) if self.has_control else mean
            weight = np.maximum(weight, TINY)
            slope = design.T @ (y - mean) - ridge * beta
            move = np.linalg.solve((design.T * weight) @ design + np.diag(ridge), slope)
            move *= min(1.0, 3.0 / max(float(np.abs(move).max()), TINY))
            beta = beta + move
            if np.abs(move).max() < 1e-8:
                break
        return beta


def _terms(y: Numbers, mean: Numbers) -> Numbers:
    positive = y > 0
    ratio = np.divide(y, np.maximum(mean, TINY), out=np.ones_like(y), where=positive)
    return np.where(positive, y * np.log(ratio), 0.0)
