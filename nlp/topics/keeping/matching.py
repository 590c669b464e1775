"""Old topics and those of a refit -> which of them are the same, so that ids stay."""

from __future__ import annotations

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from nlp.topics.groups import GroupRules, Groups, matrix_of, new_topic_id, objects

_MOST = 0.5  # more than half of what a group held before


def match_topics(new: Groups, old: Groups, *, rules: GroupRules) -> Groups:
    """Give the topics of a refit the ids of the old topics that they continue.

    Each pair is judged by the texts that both hold (as a share of all texts that one of them holds) and by
    the cosine of their centres; the assignment that has the highest sum of the two means is taken. A second
    part of a topic that people have merged keeps that topic's id as well.

    Args:
        new: topics of the refit, with provisional ids.
        old: topics before it, with the texts that were theirs.
        rules: how much evidence a match needs.

    Returns:
        The refit under its final ids; an id stands in several rows of the centroids where people merged.
    """
    old_ids = sorted(set(old.centroids["topic_id"]))
    new_ids = new.centroids["topic_id"].tolist()
    counts = _shared(new, old, old_ids)
    evidence = _evidence(counts, _closeness(new.centroids, old.centroids, old_ids))
    final = {
        new_ids[i]: old_ids[j]
        for i, j in zip(*linear_sum_assignment(-evidence), strict=True)
        if evidence[i, j] >= rules.match_evidence
    }
    merged = set(old.centroids.loc[old.centroids["topic_id"].duplicated(), "topic_id"])
    for i, topic_id in enumerate(new_ids):
        if topic_id not in final:
            final[topic_id] = _part_of(counts[i], old_ids, merged) or _fresh(topic_id, old_ids)
    return Groups(
        new.centroids.assign(topic_id=[final[topic_id] for topic_id in new_ids]),
        new.assigned.assign(
            topic_id=objects(np.array([final.get(t) for t in new.assigned["topic_id"]], dtype=object))
        ),
    )


def _part_of(counts: NDArray[np.float64], old_ids: list[str], merged: set[str]) -> str | None:
    """Give the topic that people merged and that most of a group's old texts were in, if there is one."""
    if not len(counts) or counts.max() <= _MOST * counts.sum():
        return None
    topic_id = old_ids[int(counts.argmax())]
    return topic_id if topic_id in merged else None


def _fresh(topic_id: str, old_ids: list[str]) -> str:
    """Keep a provisional id unless an old topic that does not continue has it: the same texts make one id."""
    return new_topic_id([topic_id], old_ids) if topic_id in old_ids else topic_id


def _shared(new: Groups, old: Groups, old_ids: list[str]) -> NDArray[np.float64]:
    """Count the texts that a new and an old topic share: (new, old)."""
    both = new.assigned.merge(old.assigned, on="text_id", suffixes=("_new", "_old"))
    shared = pd.crosstab(both["topic_id_new"], both["topic_id_old"])
    shared = shared.reindex(index=new.centroids["topic_id"], columns=old_ids, fill_value=0)
    return np.asarray(shared.to_numpy(dtype=np.float64))


def _closeness(new: pd.DataFrame, old: pd.DataFrame, old_ids: list[str]) -> NDArray[np.float64]:
    """Give the cosine of each new centre to the nearest centre of each old topic, 0 at least: (new, old)."""
    closeness = np.zeros((len(new), len(old_ids)))
    if not closeness.size:
        return closeness
    similar = np.clip(matrix_of(new) @ matrix_of(old).T, 0.0, 1.0)
    owners = old["topic_id"].to_numpy(dtype=object)
    for j, topic_id in enumerate(old_ids):
        closeness[:, j] = similar[:, owners == topic_id].max(axis=1)
    return closeness


def _evidence(counts: NDArray[np.float64], closeness: NDArray[np.float64]) -> NDArray[np.float64]:
    either = counts.sum(axis=1, keepdims=True) + counts.sum(axis=0, keepdims=True) - counts
    overlap = counts / np.maximum(either, 1.0)
    # Without texts in common (the old ones were not kept) the centres alone decide.
    return np.asarray((overlap + closeness) / 2 if counts.any() else closeness, dtype=np.float64)
