"""CUSTOMERS, ORDERS and what customers complained of -> LOYALTY: churn, repeat purchase, retention, worth.

Textbook definitions (Farris, Bendle, Pfeifer, Reibstein: Marketing Metrics, 3rd ed., chapter 5):
churn share = customers gone / customers; repeat share = customers with two orders or more / customers with
one or more; retention share = of those who ordered in the year before last, who ordered in the last one;
lifetime value = mean order value x orders per customer and year / (1 - retention share), revenue, not
discounted.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
from scipy import sparse

from data.schema import ALL, LOYALTY
from reports.facts import intervals
from reports.facts.complaints import Bools, Ints
from reports.facts.subjects import CATEGORY, Subjects
from reports.facts.worth import Worth

COMPLAINED = "complained_of"
NOTHING, SOMETHING = "nothing", "anything"


@dataclass(frozen=True)
class LoyaltyRules:
    """What section [loyalty] of the settings holds.

    Attributes:
        year_days: length of the period that retention compares.
        min_customers: customers below which a segment is left out.
        max_values: values of a column counted apart, those with most customers.
    """

    year_days: int
    min_customers: int
    max_values: int


def measure_loyalty(
    customers: pa.Table, orders: pa.Table, told: tuple[Subjects, Worth], *, as_of: date, rules: LoyaltyRules
) -> pa.Table:
    """Measure loyalty of all customers, by tier, by region, and by what they complained of.

    Args:
        customers: CUSTOMERS; may be empty.
        orders: ORDERS; may be empty.
        told: what the comments of our customers speak of, and who is behind them.
        as_of: day of the report.
        rules: section [loyalty].

    Returns:
        LOYALTY, sorted by its key; empty when the company gave neither customers nor orders.
    """
    frame = _people(customers, orders, as_of, rules)
    if frame.empty:
        return LOYALTY.to_arrow(LOYALTY.empty())
    rows = [_measure(frame, ALL, ALL)]
    for name in ("segment", "region"):
        sizes = frame[name].value_counts()
        sizes = sizes[sizes >= rules.min_customers].head(rules.max_values)
        rows += [_measure(frame[frame[name] == value], name, str(value)) for value in sorted(sizes.index)]
    rows += [
        _measure(frame[members], COMPLAINED, subject)
        for subject, members in _complainers(frame.index, *told).items()
        if members.sum() >= rules.min_customers
    ]
    return LOYALTY.to_arrow(pa.Table.from_pylist(rows, schema=LOYALTY.columns))


def _people(customers: pa.Table, orders: pa.Table, as_of: date, rules: LoyaltyRules) -> pd.DataFrame:
    """Give one row per known customer: gone or not, orders, spent, ordered last year and the year before."""
    known = customers.to_pandas().set_index("customer_key")
    bought = orders.to_pandas()
    bought = bought[bought["customer_key"].notna() & ~bought["is_cancelled"].fillna(False).astype(bool)]
    at = bought["ordered_at"]
    end = pd.Timestamp(as_of, tz="UTC") + pd.Timedelta(days=1)
    year = pd.Timedelta(days=rules.year_days)
    bought = bought.assign(
        is_last=(at < end) & (at >= end - year), is_before=(at < end - year) & (at >= end - 2 * year)
    )
    by = bought.groupby("customer_key").agg(
        bought=("order_key", "size"), spent=("value", "sum"), valued=("value", "count"),
        first=("ordered_at", "min"), last_year=("is_last", "any"),
        year_before=("is_before", "any"), order_region=("region", "first"),
    )  # fmt: skip
    frame: pd.DataFrame = known.join(by, how="outer")
    stated = frame["order_count"].astype("Float64")
    frame["orders"] = stated.fillna(frame["bought"].astype("Float64"))
    frame["region"] = frame["region"].fillna(frame["order_region"])
    frame["years"] = ((end - frame["first"]).dt.total_seconds() / year.total_seconds()).clip(lower=1.0)
    return frame


def _complainers(index: pd.Index, subjects: Subjects, worth: Worth) -> dict[str, Bools]:
    """Say of each customer who complained of each category; of anything; and who spoke and did of nothing."""
    known = index.get_indexer(pd.Index([key or "" for key in worth.keys], dtype=index.dtype))
    place = np.append(known, -1)[worth.customer]  # of the customer behind each comment

    def members(comments: Ints) -> Bools:
        found = np.zeros(len(index) + 1, dtype=bool)
        found[place[comments]] = True
        return found[:-1]

    columns = [at for at, issue in enumerate(subjects.issues) if issue.startswith(CATEGORY)]
    told = sparse.csc_array(subjects.complains[:, columns])
    anything = np.asarray(told.sum(axis=1)).ravel() > 0
    blamers = members(np.flatnonzero(anything))
    found = {SOMETHING: blamers, NOTHING: members(np.flatnonzero(~anything)) & ~blamers}
    for position, at in enumerate(columns):
        rows = told.indices[told.indptr[position] : told.indptr[position + 1]]
        found[subjects.issues[at].removeprefix(CATEGORY)] = members(rows)
    return found


def _measure(frame: pd.DataFrame, dimension: str, value: str) -> dict[str, object]:
    gone = frame["is_churned"].astype("boolean")
    orders = frame["orders"].astype("Float64")
    before = frame["year_before"].fillna(False).astype(bool)
    stayed = before & frame["last_year"].fillna(False).astype(bool)
    row: dict[str, object] = {"dimension": dimension, "value": value, "customer_count": len(frame)}
    row |= _share("churn", int(gone.fillna(False).sum()), int(gone.notna().sum()))
    row |= _share("repeat", int((orders >= 2).fillna(False).sum()), int((orders >= 1).fillna(False).sum()))
    row |= _share("retention", int(stayed.sum()), int(before.sum()))
    timed = frame[frame["first"].notna()]
    worth = timed["spent"].sum() / timed["valued"].sum() if timed["valued"].sum() else None
    pace = float((timed["bought"].astype(float) / timed["years"]).mean()) if len(timed) else None
    retained = row["retention_share"]
    row["order_value_mean"], row["orders_per_year"] = None if worth is None else float(worth), pace
    row["lifetime_value"] = None
    if worth is not None and pace is not None and isinstance(retained, float) and retained < 1:
        row["lifetime_value"] = float(worth) * pace / (1 - retained)
    return row


def _share(name: str, count: int, total: int) -> dict[str, object]:
    low, high = intervals.wilson([count], [total])
    return {
        f"{name}_count": count,
        f"{name}_total": total,
        f"{name}_share": count / total if total else None,
        f"{name}_share_low": float(low[0]) if total else None,
        f"{name}_share_high": float(high[0]) if total else None,
    }
