"""How good predictions are: per label, on average, with intervals; two models compared on the same texts."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

_CHUNK = 100  # resamples at once
_BINS = 10


@dataclass(frozen=True)
class LabelScore:
    """One label. `count` texts truly have it; shares are None where nothing was found or nothing is true."""

    label: str
    count: int
    precision: float | None
    recall: float | None
    f1: float


@dataclass(frozen=True)
class Interval:
    """A value with its 95 % interval."""

    value: float
    low: float
    high: float


def score_labels(truth: np.ndarray, found: np.ndarray, labels: tuple[str, ...]) -> list[LabelScore]:
    """Score every label that is true or found at least once.

    Args:
        truth: (n, c) booleans.
        found: (n, c) booleans.
        labels: c names.
    """
    both, true, given = (truth & found).sum(axis=0), truth.sum(axis=0), found.sum(axis=0)
    return [
        LabelScore(
            label,
            int(true[c]),
            float(both[c] / given[c]) if given[c] else None,
            float(both[c] / true[c]) if true[c] else None,
            float(2 * both[c] / (true[c] + given[c])),
        )
        for c, label in enumerate(labels)
        if true[c] + given[c]
    ]


def macro_f1(truth: np.ndarray, found: np.ndarray) -> float:
    """Give the mean F1, 0 to 1, of (n, c) booleans over the columns that are ever true; nan when none is."""
    return float(_macro(np.ones((1, len(truth)), np.float32), truth, found)[0]) if len(truth) else np.nan


def bootstrap(truth: np.ndarray, found: np.ndarray, *, draws: int, seed: int) -> Interval:
    """Give macro-F1 of (n, c) booleans with its bootstrap interval over the n texts."""
    values = np.concatenate(
        [_macro(weights, truth, found) for weights in _resamples(len(truth), draws, seed)]
    )
    return _interval(macro_f1(truth, found), values)


def compare(truth: np.ndarray, old: np.ndarray, new: np.ndarray, *, draws: int, seed: int) -> Interval:
    """Give the gain in macro-F1 of `new` over `old`, (n, c) booleans, with its paired interval over texts."""
    values = np.concatenate(
        [
            _macro(weights, truth, new) - _macro(weights, truth, old)
            for weights in _resamples(len(truth), draws, seed)
        ]
    )
    return _interval(macro_f1(truth, new) - macro_f1(truth, old), values)


def calibration_error(shares: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error of (n, c) probabilities, ten bins of equal width (Guo et al. 2017)."""
    if not len(truth):
        return np.nan
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    bins = np.minimum((sure * _BINS).astype(np.int64), _BINS - 1)
    gaps = np.abs(np.bincount(bins, sure, _BINS) - np.bincount(bins, right, _BINS))
    return float(gaps.sum() / len(truth))


def as_columns(values: np.ndarray, count: int) -> np.ndarray:
    """(n,) class numbers -> (n, count) booleans."""
    return np.asarray(values[:, None] == np.arange(count))


def _macro(weights: np.ndarray, truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """(b, n) weights of texts -> (b,) macro-F1, over the columns that are ever true."""
    used = truth.any(axis=0)
    both = weights @ (truth & found)[:, used].astype(np.float32)
    total = weights @ (truth[:, used].astype(np.float32) + found[:, used].astype(np.float32))
    has_any = total > 0
    f1 = np.where(has_any, 2 * both / np.where(has_any, total, 1), 0.0)
    return np.asarray(f1.sum(axis=1) / np.maximum(has_any.sum(axis=1), 1))


def _resamples(rows: int, draws: int, seed: int) -> list[np.ndarray]:
    """Give how often each text is drawn, `draws` times, some at once."""
    rng = np.random.default_rng(seed)
    made = []
    for start in range(0, draws, _CHUNK):
        count = min(_CHUNK, draws - start)
        picks = rng.integers(0, rows, (count, rows))
        at = (picks + np.arange(count)[:, None] * rows).ravel()
        made.append(np.bincount(at, minlength=count * rows).reshape(count, rows).astype(np.float32))
    return made


def _interval(value: float, draws: np.ndarray) -> Interval:
    low, high = np.percentile(draws, [2.5, 97.5])
    return Interval(value, float(low), float(high))
