"""Settling a refit: texts stay where they were, but for joins and splits with strong evidence."""

import numpy as np
import pandas as pd
import pytest

from data.schema import NONE
from nlp.topics.groups import GroupRules, Groups, empty_centroids, fit_topics, unit_mean
from nlp.topics.keeping.blocks import ChangeRules, apart
from nlp.topics.keeping.settling import SettleRules, settle

GROUPS = GroupRules(
    min_size=10, min_tightness=0.1, radius_quantile=0.95, reach=1.1, max_reach=0.8, apart=0.25,
    match_evidence=0.5,
)  # fmt: skip
RULES = SettleRules(GROUPS, ChangeRules(10, 0.45, 0.5, 0.65, 0.1), 0.1)
WIDTH = 24


def cloud(name, axis, count, *, lean=0.0, seed=0):
    """`count` texts around one axis, leaning to the next; ids begin with the name."""
    rng = np.random.default_rng([axis, seed])
    centre = np.eye(WIDTH)[axis] + lean * np.eye(WIDTH)[axis + 1]
    rows = centre + 0.5 * rng.normal(size=(count, WIDTH)) / np.sqrt(WIDTH)
    return pd.Series(
        list(rows / np.linalg.norm(rows, axis=1, keepdims=True)), [f"{name}{i}" for i in range(count)]
    )


def topics(vectors, owners):
    """Topics whose texts are those that begin with a letter of theirs: topic id -> letters."""
    owner = {letter: topic_id for topic_id, letters in owners.items() for letter in letters}
    assigned = pd.DataFrame(
        {"text_id": vectors.index, "topic_id": [owner.get(one[0]) for one in vectors.index]}
    )
    assigned = assigned.astype(object).assign(topic_score=np.float32(0.9), reason=None)
    rows = []
    for topic_id, letters in owners.items():
        own = np.stack([vector for one, vector in vectors.items() if one[0] in letters])
        radius = float(np.quantile(1 - own @ unit_mean(own), 0.95))
        rows.append((topic_id, topic_id, unit_mean(own), radius, len(own), 0.5))
    columns = ["topic_id", "anchor", "centroid", "radius", "fitted_count", "tightness"]
    return Groups(pd.DataFrame(rows, columns=columns), assigned)


def settled(vectors, refit, before, rules=RULES):
    chunks = lambda: [(vectors.index.tolist(), np.stack(vectors.to_list()).astype(np.float32))]  # noqa: E731
    found = settle(topics(vectors, refit), topics(vectors, before), chunks, rules=rules)
    now = found.assigned.assign(letter=[one[0] for one in found.assigned["text_id"]])
    return found, now.groupby("letter")["topic_id"].agg(lambda ids: ids.mode(dropna=False).iloc[0]).to_dict()


def test_a_cut_through_one_cloud_changes_nothing():
    """The refit of an even cloud has two parts; only one matches the old topic."""
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 0, 40, seed=1)])
    _, now = settled(vectors, {"t1": "a", "n1": "b"}, {"t1": "ab"})
    assert now == {"a": "t1", "b": "t1"}


def test_a_part_that_lies_apart_is_split_off():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 40)])
    found, now = settled(vectors, {"t1": "a", "n1": "b"}, {"t1": "ab"})
    assert now == {"a": "t1", "b": "n1"}
    assert sorted(found.centroids["topic_id"]) == ["n1", "t1"]


def test_a_part_smaller_than_a_topic_stays():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 9)])
    assert settled(vectors, {"t1": "a", "n1": "b"}, {"t1": "ab"})[1] == {"a": "t1", "b": "t1"}


def test_a_topic_not_found_again_goes_on():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 40)])
    assert settled(vectors, {"t1": "ab"}, {"t1": "a", "t2": "b"})[1] == {"a": "t1", "b": "t2"}


def test_a_topic_not_found_again_is_joined_to_the_one_it_lies_in():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 0, 40, seed=1)])
    found, now = settled(vectors, {"t1": "ab"}, {"t1": "a", "t2": "b"})
    assert now == {"a": "t1", "b": "t1"}
    assert found.centroids["topic_id"].tolist() == ["t1"]
    assert found.centroids["fitted_count"].tolist() == [100]


def test_texts_without_a_home_found_a_topic():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 40)])
    assert settled(vectors, {"t1": "a", "n1": "b"}, {"t1": "a"})[1] == {"a": "t1", "b": "n1"}


def test_a_group_out_of_several_topics_moves_nobody():
    vectors = pd.concat(
        [cloud("a", 0, 60), cloud("b", 0, 30, lean=0.5), cloud("c", 1, 30, lean=0.3), cloud("d", 1, 60)]
    )
    now = settled(vectors, {"t1": "a", "n1": "bc", "t2": "d"}, {"t1": "ab", "t2": "cd"})[1]
    assert now["b"] == "t1"
    assert now["c"] == "t2"


def test_a_text_much_nearer_to_another_topic_moves_there():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 40), cloud("s", 3, 1, seed=5)])
    assert settled(vectors, {"t1": "a", "t2": "bs"}, {"t1": "as", "t2": "b"})[1]["s"] == "t2"


def test_texts_like_a_group_without_theme_stay_out():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 40), cloud("x", 3, 5, seed=5)])
    found, now = settled(vectors, {"t1": "a"}, {"t1": "a", NONE: "b"})
    assert pd.isna(now["x"])
    assert set(found.assigned.loc[found.assigned["text_id"].str.startswith("x"), "reason"]) == {"no_theme"}
    assert NONE not in set(found.centroids["topic_id"])


def test_what_people_merged_keeps_its_centres():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 40)])
    before, refit = (
        Groups(made.centroids.assign(topic_id="t1"), made.assigned.assign(topic_id="t1"))
        for made in (topics(vectors, {"t1": "a", "t2": "b"}), topics(vectors, {"n1": "a", "n2": "b"}))
    )
    chunks = lambda: [(vectors.index.tolist(), np.stack(vectors.to_list()).astype(np.float32))]  # noqa: E731
    found = settle(refit, before, chunks, rules=RULES)
    assert found.centroids[["topic_id", "anchor"]].to_numpy().tolist() == [["t1", "t1"], ["t1", "t2"]]


def test_the_order_and_the_chunks_of_the_vectors_make_no_difference():
    vectors = pd.concat([cloud("a", 0, 60), cloud("b", 3, 40), cloud("c", 6, 30)])
    matrix = np.stack(vectors.to_list()).astype(np.float32)
    refit, before = topics(vectors, {"t1": "a", "n1": "bc"}), topics(vectors, {"t1": "a", "t2": "b"})
    once = settle(refit, before, lambda: [(vectors.index.tolist(), matrix)], rules=RULES)
    halves = [
        (vectors.index[::-1][:65].tolist(), matrix[::-1][:65]),
        (vectors.index[::-1][65:].tolist(), matrix[::-1][65:]),
    ]
    again = settle(refit, before, lambda: halves, rules=RULES)
    pd.testing.assert_frame_equal(once.assigned, again.assigned)
    assert np.array_equal(np.stack(once.centroids["centroid"]), np.stack(again.centroids["centroid"]))


@pytest.mark.parametrize("has_old", [True, False])
def test_nothing_found_leaves_what_there_was(has_old):
    vectors = cloud("a", 0, 20)
    none = Groups(
        empty_centroids(), fit_topics([], np.zeros((0, WIDTH)), clusterer=None, rules=GROUPS).assigned
    )
    texts = topics(vectors, {"t1": "a"})
    refit = Groups(empty_centroids(), texts.assigned.assign(topic_id=None, reason="too_far"))
    chunks = lambda: [(vectors.index.tolist(), np.stack(vectors.to_list()).astype(np.float32))]  # noqa: E731
    found = settle(refit, texts if has_old else none, chunks, rules=RULES)
    assert found.assigned["topic_id"].notna().all() == has_old


def test_apart_is_near_zero_for_two_samples_of_one_cloud():
    one, other = (np.stack(cloud("a", 0, 200, seed=seed).to_list()) for seed in (1, 2))
    assert abs(apart((one.sum(axis=0), 200), (other.sum(axis=0), 200))) < 0.05


def test_apart_of_nothing_is_zero():
    assert apart((np.zeros(3), 0), (np.ones(3), 3)) == 0.0
