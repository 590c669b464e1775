"""Distinct texts and their vectors -> topics that keep their ids: found, matched with old ones, opened."""

from __future__ import annotations

import hashlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from nlp.protocols import Clusterer

Vectors = NDArray[np.float32]

TOO_SHORT = "too_short"  # names nothing besides praise, blame and courtesy
TOO_FAR = "too_far"  # fits no topic: waits in the pool
TOO_FEW = "too_few"  # fewer texts than a topic needs
NO_THEME = "no_theme"  # like many others, but what they share is no word that could name it
CENTROID_COLUMNS = ["topic_id", "centroid", "radius", "fitted_count"]


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
        centroids: TOPIC_CENTROIDS, one row per topic.
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
        if _tightness(vectors[members], total, len(ids)) < rules.min_tightness:
            continue
        centroid = _unit_mean(vectors[members])
        distances = 1.0 - vectors[members] @ centroid
        topic_id = new_topic_id(ids[members], taken)
        taken.add(topic_id)
        radius = float(np.quantile(distances, rules.radius_quantile))
        rows.append((label, topic_id, centroid, radius, len(members)))
    centroids = pd.DataFrame([row[1:] for row in rows], columns=CENTROID_COLUMNS)
    own = np.full(len(ids), -1, dtype=np.int64)
    for position, row in enumerate(rows):
        own[labels == row[0]] = position
    return Groups(centroids, _place(ids, vectors, centroids, rules, own=own))


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
        similar = _matrix(found.centroids) @ _matrix(centroids).T
        fresh = 1.0 - similar.max(axis=1) >= rules.apart
        found = Groups(found.centroids[fresh].reset_index(drop=True), found.assigned)
    return Groups(found.centroids, assign_topics(ids, pool[1], centroids=found.centroids, rules=rules))


def match_topics(new: Groups, old: Groups, *, rules: GroupRules) -> tuple[Groups, pd.DataFrame]:
    """Give the topics of a refit the ids of the old topics that they continue.

    Each pair is judged by the texts that both hold (as a share of all texts that one of them holds) and by
    the cosine of their centres; the assignment that has the highest sum of the two means is taken.

    Args:
        new: topics of the refit, with provisional ids.
        old: topics before it, with the texts that were theirs.
        rules: how much evidence a match needs.

    Returns:
        The refit under its final ids, and events: topic_id, event (kept, born, died), evidence, one row per
        topic of either side, by topic_id.
    """
    evidence = _evidence(new, old)
    old_ids, new_ids = old.centroids["topic_id"].tolist(), new.centroids["topic_id"].tolist()
    continued = {
        new_ids[i]: (old_ids[j], float(evidence[i, j]))
        for i, j in zip(*linear_sum_assignment(-evidence), strict=True)
        if evidence[i, j] >= rules.match_evidence
    }
    fresh = {t: new_topic_id([t], old_ids) if t in old_ids else t for t in new_ids if t not in continued}
    final = {**fresh, **{topic_id: old_id for topic_id, (old_id, _) in continued.items()}}
    died = set(old_ids) - set(final.values())
    events = pd.DataFrame(
        [(old_id, "kept", strength) for old_id, strength in continued.values()]
        + [(topic_id, "born", 0.0) for topic_id in fresh.values()]
        + [(topic_id, "died", 0.0) for topic_id in died],
        columns=["topic_id", "event", "evidence"],
    )
    centroids = new.centroids.assign(topic_id=[final[t] for t in new_ids])
    assigned = new.assigned.assign(
        topic_id=_objects(np.array([final.get(t) for t in new.assigned["topic_id"]], dtype=object))
    )
    return Groups(centroids, assigned), events.sort_values("topic_id", ignore_index=True)


def new_topic_id(founders: Iterable[str], taken: Iterable[str]) -> str:
    """Make an id from the texts that found a topic: the same texts give the same id, others another."""
    digest = hashlib.sha256("\n".join(sorted(founders)).encode())
    used = set(taken)
    while (topic_id := "t" + digest.hexdigest()[:10]) in used:
        digest.update(b"again")
    return topic_id


def unassigned(ids: Iterable[str], reason: str) -> pd.DataFrame:
    """Give texts that belong to no topic, with the reason."""
    rows = np.asarray(list(ids), dtype=object)
    return pd.DataFrame(
        {
            "text_id": _objects(rows),
            "topic_id": _objects(np.full(len(rows), None, dtype=object)),
            "topic_score": np.zeros(len(rows), dtype=np.float32),
            "reason": _objects(np.full(len(rows), reason, dtype=object)),
        }
    )


def _objects(values: NDArray[np.object_]) -> Any:  # noqa: ANN401 - pandas' own inference would make strings of None
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
    similar = np.round(vectors @ _matrix(centroids).T, 5)
    chosen = np.where(own >= 0, own, similar.argmax(axis=1))
    score = similar[np.arange(len(ids)), chosen]
    radii = centroids["radius"].to_numpy(dtype=np.float32)
    limit = np.minimum(radii * rules.reach, rules.max_reach)
    inside = 1.0 - score <= limit[chosen]
    names = centroids["topic_id"].to_numpy(dtype=object)[chosen]
    missing, far = np.full(len(ids), None, dtype=object), np.full(len(ids), TOO_FAR, dtype=object)
    return pd.DataFrame(
        {
            "text_id": ids,
            "topic_id": _objects(np.where(inside, names, missing)),
            "topic_score": np.where(inside, np.clip(score, 0.0, 1.0), 0.0).astype(np.float32),
            "reason": _objects(np.where(inside, missing, far)),
        }
    )


def _evidence(new: Groups, old: Groups) -> NDArray[np.float64]:
    closeness: NDArray[np.float64] = np.zeros((len(new.centroids), len(old.centroids)))
    if not closeness.size:
        return closeness
    closeness = np.clip(_matrix(new.centroids) @ _matrix(old.centroids).T, 0.0, 1.0).astype(np.float64)
    both = new.assigned.merge(old.assigned, on="text_id", suffixes=("_new", "_old"))
    shared = pd.crosstab(both["topic_id_new"], both["topic_id_old"])
    shared = shared.reindex(index=new.centroids["topic_id"], columns=old.centroids["topic_id"], fill_value=0)
    counts = shared.to_numpy(dtype=np.float64)
    either = counts.sum(axis=1, keepdims=True) + counts.sum(axis=0, keepdims=True) - counts
    overlap = counts / np.maximum(either, 1.0)
    # Without texts in common (the old ones were not kept) the centres alone decide.
    return np.asarray((overlap + closeness) / 2 if counts.any() else closeness, dtype=np.float64)


def _matrix(centroids: pd.DataFrame) -> Vectors:
    return np.asarray(np.stack(centroids["centroid"].to_list()), dtype=np.float32)


def _unit_mean(vectors: Vectors) -> Vectors:
    mean = vectors.astype(np.float64).mean(axis=0)
    return np.asarray(mean / max(float(np.linalg.norm(mean)), 1e-12), dtype=np.float32)


def _tightness(own: Vectors, total: NDArray[np.float64], rows: int) -> float:
    """Give how much closer these rows are to each other than to the rest.

    Args:
        own: (m, d) unit vectors.
        total: (d,) sum of all vectors, these among them.
        rows: how many they are.

    Returns:
        0 where two of them are no closer than one of them and another row, 1 where all are equal.
    """
    count, inside = len(own), own.sum(axis=0, dtype=np.float64)
    within = (float(inside @ inside) - count) / (count * (count - 1)) if count > 1 else 1.0
    outside = float(inside @ (total - inside)) / (count * (rows - count)) if rows > count else 0.0
    return (within - outside) / (1.0 - outside) if outside < 1.0 else 0.0
