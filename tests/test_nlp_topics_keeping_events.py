"""Events: what a refit did to each topic, with counts."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest

from data.schema import TOPIC_EVENTS
from nlp.topics.keeping.events import EventRules, moved_share, tell_births, tell_refit, tell_refusal

RULES = EventRules(merged_share=0.5, split_from_share=0.5, split_share=0.1)
DAY = dt.date(2026, 3, 9)


def members(*topics):
    """One comment of one clause per topic id given."""
    ids = [f"f{i}" for i in range(len(topics))]
    return pd.DataFrame({"feedback_id": ids, "segment_id": [f"{i}:0" for i in ids], "topic_id": topics})


def centroids(*ids):
    vectors = np.eye(4, dtype=np.float32)
    return pd.DataFrame(
        {"topic_id": ids, "anchor": ids, "centroid": list(vectors[: len(ids)]), "tightness": 0.4}
    )


def told(before, after, old, new):
    events = tell_refit(before, after, centroids=(old, new), day=DAY, rules=RULES)
    TOPIC_EVENTS.to_arrow(events)
    return {(e["event"], e["topic_id"], e["other_topic_id"]): e for e in events.to_dict("records")}


def test_a_topic_that_goes_on_is_kept_with_the_share_that_stayed():
    events = told(members("a", "a", "a", "a"), members("a", "a", "a", None), centroids("a"), centroids("a"))
    assert events["kept", "a", None]["comment_count"] == 3
    assert events["kept", "a", None]["share"] == pytest.approx(0.75)


def test_a_topic_whose_comments_went_to_another_is_merged():
    events = told(
        members("a", "a", "b", "b"), members("b", "b", "b", "b"), centroids("a", "b"), centroids("b")
    )
    event = events["merged", "a", "b"]
    assert (event["comment_count"], event["share"]) == (2, 1.0)
    assert event["distance"] == pytest.approx(0.0)  # where b lies now, a lay before


def test_a_topic_whose_comments_scattered_has_died():
    events = told(
        members("a", "a", "a", "b", "c"), members(None, "b", "c", "b", "c"),
        centroids("a", "b", "c"), centroids("b", "c"),
    )  # fmt: skip
    assert events["died", "a", None]["comment_count"] == 1


def test_a_topic_that_came_out_of_another_is_born_and_split_from_it():
    events = told(
        members("a", "a", "a", "a"), members("a", "a", "n", "n"), centroids("a"), centroids("a", "n")
    )
    assert (events["split", "a", "n"]["comment_count"], events["split", "a", "n"]["share"]) == (2, 0.5)
    assert events["born", "n", None]["comment_count"] == 2


def test_a_topic_of_comments_that_had_none_is_born_alone():
    events = told(members("a", None, None), members("a", "n", "n"), centroids("a"), centroids("a", "n"))
    assert set(events) == {("kept", "a", None), ("born", "n", None)}


def test_nothing_before_and_after_tells_nothing():
    none = centroids()
    assert told(members(), members(), none, none) == {}


def test_the_first_topic_of_all_has_no_nearest():
    (event,) = tell_births(members("a"), centroids("a"), born={"a"}, day=None, cause="daily").to_dict(
        "records"
    )
    assert event["distance"] is None
    assert event["date"] is None


def test_a_refusal_tells_how_much_would_have_moved():
    (event,) = tell_refusal(members("a", "a", "a", "a", None), share=0.5, day=DAY).to_dict("records")
    assert (event["event"], event["topic_id"], event["comment_count"]) == ("refused", None, 2)


@pytest.mark.parametrize(
    ("after", "share"),
    [(("a", "a", None), 0.0), (("a", "b", "b"), 0.5), (("b", None, "a"), 1.0)],
)
def test_moved_share_counts_clauses_that_had_a_topic(after, share):
    assert moved_share(members("a", "a", None), members(*after)) == share


def test_moved_share_of_nothing_is_nothing():
    assert moved_share(members(None), members("a")) == 0.0
