"""Nested cross-validation: corrections judged on texts that chose neither their weights nor their freedom."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from itertools import combinations

import numpy as np

from nlp.learning.fit import Fitted
from nlp.learning.tasks import CategoryTask, SentimentTask

REFERENCE = -1  # the fold of reference texts: they are learned from, never judged


@dataclass(frozen=True)
class Crossed:
    """What nested cross-validation gives.

    Attributes:
        by_fold: for each fold the correction that has not seen it.
        final: the correction of all texts.
        freedom: of `final`.
    """

    by_fold: tuple[Fitted, ...]
    final: Fitted
    freedom: float


def cross(
    task: SentimentTask | CategoryTask,
    folds: np.ndarray,
    freedoms: tuple[float, ...],
    *,
    tell: Callable[[int, int], None],
) -> Crossed:
    """Fit without each fold, the freedom chosen inside, and once with all.

    A fit without two folds serves both as the other's inside, which halves the work.

    Args:
        task: what is learned.
        folds: (n,) fold of each text, REFERENCE for those that are not the company's.
        freedoms: ascending.
        tell: called with fits done and fits in all.
    """
    count = int(folds.max()) + 1
    own = folds != REFERENCE
    pairs = list(combinations(range(count), 2))
    inner: dict[tuple[int, int], list[Fitted]] = {}
    losses = np.zeros((count, len(freedoms)))
    for done, (a, b) in enumerate(pairs):
        tell(done, len(pairs) + 1)
        inside = own & (folds != a) & (folds != b)
        fits = inner[(a, b)] = [task.fit(inside, freedom) for freedom in freedoms]
        for outer, held in ((a, folds == b), (b, folds == a)):
            losses[outer] += [held.sum() * task.loss(fitted, held) for fitted in fits]
    tell(len(pairs), len(pairs) + 1)
    best = losses.argmin(axis=1)
    by_fold = [task.fit(own & (folds != fold), freedoms[best[fold]]) for fold in range(count)]
    freedom = freedoms[int(losses.sum(axis=0).argmin())]
    final = task.fit(own, freedom)
    crossed = Crossed(tuple(by_fold), final, freedom)
    if not isinstance(task, CategoryTask):
        return crossed
    chosen = {pair: [fits[best[pair[0]]], fits[best[pair[1]]]] for pair, fits in inner.items()}
    return _shift(task, folds, crossed, chosen)


SHIFTS = (0.0, 0.4, 0.8, 1.2, 1.6)  # rare labels: the logit of an even chance is seldom where F1 is best


def _shift(
    task: CategoryTask, folds: np.ndarray, crossed: Crossed, chosen: dict[tuple[int, int], list[Fitted]]
) -> Crossed:
    """Move each correction so that 0.5 is where F1 is best on texts that its fit has not seen."""
    by_fold = []
    for fold, fitted in enumerate(crossed.by_fold):
        scores = np.zeros_like(task.scores(fitted))
        for (a, b), fits in chosen.items():
            if fold in (a, b):
                other = b if fold == a else a
                inside = task.scores(fits[0] if fold == a else fits[1])
                scores[folds == other] = inside[folds == other]
        at = (folds != fold) & (folds != REFERENCE)
        by_fold.append(_moved(fitted, task.best_shift(scores, at, SHIFTS)))
    scores = np.zeros_like(task.scores(crossed.final))
    for fold, fitted in enumerate(crossed.by_fold):
        scores[folds == fold] = task.scores(fitted)[folds == fold]
    final = _moved(crossed.final, task.best_shift(scores, folds != REFERENCE, SHIFTS))
    return Crossed(tuple(by_fold), final, crossed.freedom)


def _moved(fitted: Fitted, shift: float) -> Fitted:
    return replace(fitted, bias=fitted.bias + shift)
