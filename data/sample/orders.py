"""Rows -> orders: what the customers bought, and how late the courier was."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from data.sample.sampler import Row, Sampler
from data.sample.world import Event

PROMISED_DAYS = 3
NAMED_KINDS = ("survey", "review")
CANCELLED_SHARE = 0.02
LATE_SHARE = 0.05


@dataclass(frozen=True)
class Order:
    """One order as the shop system exports it; delivered_date is None while it is on its way."""

    order_id: str
    customer: str
    ordered_at: datetime
    promised_date: date
    delivered_date: date | None
    value: float
    region: str
    status: str


@dataclass(frozen=True)
class _Purchase:
    """What an order is about, before it has a number."""

    ordered_at: datetime
    customer: str
    region: str
    product: str
    complaint: str  # category that its customer complains of, if any
    row: int  # position of the comment that names it; -1 if none does


def place_orders(rows: Sequence[Row], sampler: Sampler) -> tuple[list[Row], list[Order]]:
    """Give most survey answers and reviews an order, and place the orders nobody wrote about.

    Args:
        rows: n comments, oldest first.
        sampler: its generator and world.

    Returns:
        n rows with their order ids, in the same order; orders by time, ids ascending.
    """
    purchases = _named(rows, sampler) + _silent(sampler)
    purchases.sort(key=lambda p: (p.ordered_at, p.customer, p.row))
    failure = next(event for event in sampler.world.events if event.name == "courier_failure")
    orders, with_orders = [], list(rows)
    for number, purchase in enumerate(purchases):
        order = _order(f"AN-{600_000 + 7 * number}", purchase, sampler, failure)
        orders.append(order)
        if purchase.row >= 0:
            with_orders[purchase.row] = replace(rows[purchase.row], order=order.order_id)
    return with_orders, orders


def _named(rows: Sequence[Row], sampler: Sampler) -> list[_Purchase]:
    found = []
    for position, row in enumerate(rows):
        if row.kind not in NAMED_KINDS or sampler.rng.random() > sampler.world.order_known_share:
            continue
        complaint = row.category if row.sentiment == "negative" else ""
        days = int(sampler.rng.integers(8, 15) if complaint == "shipping" else sampler.rng.integers(4, 12))
        moment = row.created_at - timedelta(days=days, minutes=int(sampler.rng.integers(600)))
        found.append(_Purchase(moment, row.customer, row.region, row.product, complaint, position))
    return found


def _silent(sampler: Sampler) -> list[_Purchase]:
    days, volume = sampler.world.days(), sampler.world.expected_volume()
    found = []
    for index in sampler.rng.choice(len(days), size=sampler.world.silent_orders, p=volume / volume.sum()):
        region = sampler.region(sampler.pick(sampler.world.languages))
        moment = sampler.moment(days[int(index)])
        found.append(
            _Purchase(moment, sampler.customer(region), region.name, sampler.product(()).name, "", -1)
        )
    return found


def _order(order_id: str, purchase: _Purchase, sampler: Sampler, failure: Event) -> Order:
    promised = purchase.ordered_at.date() + timedelta(days=PROMISED_DAYS)
    delivered: date | None = promised + timedelta(days=_delay(purchase, promised, sampler.rng, failure))
    status = "returned" if purchase.complaint == "returns_refunds" else "delivered"
    if purchase.row < 0 and sampler.rng.random() < CANCELLED_SHARE:
        delivered, status = None, "cancelled"
    elif delivered and delivered > sampler.world.last_day:
        delivered, status = None, "shipped"
    price = next(p.price for p in sampler.world.products if p.name == purchase.product)
    return Order(
        order_id=order_id,
        customer=purchase.customer,
        ordered_at=purchase.ordered_at.replace(tzinfo=UTC),
        promised_date=promised,
        delivered_date=delivered,
        value=round(price + float(sampler.rng.integers(0, 4)) * 9.9, 2),
        region=purchase.region,
        status=status,
    )


def _delay(purchase: _Purchase, promised: date, rng: np.random.Generator, failure: Event) -> int:
    first, last = failure.all_spans()[0]
    is_stuck = purchase.region == failure.region and first <= promised <= last
    if is_stuck or purchase.complaint == "shipping":
        return int(rng.integers(4, 10))
    if rng.random() < LATE_SHARE:
        return int(rng.integers(1, 4))
    return int(rng.integers(-1, 1))


def late_share(orders: Sequence[Order], region: str, first: date, last: date) -> float:
    """Share of a region's delivered orders, promised between two days, that came late."""
    days = [
        (order.delivered_date - order.promised_date).days
        for order in orders
        if order.region == region and order.delivered_date and first <= order.promised_date <= last
    ]
    return float(np.mean([day > 0 for day in days])) if days else 0.0
