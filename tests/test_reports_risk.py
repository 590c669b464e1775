"""Churn risk: finds what drives people away, is calibrated, says nothing without labels."""

import dataclasses
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pyarrow as pa
import pytest
from report_world import aspects_table, documents_table
from subject_worlds import read, worth_of

from data.schema import CUSTOMERS, ORDERS, TICKETS
from reports.risk import find_customers_at_risk
from reports.risk.measures import auc, calibration, lift_at_top

AS_OF = date(2026, 11, 16)
FIRST = date(2025, 6, 1)


def moment(day):
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


@cache
def company(*, people=1100, blame=2.5, seed=3, leaves=True):
    """Customers leave 2 % a month; after a complaint of customer service `blame` more on the log scale."""
    rng = np.random.default_rng(seed)
    days = (AS_OF - FIRST).days
    documents, aspects, customers, orders = [], [], [], []
    for place in range(people):
        key, angry, left = f"k{place}", -1000, None
        for start in range(0, days, 30):
            said = start + int(rng.integers(0, 30))
            if rng.random() < 0.25:
                day = FIRST + timedelta(days=said)
                subject = ["customer_service", "price_value", "shipping"][int(rng.integers(0, 3))]
                bad = rng.random() < 0.4
                name = f"f{len(documents)}"
                documents.append({"feedback_id": name, "created_at": moment(day), "customer_key": key,
                                  "sentiment": "negative" if bad else "neutral"})  # fmt: skip
                aspects.append((f"{name}:0", subject, "negative" if bad else "neutral"))
                angry = said if bad and subject == "customer_service" else angry
            if rng.random() < 0.2:
                bought = FIRST + timedelta(days=start)
                orders.append({"order_key": f"o{len(orders)}", "customer_key": key, "value": 50.0,
                               "ordered_at": moment(bought)})  # fmt: skip
            recent = start + 30 - angry < 120
            if rng.random() < 0.02 * (np.exp(blame) if recent else 1.0):
                left = FIRST + timedelta(days=start + 30)
                break
        since = FIRST - timedelta(days=int(rng.integers(0, 900)))
        customers.append({"customer_key": key, "since_date": since,
                          "churned_date": left if leaves and left and left <= AS_OF else None,
                          "value": float(rng.integers(20, 900))})  # fmt: skip
    return documents, aspects, customers, orders


def table(declared, rows):
    nothing = dict.fromkeys(declared.columns.names)
    return declared.to_arrow(pa.Table.from_pylist([nothing | row for row in rows], schema=declared.columns))


def found(rows, rules):
    documents, aspects, customers, orders = rows
    table_of = documents_table(documents)
    about = (read(table_of, aspects_table(aspects)), None)
    known, bought = table(CUSTOMERS, customers), table(ORDERS, orders)
    about = (about[0], worth_of(table_of, bought, known))
    operations = (known, bought, TICKETS.empty())
    return find_customers_at_risk(table_of, about, operations, as_of=AS_OF, rules=rules)


@pytest.fixture(scope="module")
def forecast(settings):
    models, listed = found(company(), settings["risk"])
    return {row["model"]: row for row in models.to_pylist()}, listed.to_pylist()


def test_risk_finds_more_with_the_words_than_without(forecast):
    models, _ = forecast
    assert models["with_text"]["auc"] > models["without_text"]["auc"] + 0.1
    assert models["with_text"]["auc_low"] > models["without_text"]["auc"]
    assert models["with_text"]["top_lift"] > 2


def test_risk_is_calibrated(forecast):
    model = forecast[0]["with_text"]
    assert 0.75 <= model["expected_over_real"] <= 1.3
    assert 0.6 <= model["calibration_slope"] <= 1.5


def test_risk_names_the_reason_that_was_planted(forecast):
    _, listed = forecast
    first = [row["reasons"][0] for row in listed[:20]]
    assert first.count("text.customer_service") >= 15
    assert [row["rank"] for row in listed] == list(range(1, len(listed) + 1))
    assert all(a["risk"] >= b["risk"] for a, b in zip(listed, listed[1:], strict=False))
    assert listed[0]["value_at_risk"] == pytest.approx(listed[0]["value"] * listed[0]["risk"], rel=1e-6)


def test_risk_lists_nobody_who_is_gone(forecast):
    gone = {row["customer_key"] for row in company()[2] if row["churned_date"] is not None}
    assert not gone & {row["customer_key"] for row in forecast[1]}


def test_risk_says_nothing_without_labels(settings):
    models, listed = found(company(people=200, leaves=False), settings["risk"])
    assert (models.num_rows, listed.num_rows) == (0, 0)


def test_risk_lists_nobody_when_it_cannot_tell(settings):
    rules = dataclasses.replace(settings["risk"], min_auc=0.99)
    models, listed = found(company(), rules)
    assert (models.num_rows, listed.num_rows) == (2, 0)


def test_risk_says_nothing_on_a_handful_of_leavers(settings):
    assert found(company(people=40), settings["risk"])[0].num_rows == 0


def test_auc_equals_the_hand_calculation():
    # Of 2 x 3 pairs, 4 are in the right order and one is even: 4.5 / 6.
    risk = np.array([0.9, 0.4, 0.5, 0.4, 0.1])
    assert auc(risk, np.array([1, 1, 0, 0, 0], dtype=bool))[0] == pytest.approx(4.5 / 6)


def test_auc_of_one_leaver_is_not_known():
    assert np.isnan(auc(np.array([0.5, 0.1]), np.array([True, False]))[0])


def test_calibration_of_true_risks_is_right():
    rng = np.random.default_rng(2)
    risk = rng.beta(2, 8, 20_000)
    ratio, slope = calibration(risk, rng.random(20_000) < risk)
    assert (ratio, slope) == pytest.approx((1, 1), abs=0.06)


def test_lift_equals_the_hand_calculation():
    left = np.array([1, 0, 0, 0, 1, 0, 0, 0, 0, 0], dtype=bool)
    assert lift_at_top(np.linspace(1, 0, 10), left, share=0.1) == 5


@pytest.mark.slow
def test_auc_intervals_hold_the_truth_19_times_of_20():
    rng = np.random.default_rng(4)
    truth = 0.76025  # of two normal scores one standard deviation apart
    inside = []
    for _ in range(1500):
        left = rng.random(600) < 0.1
        low, high = auc(rng.normal(size=600) + left, left)[1:]
        inside.append(low <= truth <= high)
    assert 0.93 <= np.mean(inside) <= 0.97
