"""Loyalty by the textbook: every number against a calculation by hand."""

import dataclasses
from datetime import UTC, date, datetime, timedelta

import pytest
from report_world import aspects_table, documents_table, filled
from subject_worlds import read, worth_of

from data.schema import CUSTOMERS, ORDERS
from reports.loyalty import measure_loyalty

AS_OF = date(2026, 12, 31)
NOW = datetime(2027, 1, 1, tzinfo=UTC)


def order(place, customer, days_ago, value=100.0, **more):
    return {"order_key": f"o{place}", "customer_key": customer, "value": value,
            "ordered_at": NOW - timedelta(days=days_ago)} | more  # fmt: skip


ORDERED = [
    order(1, "k1", 400), order(2, "k1", 100), order(3, "k2", 500), order(4, "k3", 10, 40.0),
    order(5, "k4", 700), order(6, "k4", 20), order(7, "k4", 10), order(8, "k5", 450, is_cancelled=True),
]  # fmt: skip
KNOWN = [
    {"customer_key": "k1", "is_churned": False, "segment": "gold"},
    {"customer_key": "k2", "is_churned": True, "segment": "gold"},
    {"customer_key": "k3", "is_churned": False},
    {"customer_key": "k4"},
]


@pytest.fixture
def rows(settings):
    rules = dataclasses.replace(settings["loyalty"], min_customers=1)
    documents = documents_table(
        [{"feedback_id": "a", "customer_key": "k2"}, {"feedback_id": "b", "customer_key": "k3"}]
    )
    customers, orders = filled(CUSTOMERS, KNOWN), filled(ORDERS, ORDERED)
    told = (
        read(documents, aspects_table([("a:0", "shipping", "negative")])),
        worth_of(documents, orders, customers),
    )
    found = measure_loyalty(customers, orders, told, as_of=AS_OF, rules=rules)
    return {(row["dimension"], row["value"]): row for row in found.to_pylist()}


def test_churn_counts_those_of_whom_it_is_known(rows):
    row = rows["all", "all"]
    assert (row["customer_count"], row["churn_count"], row["churn_total"]) == (4, 1, 3)


def test_repeat_and_retention_by_hand(rows):
    row = rows["all", "all"]
    assert (row["repeat_count"], row["repeat_total"]) == (2, 4)  # k1 and k4
    # Ordered 366 to 730 days ago: k1, k2, k4. Of these again in the last year: k1, k4.
    assert (row["retention_count"], row["retention_total"]) == (2, 3)


def test_lifetime_value_by_hand(rows):
    row = rows["all", "all"]
    pace = (2 / (400 / 365) + 1 / (500 / 365) + 1 / 1 + 3 / (700 / 365)) / 4
    assert row["order_value_mean"] == pytest.approx(640 / 7)
    assert row["orders_per_year"] == pytest.approx(pace, rel=1e-4)
    assert row["lifetime_value"] == pytest.approx(640 / 7 * pace / (1 - 2 / 3), rel=1e-4)


def test_complainers_stand_beside_those_who_spoke_without_blame(rows):
    assert rows["complained_of", "shipping"]["churn_share"] == 1
    assert rows["complained_of", "anything"]["customer_count"] == 1
    assert rows["complained_of", "nothing"]["churn_share"] == 0
    assert rows["segment", "gold"]["churn_share"] == 0.5


def test_loyalty_of_nobody_is_empty(settings):
    documents = documents_table([{}])
    told = (read(documents, aspects_table([])), worth_of(documents))
    assert (
        measure_loyalty(
            CUSTOMERS.empty(), ORDERS.empty(), told, as_of=AS_OF, rules=settings["loyalty"]
        ).num_rows
        == 0
    )
