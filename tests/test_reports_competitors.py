"""Other brands side by side: like with like, by hand, with intervals that hold."""

import dataclasses

import numpy as np
import pytest
from report_world import documents_table
from subject_worlds import subjects_of

from reports.competitors import compare_brands


def compared(rows, complains, settings, **changes):
    rules = dataclasses.replace(settings["competitors"], min_comments=10, **changes)
    found = compare_brands(documents_table(rows), subjects_of(complains), rules=rules)
    return {(row["brand"], row["source_kind"], row["category"]): row for row in found.to_pylist()}


def side(count, *, own=True, kind="review", brand=None):
    return [{"is_own": own, "source_kind": kind, "brand": brand}] * count


def told(*counts):
    """Give 0/1 columns: of each (complaining, of), the first ones complain."""
    return np.concatenate([np.arange(of) < n for n, of in counts])[:, None].astype(float)


def test_brands_are_compared_by_hand(settings):
    rows = side(100) + side(50, own=False, brand="Rival")
    row = compared(rows, told((20, 100), (5, 50)), settings)["Rival", "review", "c00"]
    assert (row["own_count"], row["own_total"], row["brand_count"], row["brand_total"]) == (20, 100, 5, 50)
    assert row["difference"] == pytest.approx(0.1)
    # Wilson: 20 of 100 is 0.1334 to 0.2888, 5 of 50 is 0.0435 to 0.2136; the roots of sums of squares.
    assert (row["difference_low"], row["difference_high"]) == pytest.approx((-0.0317, 0.2052), abs=1e-3)


def test_brands_are_compared_on_kinds_that_both_have(settings):
    # Surveys complain more. Only reviews are matched: a plain share would make us look worse.
    rows = side(100) + side(100, kind="survey") + side(100, own=False, brand="Rival")
    complains = told((10, 100), (60, 100), (10, 100))
    found = compared(rows, complains, settings)
    assert {key[1] for key in found} == {"review", "all"}
    assert found["Rival", "all", "c00"]["difference"] == pytest.approx(0)


def test_kinds_are_put_together_by_mantel_haenszel_weights(settings):
    rows = side(100) + side(100, kind="survey") + side(100, own=False, brand="R")
    rows += side(25, own=False, kind="survey", brand="R")
    row = compared(rows, told((20, 100), (50, 100), (10, 100), (5, 25)), settings)["R", "all", "c00"]
    weights = np.array([100 * 100 / 200, 100 * 25 / 125])
    expected = (weights * [0.1, 0.3]).sum() / weights.sum()
    assert row["difference"] == pytest.approx(expected)
    assert row["difference_low"] < expected < row["difference_high"]


def test_any_complaint_counts_a_comment_once(settings):
    rows = side(20) + side(20, own=False, brand="Rival")
    complains = np.zeros((40, 2))
    complains[:5] = 1
    assert compared(rows, complains, settings)["Rival", "all", "all"]["own_count"] == 5


def test_employees_and_nameless_brands_are_left_out(settings):
    rows = side(20) + side(20, own=False, brand=None) + side(20, own=False, brand="Rival", kind="employee")
    assert compared(rows, np.zeros((60, 1)), settings) == {}


@pytest.mark.slow
def test_stratified_intervals_hold_the_truth_19_times_of_20(settings):
    rng = np.random.default_rng(6)
    rows = side(120) + side(80, kind="survey") + side(90, own=False, brand="R")
    rows += side(60, own=False, kind="survey", brand="R")
    shares = np.repeat([0.2, 0.4, 0.1, 0.3], [120, 80, 90, 60])
    inside = []
    for _ in range(100):
        row = compared(rows, (rng.random(350) < shares)[:, None], settings)["R", "all", "c00"]
        inside.append(row["difference_low"] <= 0.1 <= row["difference_high"])
    assert 0.9 <= np.mean(inside) <= 0.98
