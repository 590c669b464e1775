"""Weighs the parts of a mode against each other on held-out texts, and folds them into one linear head.

A part alone is fitted to the training texts; how far to trust each beside the others can only be seen on
texts that none has read. A handful of numbers is fitted, so a few thousand held-out texts are plenty.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize

from nlp.training.calibrate import log_loss


@dataclass(frozen=True)
class Part:
    """A part of the features and its own linear head.

    Attributes:
        features: (n, k) of the held-out texts.
        weight: (c, k).
        bias: (c,).
    """

    features: np.ndarray
    weight: np.ndarray
    bias: np.ndarray

    def logits(self) -> np.ndarray:
        """(n, c)."""
        return np.asarray(self.features @ self.weight.T + self.bias, dtype=np.float32)


def _folded(parts: Sequence[Part], shares: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    weight = np.concatenate([s * p.weight for s, p in zip(shares, parts, strict=True)], axis=1)
    bias = np.sum([s * p.bias for s, p in zip(shares, parts, strict=True)], axis=0)
    return weight.astype(np.float32), bias.astype(np.float32)


def stack_sentiment(
    parts: Sequence[Part], labels: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the shares, and a shift per class, that make the truth most likely; calibrated by that.

    Args:
        parts: what to weigh, in the order of the features.
        labels: (n,) int, -1 where unknown.
        weights: (n,) how much each text counts.

    Returns:
        Weight (3, all features), bias (3,), and the shares.
    """
    known = labels >= 0
    logits = np.stack([part.logits()[known] for part in parts])
    truth, weight, count = labels[known], weights[known], len(parts)

    def loss(x: np.ndarray) -> float:
        return log_loss(np.tensordot(x[:count], logits, 1) + x[count:], truth, weight)

    found = minimize(
        loss,
        np.concatenate([np.full(count, 1 / count), np.zeros(3)]),
        method="L-BFGS-B",
        bounds=[(0, None)] * count + [(-2, 2)] * 3,
    ).x
    folded, bias = _folded(parts, found[:count])
    return folded, bias + found[count:].astype(np.float32), found[:count]


def stack_categories(
    parts: Sequence[Part], labels: np.ndarray, known: np.ndarray, weights: np.ndarray
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Find the shares, equal for all categories, that make the truth most likely.

    Args:
        parts: what to weigh, in the order of the features.
        labels: (n, c) 0 or 1.
        known: (n, c) where annotators looked.
        weights: (n,) how much each text counts.

    Returns:
        Weight (c, all features), bias (c,), and the shares.
    """
    logits = np.stack([part.logits() for part in parts])
    each = np.where(known, weights[:, None], 0.0)

    def loss(x: np.ndarray) -> float:
        mixed = np.tensordot(x, logits, 1)
        entropy = np.logaddexp(0, mixed) - labels * mixed
        return float((entropy * each).sum() / each.sum())

    found = minimize(
        loss, np.full(len(parts), 1 / len(parts)), method="L-BFGS-B", bounds=[(0, None)] * len(parts)
    ).x
    weight, bias = _folded(parts, found)
    return weight, bias, found
