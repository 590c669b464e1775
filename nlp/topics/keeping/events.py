"""What became of topics -> TOPIC_EVENTS: births, merges, splits, deaths, each with its count and evidence."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pandas as pd

from nlp.topics.groups import matrix_of, topics_only

COLUMNS = [
    "date", "event", "cause", "topic_id", "other_topic_id", "comment_count", "share", "distance", "tightness",
]  # fmt: skip


@dataclass(frozen=True)
class EventRules:
    """When what a refit did to a topic has a name.

    Attributes:
        merged_share: a topic that is gone was merged when one other took this share of its comments.
        split_from_share: a new topic was split off when this share of its old comments came from one topic,
        split_share: and was this share of that topic.
    """

    merged_share: float
    split_from_share: float
    split_share: float


def no_events() -> pd.DataFrame:
    """Give TOPIC_EVENTS with no rows."""
    return pd.DataFrame({name: pd.Series(dtype=object) for name in COLUMNS})


def tell_births(
    members: pd.DataFrame, centroids: pd.DataFrame, *, born: set[str], day: date | None, cause: str
) -> pd.DataFrame:
    """Record topics that were opened, with what speaks for them.

    Args:
        members: MEMBERS of the comments that were looked at.
        centroids: TOPIC_CENTROIDS of all topics, old and new.
        born: ids of the new ones.
        day: the day that the run reports on.
        cause: daily, refit or people.

    Returns:
        TOPIC_EVENTS, one row per id, by id.
    """
    sizes = members.groupby("topic_id")["feedback_id"].nunique().to_dict()
    total = max(members["feedback_id"].nunique(), 1)
    rows = []
    for topic_id in sorted(born):
        count = int(sizes.get(topic_id, 0))
        tightness = centroids.loc[centroids["topic_id"] == topic_id, "tightness"].max()
        rows.append(
            _event(
                "born", topic_id, None, count, count / total,
                distance=nearest_distance(centroids, topic_id), tightness=float(tightness),
            )
        )  # fmt: skip
    return as_events(rows, day=day, cause=cause)


def tell_refit(
    before: pd.DataFrame,
    after: pd.DataFrame,
    *,
    centroids: tuple[pd.DataFrame, pd.DataFrame],
    day: date | None,
    rules: EventRules,
) -> pd.DataFrame:
    """Record what a refit did to each topic.

    Args:
        before: MEMBERS before it.
        after: MEMBERS after it.
        centroids: TOPIC_CENTROIDS before and after it.
        day: the day that the run reports on.
        rules: what is a merge, what a split.

    Returns:
        TOPIC_EVENTS: kept, merged or died for every old topic; born for every new one, and split where it
        came out of an old one.
    """
    old_ids, new_ids = (set(topics_only(frame)["topic_id"]) for frame in centroids)
    moves = _moves(before, after)
    had = _counts(before)
    rows: list[dict[str, Any]] = []
    for topic_id in sorted(old_ids):
        went = {to: n for (source, to), n in moves.items() if source == topic_id}
        rows.append(_end(topic_id, went, had.get(topic_id, 0), is_alive=topic_id in new_ids, rules=rules))
    for topic_id in sorted(new_ids - old_ids):
        came = {source: n for (source, to), n in moves.items() if to == topic_id}
        rows += _origin(topic_id, came, had, rules=rules)
    for row in rows:
        if row["other_topic_id"] is not None:
            row["distance"] = _distance(centroids, row["topic_id"], row["other_topic_id"])
    born = tell_births(after, centroids[1], born=new_ids - old_ids, day=day, cause="refit")
    told = [frame for frame in (as_events(rows, day=day, cause="refit"), born) if not frame.empty]
    return pd.concat(told, ignore_index=True) if told else no_events()


def tell_change(
    event: str, topics: tuple[str, str], *, counts: tuple[int, int], centroids: pd.DataFrame
) -> pd.DataFrame:
    """Record a merge or a split that people wanted.

    Args:
        event: merged or split.
        topics: the topic, and where it went or what came out of it.
        counts: comments that went, and that the topic had.
        centroids: TOPIC_CENTROIDS with both.

    Returns:
        TOPIC_EVENTS, one row without its day.
    """
    row = _event(event, *topics, counts[0], counts[0] / max(counts[1], 1))
    row["distance"] = _distance((centroids.head(0), centroids), *topics)
    return as_events([row], day=None, cause="people")


def tell_refusal(before: pd.DataFrame, *, share: float, day: date | None) -> pd.DataFrame:
    """Record a refit that was refused, which would have moved that share, 0 to 1, of the MEMBERS before."""
    count = before.loc[before["topic_id"].notna(), "feedback_id"].nunique()
    return as_events([_event("refused", None, None, round(count * share), share)], day=day, cause="refit")


def moved_share(before: pd.DataFrame, after: pd.DataFrame) -> float:
    """Give the share, 0 to 1, of MEMBERS with a topic that have another one, or none, afterwards."""
    both = before.dropna(subset=["topic_id"])[["segment_id", "topic_id"]].astype(object)
    both = both.merge(
        after[["segment_id", "topic_id"]].astype(object), on="segment_id", suffixes=("", "_now")
    )
    return float((both["topic_id"] != both["topic_id_now"]).mean()) if len(both) else 0.0


def nearest_distance(centroids: pd.DataFrame, topic_id: str) -> float | None:
    """Give the cosine distance, 0 to 2, from a topic to the nearest other; None where there is no other."""
    centroids = topics_only(centroids)
    own = centroids["topic_id"] == topic_id
    if own.all() or not own.any():
        return None
    return float(1.0 - (matrix_of(centroids[own]) @ matrix_of(centroids[~own]).T).max())


def as_events(rows: list[dict[str, Any]], *, day: date | None, cause: str) -> pd.DataFrame:
    """Put rows together under one day and one cause."""
    if not rows:
        return no_events()
    frame = pd.DataFrame(rows).assign(date=pd.Series([day] * len(rows), dtype=object), cause=cause)
    return frame[COLUMNS].astype(object)


def _event(
    event: str, topic_id: str | None, other: str | None, count: int, share: float, **evidence: float | None
) -> dict[str, Any]:
    found = {"distance": None, "tightness": None, **evidence}
    return {"event": event, "topic_id": topic_id, "other_topic_id": other, "comment_count": count,
            "share": min(share, 1.0), **found}  # fmt: skip


def _end(
    topic_id: str, went: Mapping[str | None, int], had: int, *, is_alive: bool, rules: EventRules
) -> dict[str, Any]:
    """Say how an old topic went on."""
    if is_alive:
        return _event("kept", topic_id, None, went.get(topic_id, 0), went.get(topic_id, 0) / max(had, 1))
    takers = sorted(((-n, to) for to, n in went.items() if to is not None))
    if takers and -takers[0][0] >= rules.merged_share * had:
        return _event("merged", topic_id, takers[0][1], -takers[0][0], -takers[0][0] / max(had, 1))
    left = went.get(None, 0)
    return _event("died", topic_id, None, left, left / max(had, 1))


def _origin(
    topic_id: str, came: Mapping[str | None, int], had: Mapping[str, int], *, rules: EventRules
) -> list[dict[str, Any]]:
    """Say which old topic a new one came out of, if it did."""
    sources = sorted(((-n, source) for source, n in came.items() if source is not None))
    if not sources:
        return []
    count, source = -sources[0][0], sources[0][1]
    if count < rules.split_from_share * sum(came.values()) or count < rules.split_share * had[source]:
        return []
    return [_event("split", source, topic_id, count, count / had[source])]


def _moves(before: pd.DataFrame, after: pd.DataFrame) -> dict[tuple[str | None, str | None], int]:
    """Count comments by the topic of a clause before and after."""
    columns = ["segment_id", "feedback_id", "topic_id"]
    both = (
        before[columns]
        .astype(object)
        .merge(after[["segment_id", "topic_id"]].astype(object), on="segment_id", suffixes=("", "_now"))
    )
    both = both.drop_duplicates(["feedback_id", "topic_id", "topic_id_now"])
    counted = both.groupby(["topic_id", "topic_id_now"], dropna=False).size().reset_index(name="count")
    rows = zip(counted["topic_id"], counted["topic_id_now"], counted["count"], strict=True)
    return {(_known(source), _known(to)): int(n) for source, to, n in rows}


def _known(value: Any) -> str | None:  # noqa: ANN401 - pandas gives NaN for a missing string
    return None if pd.isna(value) else str(value)


def _counts(members: pd.DataFrame) -> dict[str, int]:
    counted = members.dropna(subset=["topic_id"]).groupby("topic_id")["feedback_id"].nunique()
    return {str(topic_id): int(n) for topic_id, n in counted.items()}


def _distance(centroids: tuple[pd.DataFrame, pd.DataFrame], one: str, other: str) -> float:
    """Give the cosine distance of two topics, each as it was last known."""
    both = pd.concat([frame for frame in centroids[::-1] if not frame.empty], ignore_index=True)
    first, second = (matrix_of(both[both["topic_id"] == topic_id]) for topic_id in (one, other))
    return float(np.clip(1.0 - (first @ second.T).max(), 0.0, 2.0))
