"""What people may set about topics, and what the topic stage is given."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Literal

import pandas as pd

from nlp.protocols import Clusterer, TopicDescriber, TopicNamer, WordReader
from nlp.topics.groups import GroupRules, Vectors
from nlp.topics.keeping.events import EventRules
from nlp.topics.names.candidates import LabelRules

# Gives every time anew: text ids and their (n, d) vectors, chunk after chunk, as EMBEDDINGS is stored.
Chunks = Callable[[], Iterable[tuple[Sequence[str], Vectors]]]


@dataclass(frozen=True)
class TopicRules:
    """How topics are found and kept.

    Attributes:
        clusterer: which clusterer proposes groups.
        detail: how finely themes are cut.
        coarse: resolution of the clusterer at that detail.
        medium: the same.
        fine: the same.
        full_from: texts from which on that detail holds; fewer are cut less finely.
        neighbours: neighbours of each text in the graph, at most.
        neighbours_power: and at most so many texts to this power.
        sharpness: power of the cosine that weighs a link between two texts.
        votes: cuts that vote on which texts belong together.
        spread: the cuts run at resolutions from resolution / spread to resolution * spread.
        seed: of the order in which texts are visited.
        sample: distinct texts that are clustered; the others are assigned to what was found.
        twins: two groups are one when their centres are nearer than this share of their mean spread.
        min_size: distinct texts that a topic needs.
        min_share: and the share of the texts clustered.
        min_tightness: how much closer a topic's texts are to each other than to others: 0 no closer, 1 equal.
        radius_quantile: share of a topic's texts that lie within its radius.
        reach: texts are assigned within this many radii.
        max_reach: and never farther than this cosine distance.
        apart: cosine distance that a topic opened later keeps to every other.
        match_evidence: shared texts and closeness of centres that make a refitted topic an old one.
        home_margin: cosine by which another topic has to be nearer for a refit to move a text there.
        join_apart: a refit joins topics nearer than this share of their mean spread,
        split_apart: and splits parts off that are farther apart than this one.
        max_moved: share of clauses that a refit may give another topic; one that moves more is refused.
        merged_share: a topic that a refit ends was merged when one other took this share of its comments.
        split_from_share: a new topic was split off when this share of its comments came from one old topic,
        split_share: and was this share of that one.
    """

    clusterer: str
    detail: Literal["coarse", "medium", "fine"]
    coarse: float
    medium: float
    fine: float
    full_from: int
    neighbours: int
    neighbours_power: float
    sharpness: float
    votes: int
    spread: float
    seed: int
    sample: int
    twins: float
    min_size: int
    min_share: float
    min_tightness: float
    radius_quantile: float
    reach: float
    max_reach: float
    apart: float
    match_evidence: float
    home_margin: float
    join_apart: float
    split_apart: float
    max_moved: float
    merged_share: float
    split_from_share: float
    split_share: float

    def events(self) -> EventRules:
        """Give the rules for what a refit is said to have done."""
        return EventRules(self.merged_share, self.split_from_share, self.split_share)

    def groups(self, clustered: int) -> GroupRules:
        """Give the rules for groups among so many texts."""
        return GroupRules(
            min_size=max(self.min_size, round(self.min_share * clustered)),
            min_tightness=self.min_tightness,
            radius_quantile=self.radius_quantile,
            reach=self.reach,
            max_reach=self.max_reach,
            apart=self.apart,
            match_evidence=self.match_evidence,
        )

    def clustering(self, clustered: int) -> dict[str, float | int]:
        """Give the options of the clusterer for so many texts."""
        return {
            "resolution": float(getattr(self, self.detail)) * min(1.0, clustered / self.full_from) ** 0.5,
            # Of few texts the nearest fifteen are all, and everything would be one topic.
            "neighbours": min(self.neighbours, max(3, round(clustered**self.neighbours_power))),
            "sharpness": self.sharpness,
            "votes": self.votes,
            "spread": self.spread,
            "min_size": self.groups(clustered).min_size,
            "twins": self.twins,
            "seed": self.seed,
        }


@dataclass(frozen=True)
class TopicTools:
    """The models that the stage works with, and what they are told.

    Attributes:
        clusterer: builds the clusterer for a number of texts.
        reader: cuts texts into words.
        describer: weighs phrases.
        rules: how topics are found.
        labels: how they are named.
        namer: writes labels instead; None for none.
    """

    clusterer: Callable[[int], Clusterer]
    reader: WordReader
    describer: TopicDescriber
    rules: TopicRules
    labels: LabelRules
    namer: TopicNamer | None = None


@dataclass(frozen=True)
class TopicContext:
    """What is known besides the segments.

    Attributes:
        topics: TOPICS of the run before; no rows at the first.
        centroids: TOPIC_CENTROIDS of the run before; no rows at the first.
        day: the day that the run reports on; None where no comment has a date.
        pinned: topics that no refit may touch.
    """

    topics: pd.DataFrame
    centroids: pd.DataFrame
    day: date | None = None
    pinned: frozenset[str] = frozenset()


@dataclass(frozen=True)
class Topics:
    """What the stage gives; the next run takes names and centroids back as its state.

    Attributes:
        names: topic_id, label, label_language, keywords, example_ids of every topic, by topic_id.
        members: MEMBERS of the segments given.
        centroids: TOPIC_CENTROIDS.
        events: TOPIC_EVENTS of this run.
    """

    names: pd.DataFrame
    members: pd.DataFrame
    centroids: pd.DataFrame
    events: pd.DataFrame
