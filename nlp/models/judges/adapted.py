"""The shipped heads corrected on a company's labels: what `voc train` writes and a run reads.

A model folder holds versions (`0001`, `0002`, ...), each with its weights, their hashes and a card, and
`current.json`, which names the version in use; none means the shipped heads.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
from scipy import sparse

from nlp.models.judges.linear import CategoryHead, SentimentHead, sigmoid, softmax
from nlp.models.shipped import load_weights, weights_version
from nlp.models.vectors.minilm import ModelFileError
from nlp.models.vectors.ngrams import hash_ngrams
from nlp.protocols import Classifier

POINTER = "current.json"
WEIGHTS = "adapted"
TAXONOMY = "taxonomy.toml"
PARTS = ("sentiment", "category")
SMALLEST = 1e-6  # shares are kept this far from 0 and 1 before they become logits


@dataclass(frozen=True)
class Correction:
    """What is added to the logits of a shipped head.

    Attributes:
        labels: c labels.
        scale: (c,) what the shipped logit is multiplied by.
        bias: (c,).
        weight: (c, k) over the encoder's features.
        buckets: (b,) which n-grams count.
        ngrams: (c, b) over them.
    """

    labels: tuple[str, ...]
    scale: np.ndarray
    bias: np.ndarray
    weight: np.ndarray
    buckets: np.ndarray
    ngrams: np.ndarray

    def apply(self, logits: np.ndarray, features: np.ndarray, counts: sparse.csr_matrix) -> np.ndarray:
        """Correct (n, c) logits by (n, k) features and the n-grams of n texts."""
        own = features @ self.weight.T + counts[:, self.buckets] @ self.ngrams.T
        return np.asarray(logits * self.scale + self.bias + own, dtype=np.float32)


class AdaptedHead:
    """A shipped head with a company's correction over it; without one, the shipped head itself."""

    def __init__(self, part: str, checkpoint: str) -> None:
        """Load the current version of a model folder.

        Args:
            part: sentiment or category.
            checkpoint: the model folder, or one version of it.

        Raises:
            ModelFileError: a file is absent or damaged, or was made for other weights than these.
        """
        version = find_version(checkpoint)
        base: Classifier = SentimentHead("heads") if part == "sentiment" else CategoryHead("heads")
        self._base, self._is_sentiment = base, part == "sentiment"
        facts, self._correction = _read(version, part) if version else ({}, None)
        self.encoder = str(facts.get("encoder", ""))  # empty: any that the shipped heads go with
        self.learned_taxonomy = _read_taxonomy(version)
        self.labels = self._correction.labels if self._correction else base.labels
        self.name = f"adapted-{part}-{adapted_version(checkpoint)}-{base.name}"

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments and (n, k) features -> (n, len(labels)) float32, as the shipped head gives them."""
        shares = self._base.predict(texts, languages, features)
        if self._correction is None or not len(texts):
            return shares if self._correction is None else np.zeros((0, len(self.labels)), np.float32)
        logits = base_logits(shares, self._base.labels, self.labels, is_sentiment=self._is_sentiment)
        logits = self._correction.apply(logits, features, hash_ngrams(texts))
        return softmax(logits) if self._is_sentiment else sigmoid(logits)


def base_logits(
    shares: np.ndarray, theirs: Sequence[str], ours: Sequence[str], *, is_sentiment: bool
) -> np.ndarray:
    """(n, len(theirs)) probabilities of a shipped head -> (n, len(ours)) logits; 0 for labels it lacks."""
    safe = np.clip(shares, SMALLEST, 1 - SMALLEST)
    found = np.log(safe) if is_sentiment else np.log(safe / (1 - safe))
    logits = np.zeros((len(shares), len(ours)), np.float32)
    for column, label in enumerate(ours):
        if label in theirs:
            logits[:, column] = found[:, list(theirs).index(label)]
    return logits


def find_version(checkpoint: str) -> Path | None:
    """Find the folder of the version in use; None where that is the shipped heads.

    Raises:
        ModelFileError: `checkpoint` is no model folder.
    """
    folder = Path(checkpoint)
    if (folder / f"{WEIGHTS}.safetensors").is_file():
        return folder
    try:
        current = json.loads((folder / POINTER).read_text(encoding="utf-8"))["version"]
    except (OSError, ValueError, KeyError, TypeError):
        raise ModelFileError(
            f"{checkpoint} is no folder of models: {POINTER} is absent or damaged; make one with: "
            f"voc train LABELS... --models {checkpoint}"
        ) from None
    if current is None:
        return None
    if not (folder / str(current) / f"{WEIGHTS}.safetensors").is_file():
        raise ModelFileError(
            f"{checkpoint}: version {current} is in use and its weights are absent; put the folder back, "
            f"or go back with: voc train --roll-back --models {checkpoint}"
        )
    return folder / str(current)


def adapted_version(checkpoint: str) -> str:
    """Give what changes whenever the version in use does; for stamps, without loading it."""
    version = find_version(checkpoint)
    return f"{version.name}-{weights_version(version)}" if version else "shipped"


def pack(corrections: Mapping[str, Correction], facts: Mapping[str, Any]) -> dict[str, np.ndarray]:
    """Give corrections and facts as the tensors of one file."""
    labels = {part: list(one.labels) for part, one in corrections.items()}
    text = json.dumps({**facts, "labels": labels}, ensure_ascii=False, sort_keys=True)
    tensors = {"facts": np.frombuffer(text.encode(), np.uint8).copy()}
    for part, one in corrections.items():
        tensors |= {
            f"{part}.scale": one.scale.astype(np.float32),
            f"{part}.bias": one.bias.astype(np.float32),
            f"{part}.weight": one.weight.astype(np.float32),
            f"{part}.buckets": one.buckets.astype(np.int32),
            f"{part}.ngrams": one.ngrams.astype(np.float16),
        }
    return tensors


def _read(version: Path, part: str) -> tuple[dict[str, Any], Correction | None]:
    tensors = load_weights(WEIGHTS, version)
    facts = json.loads(bytes(tensors["facts"]).decode())
    if facts["weights"] != weights_version():
        raise ModelFileError(
            f"model {version} corrects the shipped weights {facts['weights']}; installed are "
            f"{weights_version()}: train it again with voc train, or take its lines out of the settings"
        )
    if part not in facts["labels"]:
        return facts, None
    names = ("scale", "bias", "weight", "buckets", "ngrams")
    found = {name: tensors[f"{part}.{name}"] for name in names}
    found["ngrams"] = found["ngrams"].astype(np.float32)
    return facts, Correction(labels=tuple(facts["labels"][part]), **found)


def _read_taxonomy(version: Path | None) -> str:
    file = version / TAXONOMY if version else None
    return file.read_text(encoding="utf-8") if file and file.is_file() else ""
