"""Fits corrections of the shipped heads: regularised regressions that start from what the heads say.

With no freedom a correction only rescales and shifts the shipped logits; with more it also weighs the
encoder's features and the n-grams of the texts. All are fitted in a basis of the texts themselves,
so the cost does not depend on how many n-grams there are.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse
from scipy.optimize import minimize

from nlp.models.judges.adapted import Correction

Loss = Callable[[np.ndarray], tuple[float, np.ndarray]]  # (n, c) logits -> its value and its slope there

_STEPS = 60
_SCALE_PENALTY = 4.0  # the shipped logit keeps its weight unless many texts speak against it
_BIAS_PENALTY = 0.5
_SVD_SEED = 5
_TINY = 1e-9


@dataclass(frozen=True)
class Fitted:
    """One fitted correction in the basis: log scale (c,), bias (c,), weight (c, r)."""

    log_scale: np.ndarray
    bias: np.ndarray
    weight: np.ndarray

    def logits(self, rows: np.ndarray, base: np.ndarray) -> np.ndarray:
        """(n, r) rows and (n, c) shipped logits -> (n, c) corrected logits."""
        return np.asarray(base * np.exp(self.log_scale) + self.bias + rows @ self.weight.T)


@dataclass(frozen=True)
class Basis:
    """Texts as rows of few columns: their features and n-grams, seen along their main directions.

    Attributes:
        rows: (n, r).
        features: (r, k) from features to columns of `rows`.
        buckets: (b,) the n-grams that occur.
        ngrams: (r, b) from their counts to columns of `rows`.
    """

    rows: np.ndarray
    features: np.ndarray
    buckets: np.ndarray
    ngrams: np.ndarray

    def unfold(self, fitted: Fitted, labels: tuple[str, ...]) -> Correction:
        """Give a fitted correction in terms of features and n-grams."""
        return Correction(
            labels=labels,
            scale=np.exp(fitted.log_scale).astype(np.float32),
            bias=fitted.bias.astype(np.float32),
            weight=(fitted.weight @ self.features).astype(np.float32),
            buckets=self.buckets,
            ngrams=(fitted.weight @ self.ngrams).astype(np.float32),
        )


def make_basis(features: np.ndarray, counts: sparse.csr_matrix, *, rank: int, ngram_weight: float) -> Basis:
    """Find the basis of n texts.

    Args:
        features: (n, k).
        counts: (n, buckets) n-grams, rows of length 1.
        rank: at most so many columns.
        ngram_weight: what n-grams weigh against features, both of mean length 1.
    """
    from sklearn.utils.extmath import randomized_svd

    middle = np.sqrt((features.astype(np.float64) ** 2).mean(axis=0)) + 1e-6
    scale = 1.0 / (middle * np.sqrt(features.shape[1]))
    buckets = np.unique(counts.indices)
    joined = sparse.hstack(
        [sparse.csr_matrix(features * scale), counts[:, buckets] * ngram_weight], format="csr"
    )
    most = min(rank, min(joined.shape) - 1)
    _, _, directions = randomized_svd(joined, n_components=max(1, most), random_state=_SVD_SEED)
    width = features.shape[1]
    return Basis(
        rows=np.asarray(joined @ directions.T),
        features=directions[:, :width] * scale,
        buckets=buckets,
        ngrams=directions[:, width:] * ngram_weight,
    )


@dataclass(frozen=True)
class Segments:
    """Which text each of m segments belongs to, (m,) 0 to t - 1, and what it weighs there, (m,)."""

    owner: np.ndarray
    share: np.ndarray

    def mix(self, values: np.ndarray, count: int) -> np.ndarray:
        """(m, c) values of segments -> (t, c) weighted means of their texts."""
        place = np.arange(len(self.owner))
        means = sparse.csr_matrix((self.share, (self.owner, place)), shape=(count, len(self.owner)))
        return np.asarray(means @ values)


def fit_classes(  # noqa: PLR0913, PLR0917 - segments, and the texts that they make up
    rows: np.ndarray,
    base: np.ndarray,
    segments: Segments,
    truth: np.ndarray,
    weights: np.ndarray,
    freedom: float,
) -> Fitted:
    """Fit one correction of classes that exclude each other, from the classes of whole texts.

    The probabilities of a text are the weighted mean of its segments', as the documents stage has it.

    Args:
        rows: (m, r) segments.
        base: (m, c) shipped logits.
        segments: how they make up t texts.
        truth: (t,) class numbers.
        weights: (t,), how much each text counts.
        freedom: inverse strength of the ridge; 0 for scale and bias alone.
    """
    place = np.arange(len(truth))
    wanted = np.eye(base.shape[1])[truth][segments.owner]

    def loss(logits: np.ndarray) -> tuple[float, np.ndarray]:
        shares = np.exp(logits - logits.max(axis=1, keepdims=True))
        shares /= shares.sum(axis=1, keepdims=True)
        likely = np.maximum(segments.mix(shares, len(truth))[place, truth], _TINY)
        pull = (shares * wanted).sum(axis=1) * segments.share * (weights / likely)[segments.owner]
        return -float((weights * np.log(likely)).sum()), (shares - wanted) * pull[:, None]

    return _descend(rows, base, loss, freedom=freedom, is_shared=True)


def fit_labels(
    rows: np.ndarray, base: np.ndarray, truth: np.ndarray, weights: np.ndarray, freedom: float
) -> Fitted:
    """Fit one correction of labels that stand alone (a logistic regression each).

    Args:
        rows: (n, r).
        base: (n, c) shipped logits.
        truth: (n, c) booleans.
        weights: (n, c), how much each entry counts.
        freedom: inverse strength of the ridge; 0 for scale and bias alone.
    """
    wanted = truth.astype(np.float64)

    def loss(logits: np.ndarray) -> tuple[float, np.ndarray]:
        value = float((weights * (np.logaddexp(0.0, logits) - wanted * logits)).sum())
        return value, (0.5 * (1.0 + np.tanh(0.5 * logits)) - wanted) * weights

    return _descend(rows, base, loss, freedom=freedom, is_shared=False)


def _descend(rows: np.ndarray, base: np.ndarray, loss: Loss, *, freedom: float, is_shared: bool) -> Fitted:
    """Minimise loss and ridge together (L-BFGS); `is_shared`: one scale for all classes."""
    classes = base.shape[1]
    used = rows if freedom > 0 else rows[:, :0]
    scales = 1 if is_shared else classes
    width = used.shape[1]

    def unpack(flat: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        weight = flat[scales + classes :].reshape(classes, width)
        return flat[:scales], flat[scales : scales + classes], weight

    def objective(flat: np.ndarray) -> tuple[float, np.ndarray]:
        log_scale, bias, weight = unpack(flat)
        scaled = base * np.exp(log_scale)
        value, slope = loss(scaled + bias + used @ weight.T)
        ridge = 1.0 / freedom if freedom > 0 else 0.0
        value += 0.5 * (
            _SCALE_PENALTY * (log_scale**2).sum()
            + _BIAS_PENALTY * (bias**2).sum()
            + ridge * (weight**2).sum()
        )
        pull = (slope * scaled).sum(axis=0)
        by_scale = (pull.sum(keepdims=True) if is_shared else pull) + _SCALE_PENALTY * log_scale
        by_bias = slope.sum(axis=0) + _BIAS_PENALTY * bias
        return value, np.concatenate([by_scale, by_bias, (slope.T @ used + ridge * weight).ravel()])

    start = np.zeros(scales + classes + classes * width)
    found = minimize(objective, start, jac=True, method="L-BFGS-B", options={"maxiter": _STEPS})
    log_scale, bias, weight = unpack(found.x)
    whole = np.zeros((classes, rows.shape[1]))
    whole[:, :width] = weight
    return Fitted(np.broadcast_to(log_scale, (classes,)).copy(), bias, whole)


def widen(correction: Correction, head: tuple[str, ...], wanted: set[str]) -> Correction:
    """Give a correction of some labels as one of all labels of the head that changes the wanted ones."""
    labels = (*head, *(label for label in correction.labels if label in wanted and label not in head))
    places = [(labels.index(label), c) for c, label in enumerate(correction.labels) if label in wanted]
    to, of = [place for place, _ in places], [c for _, c in places]
    scale, bias = np.ones(len(labels), np.float32), np.zeros(len(labels), np.float32)
    weight = np.zeros((len(labels), correction.weight.shape[1]), np.float32)
    ngrams = np.zeros((len(labels), correction.ngrams.shape[1]), np.float32)
    scale[to], bias[to], weight[to] = correction.scale[of], correction.bias[of], correction.weight[of]
    ngrams[to] = correction.ngrams[of]
    return Correction(labels, scale, bias, weight, correction.buckets, ngrams)
