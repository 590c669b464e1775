"""How often each interval of the report holds the truth: 95 % should mean 93 to 97.

    python -m benchmarks.coverage [--draws 4000]

Draws from worlds whose truth is known; prints one line per interval and world. Slow ones (a regression, a
time series) draw a tenth as often. The last lines
count verdicts on actions that did nothing, and that helped.
"""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterator

import numpy as np
from scipy import sparse

from flows.settings import load_settings
from reports.actions.judge import _verdict
from reports.actions.series import Weeks, measure_change
from reports.competitors.compare import _rows, _Side
from reports.drivers.impact import measure_impacts
from reports.drivers.regression import fit_effects
from reports.facts import intervals
from reports.risk.measures import auc

Held = np.ndarray
World = tuple[str, str, Callable[[np.random.Generator, int], Held]]
STARS = {"mostly five": [0.05, 0.05, 0.1, 0.2, 0.6], "split": [0.35, 0.05, 0.05, 0.1, 0.45]}
PLANTED = np.array([-45.0, 0.0, -20.0, 15.0, 0.0])
SLOW = 10
RULES = load_settings()["actions"]


def holds(ends: tuple[object, object], truth: object) -> Held:
    """Say which intervals hold the truth."""
    low, high = (np.asarray(end, dtype=float) for end in ends)
    return (low <= truth) & (truth <= high)


def shares() -> Iterator[World]:
    """Shares, their differences and ratios."""
    for p, n in ((0.03, 200), (0.1, 80), (0.35, 120), (0.5, 30)):
        yield (
            "share (Wilson)",
            f"{p:.0%} of {n}",
            lambda rng, draws, p=p, n=n: holds(
                intervals.wilson(rng.binomial(n, p, draws), np.full(draws, n)), p
            ),
        )
    for p, q, n, m in ((0.1, 0.1, 150, 120), (0.3, 0.2, 80, 200), (0.05, 0.12, 300, 300)):
        yield (
            "change of a share (Newcombe)",
            f"{p:.0%} of {n}, {q:.0%} of {m}",
            (
                lambda rng, draws, p=p, q=q, n=n, m=m: holds(
                    intervals.newcombe((rng.binomial(n, p, draws), n), (rng.binomial(m, q, draws), m)), p - q
                )
            ),
        )
    for p, q, n, m in ((0.1, 0.05, 200, 800), (0.3, 0.2, 100, 100)):
        yield (
            "lift (MOVER)",
            f"{p:.0%} of {n}, {q:.0%} of {m}",
            (
                lambda rng, draws, p=p, q=q, n=n, m=m: holds(
                    intervals.ratio((rng.binomial(n, p, draws), n), (rng.binomial(m, q, draws), m)), p / q
                )
            ),
        )
    yield "against another brand (stratified Newcombe)", "two kinds of feedback", stratified


def stratified(rng: np.random.Generator, draws: int) -> Held:
    """Draw two kinds of feedback of two brands, ten points apart in each."""

    def side(n: int, p: float) -> _Side:
        return _Side(rng.binomial(n, p, draws).astype(float), n)

    strata = [(side(120, 0.2), side(90, 0.1)), (side(80, 0.4), side(60, 0.3))]
    names, nothing = [str(i) for i in range(draws)], [[] for _ in range(draws)]
    found = _rows("R", "all", strata, names, nothing)
    return holds((found["difference_low"], found["difference_high"]), 0.1)


def scores() -> Iterator[World]:
    """Survey scores, their changes, waiting times."""
    for up, down, n in ((0.45, 0.2, 50), (0.3, 0.3, 150), (0.7, 0.05, 80), (0.1, 0.6, 60)):
        yield (
            "NPS (Rocks)",
            f"{100 * (up - down):+.0f} of {n}",
            (lambda rng, draws, up=up, down=down, n=n: holds(net(rng, (up, down), n, draws)[1], up - down)),
        )
    yield "change of NPS (Zou and Donner)", "+30 of 120, +10 of 90", nps_change
    for name, p in STARS.items():
        for n in (10, 20, 30, 100):
            yield (
                "mean of stars",
                f"{name}, {n}",
                lambda rng, draws, p=p, n=n: holds(stars(rng, p, n, draws)[1], np.dot(p, np.arange(1, 6))),
            )
    for n in (20, 60, 400):
        yield (
            "median of hours (order statistics)",
            f"{n} tickets",
            lambda rng, draws, n=n: median(rng, n, draws),
        )


def net(
    rng: np.random.Generator, parts: tuple[float, float], n: int, draws: int
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Draw net promoter scores and their intervals."""
    drawn = rng.multinomial(n, [*parts, 1 - sum(parts)], draws)
    score = (drawn[:, 0] - drawn[:, 1]) / n
    return score, intervals.net_promoter(drawn[:, 0], drawn[:, 1], np.full(draws, n))


def nps_change(rng: np.random.Generator, draws: int) -> Held:
    """Draw two periods whose scores are 20 points apart."""
    (now, now_ends), (before, ends) = net(rng, (0.5, 0.2), 120, draws), net(rng, (0.4, 0.3), 90, draws)
    return holds(intervals.recovered(now, now_ends, before, ends), 0.2)


def stars(
    rng: np.random.Generator, parts: list[float], n: int, draws: int
) -> tuple[np.ndarray, tuple[np.ndarray, np.ndarray]]:
    """Draw mean ratings and their intervals."""
    drawn = rng.choice(np.arange(1, 6), (draws, n), p=parts)
    mean = drawn.mean(axis=1)
    return mean, intervals.mean_on_scale(mean, drawn.std(axis=1, ddof=1), np.full(draws, n), scale=(1, 5))


def median(rng: np.random.Generator, n: int, draws: int) -> Held:
    """Draw waiting times."""
    values = np.sort(rng.exponential(size=(draws, n)), axis=1)
    low, high = (int(end) for end in intervals.quantile_ranks(n, 0.5))
    return holds((values[:, low], values[:, high]), np.log(2))


def models() -> Iterator[World]:
    """What rests on a model; each draw is a fit."""
    for share in (0.05, 0.4):
        yield (
            "impact on a score (delta method)",
            f"{share:.0%} of 800",
            (lambda rng, draws, share=share: np.array([impact(rng, share) for _ in range(draws // 2)])),
        )
    for n in (800, 2000):
        yield (
            "effect beside others (score bootstrap)",
            f"5 subjects, {n}",
            (lambda rng, draws, n=n: np.array([effects(rng, n) for _ in range(draws // SLOW)])),
        )
    yield (
        "area under the curve (DeLong)",
        "60 of 600 left",
        (lambda rng, draws: np.array([area(rng) for _ in range(draws // 2)])),
    )
    for control in (True, False):
        yield (
            "effect of an action (time series)",
            "with control" if control else "alone",
            (
                lambda rng, draws, control=control: np.array(
                    [action(rng, control) for _ in range(draws // SLOW)]
                )
            ),
        )


def impact(rng: np.random.Generator, share: float) -> bool:
    """Draw 800 answers; those on the subject are 40 points lower."""
    told = (rng.random(800) < share).astype(float)
    score = np.where(rng.random(800) < 0.6 - 0.2 * told, 100.0, -100.0)
    found = measure_impacts(sparse.csr_array(told[:, None]), score)
    return bool(found.low[0] <= -40 * share <= found.high[0])


def effects(rng: np.random.Generator, n: int) -> np.ndarray:
    """Draw n answers with planted effects; the first two subjects travel together."""
    told = (rng.random((n, len(PLANTED))) < 0.06).astype(float)
    both = rng.random(n) < 0.6
    told[both, 1] = np.maximum(told[both, 1], told[both, 0])
    up = 0.4 + np.clip(25 + told @ PLANTED, -95, 95) / 200
    draw = rng.random(n)
    score = np.where(draw < up, 100.0, np.where(draw < up + 0.2, 0.0, -100.0))
    none = sparse.csr_array((n, 0))
    found = fit_effects(sparse.csr_array(told), none, score, ridge=1.0, author=np.arange(n))
    return holds((found.low, found.high), PLANTED)


def area(rng: np.random.Generator) -> bool:
    """Draw risks of leavers one standard deviation above the others."""
    left = rng.random(600) < 0.1
    _, low, high = auc(rng.normal(size=600) + left, left)
    return low <= 0.76025 <= high


def weeks(rng: np.random.Generator, drop: float, *, slope: float = 0.0, is_uneven: bool = False) -> Weeks:
    """Draw 26 weeks before an action and 12 after; elsewhere nothing was done, and nothing drifts."""
    time = np.arange(-26, 12, dtype=float)
    season = np.exp(0.15 * np.sin(time / 4)) if is_uneven else np.ones(len(time))

    def counts(rate: np.ndarray, volume: int) -> tuple[np.ndarray, np.ndarray]:
        total = rng.poisson(volume, len(time))
        uneven = rng.gamma(40, 1 / 40, len(time)) if is_uneven else 1.0
        return rng.binomial(total, np.clip(rate * uneven, 0, 1)).astype(float), total.astype(float)

    here = counts(0.08 * season * np.where(time >= 0, drop, 1.0) * np.exp(slope * time), 120)
    return Weeks(time, *here, *counts(0.08 * season, 300))


def action(rng: np.random.Generator, control: bool) -> bool:
    """Draw an action after which three in eight complaints stay away, while the rate drifts as is usual."""
    drawn = weeks(rng, 0.625, slope=rng.normal(0, RULES.drift[1 if control else 0]))
    found = measure_change(drawn if control else drawn.without_control(), confidence=0.95, drift=RULES.drift)
    return bool(found.ratio_low <= 0.625 <= found.ratio_high)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--draws", type=int, default=4000)
    draws = parser.parse_args().draws
    print("| interval | world | draws | holds the truth |\n|---|---|---|---|")
    for number, (name, world, drawn) in enumerate((*shares(), *scores(), *models())):
        held = np.asarray(drawn(np.random.default_rng([number, 7]), draws))
        print(f"| {name} | {world} | {len(held):,} | {held.mean():.1%} |", flush=True)
    for drop, name in ((1.0, "did nothing"), (0.5, "halved the complaints")):
        rng = np.random.default_rng(31)
        words = [_verdict(weeks(rng, drop, is_uneven=True), 12, RULES).word for _ in range(draws // SLOW)]
        shares_of = {word: f"{words.count(word) / len(words):.1%}" for word in ("worked", "worse")}
        print(f"action that {name}, {len(words)} draws, three looks: {shares_of}", flush=True)


if __name__ == "__main__":
    main()
