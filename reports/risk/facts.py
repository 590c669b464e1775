"""What was known of each customer on a day: from feedback (text), from scores and operations (the rest)."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy import sparse

from reports.facts.complaints import NEGATIVE
from reports.facts.subjects import CATEGORY, Subjects
from reports.facts.worth import Worth

LEAVING = "leaving"
LONG_AGO = 365.0  # days; what never happened counts as a year ago
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Record:
    """All that is known, by day number (days since 1970): customers, and what they said, bought and asked.

    Attributes:
        customers: by position: key, since, left (NaN if not), worth.
        said: customer, day, negative, leaving, nps, rating; one row per comment, with its position in `told`.
        told: (comments, k) complaints by category; names are its columns.
        names: the k categories.
        bought: customer, day, value, late (days beyond the promise).
        asked: customer, day, reopened.
    """

    customers: pd.DataFrame
    said: pd.DataFrame
    told: sparse.csr_array
    names: tuple[str, ...]
    bought: pd.DataFrame
    asked: pd.DataFrame


def read_record(
    documents: pa.Table, about: tuple[Subjects, Worth], operations: tuple[pa.Table, pa.Table, pa.Table]
) -> Record:
    """Bring together what is known.

    Args:
        documents: DOCUMENTS, n rows: our own customers'.
        about: what they speak of, and who is behind them, n comments.
        operations: CUSTOMERS, ORDERS, TICKETS.
    """
    subjects, worth = about
    customers, orders, tickets = operations
    known = customers.select(["customer_key", "since_date", "churned_date", "value"]).to_pandas()
    known = known.sort_values("customer_key", ignore_index=True)
    place = {key: position for position, key in enumerate(known["customer_key"])}
    people = pd.DataFrame({
        "customer_key": known["customer_key"], "since": _days(known["since_date"]),
        "left": _days(known["churned_date"]), "value": known["value"].astype(float),
    })  # fmt: skip
    keys = np.array([place.get(key, -1) if key else -1 for key in (*worth.keys, None)], dtype=np.int64)
    frame = documents.select(["created_at", "sentiment", "intent", "nps", "rating"]).to_pandas()
    said = pd.DataFrame({
        "customer": keys[worth.customer], "day": _days(frame["created_at"]),
        "negative": (frame["sentiment"] == NEGATIVE).astype(float),
        "leaving": (frame["intent"] == LEAVING).astype(float),
        "nps": frame["nps"].astype(float), "rating": frame["rating"].astype(float),
        "position": np.arange(len(frame)),
    })  # fmt: skip
    columns = [at for at, issue in enumerate(subjects.issues) if issue.startswith(CATEGORY)]
    names = tuple(subjects.issues[at].removeprefix(CATEGORY) for at in columns)
    return Record(
        people, _known(said), sparse.csr_array(subjects.complains[:, columns]), names,
        _known(_bought(orders, place)), _known(_asked(tickets, place)),
    )  # fmt: skip


def _bought(orders: pa.Table, place: dict[str, int]) -> pd.DataFrame:
    frame = orders.select(["customer_key", "ordered_at", "value", "delay_days"]).to_pandas()
    return pd.DataFrame({
        "customer": frame["customer_key"].map(place).fillna(-1).astype(int),
        "day": _days(frame["ordered_at"]),
        "value": frame["value"].astype(float).fillna(0.0),
        "late": frame["delay_days"].astype(float).fillna(0.0).clip(lower=0.0),
    })  # fmt: skip


def _asked(tickets: pa.Table, place: dict[str, int]) -> pd.DataFrame:
    frame = tickets.select(["customer_key", "created_at", "reopened_count"]).to_pandas()
    return pd.DataFrame({
        "customer": frame["customer_key"].map(place).fillna(-1).astype(int),
        "day": _days(frame["created_at"]),
        "reopened": frame["reopened_count"].astype(float).fillna(0.0),
    })  # fmt: skip


def _days(moments: pd.Series) -> Numbers:
    stamps = pd.to_datetime(moments, utc=True)
    return np.asarray((stamps - pd.Timestamp(0, tz="UTC")).dt.total_seconds() // 86_400, dtype=np.float64)


def _known(rows: pd.DataFrame) -> pd.DataFrame:
    return rows[(rows["customer"] >= 0) & rows["day"].notna()].reset_index(drop=True)


@dataclass(frozen=True)
class Facts:
    """What was known on a day of the customers who were there.

    Attributes:
        customers: (n,) position of each customer.
        values: (n, f) the facts.
        names: the f facts; those from the words begin with ``text.``.
    """

    customers: npt.NDArray[np.int64]
    values: Numbers
    names: tuple[str, ...]


def facts_on(record: Record, day: date, *, days: int) -> Facts:
    """Give what was known on a day.

    Args:
        record: all that is known; what came on the day or later is not looked at.
        day: the day.
        days: days back that feedback and orders are summed over.
    """
    now = float((day - date(1970, 1, 1)).days)
    people = record.customers
    here = ~(people["since"] > now).to_numpy() & ~(people["left"] <= now).to_numpy()
    size = len(people)
    said, bought, asked = (
        _between(rows, now - days, now) for rows in (record.said, record.bought, record.asked)
    )
    told = record.told[said["position"].to_numpy()]
    gather = sparse.csr_array(
        (np.ones(len(said)), (said["customer"], np.arange(len(said)))), shape=(size, len(said))
    )
    columns: dict[str, Numbers] = {
        "tenure": np.log1p(np.nan_to_num(now - people["since"].to_numpy(float), nan=LONG_AGO).clip(min=0)),
        "orders": np.log1p(_sum(bought, size)),
        "spent": np.log1p(_sum(bought, size, "value").clip(min=0)),
        "late_days": np.log1p(_sum(bought, size, "late")),
        "since_order": np.log1p(_since(_between(record.bought, -np.inf, now), size, now)),
        "tickets": np.log1p(_sum(asked, size)),
        "reopened": np.log1p(_sum(asked, size, "reopened")),
        "low_nps": _least(said, size, "nps", 6.5, 10.0),
        "low_rating": _least(said, size, "rating", 2.5, 5.0),
        "text.comments": np.log1p(_sum(said, size)),
        "text.negative": np.log1p(_sum(said, size, "negative")),
        "text.leaving": np.minimum(_sum(said, size, "leaving"), 1.0),
    }
    by_category = np.minimum((gather @ told).toarray(), 1.0)
    columns |= {f"text.{name}": by_category[:, at] for at, name in enumerate(record.names)}
    at = np.flatnonzero(here)
    return Facts(at, np.column_stack(list(columns.values()))[at], tuple(columns))


def _between(rows: pd.DataFrame, first: float, last: float) -> pd.DataFrame:
    return rows[(rows["day"] >= first) & (rows["day"] < last)]


def _sum(rows: pd.DataFrame, size: int, name: str | None = None) -> Numbers:
    weights = None if name is None else rows[name].to_numpy(dtype=float)
    return np.bincount(rows["customer"], weights=weights, minlength=size).astype(np.float64)


def _since(rows: pd.DataFrame, size: int, now: float) -> Numbers:
    last = np.full(size, -np.inf)
    np.maximum.at(last, rows["customer"].to_numpy(), rows["day"].to_numpy(dtype=float))
    return np.minimum(now - last, LONG_AGO)


def _least(rows: pd.DataFrame, size: int, name: str, middle: float, top: float) -> Numbers:
    """Give how far the lowest answer lies under the middle of the scale; 0 where nobody was asked."""
    answered = rows[rows[name].notna()]
    lowest = np.full(size, np.inf)
    np.minimum.at(lowest, answered["customer"].to_numpy(), answered[name].to_numpy(dtype=float))
    return np.where(np.isfinite(lowest), (middle - np.minimum(lowest, top)) / top, 0.0)
