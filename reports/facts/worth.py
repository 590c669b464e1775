"""DOCUMENTS, ORDERS, CUSTOMERS -> what the customer behind each comment is worth."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from reports.metrics.comments import encode


@dataclass(frozen=True)
class Worth:
    """Who is behind n comments, and what each is worth.

    Attributes:
        customer: (n,) code of the customer, or of the order where no customer is known; -1 if neither is.
        values: worth of each code, currency of the source; NaN if not known.
        keys: customer_key of each code, None for an order without one.
    """

    customer: np.ndarray
    values: np.ndarray
    keys: tuple[str | None, ...]

    @property
    def is_known(self) -> bool:
        """Say whether anybody's worth is known."""
        return bool(np.isfinite(self.values).any())

    def of(self, rows: np.ndarray) -> Worth:
        """Give the same for some of the comments: a mask or positions."""
        return Worth(self.customer[rows], self.values, self.keys)

    def by_comment(self) -> np.ndarray:
        """Give the worth behind each comment: (n,), NaN if not known."""
        return np.where(self.customer >= 0, np.append(self.values, np.nan)[self.customer], np.nan)

    def at_stake(self, mentioned: sparse.csr_array) -> tuple[np.ndarray, np.ndarray]:
        """Count the distinct customers behind each column of comments, and sum what they are worth.

        Args:
            mentioned: (n, k) 1 where a comment counts.

        Returns:
            (k,) customers and (k,) sums; a sum is NaN where nobody's worth is known.
        """
        cells = mentioned.tocoo()
        known = self.customer[cells.row] >= 0
        width = max(mentioned.shape[1], 1)
        keys = np.unique(self.customer[cells.row[known]].astype(np.int64) * width + cells.col[known])
        who, column = keys // width, keys % width
        counts = np.bincount(column, minlength=mentioned.shape[1])
        value = self.values[who] if len(self.values) else np.zeros(len(who))
        valued = np.isfinite(value)
        sums = np.bincount(column[valued], weights=value[valued], minlength=mentioned.shape[1])
        found = np.bincount(column[valued], minlength=mentioned.shape[1])
        return counts, np.where(found > 0, sums, np.nan)


def read_worth(documents: pa.Table, orders: pa.Table, customers: pa.Table) -> Worth:
    """Join every comment to its customer, directly or through its order.

    A customer is worth what CUSTOMERS says, else what their orders in ORDERS sum to; a comment with an order
    and no customer stands for that order alone.

    Args:
        documents: DOCUMENTS, n rows.
        orders: ORDERS; may be empty.
        customers: CUSTOMERS; may be empty.

    Returns:
        Worth of n comments, in the order of `documents`.
    """
    at = pc.index_in(documents["order_key"], value_set=orders["order_key"].combine_chunks())
    customer = pc.coalesce(documents["customer_key"], orders["customer_key"].take(at))
    named = pc.coalesce(
        pc.binary_join_element_wise("c", customer, ""),
        pc.binary_join_element_wise("o", documents["order_key"], ""),
    )
    codes, names = encode(named)
    bought = orders.select(["order_key", "customer_key", "value"]).to_pandas()
    spent = bought.groupby("customer_key")["value"].sum(min_count=1)
    stated = customers.select(["customer_key", "value"]).to_pandas().set_index("customer_key")["value"]
    worth = pd.concat([
        stated.combine_first(spent).add_prefix("c"),
        bought.set_index("order_key")["value"].add_prefix("o"),
    ])  # fmt: skip
    values = worth.astype(float).reindex(list(names)).to_numpy(dtype=np.float64)
    keys = tuple(name[1:] if name[0] == "c" else None for name in names)
    return Worth(codes, values, keys)
