"""Satisfaction, effort and favourable answers against a calculation by hand."""

import pytest
from report_world import documents_table, rules

from reports.metrics import summarise_scores


def whole(rows, kind="all"):
    found = summarise_scores(documents_table(rows), rules=rules()).to_pylist()
    return next(r for r in found if (r["period"], r["source_kind"], r["dimension"]) == ("ever", kind, "all"))


def test_satisfaction_by_hand():
    row = whole([{"csat": 5.0}, {"csat": 4.0}, {"csat": 1.0}, {}])
    assert (row["csat_count"], row["satisfied_count"]) == (3, 2)
    assert (row["csat_mean"], row["csat_deviation"]) == pytest.approx((10 / 3, 2.0817), abs=1e-3)
    assert row["satisfied_share"] == pytest.approx(2 / 3)
    assert (row["satisfied_share_low"], row["satisfied_share_high"]) == pytest.approx(
        (0.2077, 0.9385), abs=1e-4
    )
    assert (row["csat_low"], row["csat_high"]) == (1, 5)  # three answers say little: the scale ends first


def test_effort_by_hand():
    row = whole([{"ces": float(value)} for value in (5, 6, 6, 7)])
    # With half an answer at 1 and at 7: mean 28 / 5, variance (171 / 5 - 5.6**2) x 5 / 4 = 3.55;
    # Student's t of 4 degrees of freedom is 2.7764: 5.6 - 2.7764 x sqrt(3.55 / 5); above, the scale ends.
    assert (row["ces_low"], row["ces_high"]) == pytest.approx((3.2606, 7), abs=1e-3)


def test_favourable_share_of_employees():
    rows = [{"source_kind": "employee", "rating": value} for value in (5.0, 4.0, 4.0, 3.0, 1.0)]
    row = whole(rows, "employee")
    assert (row["favourable_count"], row["favourable_share"]) == (3, pytest.approx(0.6))
    assert row["rating_low"] < row["rating_mean"] < row["rating_high"]


def test_scores_that_nobody_gave_have_no_share():
    row = whole([{}])
    assert (row["satisfied_share"], row["favourable_share"], row["ces_mean"], row["csat_low"]) == (None,) * 4
