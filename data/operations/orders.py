"""RAW orders -> ORDERS: one row per order, its ids hashed, its lines and repeats merged."""

from __future__ import annotations

import pandas as pd

from data.operations.facts import Keying, day_of

# In the words of shops and tools, without case; a status that begins with one of them.
CANCELLED = (
    "cancel", "void", "unavailable", "lost", "never delivered", "undelivered", "failed", "refused",
    "returned to sender", "annull", "non consegnat", "smarrit", "anulowan", "niedostarczon", "zagubion",
    "ملغ", "لم يتم التسليم", "已取消", "取消", "未送达", "丢失", "anulad", "perdid", "storniert",
    "nicht zugestellt", "perdu", "non livr", "extraviad",
)  # fmt: skip
_AMOUNTS = ("value", "freight")


def build_orders(raw: pd.DataFrame, keying: Keying) -> pd.DataFrame:
    """Give every order once.

    A file may hold an order several times: line by line (then the amounts add up), or again with later
    facts (then the last row that says something wins).

    Args:
        raw: condensed RAW orders of one file, their ids hashed, none missing.
        keying: how labels are cleaned.

    Returns:
        ORDERS, one row per order.
    """
    orders = _merge(raw.drop_duplicates("cells", keep="first"))  # so that no amount is added twice
    frame = pd.DataFrame(
        {
            "order_key": orders["order_id"],
            "customer_key": orders["customer_id"],
            "ordered_at": orders["ordered_at"],
            "promised_date": day_of(orders["promised"]),
            "delivered_date": day_of(orders["delivered"]),
            **{name: orders[name].astype("float64") for name in _AMOUNTS},
            "seller": keying.labels(orders["seller"]),
            "region": keying.labels(orders["region"]),
            "is_cancelled": _is_cancelled(orders["status"], orders["delivered"]),
        }
    )
    return with_delay(frame)


def with_delay(orders: pd.DataFrame) -> pd.DataFrame:
    """Add delay_days: days from the promised to the actual delivery, negative when it came early."""
    late = pd.to_datetime(orders["delivered_date"]) - pd.to_datetime(orders["promised_date"])
    return orders.assign(delay_days=late.dt.days.astype("Int32"))


def _merge(orders: pd.DataFrame) -> pd.DataFrame:
    groups = orders.sort_values("row", kind="stable").groupby("order_id", sort=True)
    last = groups[["customer_id", "promised", "delivered", "region", "status", "seller"]].last()
    last["ordered_at"] = groups["ordered_at"].min()
    for name in _AMOUNTS:
        last[name] = groups[name].sum(min_count=1) if orders["is_line"].any() else groups[name].last()
    return last.reset_index()


def _is_cancelled(status: pd.Series, delivered: pd.Series) -> pd.Series:
    """Tell cancelled orders; unknown where neither a status nor a delivery says anything."""
    words = status.str.strip().str.lower()
    is_cancelled = words.str.startswith(CANCELLED).astype("boolean")
    return is_cancelled.mask(words.isna(), pd.NA).mask(words.isna() & delivered.notna(), other=False)
