"""Matching: topics of a refit keep the ids of those they continue."""

import numpy as np
import pandas as pd
import pytest

from nlp.topics.groups import GroupRules, Groups, empty_centroids, unassigned
from nlp.topics.keeping.matching import match_topics

RULES = GroupRules(
    min_size=5, min_tightness=0.1, radius_quantile=0.95, reach=1.1, max_reach=0.8, apart=0.25,
    match_evidence=0.5,
)  # fmt: skip


def unit(*parts):
    vector = np.array(parts, dtype=np.float32)
    return vector / np.linalg.norm(vector)


def groups(centres, members):
    """centres: (topic_id, anchor) -> vector; members: topic_id -> text ids."""
    centroids = pd.DataFrame(
        [(topic_id, anchor, vector, 0.2, 5, 0.5) for (topic_id, anchor), vector in centres.items()],
        columns=["topic_id", "anchor", "centroid", "radius", "fitted_count", "tightness"],
    )
    rows = [(text_id, topic_id) for topic_id, ids in members.items() for text_id in ids]
    assigned = pd.DataFrame(rows, columns=["text_id", "topic_id"], dtype=object)
    return Groups(centroids, assigned.assign(topic_score=np.float32(0.9), reason=None))


@pytest.fixture
def old():
    centres = {("t1", "t1"): unit(1, 0, 0), ("t2", "t2"): unit(0, 1, 0)}
    return groups(centres, {"t1": list("abcdef"), "t2": list("uvwxyz")})


def ids_of(matched):
    return matched.assigned.groupby("topic_id")["text_id"].agg("".join).to_dict()


def test_topics_that_continue_keep_their_ids(old):
    new = groups(
        {("n1", "n1"): unit(0, 1, 0.1), ("n2", "n2"): unit(1, 0.1, 0)}, {"n1": "uvwx", "n2": "abcdez"}
    )
    assert ids_of(match_topics(new, old, rules=RULES)) == {"t1": "abcdez", "t2": "uvwx"}


def test_a_new_topic_gets_a_new_id(old):
    new = groups({("n1", "n1"): unit(1, 0, 0), ("n2", "n2"): unit(0, 0, 1)}, {"n1": "abcdef", "n2": "mnopq"})
    assert set(match_topics(new, old, rules=RULES).centroids["topic_id"]) == {"t1", "n2"}


def test_the_larger_part_of_a_topic_keeps_its_id(old):
    new = groups({("n1", "n1"): unit(1, 0.1, 0), ("n2", "n2"): unit(1, 0, 0.2)}, {"n1": "ab", "n2": "cdef"})
    assert ids_of(match_topics(new, old, rules=RULES)) == {"n1": "ab", "t1": "cdef"}


def test_centres_decide_where_no_texts_are_shared(old):
    new = groups({("n1", "n1"): unit(1, 0.1, 0)}, {"n1": "mnopq"})
    assert set(match_topics(new, old, rules=RULES).centroids["topic_id"]) == {"t1"}


def test_everything_is_new_at_the_start(old):
    none = Groups(empty_centroids(), unassigned([], "too_far"))
    assert set(match_topics(old, none, rules=RULES).centroids["topic_id"]) == {"t1", "t2"}


def test_a_theme_far_away_does_not_come_back_under_an_old_id(old):
    """The same founders make the same id."""
    moved = groups({("t1", "t1"): unit(0, 0, 1)}, {})
    new = Groups(old.centroids.head(1), old.assigned)
    assert set(match_topics(new, moved, rules=RULES).centroids["topic_id"]).isdisjoint({"t1"})


def test_what_people_merged_stays_merged():
    old = groups(
        {("t1", "t1"): unit(1, 0, 0), ("t1", "t2"): unit(0, 1, 0)}, {"t1": list("abcdef") + list("uvwxyz")}
    )
    new = groups({("n1", "n1"): unit(1, 0, 0), ("n2", "n2"): unit(0, 1, 0)}, {"n1": "abcdef", "n2": "uvwxy"})
    matched = match_topics(new, old, rules=RULES)
    assert ids_of(matched) == {"t1": "abcdefuvwxy"}
    assert sorted(matched.centroids["anchor"]) == ["n1", "n2"]
