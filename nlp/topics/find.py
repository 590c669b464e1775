"""SEGMENTS, EMBEDDINGS -> TOPICS, MEMBERS: themes nobody listed, under ids that stay."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence

import numpy as np
import pandas as pd
from numpy.typing import NDArray

from data.schema import NONE
from nlp.topics.groups import (
    NO_THEME,
    TOO_FAR,
    TOO_SHORT,
    Groups,
    Vectors,
    assign_topics,
    empty_centroids,
    fit_topics,
    open_topics,
    topics_only,
    unassigned,
)
from nlp.topics.keeping.events import tell_births
from nlp.topics.names.labels import describe_topics
from nlp.topics.names.written import write_labels
from nlp.topics.rules import Chunks, TopicContext, TopicRules, Topics, TopicTools
from nlp.topics.table import name_table

MEMBER_COLUMNS = ["feedback_id", "segment_id", "topic_id", "topic_score", "reason"]
MAX_SHOWN_IDS = 3


def find_topics(
    segments: pd.DataFrame,
    chunks: Chunks,
    *,
    context: TopicContext,
    tools: TopicTools,
) -> Topics:
    """Find topics, or carry those of earlier runs on.

    Without a state a sample of the distinct texts (those with the smallest ids: ids are hashes) is clustered.
    With one, texts go to the stored topics. Either way what fits nowhere is searched for new topics. Memory
    holds the sample, one chunk and as large a pool, whatever the number of segments.

    Args:
        segments: SEGMENTS, n rows in any order: new ones, and older ones that still wait for a topic.
        chunks: gives EMBEDDINGS of their texts chunk by chunk, in any order, as often as it is called.
        context: the topics of earlier runs.
        tools: the models and their rules.

    Returns:
        The names of all topics, MEMBERS of the n segments in their order, TOPIC_CENTROIDS, and a birth in
        TOPIC_EVENTS for each new topic.

    Raises:
        ValueError: when texts have no vector: EMBEDDINGS has to be complete.
    """
    texts = distinct_texts(segments, tools)
    themed = pd.Index(texts.loc[texts["has_theme"], "text_id"])
    found = find_groups(themed, chunks, old=context.centroids, tools=tools)
    members, names, centroids = name_groups(segments, texts, found, context=context, tools=tools)
    born = set(topics_only(centroids)["topic_id"]) - set(context.centroids["topic_id"])
    events = tell_births(members, centroids, born=born, day=context.day, cause="daily")
    return Topics(names, members, centroids, events)


def find_groups(themed: pd.Index[str], chunks: Chunks, *, old: pd.DataFrame, tools: TopicTools) -> Groups:
    """Carry the old topics on, or find the first; then look for new ones among what fits nowhere."""
    known = _first_fit(themed, chunks, tools=tools) if old.empty else Groups(old, unassigned([], TOO_FAR))
    # At the first fit a topic has to be one among all texts; later a theme of today has to stand out today.
    rules = tools.rules.groups(len(themed) if old.empty else 0)
    placed, pool = _place_all(themed, chunks, known=known, rules=tools.rules)
    opened = open_topics(
        pool, centroids=known.centroids, clusterer=tools.clusterer(len(pool[0])), rules=rules
    )
    return Groups(_both(known.centroids, opened.centroids), _updated(placed, opened))


def distinct_texts(segments: pd.DataFrame, tools: TopicTools) -> pd.DataFrame:
    """Give each text once, by id; count its segments, and say whether it names a theme."""
    texts = segments[["text_id", "text", "language"]].astype(object).drop_duplicates("text_id")
    texts["count"] = texts["text_id"].map(segments["text_id"].value_counts())
    texts = texts.sort_values("text_id", ignore_index=True)
    pairs = zip(texts["text"], texts["language"], strict=True)
    texts["has_theme"] = np.array(
        [tools.reader.has_theme(text, language) for text, language in pairs], dtype=bool
    )
    return texts


def _first_fit(themed: pd.Index[str], chunks: Chunks, *, tools: TopicTools) -> Groups:
    ids, vectors = gather_vectors(themed[: tools.rules.sample], chunks)
    return fit_topics(ids, vectors, clusterer=tools.clusterer(len(ids)), rules=tools.rules.groups(len(ids)))


def gather_vectors(wanted: pd.Index[str], chunks: Chunks) -> tuple[list[str], Vectors]:
    """Collect the vectors of some texts, in the order of the ids."""
    vectors: Vectors | None = None
    for ids, rows, chunk in wanted_rows(wanted, chunks):
        if vectors is None:
            vectors = np.zeros((len(wanted), chunk.shape[1]), dtype=np.float32)
        vectors[wanted.get_indexer(ids)] = chunk[rows]
    return list(wanted), np.zeros((0, 0), dtype=np.float32) if vectors is None else vectors


def wanted_rows(
    wanted: pd.Index[str], chunks: Chunks
) -> Iterator[tuple[pd.Index[str], NDArray[np.int64], Vectors]]:
    """Give, per chunk, the wanted ids in it, their rows, and the chunk; refuse when some never come.

    Raises:
        ValueError: ids that are in no chunk; how many, and the first of them.
    """
    missing = np.ones(len(wanted), dtype=bool)
    for chunk_ids, chunk in chunks() if len(wanted) else ():
        ids = pd.Index(list(chunk_ids), dtype="object")
        at = wanted.get_indexer(ids)
        rows = np.flatnonzero((at >= 0) & ~ids.duplicated())
        rows = rows[missing[at[rows]]]  # a text that stands in two chunks counts once
        missing[at[rows]] = False
        if len(rows):
            yield ids[rows], rows, chunk
    if missing.any():
        shown = ", ".join(wanted[missing][:MAX_SHOWN_IDS])
        raise ValueError(
            f"topics: {int(missing.sum())} of {len(wanted)} texts have no vector, as {shown}; "
            "write EMBEDDINGS for these segments before finding topics"
        )


def _place_all(
    themed: pd.Index[str], chunks: Chunks, *, known: Groups, rules: TopicRules
) -> tuple[pd.DataFrame, tuple[list[str], Vectors]]:
    """Assign what is not assigned yet, chunk by chunk; give all texts and the pool that fits nowhere."""
    groups = rules.groups(len(known.assigned))
    strays = pd.Index(known.assigned.loc[known.assigned["reason"] == TOO_FAR, "text_id"], dtype="object")
    pool = Pool(rules.sample)
    parts = [known.assigned]
    for ids, rows, chunk in wanted_rows(
        themed[~themed.isin(known.assigned["text_id"])].append(strays), chunks
    ):
        placed = assign_topics(ids, chunk[rows], centroids=known.centroids, rules=groups)
        pool.add(list(ids), chunk[rows], (placed["reason"] == TOO_FAR).to_numpy())
        parts.append(placed[~placed["text_id"].isin(strays)])
    return pd.concat(parts, ignore_index=True), pool.texts()


class Pool:
    """Texts that fit nowhere, those with the smallest ids: no more than are clustered."""

    def __init__(self, most: int) -> None:
        self._most = most
        self._ids: list[str] = []
        self._vectors: list[Vectors] = []

    def add(self, ids: Sequence[str], vectors: Vectors, is_far: NDArray[np.bool_]) -> None:
        """Take in the far ones of n texts."""
        far = np.flatnonzero(is_far)
        self._ids += [ids[int(row)] for row in far]
        self._vectors.append(vectors[far])
        if len(self._ids) > 2 * self._most:
            self._ids, kept = self.texts()
            self._vectors = [kept]

    def texts(self) -> tuple[list[str], Vectors]:
        """Give ids, ascending, and their vectors."""
        if not self._ids:
            return [], np.zeros((0, 0), dtype=np.float32)
        order = sorted(range(len(self._ids)), key=self._ids.__getitem__)[: self._most]
        return [self._ids[i] for i in order], np.vstack(self._vectors)[order]


def _both(known: pd.DataFrame, opened: pd.DataFrame) -> pd.DataFrame:
    filled = [frame for frame in (known, opened) if not frame.empty]
    return pd.concat(filled, ignore_index=True) if filled else empty_centroids()


def _updated(placed: pd.DataFrame, opened: Groups) -> pd.DataFrame:
    """Give the texts of the pool that a new topic took to that topic."""
    took = opened.assigned[opened.assigned["topic_id"].notna()]
    return pd.concat([placed[~placed["text_id"].isin(took["text_id"])], took], ignore_index=True)


def name_groups(
    segments: pd.DataFrame,
    texts: pd.DataFrame,
    found: Groups,
    *,
    context: TopicContext,
    tools: TopicTools,
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Bring what was found about texts back to segments, and name the topics that are new.

    Returns:
        MEMBERS, the names of all topics, TOPIC_CENTROIDS.
    """
    placed = texts.merge(found.assigned.dropna(subset=["topic_id"]), on="text_id")
    tightness = found.centroids.groupby("topic_id")["tightness"].max()
    described = describe_topics(
        placed.assign(tightness=placed["topic_id"].map(tightness)),
        known=dict(zip(context.topics["topic_id"], context.topics["label"], strict=True)),
        reader=tools.reader,
        describer=tools.describer,
        rules=tools.labels,
    )
    described = write_labels(described, texts, known=context.topics["label"], namer=tools.namer)
    found = dissolve(found, described.loc[described["label"].isna(), "topic_id"])
    short = unassigned(texts.loc[~texts["has_theme"], "text_id"], TOO_SHORT)
    by_text = pd.concat([found.assigned, short], ignore_index=True)
    members = (
        segments[["feedback_id", "segment_id", "text_id"]]
        .astype(object)
        .merge(by_text, on="text_id", how="left")
    )
    alive = context.topics[context.topics["topic_id"].isin(found.centroids["topic_id"])]
    names = name_table(described[described["label"].notna()], alive=alive, members=members)
    centroids = found.centroids.sort_values(["topic_id", "anchor"], ignore_index=True)
    return members[MEMBER_COLUMNS], names, centroids


def dissolve(found: Groups, topic_ids: Iterable[str]) -> Groups:
    """Dissolve groups that cannot be named, and remember where they lie: texts like theirs are no theme."""
    ids = list(topic_ids)
    gone = found.assigned["topic_id"].isin(ids)
    owners = found.centroids["topic_id"].astype(object)
    centroids = found.centroids.assign(topic_id=owners.where(~owners.isin(ids), NONE))
    dissolved = unassigned(found.assigned.loc[gone, "text_id"], NO_THEME)
    return Groups(centroids, pd.concat([found.assigned[~gone], dissolved], ignore_index=True))
