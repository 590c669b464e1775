"""Who complains of what: by hand, with intervals that hold and few false findings."""

import dataclasses

import numpy as np
import pyarrow as pa
import pytest
from report_world import documents_table, filled
from subject_worlds import subjects_of, worth_of

from data.schema import CUSTOMERS
from reports.facts import intervals
from reports.segments import customer_columns, find_lift


def lift(regions, complains, settings, **changes):
    rules = dataclasses.replace(settings["segments"], **changes)
    documents = pa.table({"region": pa.array(regions, pa.string())})
    found = find_lift(documents, subjects_of(complains), dimensions=["region", "absent"], rules=rules)
    return {(row["value"], row["issue"]): row for row in found.to_pylist()}


def test_lift_equals_the_hand_calculation(settings):
    # North: 30 of 100 complain; the others: 20 of 200. One comment states no region.
    regions = ["North"] * 100 + ["South"] * 120 + ["West"] * 80 + [None]
    complains = np.zeros((301, 1))
    complains[:30] = complains[100:120] = complains[300] = 1
    row = lift(regions, complains, settings)["North", "category:c00"]
    assert (row["complaint_count"], row["comment_count"]) == (30, 100)
    assert (row["share"], row["other_share"], row["lift"]) == pytest.approx((0.3, 0.1, 3.0))
    assert row["lift_low"] < 3 < row["lift_high"]
    assert row["is_clear"]
    assert len(row["example_ids"]) == 5
    assert set(row["example_ids"]) <= {f"f{i}" for i in range(30)}


def test_lift_without_complaints_elsewhere_has_an_open_end(settings):
    complains = np.zeros((200, 1))
    complains[:20] = 1
    row = lift(["A"] * 100 + ["B"] * 100, complains, settings)["A", "category:c00"]
    assert (row["lift"], row["lift_high"]) == (None, None)
    assert row["lift_low"] > 1


def test_lift_leaves_out_small_segments_and_rare_subjects(settings):
    complains = np.zeros((200, 2))
    complains[:20, 0] = 1
    complains[:3, 1] = 1
    found = lift(["A"] * 190 + ["B"] * 10, complains, settings)
    assert found == {}
    assert lift(["A"] * 100 + ["B"] * 100, complains[:, 1:], settings) == {}


@pytest.mark.slow
def test_lift_speaks_of_few_differences_where_there_is_none(settings):
    rng = np.random.default_rng(8)
    clear = []
    for _ in range(40):
        regions = rng.choice(["A", "B", "C", "D"], 1500)
        found = lift(regions.tolist(), rng.random((1500, 12)) < 0.05, settings, examples=1)
        clear.append(any(row["is_clear"] for row in found.values()))
    assert np.mean(clear) <= 0.15  # 5 %, and what 40 draws may add


@pytest.mark.slow
@pytest.mark.parametrize(("n", "shares"), [((200, 800), (0.1, 0.05)), ((100, 100), (0.3, 0.2))])
def test_ratio_intervals_hold_the_truth_19_times_of_20(n, shares):
    rng = np.random.default_rng(9)
    one, two = rng.binomial(n[0], shares[0], 4000), rng.binomial(n[1], shares[1], 4000)
    low, high = intervals.ratio((one, n[0]), (two, n[1]))
    truth = shares[0] / shares[1]
    assert 0.93 <= ((low <= truth) & (truth <= high)).mean() <= 0.97


def test_ratio_equals_the_published_example():
    # Equal groups have a ratio of 1 whose interval is its own inverse.
    low, high = intervals.ratio(([20], [100]), ([20], [100]))
    assert low[0] * high[0] == pytest.approx(1)


def test_customer_columns_tell_new_from_returning(settings):
    documents = documents_table([{"customer_key": "k1"}, {"customer_key": "k2"}, {"customer_key": "k3"}, {}])
    customers = filled(
        CUSTOMERS,
        [
            {"customer_key": "k1", "order_count": 1, "segment": "gold"},
            {"customer_key": "k2", "order_count": 4},
            {"customer_key": "k3"},
        ],
    )
    found = customer_columns(documents, worth_of(documents, customers=customers), customers)
    assert found["customer_type"].to_pylist() == ["new", "returning", None, None]
    assert found["customer_segment"].to_pylist() == ["gold", None, None, None]


def test_customer_columns_without_customers_change_nothing():
    documents = documents_table([{}])
    assert customer_columns(documents, worth_of(documents), CUSTOMERS.empty()) is documents
