"""FEEDBACK, ORDERS, TICKETS, CUSTOMERS -> JOINS: how many comments find what the company knows of them."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import ALL, JOINS


def count_joins(comments: Iterable[pa.Table], operations: Mapping[str, pa.Table]) -> pa.Table:
    """Count, per source, the comments that join to orders, tickets and customers.

    A comment finds its customer by the customer's id, or through its order; its ticket by either.

    Args:
        comments: FEEDBACK part by part: source, customer_key, order_key.
        operations: ORDERS, TICKETS and CUSTOMERS by name; those without rows are left out of the answer.

    Returns:
        JOINS, by source and operation; the source "all" sums over them.
    """
    finders = _Finders(operations)
    if not finders.names:
        return JOINS.empty()
    counted = [finders.count(part.to_pandas()) for part in comments if part.num_rows]
    if not counted:
        return JOINS.empty()
    by_source = pd.concat(counted).groupby(["source", "operation"], sort=True, as_index=False).sum()
    whole = by_source.drop(columns="source").groupby("operation", sort=True, as_index=False).sum()
    found = pd.concat([whole.assign(source=ALL), by_source], ignore_index=True)
    share = found["joined_count"] / found["comment_count"]
    return JOINS.to_arrow(found.assign(joined_share=share.astype("float32")))


class _Finders:
    """The keys of the operations, looked up part after part."""

    def __init__(self, operations: Mapping[str, pa.Table]) -> None:
        self.names = [name for name, table in operations.items() if table.num_rows]
        orders, tickets = operations["orders"], operations["tickets"]
        self._orders = pd.Index(orders["order_key"].to_pandas())
        self._buyers = np.array([*orders["customer_key"].to_pylist(), None], dtype=object)
        self._customers = pd.Index(operations["customers"]["customer_key"].to_pandas())
        self._ticket_orders = pd.Index(tickets["order_key"].drop_null().unique().to_pandas())
        self._ticket_customers = pd.Index(tickets["customer_key"].drop_null().unique().to_pandas())

    def count(self, comments: pd.DataFrame) -> pd.DataFrame:
        """Count one part: comments, with an id, joined, per source and operation."""
        order = self._orders.get_indexer(pd.Index(comments["order_key"]))
        buyer = pd.Series(self._buyers[order], index=comments.index, dtype="str")
        customer = comments["customer_key"]
        has_order, has_customer = comments["order_key"].notna(), customer.notna() | buyer.notna()
        is_customer = self._any_of(self._customers, customer, buyer)
        is_ticket = self._any_of(self._ticket_customers, customer, buyer)
        is_ticket |= self._any_of(self._ticket_orders, comments["order_key"])
        found = {
            "orders": (has_order, pd.Series(order >= 0, index=comments.index) & has_order),
            "tickets": (has_order | has_customer, is_ticket),
            "customers": (has_customer, is_customer),
        }
        rows = [
            pd.DataFrame(
                {
                    "source": comments["source"],
                    "operation": name,
                    "comment_count": 1,
                    "with_id_count": found[name][0].astype("int64"),
                    "joined_count": found[name][1].astype("int64"),
                }
            )
            for name in self.names
        ]
        return pd.concat(rows).groupby(["source", "operation"], sort=True, as_index=False).sum()

    @staticmethod
    def _any_of(keys: pd.Index, *columns: pd.Series) -> pd.Series:
        found = pd.Series(False, index=columns[0].index)
        for column in columns:
            found |= column.notna() & (keys.get_indexer(pd.Index(column)) >= 0)
        return found
