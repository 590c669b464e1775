"""TOPICS rows: how large, since when, in which category, and which segments stand for it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from data.schema import OTHER
from nlp.topics.rules import TopicContext

TOPIC_COLUMNS = [
    "topic_id",
    "label",
    "label_language",
    "keywords",
    "size",
    "category",
    "category_share",
    "first_seen",
    "last_seen",
    "example_ids",
]


def summarise_topics(
    members: pd.DataFrame, described: pd.DataFrame, *, alive: pd.DataFrame, context: TopicContext
) -> pd.DataFrame:
    """Make TOPICS.

    Args:
        members: feedback_id, segment_id, text_id, topic_id of the segments of this run.
        described: topic_id, label, label_language, keywords, example_texts of the topics that are new.
        alive: TOPICS of the topics that are not; sizes and days are added to theirs.
        context: categories and days.

    Returns:
        TOPICS, old and new, by topic_id.
    """
    own = members[members["topic_id"].notna()]
    new = described.assign(size=0, category=None, category_share=0.0)
    new["example_ids"] = pd.Series(_example_ids(described, own), index=new.index, dtype="object")
    new = new.assign(first_seen=None, last_seen=None)[TOPIC_COLUMNS]
    filled = [frame for frame in (alive[TOPIC_COLUMNS], new) if not frame.empty]
    topics = (pd.concat(filled, ignore_index=True) if filled else new).astype(object)
    topics = topics.sort_values("topic_id", ignore_index=True)
    now = own.groupby("topic_id").size().reindex(topics["topic_id"], fill_value=0).tolist()
    found = {
        **_categories(topics, _category_counts(own, context.aspects), now),
        **_days(topics, own, context.dates),
    }
    topics["size"] = topics["size"].to_numpy(dtype="int64") + np.array(now, dtype=np.int64)
    for name, values in found.items():
        topics[name] = pd.Series(values, index=topics.index, dtype="object")
    return topics[TOPIC_COLUMNS]


def _example_ids(described: pd.DataFrame, own: pd.DataFrame) -> list[list[str]]:
    first = own.sort_values("segment_id").drop_duplicates("text_id").set_index("text_id")["segment_id"]
    return [[str(first[text_id]) for text_id in text_ids] for text_ids in described["example_texts"]]


def _category_counts(own: pd.DataFrame, aspects: pd.DataFrame) -> pd.DataFrame:
    """Count the segments of each topic by their strongest category: topic_id x category."""
    ranked = aspects.sort_values(["segment_id", "category_score", "category"], ascending=[True, False, True])
    strongest = ranked.drop_duplicates("segment_id").set_index("segment_id")["category"]
    category = own["segment_id"].map(strongest).astype(object)
    counted = own.assign(category=category.where(category.notna(), OTHER))
    return counted.groupby(["topic_id", "category"]).size().reset_index(name="count")


def _categories(topics: pd.DataFrame, counts: pd.DataFrame, now: list[int]) -> dict[str, list[object]]:
    """Give the category of each topic and its share; an old topic keeps its category until a refit."""
    ranked = counts.sort_values(["topic_id", "count", "category"], ascending=[True, False, True])
    leading = ranked.drop_duplicates("topic_id").set_index("topic_id")["category"].to_dict()
    counted = counts.set_index(["topic_id", "category"])["count"].to_dict()
    names: list[object] = []
    shares: list[object] = []
    for row, added in zip(topics.to_dict("records"), now, strict=True):
        category = row["category"] if row["size"] else leading.get(row["topic_id"], OTHER)
        inside = row["category_share"] * row["size"] + counted.get((row["topic_id"], category), 0)
        names.append(category)
        shares.append(inside / max(row["size"] + added, 1))
    return {"category": names, "category_share": shares}


def _days(topics: pd.DataFrame, own: pd.DataFrame, dates: pd.DataFrame) -> dict[str, list[object]]:
    """Give the first and last day of each topic, of this run and of those before."""
    dated = own[["topic_id", "feedback_id"]].merge(
        dates[["feedback_id", "created_at"]].astype({"feedback_id": "object"}), on="feedback_id"
    )
    days = pd.to_datetime(dated["created_at"], utc=True).dropna().dt.date
    seen = dated.loc[days.index, ["topic_id"]].assign(day=days).groupby("topic_id")["day"].agg(["min", "max"])
    rows = topics.to_dict("records")
    first, last = seen["min"].to_dict(), seen["max"].to_dict()
    return {
        "first_seen": [_edge(min, row["first_seen"], first.get(row["topic_id"])) for row in rows],
        "last_seen": [_edge(max, row["last_seen"], last.get(row["topic_id"])) for row in rows],
    }


def _edge(choose: Callable[[list[date]], date], *days: Any) -> date | None:  # noqa: ANN401 - date, NaT or None
    known = [pd.Timestamp(day).date() for day in days if not pd.isna(day)]
    return choose(known) if known else None
