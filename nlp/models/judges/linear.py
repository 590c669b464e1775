"""The heads that ship: sentiment and friction categories from the features of the voc encoder."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nlp.models.shipped import load_weights, weights_version

MODES = ("accurate", "fast")


def softmax(logits: np.ndarray) -> np.ndarray:
    """(n, k) -> (n, k) float32, rows sum to 1."""
    shifted = np.exp(logits - logits.max(axis=1, keepdims=True, initial=-np.inf))
    return np.asarray(shifted / shifted.sum(axis=1, keepdims=True), dtype=np.float32)


def sigmoid(logits: np.ndarray) -> np.ndarray:
    """Map logits to probabilities, without overflow."""
    return np.asarray(0.5 * (1.0 + np.tanh(0.5 * logits)), dtype=np.float32)


class _Linear:
    """One linear layer per mode of the encoder; which one is told by the number of features."""

    def __init__(self, weights: Mapping[str, np.ndarray], name: str) -> None:
        self._name = name
        self._layers = {}
        for mode in MODES:
            weight, bias = (
                weights[f"{mode}.{name}.{part}"].astype(np.float32) for part in ("weight", "bias")
            )
            self._layers[weight.shape[1]] = weight, bias

    def __call__(self, features: np.ndarray) -> np.ndarray:
        if features.shape[1] not in self._layers:
            raise ValueError(
                f"the {self._name} head reads {' or '.join(map(str, self._layers))} features, found "
                f"{features.shape[1]}; the shipped heads go with the encoder 'voc': name a classifier that "
                "fits your encoder in settings.toml"
            )
        weight, bias = self._layers[features.shape[1]]
        return np.asarray(features @ weight.T + bias, dtype=np.float32)


class SentimentHead:
    """Negative, neutral, positive; calibrated by a temperature found on held-out comments."""

    labels: tuple[str, ...] = ("negative", "neutral", "positive")

    def __init__(self, checkpoint: str) -> None:
        """Load `checkpoint`, the name of a file of weights: heads for the shipped one."""
        weights = load_weights(checkpoint)
        self.name = f"{checkpoint}-sentiment-{weights_version()}"
        self._logits = _Linear(weights, "sentiment")

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments and their (n, k) features -> (n, 3) float32, rows sum to 1, same order."""
        if not len(texts):
            return np.zeros((0, len(self.labels)), np.float32)
        return softmax(self._logits(features))


class CategoryHead:
    """A probability per friction category that it was trained on; 0.5 is each category's own threshold."""

    def __init__(self, checkpoint: str) -> None:
        """Load `checkpoint`, the name of a file of weights: heads for the shipped one."""
        weights = load_weights(checkpoint)
        self.name = f"{checkpoint}-category-{weights_version()}"
        self.labels = tuple(bytes(weights["category.labels"]).decode("ascii").split(","))
        self._logits = _Linear(weights, "category")

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments and their (n, k) features -> (n, len(labels)) float32, each entry alone, same order."""
        if not len(texts):
            return np.zeros((0, len(self.labels)), np.float32)
        return sigmoid(self._logits(features))
