"""Support times and first-contact resolution against a hand calculation."""

from datetime import UTC, date, datetime, timedelta

import numpy as np
import pytest
from report_world import filled

from data.schema import TICKETS
from reports.facts import intervals
from reports.service import measure_service

START = datetime(2026, 10, 5, 8, tzinfo=UTC)  # a Monday


def ticket(place, *, day=0, response=1.0, resolution=5.0, customer=None, reopened=0):  # noqa: PLR0917
    created = START + timedelta(days=day)
    return {
        "ticket_key": f"t{place}", "customer_key": customer or f"k{place}", "created_at": created,
        "first_response_at": created + timedelta(hours=response),
        "resolved_at": None if resolution is None else created + timedelta(hours=resolution),
        "reopened_count": reopened, "channel": "phone" if place % 2 else None,
    }  # fmt: skip


TEN = [ticket(i, response=float(i + 1), resolution=10.0 * (i + 1)) for i in range(10)]
LATER = [ticket(90, day=30)]


def rows(tickets, settings):
    table = measure_service(filled(TICKETS, tickets), rules=settings["service"])
    return {(r["period"], r["period_start"], r["dimension"], r["value"]): r for r in table.to_pylist()}


def test_service_gives_medians_by_hand(settings):
    row = rows(TEN + LATER, settings)["week", date(2026, 10, 5), "all", "all"]
    assert (row["ticket_count"], row["response_hours"], row["resolution_hours"]) == (10, 5.5, 55)
    assert row["response_hours_slow"] == pytest.approx(9.1)
    assert (row["response_hours_low"], row["response_hours_high"]) == (2, 9)  # ranks 2 and 9 of 10


def test_service_counts_first_contact_by_hand(settings):
    more = [
        ticket(20, customer="again"), ticket(21, customer="again", day=3),  # the first did not solve it
        ticket(22, reopened=1), ticket(23, resolution=None),
    ]  # fmt: skip
    row = rows(TEN + more + LATER, settings)["ever", None, "all", "all"]
    assert (row["fcr_count"], row["first_count"]) == (13, 11)


def test_service_waits_before_it_judges_first_contact(settings):
    row = rows(TEN, settings)["ever", None, "all", "all"]
    assert (row["fcr_count"], row["fcr_share"]) == (0, None)


def test_service_leaves_out_clocks_that_are_wrong(settings):
    row = rows([ticket(0, response=-3.0), ticket(1, response=2.0)], settings)["ever", None, "all", "all"]
    assert (row["response_count"], row["response_hours"], row["response_hours_low"]) == (1, 2, None)


def test_service_counts_large_channels_apart(settings):
    many = [ticket(i) for i in range(80)]
    found = {key[3] for key in rows(many, settings) if key[2] == "channel"}
    assert found == {"phone", "(not stated)"}
    assert not [key for key in rows(TEN, settings) if key[2] == "channel"]


def test_service_of_nothing_is_empty(settings):
    assert rows([], settings) == {}


@pytest.mark.slow
@pytest.mark.parametrize("n", [12, 60, 61, 400])
def test_quantile_ranks_hold_the_median_19_times_of_20(n):
    rng = np.random.default_rng(5)
    values = np.sort(rng.exponential(size=(4000, n)), axis=1)
    low, high = (int(end) for end in intervals.quantile_ranks(n, 0.5))
    inside = (values[:, low] <= np.log(2)) & (np.log(2) <= values[:, high])
    assert 0.93 <= inside.mean() <= 0.97
