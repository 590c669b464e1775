"""The heads that ship: sentiment and friction categories from the features of the voc encoder."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from nlp.models.shipped import load_weights, weights_version


def softmax(logits: np.ndarray) -> np.ndarray:
    """(n, k) -> (n, k) float32, rows sum to 1."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Map logits to probabilities, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


def _check_width(features: np.ndarray, weight: np.ndarray, name: str) -> None:
    if features.shape[0] and features.shape[1] != weight.shape[1]:
        raise ValueError(
            f"the {name} head reads {weight.shape[1]} features, found {features.shape[1]}; "
            "the shipped heads go with the encoder 'voc': name a classifier that fits your encoder "
            "in settings.toml"
        )


class SentimentHead:
    """Negative, neutral, positive; calibrated by a temperature found on held-out comments."""

    labels: tuple[str, ...] = ("negative", "neutral", "positive")

    def __init__(self, checkpoint: str) -> None:
        """Load `checkpoint`, the name of a file of weights: heads for the shipped one."""
        weights = load_weights(checkpoint)
        self.name = f"{checkpoint}-sentiment-{weights_version()}"
        self._weight = weights["sentiment.weight"].astype(np.float32)
        self._bias = weights["sentiment.bias"].astype(np.float32)
        self._temperature = float(weights["sentiment.temperature"][0])

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments and their (n, k) features -> (n, 3) float32, rows sum to 1, same order."""
        if not len(texts):
            return np.zeros((0, len(self.labels)), np.float32)
        _check_width(features, self._weight, "sentiment")
        return softmax((features @ self._weight.T + self._bias) / self._temperature)


class CategoryHead:
    """A probability per friction category that it was trained on; 0.5 is each category's own threshold."""

    def __init__(self, checkpoint: str) -> None:
        """Load `checkpoint`, the name of a file of weights: heads for the shipped one."""
        weights = load_weights(checkpoint)
        self.name = f"{checkpoint}-category-{weights_version()}"
        self.labels = tuple(bytes(weights["category.labels"]).decode("ascii").split(","))
        self._weight = weights["category.weight"].astype(np.float32)
        self._bias = weights["category.bias"].astype(np.float32)

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments and their (n, k) features -> (n, len(labels)) float32, each entry alone, same order."""
        if not len(texts):
            return np.zeros((0, len(self.labels)), np.float32)
        _check_width(features, self._weight, "category")
        return sigmoid(features @ self._weight.T + self._bias)
