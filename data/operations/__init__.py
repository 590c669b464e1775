"""What the company knows of its orders, support cases and customers, and how comments join to it."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from data.operations.customers import build_customers
from data.operations.facts import Build, Keying, condense, merge_facts, without_id
from data.operations.joins import count_joins
from data.operations.orders import build_orders, with_delay
from data.operations.tickets import build_tickets
from data.schema import CUSTOMERS, ORDERS, TICKETS
from data.table import Table

__all__ = [
    "OPERATION_TABLES",
    "Keying",
    "build_operations",
    "condense",
    "count_joins",
    "merge_operations",
]

OPERATION_TABLES: Mapping[str, Table] = {"orders": ORDERS, "tickets": TICKETS, "customers": CUSTOMERS}
_BUILDERS: Mapping[str, Build] = {
    "orders": build_orders,
    "tickets": build_tickets,
    "customers": build_customers,
}
_KEY_ROLES = {"orders": "order_id", "tickets": "ticket_id", "customers": "customer_id"}


def build_operations(raw: pd.DataFrame, *, content: str, keying: Keying) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every order, ticket or customer of one file once.

    Args:
        raw: RAW operations of one file, in file order, condensed.
        content: orders, tickets or customers.
        keying: how ids are hashed and labels cleaned.

    Returns:
        Rows of the table of that name, by its key; and the set-aside records: row, reason, detail.
    """
    role = _KEY_ROLES[content]
    # hashed before they are compared: ids that differ in case only are one
    keyed = raw.assign(**{str(name): keying.keys(raw[name]) for name in raw if str(name).endswith("_id")})
    has_id = keyed[role].notna()
    rows = _BUILDERS[content](keyed[has_id], keying)
    by_key = rows.sort_values(OPERATION_TABLES[content].key[0], kind="stable", ignore_index=True)
    return by_key, without_id(keyed[~has_id], role)


def merge_operations(content: str, frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Put together what several files say of the same orders, tickets or customers; the last word counts.

    Args:
        content: orders, tickets or customers.
        frames: rows of that table, oldest first.

    Returns:
        Rows of that table, one per key, by key.
    """
    merged = merge_facts(OPERATION_TABLES[content], frames)
    return with_delay(merged) if content == "orders" else merged
