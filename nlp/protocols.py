"""What a model must offer. A method or two each, shapes included; nothing to inherit from."""

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


class Clusterer(Protocol):
    """Groups vectors; the same groups whatever the order of the rows. BERTopic's `hdbscan_model` fits."""

    labels_: np.ndarray  # (n,) int64 of the last fit: 0 to k - 1, or -1 for none

    def fit(self, vectors: np.ndarray, y: object = None) -> Clusterer:
        """(n, d) float32 unit vectors -> itself, with `labels_`."""
        ...

    def predict(self, vectors: np.ndarray) -> np.ndarray:
        """(m, d) float32 unit vectors -> (m,) int64 labels of the last fit."""
        ...


@dataclass(frozen=True)
class Word:
    """One word of a text, as topic labels need it.

    Attributes:
        key: what its forms share, as a stem; equal for "delivery" and "deliveries".
        start: first code point in the text.
        end: one past the last.
        kind: theme (says what), opinion (says good or bad), negator, name, stop, or breaker (a stop word that
            no phrase runs across, as because).
    """

    key: str
    start: int
    end: int
    kind: str


class WordReader(Protocol):
    """Cuts texts into words, the way the language wants it."""

    def read(self, text: str, language: str) -> list[list[Word]]:
        """One text -> its stretches between punctuation, each a list of words in order."""
        ...

    def has_theme(self, text: str, language: str) -> bool:
        """Say whether a text names anything besides praise, blame and courtesy; cheap, for every text."""
        ...


class TopicDescriber(Protocol):
    """Finds the phrases that set each topic apart."""

    def describe(
        self, documents: Sequence[Sequence[str]], topics: Sequence[int]
    ) -> list[list[tuple[str, float]]]:
        """n documents, lists of phrases, in k topics 0 to k - 1 -> the weighed phrases of each."""
        ...


class TopicNamer(Protocol):
    """Writes the label of a topic."""

    def name(self, keywords: Sequence[str], texts: Sequence[str], language: str) -> str | None:
        """Keywords and masked texts of one topic, language of the label -> a label; None if it has none."""
        ...
