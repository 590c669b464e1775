"""The weekly refit: topics found anew, under the ids of the old ones that they continue."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from data.schema import NONE
from nlp.topics.find import dissolve, distinct_texts, find_groups, name_groups
from nlp.topics.groups import Groups, empty_centroids, topics_only
from nlp.topics.keeping.events import moved_share, tell_refit, tell_refusal
from nlp.topics.keeping.matching import match_topics
from nlp.topics.keeping.settling import settle, settle_rules
from nlp.topics.names.labels import themeless
from nlp.topics.rules import Chunks, TopicContext, Topics, TopicTools


@dataclass(frozen=True)
class Refit:
    """What a refit came to.

    Attributes:
        topics: names, MEMBERS, TOPIC_CENTROIDS and events; None when it was refused.
        events: TOPIC_EVENTS: what it did, or that it was refused.
        moved_share: share of clauses with a topic that have, or would have, another one.
    """

    topics: Topics | None
    events: pd.DataFrame
    moved_share: float


def refit_topics(
    segments: pd.DataFrame,
    chunks: Chunks,
    members: pd.DataFrame,
    *,
    context: TopicContext,
    tools: TopicTools,
) -> Refit:
    """Find all topics anew and give them the ids of the old topics that they continue.

    Topics that people have pinned stay as they are. A text leaves its topic for another old one only when
    that is clearly nearer, so that a refit moves what it has a reason to move.

    Args:
        segments: SEGMENTS of all runs.
        chunks: EMBEDDINGS of their texts, as in `find_topics`.
        members: MEMBERS before the refit: which segments were whose.
        context: the topics before the refit, and which are pinned.
        tools: the models and their rules.

    Returns:
        The topics, those that continue keeping label and keywords; or, when they would move more clauses
        than the rules allow, the refusal.
    """
    texts = distinct_texts(segments, tools)
    themed = pd.Index(texts.loc[texts["has_theme"], "text_id"])
    homes = _homes(segments, members)
    before = topics_only(context.centroids)
    is_pinned = before["topic_id"].isin(list(context.pinned))
    loose = themed[~themed.isin(homes[homes["topic_id"].isin(list(context.pinned))]["text_id"])]
    fitted = find_groups(loose, chunks, old=empty_centroids(), tools=tools)
    old = Groups(before[~is_pinned], homes[~homes["topic_id"].isin(list(context.pinned))])
    matched = match_topics(fitted, old, rules=tools.rules.groups(len(themed)))
    no_themes = context.centroids[context.centroids["topic_id"] == NONE]
    with_none = Groups(pd.concat([old.centroids, no_themes], ignore_index=True), old.assigned)
    settled = settle(matched, with_none, chunks, rules=settle_rules(tools.rules, len(themed)))
    settled = _themes_only(settled, texts, context, tools)
    found = _with_pinned(settled, before[is_pinned], homes, members)
    after, names, centroids = name_groups(segments, texts, found, context=context, tools=tools)
    share = moved_share(members, after)
    if share > tools.rules.max_moved:
        return Refit(None, tell_refusal(members, share=share, day=context.day), share)
    events = tell_refit(
        _with_comments(members), after,
        centroids=(context.centroids, centroids), day=context.day, rules=tools.rules.events(),
    )  # fmt: skip
    return Refit(Topics(names, after, centroids, events), events, share)


def _with_comments(members: pd.DataFrame) -> pd.DataFrame:
    return members[["feedback_id", "segment_id", "topic_id"]]


def _homes(segments: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Give the topic of each text before the refit: text_id, topic_id, for texts that had one."""
    before = segments[["segment_id", "text_id"]].astype(object)
    before = before.merge(members[["segment_id", "topic_id"]].astype(object), on="segment_id")
    return before.dropna(subset=["topic_id"]).drop_duplicates("text_id")[["text_id", "topic_id"]]


def _themes_only(settled: Groups, texts: pd.DataFrame, context: TopicContext, tools: TopicTools) -> Groups:
    """Dissolve old topics that have turned out to be no theme; new ones are judged when they are named."""
    known = settled.centroids[settled.centroids["topic_id"].isin(context.topics["topic_id"])]
    tightness = known.groupby("topic_id")["tightness"].max()
    placed = texts.merge(settled.assigned[settled.assigned["topic_id"].isin(tightness.index)], on="text_id")
    placed = placed.assign(tightness=placed["topic_id"].map(tightness))
    return dissolve(settled, themeless(placed, reader=tools.reader, rules=tools.labels))


def _with_pinned(matched: Groups, pinned: pd.DataFrame, homes: pd.DataFrame, members: pd.DataFrame) -> Groups:
    """Put the pinned topics back, with the texts that are theirs."""
    if pinned.empty:
        return matched
    own = homes[homes["topic_id"].isin(pinned["topic_id"])].assign(topic_score=1.0, reason=None)
    return Groups(
        pd.concat([matched.centroids, pinned], ignore_index=True),
        pd.concat([matched.assigned, own[matched.assigned.columns]], ignore_index=True),
    )
