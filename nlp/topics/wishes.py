"""What people want of topics: renamed, merged, split off, pinned, muted, put in a category."""

from __future__ import annotations

import unicodedata
from collections.abc import Collection, Iterator, Mapping
from dataclasses import dataclass

import pandas as pd

from data.schema import NONE
from nlp.topics.groups import new_topic_id

LONGEST_LABEL = 80  # characters; a label is read at a glance, in a legend too
MAX_SHOWN = 5


@dataclass(frozen=True)
class Split:
    """A part of a topic that shall be a topic of its own.

    Attributes:
        label: its name.
        words: words of which one stands in the clauses that are certainly its.
    """

    label: str
    words: tuple[str, ...]


@dataclass(frozen=True)
class Wish:
    """What people want of one topic.

    Attributes:
        label: its name, instead of the one found.
        category: friction category that it belongs to, instead of the one that most of it falls in.
        pinned: no refit touches it.
        muted: no alerts about it.
        merge_into: the topic that it is a part of.
        split_off: parts that are topics of their own.
    """

    label: str = ""
    category: str = ""
    pinned: bool = False
    muted: bool = False
    merge_into: str = ""
    split_off: tuple[Split, ...] = ()


Wishes = Mapping[str, Wish]


class WishError(ValueError):
    """Wishes do not fit the topics there are; the message lists every problem."""


def split_id(parent: str, split: Split) -> str:
    """Give the id of a part that was split off: the same wish, the same id."""
    return new_topic_id([parent, *sorted(split.words)], ())


def split_ids(wishes: Wishes) -> dict[str, tuple[str, Split]]:
    """Give the parts that shall be topics: id -> parent and wish."""
    return {split_id(t, split): (t, split) for t, wish in wishes.items() for split in wish.split_off}


def pinned_ids(wishes: Wishes) -> frozenset[str]:
    """Give the topics that no refit may touch: those pinned, and those that people made."""
    return frozenset(t for t, wish in wishes.items() if wish.pinned) | frozenset(split_ids(wishes))


def merge_targets(wishes: Wishes) -> dict[str, str]:
    """Give where topics go in the end, chains followed: topic -> topic."""
    step = {topic_id: wish.merge_into for topic_id, wish in wishes.items() if wish.merge_into}
    targets = {}
    for topic_id in step:
        target, seen = step[topic_id], {topic_id}
        while target in step and target not in seen:
            seen.add(target)
            target = step[target]
        targets[topic_id] = target
    return targets


def check_wishes(
    wishes: Wishes, names: pd.DataFrame, *, ended: Collection[str], categories: Collection[str]
) -> None:
    """Compare wishes with the topics there are.

    Args:
        wishes: what people want.
        names: topic_id and label of all topics.
        ended: ids of topics that there were once.
        categories: the friction categories there are.

    Raises:
        WishError: naming every unknown id or category, every circle, and every name given twice.
    """
    alive = set(names["topic_id"]) | set(split_ids(wishes))
    problems = [
        *_unknown(wishes, alive, set(ended)),
        *_circles(wishes),
        *_wrong_values(wishes, categories),
        *_equal_names(wishes, names),
    ]
    if problems:
        raise WishError("\n".join(f"  {problem}" for problem in problems))


def override(topics: pd.DataFrame, wishes: Wishes, tallies: pd.DataFrame) -> pd.DataFrame:
    """Write what people want over what was found.

    Args:
        topics: TOPICS as found.
        wishes: what people want.
        tallies: TOPIC_TALLIES of all parts.

    Returns:
        TOPICS, in the same order.
    """
    own = tallies[tallies["topic_id"] != NONE]
    counted = own.groupby(["topic_id", "category"])["segment_count"].sum().to_dict()
    rows = topics.to_dict("records")
    for row in rows:
        wish = wishes.get(row["topic_id"], Wish())
        row["label"] = wish.label or row["label"]
        row["is_pinned"], row["is_muted"] = wish.pinned, wish.muted
        if wish.category:
            row["category"] = wish.category
            inside = counted.get((row["topic_id"], wish.category), 0)
            row["category_share"] = inside / max(row["size"], 1)
    return pd.DataFrame(rows, columns=topics.columns) if rows else topics


def folded(label: str) -> str:
    """Give what near-equal names share: letters and digits alone, no accents, no case."""
    letters = unicodedata.normalize("NFKD", label).casefold()
    return "".join(letter for letter in letters if letter.isalnum())


def _unknown(wishes: Wishes, alive: set[str], ended: set[str]) -> Iterator[str]:
    gone = set(merge_targets(wishes))
    for topic_id, wish in wishes.items():
        if topic_id not in alive | ended:
            yield f"[topics.{topic_id}]: no topic has this id; ids stand in summaries/topics.parquet"
        elif topic_id not in alive and not wish.merge_into:
            yield f"[topics.{topic_id}]: this topic has ended (tables/topic_events); delete the section"
        if wish.merge_into and wish.merge_into not in alive | gone:
            yield f"[topics.{topic_id}] merge_into: no topic has the id {wish.merge_into}"
        if wish.merge_into and wish != Wish(merge_into=wish.merge_into):
            yield f"[topics.{topic_id}]: a topic that is merged has no other lines; give them to its target"


def _circles(wishes: Wishes) -> Iterator[str]:
    step = {topic_id: wish.merge_into for topic_id, wish in wishes.items() if wish.merge_into}
    for topic_id in step:
        path = [topic_id]
        while path[-1] in step and path[-1] not in path[:-1]:
            path.append(step[path[-1]])
        if path[-1] == topic_id and len(path) > 1 and topic_id == min(path):
            yield f"[topics.{topic_id}] merge_into goes in a circle: {' -> '.join(path)}; remove one of them"


def _wrong_values(wishes: Wishes, categories: Collection[str]) -> Iterator[str]:
    for topic_id, wish in wishes.items():
        if wish.category and wish.category not in categories:
            known = ", ".join(sorted(categories))
            yield f"[topics.{topic_id}] category: '{wish.category}' is not in the taxonomy; known: {known}"
        for label in (wish.label, *(split.label for split in wish.split_off)):
            if label and not (folded(label) and len(label) <= LONGEST_LABEL and label.isprintable()):
                yield f"[topics.{topic_id}] label: expected 1 to {LONGEST_LABEL} printable characters"
        for number, split in enumerate(wish.split_off, start=1):
            if not split.label or not any(folded(word) for word in split.words):
                yield f"[topics.{topic_id}] split_off {number}: expected a label and a list of words"


def _equal_names(wishes: Wishes, names: pd.DataFrame) -> Iterator[str]:
    gone = set(merge_targets(wishes))
    parts = {topic_id: split.label for topic_id, (_, split) in split_ids(wishes).items()}
    found = dict(zip(names["topic_id"], names["label"], strict=True))
    wanted = {t: wish.label for t, wish in wishes.items() if wish.label}
    labels = {t: label for t, label in (found | parts | wanted).items() if t not in gone}
    owners: dict[str, list[str]] = {}
    for topic_id in sorted(labels):
        owners.setdefault(folded(labels[topic_id]), []).append(topic_id)
    for ids in owners.values():
        if len(ids) > 1 and not set(ids).isdisjoint(wanted.keys() | parts.keys()):
            yield f"[topics.{ids[0]}] label: {' and '.join(ids[:MAX_SHOWN])} would have nearly the same name"
