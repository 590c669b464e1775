"""What can be learned from examples: sentiments of comments, categories of their segments."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from nlp.learning.fit import Fitted, Segments, fit_classes, fit_labels


@dataclass(frozen=True)
class Material:
    """Texts as the regressions read them. Examples of the company come first, reference texts behind them.

    Attributes:
        rows: (m, r) segments in the basis.
        base: (m, c) shipped logits of the segments.
        owner: (m,) the text of each segment.
        share: (m,) what each segment weighs in its text; sums to 1 there.
        weight: (n,) how much each text counts.
        is_reference: (n,) booleans: not the company's.
    """

    rows: np.ndarray
    base: np.ndarray
    owner: np.ndarray
    share: np.ndarray
    weight: np.ndarray
    is_reference: np.ndarray


class SentimentTask:
    """Sentiment of a text: the mean of its segments, as the documents stage weighs them."""

    def __init__(self, material: Material, truth: np.ndarray, *, balance: float) -> None:
        """Prepare.

        Args:
            material: the texts.
            truth: (n,) class numbers; negative where unknown.
            balance: power by which rare classes count more: 0 not at all, 1 all classes alike.
        """
        self.is_usable = truth >= 0
        self._truth, self._material = truth, material
        own = truth[self.is_usable & ~material.is_reference]
        sizes = np.maximum(np.bincount(own, minlength=material.base.shape[1]), 1)
        rarity = (sizes.mean() / sizes) ** balance
        self._weight = material.weight * rarity[np.maximum(truth, 0)]

    def fit(self, chosen: np.ndarray, freedom: float) -> Fitted:
        """Fit on the (n,) chosen texts and on the reference texts."""
        at, segments, inside = self._segments(chosen | self._material.is_reference)
        rows, base = self._material.rows[inside], self._material.base[inside]
        return fit_classes(rows, base, segments, self._truth[at], self._weight[at], freedom)

    def loss(self, fitted: Fitted, chosen: np.ndarray) -> float:
        """Give the mean loss per text on the (n,) chosen texts; lower is better."""
        at, segments, inside = self._segments(chosen)
        logits = fitted.logits(self._material.rows[inside], self._material.base[inside])
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        likely = segments.mix(shares, len(at))[np.arange(len(at)), self._truth[at]]
        weight = self._weight[at]
        return float(-(weight * np.log(np.maximum(likely, 1e-9))).sum() / max(weight.sum(), 1e-9))

    def _segments(self, chosen: np.ndarray) -> tuple[np.ndarray, Segments, np.ndarray]:
        """Give the chosen texts of known label, how segments make them up, and which segments those are."""
        at = np.flatnonzero(chosen & self.is_usable)
        place = np.full(len(self._truth), -1)
        place[at] = np.arange(len(at))
        owner = place[self._material.owner]
        inside = np.flatnonzero(owner >= 0)
        return at, Segments(owner[inside], self._material.share[inside]), inside


class CategoryTask:
    """Categories of segments, learned from texts: a text has a category when one of its segments does.

    Where a text has a category, the segment that the shipped head finds likeliest is taken for the one that
    says so; a new category, which the head does not know, may be said by any of them.
    """

    def __init__(
        self, material: Material, truth: np.ndarray, is_judged: np.ndarray, *, is_new: np.ndarray
    ) -> None:
        """Prepare.

        Args:
            material: the texts; `base` has a column per category to learn.
            truth: (n, c) booleans.
            is_judged: (n, c) booleans: somebody looked for the category in the text.
            is_new: (c,) booleans: the shipped head does not know it.
        """
        self.is_usable = is_judged.any(axis=1)
        self._material, self._truth, self._judged = material, truth, is_judged
        owner = material.owner
        likeliest = np.full(truth.shape, -np.inf)
        np.maximum.at(likeliest, owner, material.base)
        says_so = (material.base >= likeliest[owner]) | is_new
        sizes = np.maximum(np.bincount(owner, minlength=len(truth)), 1)
        each = np.where(is_new, 1.0 / sizes[owner][:, None], 1.0)
        positive = truth[owner]
        weight = np.where(positive, says_so * each, 1.0 / sizes[owner][:, None])
        self._weight = weight * is_judged[owner] * material.weight[owner][:, None]

    def fit(self, chosen: np.ndarray, freedom: float) -> Fitted:
        """Fit on the (n,) chosen texts and on the reference texts."""
        at = ((chosen | self._material.is_reference) & self.is_usable)[self._material.owner]
        truth = self._truth[self._material.owner[at]]
        return fit_labels(self._material.rows[at], self._material.base[at], truth, self._weight[at], freedom)

    def scores(self, fitted: Fitted) -> np.ndarray:
        """Give every text its (n, c) logits: those of its likeliest segment."""
        logits = fitted.logits(self._material.rows, self._material.base)
        scores = np.full(self._truth.shape, -20.0)
        np.maximum.at(scores, self._material.owner, logits)
        return scores

    def loss(self, fitted: Fitted, chosen: np.ndarray) -> float:
        """Give the mean loss per text on the (n,) chosen texts; lower is better."""
        scores = self.scores(fitted)
        at = (chosen & self.is_usable)[:, None] & self._judged
        errors = np.logaddexp(0.0, scores) - self._truth * scores
        return float(errors[at].sum() / max(at.sum(), 1))

    def best_shift(self, scores: np.ndarray, chosen: np.ndarray, shifts: tuple[float, ...]) -> float:
        """Find what to add to (n, c) logits so that macro-F1 of (n,) chosen is best; ties stay near 0."""
        at = (chosen & self.is_usable)[:, None] & self._judged
        truth = self._truth & at
        worth = []
        for shift in shifts:
            found = (scores + shift > 0) & at
            both, total = (found & truth).sum(axis=0), found.sum(axis=0) + truth.sum(axis=0)
            used = truth.any(axis=0)
            worth.append(np.mean(2 * both[used] / np.maximum(total[used], 1)) if used.any() else 0.0)
        return float(shifts[int(np.argmax(np.array(worth) - 0.01 * np.abs(shifts)))])
