"""What a complaint is: the one rule behind every count of complaints, for arrays and for SQL.

A mention of a category or topic is a complaint when it is negative, or when the comment as a whole complains
and the mention does not praise. So praise inside a complaint is no complaint, and the bare facts of a
complaint ("it arrived on Friday") are part of it.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

COMPLAINT = "complaint"  # the intent of DOCUMENTS that marks a comment that complains as a whole
NEGATIVE, POSITIVE = "negative", "positive"

Bools = np.ndarray[Any, np.dtype[np.bool_]]
Ints = np.ndarray[Any, np.dtype[np.int64]]


def is_complaint(negative: Bools, positive: Bools, complains: Bools) -> Bools:
    """Say which mentions are complaints.

    Args:
        negative: (n,) whether the mention is negative.
        positive: (n,) whether it is positive.
        complains: (n,) whether the comment as a whole complains (intent `complaint`).

    Returns:
        (n,) booleans.
    """
    return np.asarray(negative | (complains & ~positive))


def complaint_sql(sentiment: str, intent: str) -> str:
    """Write the same rule as an SQL condition on the mention's sentiment and the comment's intent."""
    return f"({sentiment} = '{NEGATIVE}' OR ({intent} = '{COMPLAINT}' AND {sentiment} <> '{POSITIVE}'))"


@dataclass(frozen=True)
class Comments:
    """Dated comments as arrays: day number, code of equal texts, complaint and negativity of the whole."""

    ids: pa.Array
    day: Ints
    copy: Ints
    complains: Bools
    negative: Bools


@dataclass(frozen=True)
class Mentions:
    """Complaints: position of the comment and code of the issue, distinct."""

    comment: Ints
    issue: Ints
    issues: pa.Array


def read_comments(dated: pa.Table) -> Comments:
    """Reduce dated comments to arrays: DOCUMENTS, n rows with a day -> n entries, same order."""
    # UTC days: the zone of the machine must not move a comment to another day.
    day = dated["created_at"].cast(pa.timestamp("us")).cast(pa.date32(), safe=False).cast(pa.int32())
    copy, _ = encode(dated["copy_id"])
    alone = copy < 0
    copy[alone] = copy.max(initial=-1) + 1 + np.arange(int(alone.sum()))
    return Comments(
        ids=dated["feedback_id"].combine_chunks(),
        day=day.to_numpy().astype(np.int64),
        copy=copy,
        complains=equals(dated["intent"], COMPLAINT),
        negative=equals(dated["sentiment"], NEGATIVE),
    )


def read_mentions(
    comments: Comments, aspects: pa.Table, members: pa.Table, sentiments: pa.Table | None
) -> Mentions:
    """Find who complains of what.

    Args:
        comments: n comments.
        aspects: ASPECTS.
        members: MEMBERS.
        sentiments: SENTIMENTS, to know how a segment in a topic feels; without it the comment's sentiment
            stands in.

    Returns:
        Distinct pairs of comment and issue (`category:<name>` or `topic:<id>`), by comment, then issue.
    """
    of_category = find_positions(aspects["feedback_id"], comments.ids)
    negative, positive = (equals(aspects["sentiment"], label) for label in (NEGATIVE, POSITIVE))
    kept = _complaints(comments, of_category, negative, positive)
    categories = _named("category:", aspects["category"], kept)
    of_topic = find_positions(members["feedback_id"], comments.ids)
    negative, positive = _member_sentiments(comments, of_topic, members, sentiments)
    has_topic = pc.is_valid(members["topic_id"]).to_numpy(zero_copy_only=False)
    told = _complaints(comments, of_topic, negative, positive) & has_topic
    topics = _named("topic:", members["topic_id"], told)
    names = pa.chunked_array([*categories.chunks, *topics.chunks], pa.string())
    issue, issues = encode(names)
    comment = np.concatenate([of_category[kept], of_topic[told]])
    width = max(len(issues), 1)
    distinct = np.unique(comment * width + issue)
    return Mentions(distinct // width, distinct % width, issues)


def _complaints(comments: Comments, position: Ints, negative: Bools, positive: Bools) -> Bools:
    found = position >= 0
    complains = found & comments.complains[np.where(found, position, 0)] if len(comments.day) else found
    return np.asarray(found & is_complaint(negative, positive, complains))


def _member_sentiments(
    comments: Comments, position: Ints, members: pa.Table, sentiments: pa.Table | None
) -> tuple[Bools, Bools]:
    """Say whether each member's segment is negative, positive; the comment stands in where none is known."""
    size = len(position)
    whole = np.zeros(size, dtype=bool)
    found = position >= 0
    whole[found] = comments.negative[position[found]]
    if sentiments is None:
        return whole, np.zeros(size, dtype=bool)
    at = find_positions(members["segment_id"], sentiments["segment_id"].combine_chunks())
    labels = sentiments["sentiment"].take(pa.array(at, mask=at < 0))
    known = at >= 0
    negative = np.where(known, equals(labels, NEGATIVE), whole)
    return negative, equals(labels, POSITIVE)


def once_per_copy(key: Ints, copy: Ints) -> Ints:
    """Keep one of the n entries per (n,) key and copy: the keys, ascending, one per distinct copy."""
    order = np.lexsort((copy, key))
    key, copy = key[order], copy[order]
    fresh = np.ones(len(key), dtype=bool)
    fresh[1:] = (key[1:] != key[:-1]) | (copy[1:] != copy[:-1])
    return key[fresh]


def encode(values: pa.ChunkedArray | pa.Array) -> tuple[Ints, pa.Array]:
    """Code strings by rank, missing as -1; give the codes and the sorted names."""
    whole = values.combine_chunks() if isinstance(values, pa.ChunkedArray) else values
    encoded = whole.cast(pa.string()).dictionary_encode()
    order = pc.sort_indices(encoded.dictionary)
    rank = np.empty(len(order) + 1, dtype=np.int64)
    rank[order.to_numpy()] = np.arange(len(order))
    rank[-1] = -1
    codes = encoded.indices.fill_null(len(order)).to_numpy().astype(np.int64)
    return rank[codes], encoded.dictionary.take(order)


def find_positions(values: pa.ChunkedArray, among: pa.Array) -> Ints:
    """Give the position of each value, -1 where it is not there."""
    return np.asarray(pc.index_in(values, value_set=among).fill_null(-1).to_numpy(), dtype=np.int64)


def equals(values: pa.ChunkedArray, label: str) -> Bools:
    """Say of each value whether it is the label; a missing one is not."""
    return np.asarray(pc.equal(values, label).fill_null(False).to_numpy(zero_copy_only=False), dtype=bool)


def _named(prefix: str, values: pa.ChunkedArray, kept: Bools) -> pa.ChunkedArray:
    return pc.binary_join_element_wise(prefix, values.filter(pa.array(kept)), "")
