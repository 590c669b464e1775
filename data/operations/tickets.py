"""RAW tickets -> TICKETS: one row per support case, its ids hashed."""

from __future__ import annotations

import pandas as pd

from data.operations.facts import Keying, last_words, yes_or_no


def build_tickets(raw: pd.DataFrame, keying: Keying) -> pd.DataFrame:
    """Give every case once; where a file holds it several times, the last row that says something wins.

    Args:
        raw: condensed RAW tickets of one file, their ids hashed, none missing.
        keying: how labels are cleaned.

    Returns:
        TICKETS, one row per ticket.
    """
    tickets = last_words(raw, "ticket_id")
    return pd.DataFrame(
        {
            **{f"{name}_key": tickets[f"{name}_id"] for name in ("ticket", "customer", "order")},
            "created_at": tickets["opened_at"],
            "first_response_at": tickets["first_response"],
            "resolved_at": tickets["resolved"],
            "reopened_count": _times(tickets["reopened"]),
            "channel": keying.labels(tickets["channel"]),
            "status": keying.labels(tickets["status"]),
        }
    )


def _times(cells: pd.Series) -> pd.Series:
    """Read how often a case was opened again: a count, a yes or no, or the day it happened."""
    counts = pd.to_numeric(cells, errors="coerce").where(lambda n: n.between(0, 1000))
    said = yes_or_no(cells).astype("Float64").astype("float64")
    happened = pd.to_datetime(
        cells.where(counts.isna() & said.isna()), errors="coerce", format="ISO8601", utc=True
    )
    once = happened.notna().astype("float64").where(happened.notna())
    return counts.fillna(said).fillna(once).round().astype("Int32")
