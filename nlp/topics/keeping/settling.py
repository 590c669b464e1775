"""A refit under its final ids -> the same, with texts left where they were unless much speaks against it."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.schema import NONE
from nlp.topics.find import wanted_rows
from nlp.topics.groups import (
    CENTROID_COLUMNS,
    NO_THEME,
    TOO_FAR,
    GroupRules,
    Groups,
    empty_centroids,
    matrix_of,
    objects,
    tightness_of,
)
from nlp.topics.keeping.blocks import Blocks, ChangeRules, choose_topics
from nlp.topics.rules import Chunks, TopicRules


@dataclass(frozen=True)
class SettleRules:
    """How conservative a refit is.

    Attributes:
        groups: how far topics reach, and what else makes one.
        changes: how much evidence it takes to join or split topics.
        margin: cosine by which another topic has to be nearer for a text to move there.
    """

    groups: GroupRules
    changes: ChangeRules
    margin: float


@dataclass
class _Texts:
    """n texts: their ids, homes and new groups by number (-1 none), and how near they are to topics."""

    ids: pd.Index[str]
    home: NDArray[np.int64]
    group: NDArray[np.int64]

    def __post_init__(self) -> None:
        self.own = np.full(len(self.ids), -1, dtype=np.int64)  # row of the centroid it is to have
        self.own_near = np.zeros(len(self.ids), dtype=np.float32)
        self.best = np.full(len(self.ids), -1, dtype=np.int64)
        self.best_near = np.zeros(len(self.ids), dtype=np.float32)


def settle_rules(rules: TopicRules, clustered: int) -> SettleRules:
    """Give the rules for a refit of so many texts."""
    groups = rules.groups(clustered)
    changes = ChangeRules(
        min_size=groups.min_size, join_apart=rules.join_apart, join_share=rules.merged_share,
        split_apart=rules.split_apart, split_share=rules.split_share,
    )  # fmt: skip
    return SettleRules(groups, changes, rules.home_margin)


def settle(matched: Groups, old: Groups, chunks: Chunks, *, rules: SettleRules) -> Groups:
    """Leave texts in the topics they had, but for joins and splits with strong evidence.

    Args:
        matched: topics of the refit under their final ids, and all its texts.
        old: topics before it with the texts that were theirs; under NONE groups that are no theme.
        chunks: EMBEDDINGS of the texts.
        rules: how conservative to be.

    Returns:
        The topics that there are now, and the texts in the order of `matched`.
    """
    homes = list(dict.fromkeys(old.centroids.loc[old.centroids["topic_id"] != NONE, "topic_id"]))
    groups = list(dict.fromkeys(matched.centroids["topic_id"]))
    texts = _texts(matched, old, homes, groups)
    width = 0 if matched.centroids.empty else matrix_of(matched.centroids).shape[1]
    if not width and not homes:
        return matched
    blocks = Blocks(homes, groups, width or matrix_of(old.centroids).shape[1])
    for ids, rows, chunk in wanted_rows(texts.ids, chunks):
        at = texts.ids.get_indexer(ids)
        blocks.add(texts.home[at], texts.group[at], chunk[rows])
    chosen = choose_topics(blocks, rules=rules.changes)
    centroids = _centroids(blocks, chosen, old.centroids)
    texts.own = _rows_of(centroids, chosen)[texts.home, texts.group]
    _measure(texts, chunks, centroids)
    centroids = _with_radii(centroids, texts, rules.groups)
    return Groups(
        centroids[centroids["topic_id"] != NONE].reset_index(drop=True), _placed(texts, centroids, rules)
    )


def _texts(matched: Groups, old: Groups, homes: list[str], groups: list[str]) -> _Texts:
    ids = pd.Index(matched.assigned["text_id"], dtype="object")
    had = old.assigned.drop_duplicates("text_id").set_index("text_id")["topic_id"].reindex(ids)
    home = pd.Index(homes, dtype="object").get_indexer(pd.Index(had, dtype="object"))
    group = pd.Index(groups, dtype="object").get_indexer(
        pd.Index(matched.assigned["topic_id"], dtype="object")
    )
    return _Texts(ids, home.astype(np.int64), group.astype(np.int64))


def _centroids(blocks: Blocks, chosen: NDArray[np.object_], old: pd.DataFrame) -> pd.DataFrame:
    """Give the centres of what was chosen; what people merged and what is no theme keeps those it had."""
    merged = set(old.loc[old["topic_id"].duplicated(), "topic_id"])
    wanted = sorted({str(one) for one in chosen[blocks.counts > 0] if one is not None} - merged)
    total, count = blocks.sum_of(np.ones(blocks.counts.shape, dtype=bool))
    rows = []
    for topic_id in wanted:
        own, size = blocks.sum_of(chosen == topic_id)
        centre = np.round(own / max(float(np.linalg.norm(own)), 1e-12), 6).astype(np.float32)
        tightness = tightness_of(own, size, total, count)
        rows.append((topic_id, topic_id, centre, np.nan, size, tightness))
    kept = old[old["topic_id"].isin([*merged, NONE])]
    made = pd.DataFrame(rows, columns=CENTROID_COLUMNS)
    both = [frame for frame in (made, kept[CENTROID_COLUMNS]) if not frame.empty]
    return pd.concat(both, ignore_index=True) if both else empty_centroids()


def _rows_of(centroids: pd.DataFrame, chosen: NDArray[np.object_]) -> NDArray[np.int64]:
    """Give the first row of the centroids that each cell's topic has; -1 for none."""
    first = centroids["topic_id"].drop_duplicates()
    row_of = dict(zip(first, first.index, strict=True))
    flat = [row_of.get(one, -1) for one in chosen.ravel()]
    return np.array(flat, dtype=np.int64).reshape(chosen.shape)


def _measure(texts: _Texts, chunks: Chunks, centroids: pd.DataFrame) -> None:
    """Fill in how near each text is to the topic it is to have, and to the nearest of all."""
    owners = pd.factorize(centroids["topic_id"])[0]
    for ids, rows, chunk in wanted_rows(texts.ids, chunks):
        at = texts.ids.get_indexer(ids)
        similar = np.round(chunk[rows] @ matrix_of(centroids).T, 5)
        texts.best[at] = similar.argmax(axis=1)
        texts.best_near[at] = similar.max(axis=1)
        own = texts.own[at]
        is_own = (owners[None, :] == owners[own][:, None]) & (own >= 0)[:, None]
        within = np.where(is_own, similar, -1.0)
        texts.own_near[at] = within.max(axis=1)
        texts.own[at] = np.where(own >= 0, within.argmax(axis=1), -1)


def _with_radii(centroids: pd.DataFrame, texts: _Texts, rules: GroupRules) -> pd.DataFrame:
    radii = centroids["radius"].to_numpy(dtype=np.float64).copy()
    for row in np.flatnonzero(np.isnan(radii)):
        radii[row] = float(np.quantile(1.0 - texts.own_near[texts.own == row], rules.radius_quantile))
    return centroids.assign(radius=radii)


def _placed(texts: _Texts, centroids: pd.DataFrame, rules: SettleRules) -> pd.DataFrame:
    """Say where each text is now: at home, where it was put, where it is clearly nearer, or nowhere."""
    names = centroids["topic_id"].to_numpy(dtype=object)
    limit = np.minimum(centroids["radius"].to_numpy() * rules.groups.reach, rules.groups.max_reach)
    has_home = (texts.home >= 0) & (texts.own >= 0)
    moves = has_home & (texts.best_near > texts.own_near + rules.margin) & (names[texts.best] != NONE)
    keeps_own = (has_home & ~moves) | ((texts.own >= 0) & (1.0 - texts.own_near <= limit[texts.own]))
    row = np.where(keeps_own & ~moves, texts.own, texts.best)
    near = np.where(keeps_own & ~moves, texts.own_near, texts.best_near)
    inside = keeps_own | moves | (1.0 - near <= limit[row])
    is_topic = inside & (names[row] != NONE)
    missing = np.full(len(row), None, dtype=object)
    reason = np.where(inside, NO_THEME, TOO_FAR).astype(object)
    return pd.DataFrame(
        {
            "text_id": texts.ids.to_numpy(dtype=object),
            "topic_id": objects(np.where(is_topic, names[row], missing)),
            "topic_score": np.where(is_topic, np.clip(near, 0.0, 1.0), 0.0).astype(np.float32),
            "reason": objects(np.where(is_topic, missing, reason)),
        }
    )
