"""Makes scores mean what they say, on held-out texts: a temperature for sentiment, category thresholds."""

from __future__ import annotations

import numpy as np
from scipy.optimize import minimize_scalar

MIN_POSITIVES = 25  # fewer held-out examples say nothing about a threshold
THRESHOLDS = np.linspace(-2.0, 2.0, 81)  # more would only copy how common a category is in one set
MIN_PRECISION = 0.7  # a category is shown to people who act on it
BETA = 0.7  # a wrong category costs twice a missed one (Van Rijsbergen's F with beta squared = 1/2)


def log_loss(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """Mean negative log likelihood of the labels, weighed."""
    shifted = logits - logits.max(axis=1, keepdims=True)
    log_share = shifted - np.log(np.exp(shifted).sum(axis=1, keepdims=True))
    return float(-(log_share[np.arange(len(labels)), labels] * weights).sum() / weights.sum())


def even_weights(groups: np.ndarray) -> np.ndarray:
    """Weigh n texts so that each group, a domain in a language, counts the same, whatever its size."""
    _, inverse, counts = np.unique(groups.astype(str), return_inverse=True, return_counts=True)
    return np.asarray(1.0 / counts[inverse])


def find_temperature(logits: np.ndarray, labels: np.ndarray, weights: np.ndarray) -> float:
    """Find what to divide logits by, so that probabilities are neither too bold nor too shy.

    Args:
        logits: (n, 3).
        labels: (n,) int.
        weights: (n,), how much each text counts.
    """
    found = minimize_scalar(
        lambda t: log_loss(logits / np.exp(t), labels, weights), bounds=(-1.5, 1.5), method="bounded"
    )
    return float(np.exp(found.x))


def find_thresholds(
    logits: np.ndarray, labels: np.ndarray, known: np.ndarray, weights: np.ndarray
) -> np.ndarray:
    """Find, per category, the logit above which F on held-out texts is best while precision is high.

    Args:
        logits: (n, c).
        labels: (n, c), 0 or 1.
        known: (n, c), where annotators looked for the category.
        weights: (n,), how much each text counts.

    Returns:
        (c,) logits; 0 where too few examples are held out.
    """
    best = np.zeros(logits.shape[1], np.float32)
    for column in range(logits.shape[1]):
        rows = known[:, column]
        truth, score = labels[rows, column] > 0, logits[rows, column]
        if truth.sum() < MIN_POSITIVES:
            continue
        worth = [_worth(score > t, truth, weights[rows]) - 0.002 * abs(t) for t in THRESHOLDS]
        best[column] = THRESHOLDS[int(np.argmax(worth))]  # near-ties stay near 0
    return best


def _worth(found: np.ndarray, truth: np.ndarray, weights: np.ndarray) -> float:
    """F-beta, which leans to precision, less twice what precision lacks to MIN_PRECISION."""
    both = (weights * (found & truth)).sum()
    precision = both / max(1e-9, (weights * found).sum())
    recall = both / max(1e-9, (weights * truth).sum())
    squared = BETA**2
    f = (1 + squared) * precision * recall / max(1e-9, squared * precision + recall)
    return float(f - 2 * max(0.0, MIN_PRECISION - precision))
