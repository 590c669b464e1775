"""The weekly refit: topics found anew, under the ids of the old ones that they continue."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pandas as pd

from nlp.topics.events import moved_share, tell_refit, tell_refusal
from nlp.topics.find import distinct_texts, find_groups, name_groups, wanted_rows
from nlp.topics.groups import Groups, empty_centroids, topics_only
from nlp.topics.matching import keep_at_home, match_topics
from nlp.topics.rules import Chunks, TopicContext, TopicRules, Topics, TopicTools


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
    matched = _settled(matched, old, chunks, rules=tools.rules)
    found = _with_pinned(matched, before[is_pinned], homes, members)
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


def _settled(matched: Groups, old: Groups, chunks: Chunks, *, rules: TopicRules) -> Groups:
    """Leave texts in the topic they had, where that goes on and no other is clearly nearer."""
    alive = set(matched.centroids["topic_id"])
    born = alive - set(old.centroids["topic_id"])
    homes = old.assigned[old.assigned["topic_id"].isin(list(alive))].set_index("text_id")["topic_id"]
    home = matched.assigned["text_id"].map(homes)
    now = matched.assigned["topic_id"]
    moving = home.notna() & (home != now) & ~now.isin(list(born))
    if not moving.any():
        return matched
    assigned = matched.assigned.reset_index(drop=True)
    rows_of = pd.Series(assigned.index, index=assigned["text_id"])
    wanted = pd.Index(assigned.loc[moving.to_numpy(), "text_id"], dtype="object")
    parts = []
    for ids, rows, chunk in wanted_rows(wanted, chunks):
        placed = assigned.loc[rows_of[ids]]
        parts.append(
            keep_at_home(
                placed, homes[ids], chunk[rows], centroids=matched.centroids, margin=rules.home_margin
            )
        )
    settled = pd.concat([assigned[~moving.to_numpy()], *parts], ignore_index=True)
    return replace(matched, assigned=settled)


def _with_pinned(matched: Groups, pinned: pd.DataFrame, homes: pd.DataFrame, members: pd.DataFrame) -> Groups:
    """Put the pinned topics back, with the texts that are theirs."""
    if pinned.empty:
        return matched
    own = homes[homes["topic_id"].isin(pinned["topic_id"])].assign(topic_score=1.0, reason=None)
    return Groups(
        pd.concat([matched.centroids, pinned], ignore_index=True),
        pd.concat([matched.assigned, own[matched.assigned.columns]], ignore_index=True),
    )
