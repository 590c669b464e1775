"""Makes scores mean what they say, on held-out texts: a temperature for sentiment, category thresholds."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

MIN_POSITIVES = 25  # fewer held-out examples say nothing about a threshold
THRESHOLDS = np.linspace(-1.0, 1.0, 41)  # more would only copy how common a category is in one set


def _log_loss(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_share = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-(log_share[np.arange(len(labels)), labels] * weights).sum() / weights.sum())


def find_temperature(logits: np.ndarray, labels: np.ndarray, groups: np.ndarray) -> float:
    """Find what to divide logits by, so that probabilities are neither too bold nor too shy.

    Args:
        logits: (n, 3).
        labels: (n,) int.
        groups: n names of domain and language; each counts the same, whatever its size.
    """
    _, inverse, counts = np.unique(groups.astype(str), return_inverse=True, return_counts=True)
    weights = 1.0 / counts[inverse]
    found = minimize_scalar(
        lambda t: _log_loss(logits / np.exp(t), labels, weights), bounds=(-1.5, 1.5), method="bounded"
    )
    return float(np.exp(found.x))


def find_thresholds(logits: np.ndarray, labels: np.ndarray, known: np.ndarray) -> np.ndarray:
    """Find, per category, the logit above which F1 on held-out texts is best.

    Args:
        logits: (n, c).
        labels: (n, c), 0 or 1.
        known: (n, c), where annotators looked for the category.

    Returns:
        (c,) logits; 0 where too few examples are held out.
    """
    best = np.zeros(logits.shape[1], np.float32)
    for column in range(logits.shape[1]):
        rows = known[:, column]
        truth, score = labels[rows, column] > 0, logits[rows, column]
        if truth.sum() < MIN_POSITIVES:
            continue
        f1 = [_f1(score > t, truth) - 0.002 * abs(t) for t in THRESHOLDS]  # near-ties stay near 0
        best[column] = THRESHOLDS[int(np.argmax(f1))]
    return best


def _f1(found: np.ndarray, truth: np.ndarray) -> float:
    both = (found & truth).sum()
    return float(2 * both / max(1, found.sum() + truth.sum()))
