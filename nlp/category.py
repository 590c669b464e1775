"""SEGMENTS -> ASPECTS: which friction categories a segment speaks of, and how it feels about each."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import OTHER
from nlp.protocols import Classifier, Encoded, Encoder
from nlp.taxonomy import Taxonomy
from nlp.text.contacts import only_contacts

ENGLISH = "en"
_EDGE = r"[^\pL\pN]"  # not a letter or digit, in RE2, whose time is linear in the text
_UNSPACED = ("zh",)  # languages that put no space between words


@dataclass(frozen=True)
class CategoryRules:
    """When a segment counts as speaking of a category; section [category] of the settings."""

    min_score: float
    max_categories: int
    similar: float
    similar_other_languages: float
    similarity_width: float
    keyword_score: float
    other_score: float
    opinion: float


@dataclass(frozen=True)
class CategoryScorer:
    """What knows the categories.

    Attributes:
        labels: all categories of the taxonomy, without other.
        classifier: trained; covers the shipped categories.
        phrases: category -> (p, d) unit vectors of phrases that the training has not seen: a company's own.
        keywords: category -> language -> words that alone give it away.
    """

    labels: tuple[str, ...]
    classifier: Classifier
    phrases: Mapping[str, np.ndarray]
    keywords: Mapping[str, Mapping[str, tuple[str, ...]]]


def build_scorer(
    taxonomy: Taxonomy, shipped: Taxonomy, *, classifier: Classifier, encoder: Encoder
) -> CategoryScorer:
    """Prepare the categories of a company's taxonomy.

    Args:
        taxonomy: the one in use.
        shipped: the one the classifier was trained with: phrases that differ from it become prototypes.
        classifier: the trained one.
        encoder: gives the vectors of own phrases.
    """
    trained = {c.id: {(lang, p) for lang, texts in c.phrases.items() for p in texts} for c in shipped}
    own: dict[str, np.ndarray] = {}
    for category in taxonomy:
        known = trained.get(category.id, set()) if category.id in classifier.labels else set()
        pairs = [
            (p, lang) for lang, texts in category.phrases.items() for p in texts if (lang, p) not in known
        ]
        if pairs and category.id != OTHER:
            own[category.id] = encoder.encode([p for p, _ in pairs], [lang for _, lang in pairs]).vectors
    labels = tuple(c.id for c in taxonomy if c.id != OTHER)
    return CategoryScorer(labels, classifier, own, {c.id: c.keywords for c in taxonomy if c.keywords})


def find_aspects(
    segments: pd.DataFrame,
    sentiments: pd.DataFrame,
    encoded: Encoded,
    *,
    scorer: CategoryScorer,
    rules: CategoryRules,
) -> pd.DataFrame:
    """Find what each segment speaks of.

    Args:
        segments: SEGMENTS, n rows.
        sentiments: SENTIMENTS, n rows, aligned with `segments`.
        encoded: n rows, aligned with `segments`.
        scorer: knows the categories.
        rules: thresholds.

    Returns:
        ASPECTS: per segment at most `rules.max_categories` rows, strongest first, or one row `other` where no
        category fits and the segment carries an opinion; segments in their order.
    """
    scores = score_categories(segments, encoded, scorer=scorer, rules=rules)
    rows, columns = _choose(scores, rules)
    opinion = 1.0 - sentiments["neutral_share"].to_numpy(np.float32)
    without = np.setdiff1d(np.flatnonzero(opinion >= rules.opinion), rows)
    rows = np.concatenate([rows, without]).astype(np.int64)
    names = np.array([*scorer.labels, OTHER], dtype=object)
    columns = np.concatenate([columns, np.full(len(without), len(scorer.labels))]).astype(np.int64)
    found = np.append(scores, np.full((len(segments), 1), rules.other_score, np.float32), axis=1)[
        rows, columns
    ]
    order = np.lexsort((columns, -found, rows))
    rows, columns, found = rows[order], columns[order], found[order]
    spoken, felt = segments.iloc[rows], sentiments.iloc[rows]
    return pd.DataFrame(
        {
            **{name: spoken[name].to_numpy() for name in ("feedback_id", "segment_id", "start", "end")},
            "category": names[columns],
            "category_score": found,
            "sentiment": felt["sentiment"].to_numpy(),
            "sentiment_score": felt["sentiment_score"].to_numpy(),
        }
    )


def score_categories(
    segments: pd.DataFrame, encoded: Encoded, *, scorer: CategoryScorer, rules: CategoryRules
) -> np.ndarray:
    """Give n segments their (n, len(scorer.labels)) float32 scores, 0 to 1: the strongest of three witnesses.

    The trained classifier; nearness to a company's own phrases; its keywords.
    """
    place = {label: column for column, label in enumerate(scorer.labels)}
    scores = np.zeros((len(segments), len(scorer.labels)), np.float32)
    trained = scorer.classifier.predict(
        segments["text"].tolist(), segments["language"].tolist(), encoded.features
    )
    for column, label in enumerate(scorer.classifier.labels):
        if label in place:
            scores[:, place[label]] = trained[:, column]
    is_english = segments["language"].to_numpy() == ENGLISH
    middle = np.where(is_english, rules.similar, rules.similar_other_languages).astype(np.float32)
    for label, phrases in scorer.phrases.items():
        if len(segments):
            near = (encoded.vectors @ phrases.T).max(axis=1)
            likely = 0.5 * (1.0 + np.tanh(0.5 * (near - middle) / rules.similarity_width))
            scores[:, place[label]] = np.maximum(scores[:, place[label]], likely)
    for label, by_language in scorer.keywords.items():
        hit = _has_keyword(segments["text"], by_language)
        scores[hit, place[label]] = np.maximum(scores[hit, place[label]], rules.keyword_score)
    scores[only_contacts(segments["text"])] = 0.0
    return scores


def _choose(scores: np.ndarray, rules: CategoryRules) -> tuple[np.ndarray, np.ndarray]:
    """Give rows and columns of what is strong enough, at most `max_categories` per row."""
    kept = scores >= rules.min_score
    if scores.shape[1] > rules.max_categories:
        weakest = -np.partition(-scores, rules.max_categories - 1, axis=1)[:, rules.max_categories - 1]
        kept &= scores >= weakest[:, None]
    rows, columns = np.nonzero(kept)
    return rows, columns


def _has_keyword(texts: pd.Series, by_language: Mapping[str, tuple[str, ...]]) -> np.ndarray:
    hit = np.zeros(len(texts), dtype=bool)
    values = pa.array(texts, pa.string())
    for language, words in by_language.items():
        joined = "|".join(re.escape(word) for word in words)
        pattern = f"({joined})" if language in _UNSPACED else f"(^|{_EDGE})({joined})($|{_EDGE})"
        found = pc.match_substring_regex(values, pattern, ignore_case=True)
        hit |= found.to_numpy(zero_copy_only=False).astype(bool)
    return hit
