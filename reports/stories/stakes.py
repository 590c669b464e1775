"""What stands behind the complaints of an alert in money, orders and survey scores."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.detection.panel import Floats, to_number
from reports.facts.worth import read_worth
from reports.stories.evidence import Evidence, Row, Speakers, window_of
from reports.stories.rates import Rates

SCORE_DAYS = 28  # survey answers of a shorter window are too few to average
MIN_ANSWERS = 30  # an NPS of fewer is not known to better than +-25 points
PROMOTER, DETRACTOR = 9, 6


def find_stakes(
    alerts: Sequence[Row],
    speakers: Speakers,
    evidence: Evidence,
    operations: tuple[pa.Table, pa.Table] | None,
) -> list[dict[str, Any]]:
    """Say what is at stake in each alert.

    Args:
        alerts: n rows of ALERTS.
        speakers: all comments.
        evidence: the complaints of the alerts.
        operations: ORDERS and CUSTOMERS; None when the company gave none.

    Returns:
        n dicts with customer_count, customer_value, order_count, nps_points, csat_points (None where not
        known), and what Rates gives: complaints per 1,000 orders or active customers.
    """
    stakes: list[dict[str, Any]] = [_scores(row, speakers, evidence.ids(i)) for i, row in enumerate(alerts)]
    if operations is None:
        return [one | {"customer_count": None, "customer_value": None, "order_count": None} for one in stakes]
    orders, customers = operations
    worth = read_worth(speakers.documents, orders, customers)
    counts, sums = worth.at_stake(evidence.now.T.tocsr())
    of_order = speakers.documents["order_key"]
    for place, one in enumerate(stakes):
        keys = of_order.take(pa.array(evidence.ids(place)))
        one["customer_count"] = int(counts[place]) or None
        one["customer_value"] = float(sums[place]) if np.isfinite(sums[place]) else None
        one["order_count"] = pc.count_distinct(keys).as_py() or None
    rates, usual = Rates(orders, customers), np.asarray(evidence.usual.sum(axis=1))
    return [
        one | rates.of(row, int(usual[i])) for i, (one, row) in enumerate(zip(stakes, alerts, strict=True))
    ]


def _scores(row: Row, speakers: Speakers, now: Any) -> dict[str, Any]:  # noqa: ANN401 - positions
    last = to_number(window_of(row)[1])
    days = max(SCORE_DAYS, row["window_days"])
    asked = speakers.inside(row["segment"]) & (speakers.comments.day <= last)
    asked &= speakers.comments.day > last - days
    without = asked.copy()
    without[now] = False
    nps = _numbers(speakers.documents["nps"])
    recommends = np.where(np.isnan(nps), np.nan, 100.0 * (nps >= PROMOTER) - 100.0 * (nps <= DETRACTOR))
    csat = _numbers(speakers.documents["csat"])
    return {
        "nps_points": _gain(recommends, asked, without),
        "csat_points": _gain(csat, asked, without),
    }


def _gain(values: Floats, asked: Any, without: Any) -> float | None:  # noqa: ANN401 - masks
    """Give by how much the mean would be higher without these comments; None where too few answered."""
    before, after = (values[mask & ~np.isnan(values)] for mask in (asked, without))
    if len(after) < MIN_ANSWERS or len(before) == len(after):
        return None
    return float(after.mean() - before.mean())


def _numbers(values: pa.ChunkedArray) -> Floats:
    return np.asarray(values.cast(pa.float64()).to_numpy(), dtype=np.float64)
