"""TOPIC_TALLIES -> TOPICS and the tables beside it: how large, since when, in which category and language."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

import pandas as pd

from data.schema import NONE, OTHER

NAME_COLUMNS = ["topic_id", "label", "label_language", "keywords", "example_ids"]


def name_table(described: pd.DataFrame, *, alive: pd.DataFrame, members: pd.DataFrame) -> pd.DataFrame:
    """Put the names of old and new topics together.

    Args:
        described: topic_id, label, label_language, keywords, example_texts of the topics that are new.
        alive: TOPICS of those that are not.
        members: segment_id, text_id, topic_id: which segments the example texts are.

    Returns:
        topic_id, label, label_language, keywords, example_ids, by topic_id.
    """
    own = members[members["topic_id"].notna()].sort_values("segment_id").drop_duplicates("text_id")
    first = own.set_index("text_id")["segment_id"]
    examples = [[str(first[text_id]) for text_id in ids] for ids in described["example_texts"]]
    new = described.assign(example_ids=pd.Series(examples, index=described.index, dtype="object"))
    frames = [frame[NAME_COLUMNS].astype(object) for frame in (alive, new) if not frame.empty]
    if not frames:
        return pd.DataFrame({name: pd.Series(dtype=object) for name in NAME_COLUMNS})
    return pd.concat(frames).sort_values("topic_id", ignore_index=True)


def tally_members(
    members: pd.DataFrame, segments: pd.DataFrame, aspects: pd.DataFrame, dates: pd.DataFrame
) -> pd.DataFrame:
    """Count one part of the comments by topic, language and strongest category.

    Args:
        members: MEMBERS, n rows.
        segments: segment_id and language of the same n segments.
        aspects: ASPECTS of them.
        dates: feedback_id and created_at (UTC, null if unknown) of their comments.

    Returns:
        TOPIC_TALLIES, by topic, language and category.
    """
    ranked = aspects.sort_values(["segment_id", "category_score", "category"], ascending=[True, False, True])
    strongest = ranked.drop_duplicates("segment_id").set_index("segment_id")["category"].astype(object)
    days = pd.to_datetime(dates.set_index("feedback_id")["created_at"], utc=True).dt.date
    rows = members[["segment_id", "feedback_id", "topic_id"]].astype(object)
    rows = rows.merge(segments[["segment_id", "language"]].astype(object), on="segment_id")
    rows["topic_id"] = rows["topic_id"].where(rows["topic_id"].notna(), NONE)
    category = rows["segment_id"].map(strongest).astype(object)
    rows["category"] = category.where(category.notna(), OTHER)
    day = pd.to_datetime(rows["feedback_id"].map(days))
    grouped = rows.assign(day=day).groupby(["topic_id", "language", "category"], sort=True)
    tallied = grouped.agg(segment_count=("day", "size"), first_seen=("day", "min"), last_seen=("day", "max"))
    return _with_days(tallied.reset_index())


def summarise_topics(names: pd.DataFrame, tallies: pd.DataFrame) -> pd.DataFrame:
    """Make TOPICS.

    Args:
        names: topic_id, label, label_language, keywords, example_ids of every topic.
        tallies: TOPIC_TALLIES of all parts.

    Returns:
        TOPICS, by topic_id.
    """
    ids = names["topic_id"]
    sizes = _counts(tallies, "topic_id")
    shares = _ranked(tallies, "category")
    languages = _ranked(tallies, "language")
    seen = tallies.groupby("topic_id").agg(first=("first_seen", "min"), last=("last_seen", "max"))
    topics = names.assign(
        size=[int(sizes.get(t, 0)) for t in ids],
        category=[shares[t][0][0] if t in shares else OTHER for t in ids],
        category_share=[shares[t][0][1] / sizes[t] if t in shares else 0.0 for t in ids],
        language_count=[len(languages.get(t, [])) for t in ids],
        first_seen=ids.map(seen["first"]),
        last_seen=ids.map(seen["last"]),
        is_pinned=False,
        is_muted=False,
    )
    return _with_days(topics)


def share_languages(tallies: pd.DataFrame) -> pd.DataFrame:
    """Say in which languages each topic is spoken of: TOPIC_TALLIES -> TOPIC_LANGUAGES."""
    own = tallies[tallies["topic_id"] != NONE]
    counted = own.groupby(["topic_id", "language"], sort=True)["segment_count"].sum().reset_index()
    total = counted.groupby("topic_id")["segment_count"].transform("sum")
    return counted.assign(segment_share=counted["segment_count"] / total)


def explain_categories(tallies: pd.DataFrame) -> pd.DataFrame:
    """Say how much of each category its topics explain: TOPIC_TALLIES -> CATEGORY_TOPICS."""
    counted = tallies.groupby(["category", "topic_id"], sort=True)["segment_count"].sum().reset_index()
    total = counted.groupby("category")["segment_count"].sum()
    own = counted[counted["topic_id"] != NONE]
    explained = own.groupby("category")["segment_count"].sum().reindex(total.index, fill_value=0)
    ranked = own.sort_values(["category", "segment_count", "topic_id"], ascending=[True, False, True])
    largest = ranked.drop_duplicates("category").set_index("category")
    leading = largest["segment_count"].reindex(total.index, fill_value=0)
    return pd.DataFrame(
        {
            "category": total.index,
            "segment_count": total.to_numpy(),
            "topic_count": own.groupby("category").size().reindex(total.index, fill_value=0).to_numpy(),
            "explained_share": (explained / total).to_numpy(),
            "largest_topic_id": [largest["topic_id"].get(category) for category in total.index],
            "largest_share": (leading / total).to_numpy(),
        }
    )


def _counts(tallies: pd.DataFrame, column: str) -> Mapping[str, int]:
    counted = tallies.groupby(column)["segment_count"].sum()
    return {str(value): int(count) for value, count in counted.items()}


def _ranked(tallies: pd.DataFrame, column: str) -> dict[str, list[tuple[str, int]]]:
    """Give, per topic, the values of a column with their counts, the most frequent first."""
    counted = tallies.groupby(["topic_id", column])["segment_count"].sum().reset_index()
    counted = counted.sort_values(["topic_id", "segment_count", column], ascending=[True, False, True])
    found: dict[str, list[tuple[str, int]]] = {}
    for topic_id, value, count in zip(
        counted["topic_id"], counted[column], counted["segment_count"], strict=True
    ):
        found.setdefault(topic_id, []).append((value, int(count)))
    return found


def _with_days(frame: pd.DataFrame) -> pd.DataFrame:
    """Write first_seen and last_seen as days, None where unknown."""
    days = {name: [_day(value) for value in frame[name]] for name in ("first_seen", "last_seen")}
    return frame.assign(**{name: pd.Series(days[name], index=frame.index, dtype="object") for name in days})


def _day(value: object) -> date | None:
    return None if pd.isna(value) else pd.Timestamp(str(value)).date()  # type: ignore[call-overload]
