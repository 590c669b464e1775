"""Clustering: the same groups whatever the order, few rows, and BERTopic's interface."""

import numpy as np
import pytest
from numpy.testing import assert_allclose, assert_array_equal

from nlp.models.themes.clustering import (
    LouvainClusterer,
    LouvainRules,
    centroids_of,
    join_twins,
    load_clusterer,
    neighbour_graph,
    row_hashes,
)

RULES = LouvainRules(
    resolution=1.0, neighbours=10, sharpness=1.0, votes=4, spread=2.0, min_size=5, twins=0.3, seed=7
)


def blobs(sizes, *, width=384, noise=0.5, seed=0):
    rng = np.random.default_rng(seed)
    truth = np.repeat(np.arange(len(sizes)), sizes)
    centres = np.eye(width)[: len(sizes)]
    vectors = centres[truth] + noise * rng.normal(size=(len(truth), width)) / np.sqrt(width)
    return (vectors / np.linalg.norm(vectors, axis=1, keepdims=True)).astype(np.float32), truth


def test_fit_finds_the_groups_that_are_there():
    vectors, truth = blobs([60, 40, 30])
    assert_array_equal(LouvainClusterer(RULES).fit(vectors).labels_, truth)


def test_fit_does_not_cut_an_even_cloud():
    vectors, _ = blobs([150], noise=0.5)
    assert set(LouvainClusterer(RULES).fit(vectors).labels_) == {0}


def test_join_twins_leaves_distinct_groups_apart():
    vectors, truth = blobs([40, 30])
    assert_array_equal(join_twins(vectors, truth, 0.3), truth)


def test_join_twins_joins_halves_of_one_group():
    vectors, _ = blobs([60])
    assert len(set(join_twins(vectors, np.arange(60) % 2, 0.3))) == 1


def test_fit_ignores_the_order_of_rows():
    vectors, _ = blobs([80, 70, 60, 50], noise=1.5)
    order = np.random.default_rng(1).permutation(len(vectors))
    expected = LouvainClusterer(RULES).fit(vectors).labels_
    assert_array_equal(LouvainClusterer(RULES).fit(vectors[order]).labels_, expected[order])


def test_fit_gives_the_same_groups_twice():
    vectors, _ = blobs([80, 70, 60, 50], noise=2.5)
    clusterer = LouvainClusterer(RULES)
    first = clusterer.fit(vectors).labels_.copy()
    assert_array_equal(clusterer.fit(vectors).labels_, first)


@pytest.mark.parametrize("rows", [0, 1, 4])
def test_fit_finds_nothing_in_too_few_rows(rows):
    vectors, _ = blobs([rows])
    assert_array_equal(LouvainClusterer(RULES).fit(vectors).labels_, np.full(rows, -1))


def test_fit_dissolves_a_group_smaller_than_asked():
    vectors, truth = blobs([60, 40, 4])
    rules = LouvainRules(
        resolution=1.0, neighbours=3, sharpness=1.0, votes=4, spread=2.0, min_size=5, twins=0.3, seed=7
    )
    assert (LouvainClusterer(rules).fit(vectors).labels_[truth == 2] == -1).all()


def test_fit_keeps_equal_rows_together():
    vectors, _ = blobs([20, 20], noise=3.0)
    labels = LouvainClusterer(RULES).fit(np.repeat(vectors, 5, axis=0)).labels_
    assert (labels.reshape(40, 5) == labels[::5, None]).all()


def test_fit_counts_equal_rows_as_many():
    vectors = np.repeat(np.eye(4, dtype=np.float32)[:1], 30, axis=0)
    assert_array_equal(LouvainClusterer(RULES).fit(vectors).labels_, np.zeros(30))


def test_one_vote_is_plain_louvain():
    vectors, truth = blobs([60, 40])
    rules = LouvainRules(
        resolution=1.0, neighbours=10, sharpness=1.0, votes=1, spread=1.0, min_size=5, twins=0.3, seed=7
    )
    assert_array_equal(LouvainClusterer(rules).fit(vectors).labels_, truth)


def test_predict_gives_the_nearest_group():
    vectors, truth = blobs([60, 40, 30])
    clusterer = LouvainClusterer(RULES).fit(vectors)
    assert_array_equal(clusterer.predict(vectors), truth)


def test_predict_without_groups_gives_none():
    clusterer = LouvainClusterer(RULES).fit(blobs([1])[0])
    assert_array_equal(clusterer.predict(blobs([3])[0]), [-1, -1, -1])


def test_neighbour_graph_is_exact_where_columns_are_searched_in_groups():
    vectors = np.random.default_rng(0).normal(size=(1500, 16)).astype(np.float32)
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    graph = neighbour_graph(vectors, 5)
    similar = vectors @ vectors.T
    np.fill_diagonal(similar, -2)
    nearest = np.argsort(-similar, axis=1)[:, :5]
    assert all(set(nearest[row]) <= set(graph[row].indices) for row in range(len(vectors)))


def test_row_hashes_tell_rows_apart_by_content():
    vectors, _ = blobs([50], noise=2.0)
    twice = np.vstack([vectors, vectors[::-1]])
    hashes = row_hashes(twice)
    assert_array_equal(hashes[:50], hashes[:49:-1])
    assert len(set(hashes)) == 50


def test_centroids_of_are_unit_means():
    vectors = np.array([[1, 0], [0, 1], [0, 1]], dtype=np.float32)
    centroids = centroids_of(vectors, np.array([0, 0, 1]))
    assert_allclose(centroids, [[2**-0.5, 2**-0.5], [0, 1]], atol=1e-6)


def test_load_clusterer_builds_what_settings_name():
    options = {
        "resolution": 1.0,
        "neighbours": 10,
        "sharpness": 1.0,
        "votes": 4,
        "spread": 2.0,
        "min_size": 5,
        "twins": 0.3,
        "seed": 7,
    }
    vectors, truth = blobs([60, 40, 30])
    assert_array_equal(load_clusterer("louvain", options).fit(vectors).labels_, truth)


def test_load_clusterer_says_what_it_knows():
    with pytest.raises(ValueError, match="unknown clusterer 'magic'; known: louvain"):
        load_clusterer("magic", {})
