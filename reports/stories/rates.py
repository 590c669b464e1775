"""Complaints per 1,000 orders, or per 1,000 active customers, beside the share of comments."""

from __future__ import annotations

from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from reports.detection.panel import Bools, Ints, to_number
from reports.explain import read_calculation
from reports.stories.evidence import GAP_DAYS, USUAL_DAYS, Row, window_of

PER = 1000  # complaints are told per so many orders or customers
KNOWN_SHARE = 0.9  # of the customers whose first day must be known, to say who was active when
OF_ORDERS, OF_CUSTOMERS = ("region", "seller"), ("region",)  # the segments that each knows


class Rates:
    """What stands behind the comments of the whole, and of segments that orders or customers know."""

    def __init__(self, orders: pa.Table, customers: pa.Table) -> None:
        """Read the days.

        Args:
            orders: ORDERS.
            customers: CUSTOMERS; used where orders say nothing.
        """
        self._orders = orders.filter(pc.is_valid(orders["ordered_at"]))
        moments = self._orders["ordered_at"].cast(pa.timestamp("us")).cast(pa.date32(), safe=False)
        self._day = _numbers(moments)
        self._customers = customers.filter(pc.is_valid(customers["since_date"]))
        enough = self._customers.num_rows >= KNOWN_SHARE * max(customers.num_rows, 1)
        self._customers = self._customers if enough else self._customers.slice(0, 0)
        self._since = _numbers(self._customers["since_date"])
        self._gone = _numbers(self._customers["churned_date"].fill_null(_NEVER))

    def of(self, row: Row, usual: int) -> dict[str, Any]:
        """Give the rate in the window of a row of ALERTS, and in the usual time with its complaints.

        Args:
            row: a row of ALERTS.
            usual: complaints in the half year before.

        Returns:
            rate and usual_rate, orders or active_customers, share and usual_share of comments; empty where
            neither is known, or fewer orders than comments: these are not all the orders.
        """
        record = read_calculation(row["calculation"])
        comments = record.get("comments", 0)
        rate = self._per_order(row, usual, comments) or self._per_customer(row, usual, comments)
        if rate and comments and "usual_share" in record:
            rate |= {"share": row["n"] / comments, "usual_share": record["usual_share"]}
        return rate

    def _per_order(self, row: Row, usual: int, comments: int) -> dict[str, Any]:
        mine = _mine(self._orders, row["segment"], OF_ORDERS)
        first, last = (to_number(one) for one in window_of(row))
        now = int((mine & (self._day >= first) & (self._day <= last)).sum())
        until = first - GAP_DAYS
        before = int((mine & (self._day >= until - USUAL_DAYS) & (self._day < until)).sum())
        if not now or now < comments or not before:
            return {}
        return {"orders": now, "rate": PER * row["n"] / now, "usual_rate": PER * usual / before}

    def _per_customer(self, row: Row, usual: int, comments: int) -> dict[str, Any]:
        """Give the same per customer active at the end, the usual complaints in as many days."""
        mine = _mine(self._customers, row["segment"], OF_CUSTOMERS)
        first, last = (to_number(one) for one in window_of(row))
        now, before = (
            int((mine & (self._since <= day) & (self._gone > day)).sum())
            for day in (last, first - GAP_DAYS - USUAL_DAYS // 2)
        )
        if not now or now < comments or not before:
            return {}
        as_long = usual * (last - first + 1) / USUAL_DAYS
        return {
            "active_customers": now,
            "rate": PER * row["n"] / now,
            "usual_rate": PER * as_long / before,
        }


_NEVER = pa.scalar(np.iinfo(np.int32).max, pa.int32()).cast(pa.date32())


def _mine(table: pa.Table, segment: str, known: tuple[str, ...]) -> Bools:
    dimension, equals, value = segment.partition("=")
    if not equals:
        return np.ones(table.num_rows, dtype=bool)
    if dimension not in known:
        return np.zeros(table.num_rows, dtype=bool)
    found = pc.equal(table[dimension], value).fill_null(False)
    return np.asarray(found.to_numpy(zero_copy_only=False), dtype=bool)


def _numbers(days: pa.ChunkedArray) -> Ints:
    return np.asarray(days.cast(pa.int32()).to_numpy(), dtype=np.int64)
