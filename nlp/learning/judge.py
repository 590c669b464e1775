"""Judges examples exactly as a run judges comments: segment by segment, then put together again."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pandas as pd

from data.schema import SENTIMENT_LABELS
from nlp.category import CategoryRules, CategoryScorer, find_aspects
from nlp.documents import DocumentRules, make_documents
from nlp.learning.examples import Read
from nlp.protocols import Classifier
from nlp.sentiment import score_sentiment


@dataclass(frozen=True)
class JudgeRules:
    """The rules of the stages that judge: sections [category] and [documents] of the settings."""

    category: CategoryRules
    documents: DocumentRules


@dataclass(frozen=True)
class Judged:
    """What a run would say of n texts.

    Attributes:
        shares: (n, 3) probabilities of SENTIMENT_LABELS.
        sentiment: (n,) place in SENTIMENT_LABELS; not always the largest share (mixed comments are neutral).
        categories: (n, c) booleans.
    """

    shares: np.ndarray
    sentiment: np.ndarray
    categories: np.ndarray


@dataclass
class Given:
    """A classifier whose answer is there already: (m, c) probabilities of these very segments."""

    labels: tuple[str, ...]
    scores: np.ndarray
    name: str = "given"

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """Give the scores."""
        return self.scores


def judge(
    read: Read, labels: tuple[str, ...], *, feeling: Classifier, scorer: CategoryScorer, rules: JudgeRules
) -> Judged:
    """Judge every text.

    Args:
        read: n texts, m segments.
        labels: the categories of the answer's columns.
        feeling: gives the segments' sentiments.
        scorer: gives their categories.
        rules: of the stages.
    """
    segments, texts = read.segments, read.examples.texts
    felt = score_sentiment(segments, read.encoded.features, classifier=feeling)
    aspects = find_aspects(segments, felt, read.encoded, scorer=scorer, rules=rules.category)
    intents = pd.DataFrame({"intent": pd.Series(["statement"] * len(segments), dtype="str")})
    documents = make_documents(
        texts[["feedback_id"]], read.languages, segments, felt, aspects, intents, rules=rules.documents
    )
    place = {label: column for column, label in enumerate(labels)}
    categories = np.zeros((len(texts), len(labels)), dtype=bool)
    for row, names in enumerate(documents["categories"]):
        categories[row, [place[name] for name in names if name in place]] = True
    return Judged(
        shares=documents[[f"{label}_share" for label in SENTIMENT_LABELS]].to_numpy(np.float64),
        sentiment=documents["sentiment"].map(SENTIMENT_LABELS.index).to_numpy(np.int64),
        categories=categories,
    )


def with_scores(scorer: CategoryScorer, labels: tuple[str, ...], scores: np.ndarray) -> CategoryScorer:
    """Give the scorer with other answers of its trained classifier: (m, len(labels)) scores."""
    every = (*scorer.labels, *(label for label in labels if label not in scorer.labels))
    return replace(scorer, labels=every, classifier=Given(labels, scores))
