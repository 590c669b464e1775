"""Distinct texts and their vectors -> topics that keep their ids: found, matched with old ones, opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.schema import NONE
from nlp.protocols import Clusterer

Vectors = NDArray[np.float32]

TOO_SHORT = "too_short"  # names nothing besides praise, blame and courtesy
TOO_FAR = "too_far"  # fits no topic: waits in the pool
TOO_FEW = "too_few"  # fewer texts than a topic needs
NO_THEME = "no_theme"  # like many others, but no words that could name a theme are what makes them alike
CENTROID_COLUMNS = ["topic_id", "anchor", "centroid", "radius", "fitted_count", "tightness"]


@dataclass(frozen=True)
class GroupRules:
    """When a group of texts is a topic, and which texts are its.

    Attributes:
        min_size: distinct texts that a topic needs.
        min_tightness: how much closer a topic's texts are to each other than to others: 0 no closer, 1 equal.
        radius_quantile: share of a topic's texts that lie within its radius.
        reach: texts are assigned within this many radii.
        max_reach: and never farther than this cosine distance.
        apart: cosine distance that a topic opened from the pool keeps to every other.
        match_evidence: shared texts and closeness of centres that make a refitted topic an old one.
    """

    min_size: int
    min_tightness: float
    radius_quantile: float
    reach: float
    max_reach: float
    apart: float
    match_evidence: float


@dataclass(frozen=True)
class Groups:
    """Topics and the texts that are theirs.

    Attributes:
        centroids: TOPIC_CENTROIDS, one row per topic; several of a topic that people have merged; under NONE
            those of groups that are no theme, so that texts like theirs do not go to the next topic instead.
        assigned: text_id, topic_id (null for none), topic_score, reason, one row per text in the given order.
    """

    centroids: pd.DataFrame
    assigned: pd.DataFrame


def empty_centroids() -> pd.DataFrame:
    """Give TOPIC_CENTROIDS with no rows."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in CENTROID_COLUMNS})


def fit_topics(
    text_ids: Iterable[str],
    vectors: Vectors,
    *,
    clusterer: Clusterer,
    rules: GroupRules,
    known: Iterable[str] = (),
) -> Groups:
    """Find topics among distinct texts.

    Args:
        text_ids: n ids.
        vectors: (n, d) unit vectors, in that order.
        clusterer: proposes groups.
        rules: which of them are topics.
        known: topic ids that were given before, so that none is given twice.

    Returns:
        Topics with new ids, and n assigned rows.
    """
    ids = np.asarray(list(text_ids), dtype=object)
    if len(ids) < rules.min_size:
        return Groups(empty_centroids(), unassigned(ids, TOO_FEW))
    labels = np.array(clusterer.fit(vectors).labels_, dtype=np.int64)
    rows, taken, total = [], set(known), vectors.sum(axis=0, dtype=np.float64)
    for label in range(int(labels.max(initial=-1)) + 1):
        members = np.flatnonzero(labels == label)
        if len(members) < rules.min_size:
            continue
        own = vectors[members].sum(axis=0, dtype=np.float64)
        tightness = tightness_of(own, len(members), total, len(ids))
        if tightness < rules.min_tightness:
            continue
        centroid = unit_mean(vectors[members])
        distances = 1.0 - vectors[members] @ centroid
        topic_id = new_topic_id(ids[members], taken)
        taken.add(topic_id)
        radius = float(np.quantile(distances, rules.radius_quantile))
        rows.append((label, topic_id, topic_id, centroid, radius, len(members), tightness))
    centroids = pd.DataFrame([row[1:] for row in rows], columns=CENTROID_COLUMNS)
    places = np.full(len(ids), -1, dtype=np.int64)
    for position, row in enumerate(rows):
        places[labels == row[0]] = position
    return Groups(centroids, _place(ids, vectors, centroids, rules, own=places))


def assign_topics(
    text_ids: Iterable[str], vectors: Vectors, *, centroids: pd.DataFrame, rules: GroupRules
) -> pd.DataFrame:
    """Give each text the nearest topic whose reach it is in.

    Args:
        text_ids: n ids.
        vectors: (n, d) unit vectors, in that order.
        centroids: TOPIC_CENTROIDS.
        rules: how far a topic reaches.

    Returns:
        text_id, topic_id, topic_score, reason, n rows in the given order.
    """
    ids = np.asarray(list(text_ids), dtype=object)
    return _place(ids, vectors, centroids, rules, own=np.full(len(ids), -1, dtype=np.int64))


def open_topics(
    pool: tuple[Iterable[str], Vectors], *, centroids: pd.DataFrame, clusterer: Clusterer, rules: GroupRules
) -> Groups:
    """Look for new topics among texts that fit no topic.

    Args:
        pool: m text ids and their (m, d) unit vectors.
        centroids: TOPIC_CENTROIDS of the topics there are.
        clusterer: proposes groups.
        rules: how large, how tight and how far from the others a new topic has to be.

    Returns:
        The new topics alone, and m assigned rows.
    """
    ids = np.asarray(list(pool[0]), dtype=object)
    found = fit_topics(ids, pool[1], clusterer=clusterer, rules=rules, known=centroids["topic_id"])
    if found.centroids.empty:
        return Groups(found.centroids, unassigned(ids, TOO_FAR))
    if not centroids.empty:
        similar = matrix_of(found.centroids) @ matrix_of(centroids).T
        fresh = 1.0 - similar.max(axis=1) >= rules.apart
        found = Groups(found.centroids[fresh].reset_index(drop=True), found.assigned)
    return Groups(found.centroids, assign_topics(ids, pool[1], centroids=found.centroids, rules=rules))


def new_topic_id(founders: Iterable[str], taken: Iterable[str]) -> str:
    """Make an id from the texts that found a topic: the same texts give the same id, others another."""
    digest = hashlib.sha256("\n".join(sorted(founders)).encode())
    used = set(taken)
    while (topic_id := "t" + digest.hexdigest()[:10]) in used:
        digest.update(b"again")
    return topic_id


def topics_only(centroids: pd.DataFrame) -> pd.DataFrame:
    """Give TOPIC_CENTROIDS without those of groups that are no theme."""
    return centroids[centroids["topic_id"] != NONE]


def unassigned(ids: Iterable[str], reason: str) -> pd.DataFrame:
    """Give texts that belong to no topic, with the reason."""
    rows = np.asarray(list(ids), dtype=object)
    return pd.DataFrame(
        {
            "text_id": objects(rows),
            "topic_id": objects(np.full(len(rows), None, dtype=object)),
            "topic_score": np.zeros(len(rows), dtype=np.float32),
            "reason": objects(np.full(len(rows), reason, dtype=object)),
        }
    )


def objects(values: NDArray[np.object_]) -> Any:  # noqa: ANN401 - what pandas' constructor takes
    """Make a column of anything: pandas' own inference would make strings of None."""
    return pd.Series(values, dtype="object")


def _place(
    ids: NDArray[np.object_],
    vectors: Vectors,
    centroids: pd.DataFrame,
    rules: GroupRules,
    *,
    own: NDArray[np.int64],
) -> pd.DataFrame:
    """Put each text in its own group (`own`) or, at -1, in the nearest, when that reaches so far."""
    if centroids.empty or not len(ids):
        return unassigned(ids, TOO_FAR if len(ids) else TOO_FEW)
    similar = np.round(vectors @ matrix_of(centroids).T, 5)
    chosen = np.where(own >= 0, own, similar.argmax(axis=1))
    score = similar[np.arange(len(ids)), chosen]
    radii = centroids["radius"].to_numpy(dtype=np.float32)
    limit = np.minimum(radii * rules.reach, rules.max_reach)
    inside = 1.0 - score <= limit[chosen]
    names = centroids["topic_id"].to_numpy(dtype=object)[chosen]
    missing = np.full(len(ids), None, dtype=object)
    reason = np.where(inside, NO_THEME, TOO_FAR).astype(object)
    inside &= names != NONE
    return pd.DataFrame(
        {
            "text_id": ids,
            "topic_id": objects(np.where(inside, names, missing)),
            "topic_score": np.where(inside, np.clip(score, 0.0, 1.0), 0.0).astype(np.float32),
            "reason": objects(np.where(inside, missing, reason)),
        }
    )


def matrix_of(centroids: pd.DataFrame) -> Vectors:
    """Give the centres of n rows of TOPIC_CENTROIDS as (n, d)."""
    return np.asarray(np.stack(centroids["centroid"].to_list()), dtype=np.float32)


def unit_mean(vectors: Vectors) -> Vectors:
    """Give the direction of the mean of (n, d) vectors."""
    mean = vectors.astype(np.float64).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def tightness_of(own: NDArray[np.float64], count: int, total: NDArray[np.float64], rows: int) -> float:
    """Give how much closer some rows are to each other than to the rest.

    Args:
        own: (d,) sum of their unit vectors.
        count: how many they are.
        total: (d,) sum of all vectors, these among them.
        rows: how many all are.

    Returns:
        0 where two of them are no closer than one of them and another row, 1 where all are equal.
    """
    within = (float(own @ own) - count) / (count * (count - 1)) if count > 1 else 1.0
    outside = float(own @ (total - own)) / (count * (rows - count)) if rows > count else 0.0
    return (within - outside) / (1.0 - outside) if outside < 1.0 else 0.0
