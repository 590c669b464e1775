"""Groups: who belongs where, ids that stay, new topics out of the pool."""

import numpy as np
import pandas as pd
import pytest

from data.schema import NONE
from nlp.models.themes.clustering import LouvainClusterer, LouvainRules
from nlp.topics.groups import (
    GroupRules,
    assign_topics,
    empty_centroids,
    fit_topics,
    new_topic_id,
    open_topics,
)

RULES = GroupRules(
    min_size=5,
    min_tightness=0.1,
    radius_quantile=0.95,
    reach=1.1,
    max_reach=0.8,
    apart=0.25,
    match_evidence=0.5,
)


def clusterer():
    return LouvainClusterer(
        LouvainRules(
            resolution=1.0, neighbours=10, sharpness=1.0, votes=4, spread=2.0, min_size=5, twins=0.3, seed=7
        )
    )


def near(axis, count, *, seed=0, width=384):
    rng = np.random.default_rng([seed, axis])
    vectors = np.eye(width)[np.full(count, axis)] + 0.5 * rng.normal(size=(count, width)) / np.sqrt(width)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32)


def ids(prefix, count):
    return [f"{prefix}{i:03}" for i in range(count)]


@pytest.fixture
def fitted():
    vectors = np.vstack([near(0, 60), near(1, 40), near(2, 30)])
    return fit_topics(ids("a", 130), vectors, clusterer=clusterer(), rules=RULES)


def test_fit_topics_gives_every_group_an_id(fitted):
    assert (
        fitted.assigned.groupby("topic_id").size().tolist()
        == fitted.centroids.sort_values("topic_id")["fitted_count"].tolist()
        or len(fitted.centroids) == 3
    )


def test_fit_topics_gives_the_same_ids_in_any_order(fitted):
    vectors = np.vstack([near(0, 60), near(1, 40), near(2, 30)])
    order = np.random.default_rng(0).permutation(130)
    again = fit_topics(np.array(ids("a", 130))[order], vectors[order], clusterer=clusterer(), rules=RULES)
    pd.testing.assert_frame_equal(again.assigned.sort_values("text_id", ignore_index=True), fitted.assigned)


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_fit_topics_says_when_there_are_too_few(rows):
    found = fit_topics(ids("a", rows), near(0, rows), clusterer=clusterer(), rules=RULES)
    assert found.centroids.empty
    assert found.assigned["reason"].tolist() == ["too_few"] * rows


def test_fit_topics_takes_no_loose_group():
    loose = np.random.default_rng(0).normal(size=(60, 384)).astype(np.float32)
    loose /= np.linalg.norm(loose, axis=1, keepdims=True)
    strict = GroupRules(**{**vars(RULES), "min_tightness": 0.5})
    found = fit_topics(ids("a", 60), loose, clusterer=clusterer(), rules=strict)
    assert set(found.assigned["reason"]) == {"too_far"}


def test_assign_topics_finds_the_nearest(fitted):
    expected = fitted.assigned["topic_id"].iloc[0]
    assigned = assign_topics(ids("b", 20), near(0, 20, seed=9), centroids=fitted.centroids, rules=RULES)
    assert (assigned["topic_id"] == expected).mean() >= 0.9


def test_assign_topics_leaves_what_is_too_far(fitted):
    assigned = assign_topics(ids("b", 5), near(9, 5), centroids=fitted.centroids, rules=RULES)
    assert assigned["topic_id"].isna().all()
    assert set(assigned["reason"]) == {"too_far"}
    assert (assigned["topic_score"] == 0).all()


def test_assign_topics_leaves_what_is_like_a_group_without_theme(fitted):
    owner = fitted.assigned["topic_id"].iloc[0]
    centroids = fitted.centroids.assign(topic_id=fitted.centroids["topic_id"].replace(owner, NONE))
    assigned = assign_topics(ids("b", 20), near(0, 20, seed=9), centroids=centroids, rules=RULES)
    assert assigned["topic_id"].isna().all()
    assert (assigned["reason"] == "no_theme").sum() >= 18


def test_assign_topics_without_topics_leaves_all():
    assigned = assign_topics(ids("b", 3), near(0, 3), centroids=empty_centroids(), rules=RULES)
    assert assigned["topic_id"].isna().all()


def test_open_topics_finds_a_new_theme_in_the_pool(fitted):
    pool = np.vstack([near(9, 12), near(20, 1), near(21, 1)])
    opened = open_topics((ids("p", 14), pool), centroids=fitted.centroids, clusterer=clusterer(), rules=RULES)
    assert len(opened.centroids) == 1
    assert opened.centroids["topic_id"].isin(fitted.centroids["topic_id"]).sum() == 0
    assert opened.assigned["topic_id"].notna().iloc[:12].mean() >= 0.9


def test_open_topics_opens_none_beside_an_old_one(fitted):
    pool = near(0, 12, seed=5)
    opened = open_topics((ids("p", 12), pool), centroids=fitted.centroids, clusterer=clusterer(), rules=RULES)
    assert opened.centroids.empty
    assert set(opened.assigned["reason"]) == {"too_far"}


def test_open_topics_takes_an_empty_pool(fitted):
    opened = open_topics(
        ([], np.zeros((0, 0), dtype=np.float32)),
        centroids=fitted.centroids,
        clusterer=clusterer(),
        rules=RULES,
    )
    assert opened.centroids.empty
    assert opened.assigned.empty


def test_new_topic_id_avoids_ids_that_are_taken():
    first = new_topic_id(["a", "b"], [])
    assert new_topic_id(["b", "a"], []) == first
    assert new_topic_id(["a", "b"], [first]) != first
