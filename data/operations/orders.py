"""RAW orders -> ORDERS: one row per order, its ids hashed, its lines and repeats merged."""

from __future__ import annotations

import re
from collections.abc import Callable

import pandas as pd
import pyarrow as pa

# In the words of shops and tools, without case; a status that begins with one of them.
CANCELLED = (
    "cancel", "void", "unavailable", "lost", "never delivered", "undelivered", "failed", "refused",
    "returned to sender", "annull", "non consegnat", "smarrit", "anulowan", "niedostarczon", "zagubion",
    "ملغ", "لم يتم التسليم", "已取消", "取消", "未送达", "丢失", "anulad", "perdid", "storniert",
    "nicht zugestellt", "perdu", "non livr", "extraviad",
)  # fmt: skip
LINE_COLUMN = re.compile(
    r"^input_.*(?:\bitem|_item|\bline|_line|sequential|installment|position)", re.IGNORECASE
)


def build_orders(raw_orders: pd.DataFrame, *, key: Callable[[str], str]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Give every order once.

    A file may hold an order several times: line by line (then the values add up), or again with later
    facts (then the last row that says something wins).

    Args:
        raw_orders: RAW orders of one file, in file order.
        key: turns an order or customer id into its keyed hash, as for FEEDBACK.

    Returns:
        ORDERS, one row per order id, by order_key; and the set-aside records: row, reason, detail.
    """
    has_id = raw_orders["order_id"].notna()
    rejected = pd.DataFrame(
        {
            "row": raw_orders.loc[~has_id, "row"].astype("int64"),
            "reason": "no_order_id",
            "detail": "the record has no order id, so nothing can be joined to it",
        }
    ).reset_index(drop=True)
    orders = _merge(_without_repeats(raw_orders[has_id]), has_lines=_has_lines(raw_orders))
    promised, delivered = _day(orders["promised"]), _day(orders["delivered"])
    delay = pd.to_datetime(delivered) - pd.to_datetime(promised)
    frame = pd.DataFrame(
        {
            "order_key": _hashed(orders["order_id"], key),
            "customer_key": _hashed(orders["customer_id"], key),
            "ordered_at": orders["ordered_at"],
            "promised_date": promised,
            "delivered_date": delivered,
            "delay_days": delay.dt.days.astype("Int32"),
            "value": orders["value"].astype("float64"),
            "freight": None,
            "seller": None,
            "region": orders["region"],
            "is_cancelled": _is_cancelled(orders["status"], orders["delivered"]),
        }
    )
    return frame.sort_values("order_key", kind="stable", ignore_index=True), rejected


def _has_lines(raw_orders: pd.DataFrame) -> bool:
    return any(LINE_COLUMN.search(name) for name in raw_orders.columns)


def _without_repeats(orders: pd.DataFrame) -> pd.DataFrame:
    """Leave out records that repeat another one cell by cell, so that no value is added twice."""
    cells = [name for name in orders.columns if name.startswith("input_")]
    return orders.drop_duplicates(subset=cells or None, keep="first")


def _merge(orders: pd.DataFrame, *, has_lines: bool) -> pd.DataFrame:
    groups = orders.sort_values("row", kind="stable").groupby("order_id", sort=True)
    last = groups[["customer_id", "promised", "delivered", "region", "status"]].last()
    last["ordered_at"] = groups["ordered_at"].min()
    last["value"] = groups["value"].sum(min_count=1) if has_lines else groups["value"].last()
    return last.reset_index()


def _hashed(ids: pd.Series, key: Callable[[str], str]) -> pd.Series:
    hashes = {value: key(value) for value in ids.dropna().unique()}
    return ids.map(hashes).astype("str")


def _day(moments: pd.Series) -> pd.Series:
    days = pa.array(moments.dt.tz_localize(None), pa.timestamp("us")).cast(pa.date32(), safe=False)
    return pd.Series(days, index=moments.index, dtype=pd.ArrowDtype(pa.date32()))


def _is_cancelled(status: pd.Series, delivered: pd.Series) -> pd.Series:
    """Tell cancelled orders; unknown where neither a status nor a delivery says anything."""
    words = status.str.strip().str.lower()
    is_cancelled = words.str.startswith(CANCELLED).astype("boolean")
    return is_cancelled.mask(words.isna(), pd.NA).mask(words.isna() & delivered.notna(), other=False)
