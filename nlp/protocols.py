"""What a model must offer. One method each, shapes included; nothing to inherit from."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Protocol

import numpy as np


@dataclass(frozen=True)
class Encoded:
    """What one pass of an encoder gives.

    Attributes:
        vectors: (n, d) float32, unit length, one space for all languages: for topics and search.
        features: (n, k) float32: what the heads read. May be `vectors` itself.
    """

    vectors: np.ndarray
    features: np.ndarray


class LanguageDetector(Protocol):
    """Says in which language a text is."""

    def detect(self, texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
        """(n,) texts -> n ISO 639-1 codes (or und) and (n,) float32 confidences, same order."""
        ...


class Splitter(Protocol):
    """Cuts a text into clauses."""

    def split(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[tuple[int, int]]]:
        """(n,) texts -> for each, its segments as (start, end) code points, ascending, apart, not blank."""
        ...


class Encoder(Protocol):
    """Turns texts into numbers, once, for every later stage."""

    name: str  # changes whenever the same text would get another vector

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> Encoded:
        """(n,) texts in n languages -> Encoded with n rows, same order, whatever the batch around them."""
        ...


class Classifier(Protocol):
    """Gives each segment a probability per label."""

    name: str
    labels: tuple[str, ...]

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments and their (n, k) features -> (n, len(labels)) float32, same order.

        A classifier that reads text ignores `features`; a head ignores the texts. Rows sum to 1 for one
        label per text (sentiment, intent); each entry stands alone for many labels (categories).
        """
        ...
