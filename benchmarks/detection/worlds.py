"""Simulated worlds in which the truth is known: daily customer counts, and the scenarios of Noufaily 2013."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

DAYS_PER_WEEK = 7
KINDS = ("spike", "ramp", "burst", "new", "shift")
SIZES = {"spike": (3, 5, 8, 12), "ramp": (3, 5, 8), "burst": (3, 5, 8), "new": (3, 5, 10), "shift": (2, 3, 5)}
EVENTS_PER_KIND = 16
BURSTS = 5


@dataclass(frozen=True)
class WorldRules:
    """How a world is drawn.

    Attributes:
        weeks: length of the history.
        issues: issues per segment.
        segments: segments, each with its own volume.
        volume: comments a day of the median segment.
        drift: standard deviation of the log share's slow drift (Ornstein-Uhlenbeck).
        drift_days: its time constant.
        overdispersion: intra-day correlation of the beta-binomial noise.
        surges: total-volume surges per segment, in which no share changes.
        events: whether issues are planted.
    """

    weeks: int = 104
    issues: int = 30
    segments: int = 10
    volume: float = 60.0
    drift: float = 0.15
    drift_days: float = 60.0
    overdispersion: float = 0.004
    surges: int = 4
    events: bool = True


@dataclass(frozen=True)
class Event:
    """One planted issue: days are positions, `end` is the last day."""

    series: int
    kind: str
    size: int
    group: int
    start: int
    end: int


@dataclass(frozen=True)
class World:
    """Counts of a world and what was planted in it.

    Attributes:
        n: (days, series) comments that carry the issue.
        total: (days, segments) all comments.
        segment_of: (series,) segment of each series.
        events: what was planted.
        surge: (days, segments) whether the day lies in a total-volume surge.
        mean: (days, series) expected comments without events, for the oracle.
        variance: (days, series) their variance.
    """

    n: np.ndarray
    total: np.ndarray
    segment_of: np.ndarray
    events: tuple[Event, ...]
    surge: np.ndarray
    mean: np.ndarray
    variance: np.ndarray


def hidden_rules(seed: int, *, events: bool = True) -> WorldRules:
    """Draw the rules of a world at random: size, volume, drift, dispersion and surges."""
    rng = np.random.default_rng([seed, 9])
    return WorldRules(
        issues=int(rng.integers(20, 41)),
        segments=int(rng.integers(6, 13)),
        volume=float(np.exp(rng.uniform(np.log(25), np.log(150)))),
        drift=float(rng.uniform(0.1, 0.3)),
        drift_days=float(rng.uniform(20, 90)),
        overdispersion=float(np.exp(rng.uniform(np.log(0.001), np.log(0.02)))),
        surges=int(rng.integers(2, 7)),
        events=events,
    )


def draw_world(seed: int, rules: WorldRules) -> World:
    """Draw one world; equal seeds give equal worlds."""
    rng = np.random.default_rng([seed, 1])
    days, series = rules.weeks * DAYS_PER_WEEK, rules.issues * rules.segments
    segment_of = np.repeat(np.arange(rules.segments), rules.issues)
    total, surge = _draw_totals(rng, days, rules)
    share = _draw_shares(rng, days, series, rules)
    exposure = total[:, segment_of]
    mean = exposure * share
    variance = mean * (1 - share) * (1 + np.maximum(exposure - 1, 0) * rules.overdispersion)
    extra = np.zeros((days, series))
    events: list[Event] = []
    if rules.events:
        silent = _plant(rng, events, extra, mean, variance)
        share[:, silent] = 1e-9
        mean = exposure * share
    p = np.clip(share, 1e-9, 0.5)
    strength = 1 / rules.overdispersion - 1
    n = rng.binomial(exposure, rng.beta(p * strength, (1 - p) * strength))
    added = rng.poisson(extra)
    n = np.minimum(n + added, exposure)
    return World(n, total, segment_of, tuple(events), surge, mean, variance)


def _draw_totals(rng: np.random.Generator, days: int, rules: WorldRules) -> tuple[np.ndarray, np.ndarray]:
    size = rules.volume * np.exp(rng.normal(0, 0.8, rules.segments))
    weekday = np.exp(rng.normal(0, 0.2, DAYS_PER_WEEK))
    common = _drift(rng, days, 1, 0.2, 45.0) + _drift(rng, days, rules.segments, 0.15, 45.0)
    surge = np.zeros((days, rules.segments), dtype=bool)
    factor = np.ones((days, rules.segments))
    for segment in range(rules.segments):
        for _ in range(rules.surges):
            start, length = int(rng.integers(100, days - 30)), int(rng.integers(2, 15))
            surge[start : start + length, segment] = True
            factor[start : start + length, segment] = rng.uniform(2, 4)
    rate = size * weekday[np.arange(days) % DAYS_PER_WEEK][:, None] * np.exp(common) * factor
    return rng.poisson(rate * rng.gamma(30, 1 / 30, rate.shape)), surge


def _draw_shares(rng: np.random.Generator, days: int, series: int, rules: WorldRules) -> np.ndarray:
    level = np.tile(np.exp(rng.normal(np.log(0.02), 0.9, rules.issues)), rules.segments)
    level = np.clip(level * np.exp(rng.normal(0, 0.3, series)), 0.001, 0.2)
    return np.asarray(level * np.exp(_drift(rng, days, series, rules.drift, rules.drift_days)))


def _drift(rng: np.random.Generator, days: int, series: int, sd: float, time_constant: float) -> np.ndarray:
    keep = np.exp(-1 / time_constant)
    noise = rng.normal(0, sd * np.sqrt(1 - keep**2), (days, series))
    path = np.empty((days, series))
    path[0] = rng.normal(0, sd, series)
    for day in range(1, days):
        path[day] = keep * path[day - 1] + noise[day]
    return path


def _plant(
    rng: np.random.Generator, events: list[Event], extra: np.ndarray, mean: np.ndarray, variance: np.ndarray
) -> np.ndarray:
    """Plant events in distinct series; give the series of new issues, which carry nothing else."""
    days, series = extra.shape
    chosen = rng.permutation(series)[: EVENTS_PER_KIND * len(KINDS)]
    silent = []
    for place, one in enumerate(chosen):
        kind = KINDS[place % len(KINDS)]
        size = SIZES[kind][(place // len(KINDS)) % len(SIZES[kind])]
        start = int(rng.integers(26 * DAYS_PER_WEEK, days - 24 * DAYS_PER_WEEK))
        weekly_sd = float(np.sqrt(DAYS_PER_WEEK * variance[start - 28 : start, one].mean()))
        if kind == "new":
            silent.append(int(one))
        for number, (first, shape) in enumerate(_shapes(rng, kind, float(size), weekly_sd)):
            begin, end = start + first, start + first + len(shape) - 1
            extra[begin : end + 1, one] += shape
            events.append(Event(int(one), kind, size, place * 10 + number, begin, end))
    return np.array(silent, dtype=int)


def _shapes(
    rng: np.random.Generator, kind: str, size: float, weekly_sd: float
) -> list[tuple[int, np.ndarray]]:
    week = DAYS_PER_WEEK
    if kind == "spike":
        length = int(rng.integers(3, 11))
        return [(0, np.full(length, size * weekly_sd / length))]
    if kind == "ramp":
        return [(0, np.linspace(0, size * weekly_sd / week, 8 * week))]
    if kind == "shift":
        return [(0, np.full(8 * week, size * weekly_sd / week))]
    if kind == "new":
        return [(0, np.full(8 * week, size / week))]
    starts = np.cumsum(rng.integers(21, 36, BURSTS)) - 21
    return [(int(s), np.full(3, size * weekly_sd / 3)) for s in starts]


# theta, beta, gamma1, gamma2, phi of the seven blocks of Noufaily et al. 2013, Statistics in Medicine 32:1206
BLOCKS = (
    (0.1, 0.0025, 0.6, 0.6, 1.5),
    (-2.0, 0.005, 0.1, 0.3, 2.0),
    (1.5, 0.003, 0.2, -0.4, 1.0),
    (0.5, 0.002, 0.5, 0.5, 5.0),
    (2.5, 0.001, 1.0, 0.1, 3.0),
    (3.75, 0.001, 0.1, -0.1, 1.1),
    (5.0, 0.0001, 0.05, 0.01, 1.2),
)
SCENARIO_WEEKS, BASELINE_START, TEST_START = 624, 312, 575
PAST_OUTBREAKS = (2, 3, 5, 10)


@dataclass(frozen=True)
class Scenarios:
    """Weekly series of the 42 scenarios.

    Attributes:
        clean: (weeks, series) without any outbreak.
        past: (weeks, series) with four outbreaks in the baseline weeks.
        current: (weeks, series) with one more in the test weeks.
        outbreak: (weeks, series) whether the current outbreak has cases in that week.
    """

    clean: np.ndarray
    past: np.ndarray
    current: np.ndarray
    outbreak: np.ndarray


def draw_scenarios(seed: int, repeats: int) -> Scenarios:
    """Draw every scenario `repeats` times."""
    rng = np.random.default_rng([seed, 2])
    means, spreads = [], []
    time = np.arange(1, SCENARIO_WEEKS + 1)
    for theta, beta, gamma1, gamma2, phi in BLOCKS:
        for trend in (0, 1):
            for harmonics in (0, 1, 2):
                season = sum(
                    gamma1 * np.cos(2 * np.pi * h * time / 52) + gamma2 * np.sin(2 * np.pi * h * time / 52)
                    for h in range(1, harmonics + 1)
                )
                means += [np.exp(theta + trend * beta * time + season)] * repeats
                spreads += [phi] * repeats
    mean, phi_of = np.stack(means, axis=1), np.array(spreads)
    clean = _negative_binomial(rng, mean, phi_of)
    deviation = np.sqrt(phi_of * mean)
    past, outbreak = clean.copy(), np.zeros(clean.shape, dtype=bool)
    current = clean.copy()
    for series in range(clean.shape[1]):
        for size in rng.choice(PAST_OUTBREAKS, 4):
            start = int(rng.integers(BASELINE_START, TEST_START - 5))
            _add_outbreak(rng, (past, current), (series, start), size * deviation[start, series])
        start = int(rng.integers(TEST_START, SCENARIO_WEEKS))
        size = int(rng.integers(1, 11)) * deviation[start, series]
        for week in _add_outbreak(rng, (current,), (series, start), size):
            outbreak[week, series] = True
    return Scenarios(clean, past, current, outbreak)


def _negative_binomial(rng: np.random.Generator, mean: np.ndarray, phi: np.ndarray) -> np.ndarray:
    rate = mean.copy()
    spread = np.broadcast_to(phi, mean.shape)
    wide = spread > 1
    scale = spread[wide] - 1
    rate[wide] = rng.gamma(mean[wide] / scale, scale)
    return rng.poisson(rate)


def _add_outbreak(
    rng: np.random.Generator, counts: tuple[np.ndarray, ...], where: tuple[int, int], size: float
) -> set[int]:
    series, start = where
    cases = int(rng.poisson(size))
    weeks = start + np.floor(rng.lognormal(0, 0.5, cases)).astype(int)
    weeks = weeks[weeks < len(counts[0])]
    for one in counts:
        np.add.at(one[:, series], weeks, 1)
    return set(weeks.tolist())
