"""TICKETS -> SERVICE: response and resolution times, first-contact resolution, per period and channel."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa

from data.schema import ALL, SERVICE
from reports.facts import intervals
from reports.metrics.comments import NO_VALUE

PERIODS = ("week", "month", "ever")
HOUR = 3600.0
MIDDLE, SLOW = 0.5, 0.9  # the usual two: what half waits at most, and what nine in ten do
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class ServiceRules:
    """What section [service] of the settings holds.

    Attributes:
        repeat_days: days in which another ticket of the customer says that the first did not solve it.
        min_tickets: tickets below which a channel is not counted apart.
    """

    repeat_days: int
    min_tickets: int


def measure_service(tickets: pa.Table, *, rules: ServiceRules) -> pa.Table:
    """Measure how long customers wait and how often one contact is enough.

    First-contact resolution is the share of solved tickets that were never opened again and that no other
    ticket of the same customer followed within the days of the rules. Whether one contact was enough cannot
    be known before these days are over: newer tickets are left out of it. Times are calendar hours.

    Args:
        tickets: TICKETS, n rows; those without a time of creation are left out.
        rules: section [service].

    Returns:
        SERVICE, sorted by its key.
    """
    frame = _facts(tickets, rules)
    parts = []
    for dimension in (ALL, "channel"):
        value = frame["channel"] if dimension == "channel" else pd.Series(ALL, index=frame.index)
        if dimension == "channel":
            sizes = value.map(value.value_counts())
            kept = frame[sizes >= rules.min_tickets].assign(value=value[sizes >= rules.min_tickets])
        else:
            kept = frame.assign(value=value)
        parts += [_cut(kept, period, dimension) for period in PERIODS]
    whole = pd.concat([part for part in parts if len(part)] or parts[:1], ignore_index=True)
    return SERVICE.to_arrow(whole[list(SERVICE.columns.names)] if len(whole) else SERVICE.empty())


def _facts(tickets: pa.Table, rules: ServiceRules) -> pd.DataFrame:
    frame: pd.DataFrame = tickets.to_pandas()
    frame = frame[frame["created_at"].notna()].sort_values(["created_at", "ticket_key"], kind="stable")
    created = frame["created_at"]
    day = created.dt.tz_localize(None).dt.normalize()
    frame["week"] = (day - pd.to_timedelta(day.dt.day_of_week, unit="D")).dt.date
    frame["month"] = (day - pd.to_timedelta(day.dt.day - 1, unit="D")).dt.date
    frame["ever"] = None
    frame["channel"] = frame["channel"].fillna(NO_VALUE).astype(str)
    frame["response"] = _hours(frame["first_response_at"] - created)
    frame["resolution"] = _hours(frame["resolved_at"] - created)
    following = frame.groupby("customer_key")["created_at"].shift(-1)
    again = (following - created) <= pd.Timedelta(days=rules.repeat_days)
    reopened = frame["reopened_count"].fillna(0).astype(int) > 0
    known = created <= created.max() - pd.Timedelta(days=rules.repeat_days)
    frame["is_judged"] = frame["resolved_at"].notna() & known
    frame["is_first"] = frame["is_judged"] & ~reopened & ~again
    return frame


def _hours(span: pd.Series) -> pd.Series:
    hours: pd.Series = span.dt.total_seconds() / HOUR
    return hours.where(hours >= 0)  # an answer before the question is a clock that is wrong


def _cut(frame: pd.DataFrame, period: str, dimension: str) -> pd.DataFrame:
    by = [period, "value"]
    groups = frame.groupby(by, dropna=False, sort=True)
    found = groups.agg(
        ticket_count=("ticket_key", "size"),
        judged_count=("is_judged", "sum"),
        first_count=("is_first", "sum"),
    ).reset_index()
    for name in ("response", "resolution"):
        found = (
            found.join(_times(frame, by, name), on=by)
            if period != "ever"
            else found.merge(_times(frame, ["value"], name), left_on="value", right_index=True, how="left")
        )
    low, high = intervals.wilson(found["first_count"], found["judged_count"])
    judged = found["judged_count"].where(found["judged_count"] > 0)
    found["fcr_share"] = (found["first_count"] / judged).astype("Float32")
    found["fcr_share_low"], found["fcr_share_high"] = pd.array(low, "Float32"), pd.array(high, "Float32")
    found = found.rename(columns={period: "period_start", "judged_count": "fcr_count"})
    return found.assign(period=period, dimension=dimension)


def _times(frame: pd.DataFrame, by: list[str], name: str) -> pd.DataFrame:
    """Give count, median with its interval, and the ninth decile of a time for each group."""
    timed = frame[frame[name].notna()].sort_values([*by, name], kind="stable")
    counts = timed.groupby(by, sort=True, dropna=False).size()
    starts = np.concatenate([[0], np.cumsum(counts.to_numpy())[:-1]]).astype(np.int64)
    values = timed[name].to_numpy(dtype=np.float64)
    n = counts.to_numpy().astype(np.int64)
    low, high = intervals.quantile_ranks(n, MIDDLE)
    columns = {
        f"{name}_count": n,
        f"{name}_hours": _quantile(values, starts, n, MIDDLE),
        f"{name}_hours_low": _picked(values, starts, low),
        f"{name}_hours_high": _picked(values, starts, high),
        f"{name}_hours_slow": _quantile(values, starts, n, SLOW),
    }
    return pd.DataFrame(columns, index=counts.index)


def _quantile(
    values: Numbers, starts: npt.NDArray[np.int64], n: npt.NDArray[np.int64], share: float
) -> Numbers:
    at = share * (n - 1)
    lower = np.floor(at).astype(np.int64)
    upper = np.minimum(lower + 1, n - 1)
    weight = at - lower
    return np.asarray(values[starts + lower] * (1 - weight) + values[starts + upper] * weight)


def _picked(values: Numbers, starts: npt.NDArray[np.int64], rank: Numbers) -> Numbers:
    known = np.isfinite(rank)
    at = np.where(known, rank, 0).astype(np.int64)
    return np.where(known, values[starts + at] if len(values) else np.nan, np.nan)
