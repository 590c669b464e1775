"""The shipped heads of intent, urgency and effort: for the encoder that they were trained with, no other."""

from __future__ import annotations

import hashlib
import json
from pathlib import Path

import numpy as np

from nlp.models.judges.linear import sigmoid, softmax
from nlp.models.shipped import MANIFEST, load_weights, weights_folder

FILE = "intents"
SCALES = ("urgency", "effort")


def encoder_version(folder: Path | None = None) -> str:
    """Give 12 hexadecimal digits that change whenever a shipped weight does that these heads stand on."""
    manifest = json.loads(((folder or weights_folder()) / MANIFEST).read_text(encoding="utf-8"))
    rest = {name: digest for name, digest in manifest.items() if name != f"{FILE}.safetensors"}
    return hashlib.sha256(json.dumps(rest, sort_keys=True).encode()).hexdigest()[:12]


class IntentHeads:
    """Linear heads over the features of the voc encoder."""

    def __init__(self, weights: dict[str, np.ndarray]) -> None:
        """Take the tensors of intents.safetensors."""
        self.labels = tuple(bytes(weights["intent.labels"]).decode().split(","))
        self._weights = {name: tensor.astype(np.float32) for name, tensor in weights.items()}

    def intents(self, features: np.ndarray) -> np.ndarray:
        """(n, k) features -> (n, len(labels)) float32, rows sum to 1."""
        return softmax(self._logits(features, "intent") / self._weights["intent.temperature"][0])

    def scales(self, features: np.ndarray) -> np.ndarray:
        """(n, k) features -> (n, 2) float32: how likely the text is urgent, and tells of effort."""
        return np.concatenate([sigmoid(self._logits(features, name)) for name in SCALES], axis=1)

    def _logits(self, features: np.ndarray, name: str) -> np.ndarray:
        found = features @ self._weights[f"{name}.weight"].T + self._weights[f"{name}.bias"]
        return np.asarray(found, dtype=np.float32)


def load_intent_heads(mode: str, folder: Path | None = None) -> IntentHeads | None:
    """Load the heads for a mode of the voc encoder; None where none fit the shipped weights in place.

    They are trained after the encoder (`python -m nlp.training.intents`). With another encoder's features
    they would give numbers without a meaning, so the columns stay empty then.
    """
    manifest = json.loads(((folder or weights_folder()) / MANIFEST).read_text(encoding="utf-8"))
    if f"{FILE}.safetensors" not in manifest:
        return None
    weights = load_weights(FILE, folder)
    made_for = bytes(weights["made_for"]).decode()
    own = {name.removeprefix(f"{mode}."): one for name, one in weights.items() if name.startswith(f"{mode}.")}
    return IntentHeads(own) if own and made_for == encoder_version(folder) else None
