"""Builds the classifier that the settings name."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import numpy as np

from nlp.models.encoders import token_batches
from nlp.models.judges.adapted import AdaptedHead, adapted_version
from nlp.models.judges.linear import CategoryHead, SentimentHead, sigmoid, softmax
from nlp.models.judges.zero_shot import ZeroShotClassifier
from nlp.protocols import Classifier

ADAPTED = "adapted_"  # how the kinds of heads begin that voc train makes


@dataclass(frozen=True)
class ClassifierChoice:
    """Which classifier; sections [sentiment] and [category_model] of the settings."""

    kind: str
    checkpoint: str
    label_names: Mapping[str, str]


class TransformersClassifier:
    """Any sequence classifier of the Transformers library; its label names are mapped to ours."""

    def __init__(self, checkpoint: str, label_names: Mapping[str, str]) -> None:
        """Load by hub id or folder; on a GPU if there is one.

        Args:
            checkpoint: hub id or folder.
            label_names: the model's label -> ours; several may go to one, whose probabilities are added;
                a label mapped to an empty name is left out. Empty: the names are ours already.

        Raises:
            ValueError: when a label of the model is not mapped, naming them all.
        """
        from nlp.models.transformer_files import load_pretrained

        self.name = f"transformers-{checkpoint}"
        self._model, self._tokenizer, self._device = load_pretrained(
            checkpoint, "AutoModelForSequenceClassification"
        )
        theirs = [str(name) for _, name in sorted(self._model.config.id2label.items())]
        unmapped = [name for name in theirs if label_names and name not in label_names]
        if unmapped:
            raise ValueError(
                f"classifier '{checkpoint}' has labels that label_names does not map: {', '.join(unmapped)}; "
                "map each to one of ours, or to '' to leave it out"
            )
        ours = [label_names.get(name, name) for name in theirs]
        self.labels = tuple(dict.fromkeys(name for name in ours if name))
        self._merge = np.array([[float(o == name) for name in self.labels] for o in ours], np.float32)
        self._is_multi = self._model.config.problem_type == "multi_label_classification"

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """(n,) texts -> (n, len(labels)) float32; rows sum to 1 unless the model is multi-label."""
        logits = np.zeros((len(texts), self._merge.shape[0]), np.float32)
        for positions, inputs in token_batches(self._tokenizer, texts, self._device):
            logits[positions] = self._logits(inputs)
        logits = np.nan_to_num(logits)
        if self._is_multi:
            return np.asarray((sigmoid(logits)[:, :, None] * self._merge).max(axis=1), np.float32)
        shares = softmax(logits) @ self._merge
        return np.asarray(shares / np.maximum(shares.sum(axis=1, keepdims=True), 1e-9), np.float32)

    def _logits(self, inputs: Any) -> np.ndarray:  # noqa: ANN401 - the tokenizer's mapping of tensors
        import torch

        with torch.inference_mode():
            return np.asarray(self._model(**inputs).logits.float().cpu().numpy())


CLASSIFIERS: dict[str, Callable[[str, Mapping[str, str]], Classifier]] = {
    "sentiment_head": lambda checkpoint, _: SentimentHead(checkpoint),
    "category_head": lambda checkpoint, _: CategoryHead(checkpoint),
    "adapted_sentiment": lambda checkpoint, _: AdaptedHead("sentiment", checkpoint),
    "adapted_category": lambda checkpoint, _: AdaptedHead("category", checkpoint),
    "transformers": TransformersClassifier,
    "zero_shot": lambda checkpoint, names: ZeroShotClassifier(checkpoint, names, is_multi=False),
    "zero_shot_labels": lambda checkpoint, names: ZeroShotClassifier(checkpoint, names, is_multi=True),
}


def load_classifier(kind: str, checkpoint: str, label_names: Mapping[str, str]) -> Classifier:
    """Build the classifier that settings.toml names.

    Args:
        kind: key of CLASSIFIERS.
        checkpoint: `heads` for the shipped heads; a hub id or folder for transformers.
        label_names: how the labels of a foreign model read in ours.

    Raises:
        ValueError: when the kind is unknown, with the known ones.
    """
    if kind not in CLASSIFIERS:
        raise ValueError(
            f"unknown classifier '{kind}'; known: {', '.join(sorted(CLASSIFIERS))}; "
            "add yours to CLASSIFIERS in nlp/models/"
        )
    return CLASSIFIERS[kind](checkpoint, label_names)


def classifier_version(kind: str, checkpoint: str) -> str:
    """Give what changes when the same settings name another model, without loading it: it goes into stamps.

    Raises:
        ValueError: the model folder is absent or damaged.
    """
    return adapted_version(checkpoint) if kind.startswith(ADAPTED) else ""


def check_labels(classifier: Classifier, allowed: Sequence[str], section: str) -> Classifier:
    """Refuse a classifier whose labels are not ours, when it is loaded and not when it is used.

    Raises:
        ValueError: naming its labels, ours, and the line that maps them.
    """
    unknown = [label for label in classifier.labels if label not in allowed]
    if unknown or not classifier.labels:
        raise ValueError(
            f"[{section}] classifier '{classifier.name}' has labels that are not ours: "
            f"{', '.join(unknown) or 'none'}; expected among {', '.join(allowed)}. "
            f'Map each in label_names, as {{ "{(unknown or ["LABEL_0"])[0]}" = "{allowed[0]}" }}, '
            'or to "" to leave it out'
        )
    return classifier
