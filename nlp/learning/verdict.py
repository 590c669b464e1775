"""Whether a corrected head is better than the shipped one: numbers, and one line of words."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from nlp.learning.scores import Interval, LabelScore, compare, macro_f1, score_labels

POINT = 100.0


@dataclass(frozen=True)
class TrainRules:
    """Section [train] of the settings.

    Attributes:
        min_rows: labelled texts that a head needs before anything is tried.
        min_per_label: texts of a label before the verdict counts it.
        min_new: texts of a category that the taxonomy does not have, before it is learned.
        min_new_f1: held-out F1 from which a new category is kept.
        folds: of the cross-validation.
        freedoms: strengths tried, ascending: inverse ridge, 0 for scale and bias alone.
        rank: directions of the texts that are learned along.
        ngram_weight: what n-grams weigh against the encoder's features.
        balance: power by which rare sentiments count more.
        reference_texts: reference clauses per language that are learned along, against forgetting.
        reference_weight: what one of them counts.
        max_loss: points of macro-F1 on other reference clauses that a correction may cost.
        draws: bootstrap resamples.
        seed: of the bootstrap.
        phrases: example texts of a new category that go into the taxonomy file.
        phrase_length: characters of the longest of them.
    """

    min_rows: int
    min_per_label: int
    min_new: int
    min_new_f1: float
    folds: int
    freedoms: tuple[float, ...]
    rank: int
    ngram_weight: float
    balance: float
    reference_texts: int
    reference_weight: float
    max_loss: float
    draws: int
    seed: int
    phrases: int
    phrase_length: int


@dataclass(frozen=True)
class Verdict:
    """Whether one head is better with its correction; all values in macro-F1, 0 to 1.

    Attributes:
        part: sentiment or category.
        rows: held-out texts; every text is held out once.
        shipped: of the shipped head.
        adapted: of the corrected one.
        gain: with its paired interval.
        reference: of both heads on reference clauses that neither has learned from.
        is_kept: whether the correction goes into the model.
        words: the verdict in one line.
        labels: both heads per label.
    """

    part: str
    rows: int
    shipped: float
    adapted: float
    gain: Interval
    reference: tuple[float, float]
    is_kept: bool
    words: str
    labels: list[tuple[LabelScore, LabelScore]]


def decide(
    part: str,
    columns: Sequence[np.ndarray],
    reference: tuple[float, float],
    labels: tuple[str, ...],
    rules: TrainRules,
) -> Verdict:
    """Compare two heads on the same texts.

    Args:
        part: sentiment or category.
        columns: (n, c) booleans: what is true, what the shipped head finds, what the corrected one finds.
        reference: macro-F1 of both on reference clauses.
        labels: c names.
        rules: numbers.
    """
    truth, old, new = columns
    gain = compare(truth, old, new, draws=rules.draws, seed=rules.seed)
    lost = (reference[0] - reference[1]) * POINT
    reason = ""
    if gain.low <= 0:
        reason = "because the interval holds zero" if gain.high >= 0 else "because it is worse"
    elif lost > rules.max_loss:
        reason = f"because it would cost {lost:.1f} points on reference clauses of other trades"
    words = (
        f"{part}: {gain.value * POINT:+.1f} macro-F1 on {len(truth):,} held-out rows, interval "
        f"{gain.low * POINT:.1f} to {gain.high * POINT:.1f}: " + (f"not kept, {reason}" if reason else "kept")
    )
    return Verdict(
        part=part,
        rows=len(truth),
        shipped=macro_f1(truth, old),
        adapted=macro_f1(truth, new),
        gain=gain,
        reference=reference,
        is_kept=not reason,
        words=words,
        labels=[
            (_of(label, truth[:, c], old[:, c]), _of(label, truth[:, c], new[:, c]))
            for c, label in enumerate(labels)
            if truth[:, c].any()
        ],
    )


def _of(label: str, truth: np.ndarray, found: np.ndarray) -> LabelScore:
    return score_labels(truth[:, None], found[:, None], (label,))[0]
