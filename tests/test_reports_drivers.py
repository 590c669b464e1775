"""Key drivers: planted effects come back, intervals hold, numbers equal those by hand."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from report_world import aspects_table, documents_table, filled, members_table
from scipy import sparse
from subject_worlds import read, subjects_of, worth_of

from data.schema import CUSTOMERS, DRIVERS
from reports.drivers import find_drivers
from reports.drivers.impact import measure_impacts
from reports.drivers.regression import fit_effects

NO_CONTROLS = sparse.csr_array((0, 0))


def column(values):
    return sparse.csr_array(np.asarray(values, dtype=float)[:, None])


def test_impact_equals_the_hand_calculation():
    # Ten answers: all 3 of mean 10; with 2 of them out, the rest has mean (30 + 100) / 8.
    score = np.array([-100.0, -100, 0, 0, 100, 100, 100, 0, 0, 100])
    found = measure_impacts(column([1, 1, 0, 0, 0, 0, 0, 0, 0, 0]), score)
    assert found.score_with[0] == -100
    assert found.score_without[0] == pytest.approx(50)
    assert found.impact[0] == pytest.approx(20 - 50)


def test_impact_of_everything_has_no_other_side():
    found = measure_impacts(column([1, 1, 1]), np.array([1.0, 2, 3]))
    assert np.isnan(found.impact[0])


def made_scores(rng, n, effects, share=0.06):
    """Answers of -100, 0, 100 whose mean falls by each effect; the first two subjects travel together."""
    told = (rng.random((n, len(effects))) < share).astype(float)
    both = rng.random(n) < 0.6
    told[both, 1] = np.maximum(told[both, 1], told[both, 0])
    wanted = np.clip(25 + told @ np.asarray(effects), -95, 95)
    # Three answers whose mean is `wanted`, with the spread of a usual NPS.
    neutral = 0.2
    up = (1 - neutral) / 2 + wanted / 200
    draw = rng.random(n)
    return told, np.where(draw < up, 100.0, np.where(draw < up + neutral, 0.0, -100.0))


PLANTED = (-45.0, 0.0, -20.0, 15.0, 0.0)


def fit(told, score):
    none = sparse.csr_array((len(score), 0))
    return fit_effects(sparse.csr_array(told), none, score, ridge=1.0, author=np.arange(len(score)))


def test_regression_recovers_planted_effects():
    told, score = made_scores(np.random.default_rng(3), 40_000, PLANTED)
    assert fit(told, score).value == pytest.approx(np.array(PLANTED), abs=5)


def test_regression_does_not_blame_what_only_travels_along():
    told, score = made_scores(np.random.default_rng(4), 40_000, PLANTED)
    impact = measure_impacts(sparse.csr_array(told), score)
    assert impact.high[1] < 0  # alone, the second subject looks guilty
    found = fit(told, score)
    assert found.low[1] < 0 < found.high[1]


@pytest.mark.slow
@pytest.mark.parametrize("n", [800, 2000])
def test_effect_intervals_hold_the_truth_19_times_of_20(n):
    rng = np.random.default_rng(11)
    inside = []
    for _ in range(200):
        told, score = made_scores(rng, n, PLANTED)
        found = fit(told, score)
        inside.append((found.low <= np.array(PLANTED)) & (np.array(PLANTED) <= found.high))
    assert 0.93 <= np.mean(inside) <= 0.97


@pytest.mark.slow
@pytest.mark.parametrize("share", [0.05, 0.4])
def test_impact_intervals_hold_the_truth_19_times_of_20(share):
    rng = np.random.default_rng(12)
    truth = -share * 40 * 1.0  # impact = share x (mean with - mean without)
    inside = []
    for _ in range(2000):
        told = (rng.random(800) < share).astype(float)
        score = np.where(rng.random(800) < 0.6 - 0.2 * told, 100.0, -100.0)
        found = measure_impacts(column(told), score)
        inside.append(found.low[0] <= truth <= found.high[0])
    assert 0.93 <= np.mean(inside) <= 0.97


def test_effect_interval_agrees_with_a_drawn_bootstrap():
    told, score = made_scores(np.random.default_rng(5), 1500, PLANTED)
    found = fit(told, score)
    rng = np.random.default_rng(6)
    draws = []
    for _ in range(120):
        rows = rng.integers(0, len(score), len(score))
        draws.append(fit(told[rows], score[rows]).value)
    low, high = np.percentile(draws, [2.5, 97.5], axis=0)
    assert found.high - found.low == pytest.approx(high - low, rel=0.2)


def test_effect_interval_counts_a_person_once():
    told, score = made_scores(np.random.default_rng(7), 1000, PLANTED)
    twice = np.vstack([told, told]), np.concatenate([score, score])
    none = sparse.csr_array((2000, 0))
    same = fit_effects(
        sparse.csr_array(twice[0]), none, twice[1], ridge=2.0, author=np.tile(np.arange(1000), 2)
    )
    once = fit(told, score)
    assert same.high - same.low == pytest.approx(once.high - once.low, rel=0.02)


@pytest.fixture
def rules(settings):
    return dataclasses.replace(settings["drivers"], min_answers=4, min_comments=1)


def small_documents():
    return documents_table(
        [
            {"feedback_id": "a", "nps": 2, "customer_key": "k1", "sentiment": "negative"},
            {"feedback_id": "b", "nps": 10, "customer_key": "k2", "sentiment": "positive"},
            {"feedback_id": "c", "nps": 9, "customer_key": "k3"},
            {"feedback_id": "d", "nps": 7, "customer_key": "k1", "intent": "complaint"},
            {"feedback_id": "e", "rating": 4.0},
        ]
    )


def small_drivers(rules):
    documents = small_documents()
    aspects = aspects_table(
        [
            ("a:0", "shipping", "negative"), ("b:0", "shipping", "positive"), ("d:0", "shipping", "neutral"),
            ("c:0", "other", "neutral"), ("zz:0", "shipping", "negative"),
        ]
    )  # fmt: skip
    customers = filled(
        CUSTOMERS, [{"customer_key": "k1", "value": 120.0}, {"customer_key": "k2", "value": 30.0}]
    )
    subjects = read(documents, aspects, members_table([("a:1", "t1"), ("c:0", None)]))
    found = find_drivers(documents, subjects, worth_of(documents, customers=customers), rules=rules)
    return {(r["score"], r["issue"], r["stance"]): r for r in found.to_pylist()}


def test_find_drivers_counts_each_stance_by_the_rule_of_complaints(rules):
    rows = small_drivers(rules)
    counts = {key[1:]: row["comment_count"] for key, row in rows.items()}
    assert counts == {
        ("category:shipping", "any"): 3, ("category:shipping", "negative"): 2,
        ("category:shipping", "positive"): 1, ("topic:t1", "any"): 1, ("topic:t1", "negative"): 1,
    }  # fmt: skip


def test_find_drivers_gives_impact_and_money_by_hand(rules):
    row = small_drivers(rules)["nps", "category:shipping", "negative"]
    assert row["score_all"] == 25  # -100, 100, 100, 0
    assert row["impact"] == pytest.approx(25 - 100)
    assert (row["customer_count"], row["value_at_stake"]) == (1, 120.0)  # k1 complained twice
    assert set(row["example_ids"]) == {"a", "d"}


def test_find_drivers_leaves_out_scores_that_few_gave(rules):
    assert {key[0] for key in small_drivers(rules)} == {"nps"}


@pytest.mark.parametrize("rows", [0, 1])
def test_find_drivers_of_almost_nothing_is_empty(settings, rows):
    documents = small_documents().slice(0, rows)
    found = find_drivers(
        documents, read(documents, aspects_table([])), worth_of(documents), rules=settings["drivers"]
    )
    assert found.num_rows == 0
    assert found.column_names == DRIVERS.columns.names


@pytest.mark.slow
def test_find_drivers_of_100_000_comments_takes_seconds(settings):
    import time

    rng = np.random.default_rng(1)
    n, k = 100_000, 85
    told = rng.random((n, k)) < 0.03
    praise = (rng.random((n, k)) < 0.02) & ~told
    issues = [f"category:c{i}" for i in range(25)] + [f"topic:t{i}" for i in range(60)]
    subjects = subjects_of(told, praise, sorted(issues))
    documents = pa.table(
        {
            "nps": pa.array(rng.integers(0, 11, n), pa.int8()), "csat": pa.nulls(n, pa.float32()),
            "ces": pa.nulls(n, pa.float32()), "rating": pa.array(rng.integers(1, 6, n), pa.float32()),
            "source_kind": pa.array(rng.choice(["survey", "review"], n)),
            "language": pa.array(rng.choice(["en", "it", "pl"], n)),
            "customer_key": pa.nulls(n, pa.string()), "author_key": pa.nulls(n, pa.string()),
            "order_key": pa.nulls(n, pa.string()),
        }
    )  # fmt: skip
    started = time.process_time()
    find_drivers(documents, subjects, worth_of(documents), rules=settings["drivers"])
    assert time.process_time() - started < 30
