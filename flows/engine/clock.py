"""The only place that asks what day it is."""

from __future__ import annotations

from datetime import UTC, date, datetime

import pyarrow.compute as pc

from data.schema import FEEDBACK
from data.store import Store


def today() -> date:
    """Give the day by UTC."""
    return datetime.now(UTC).date()


def newest_day(store: Store) -> date | None:
    """Give the day of the newest comment; None when no comment has a date."""
    newest = None
    for arrow in store.scan(FEEDBACK, store.finished_parts(), ["created_at"]):
        last = pc.max(arrow["created_at"]).as_py()
        if last is not None:
            newest = max(newest or last.date(), last.date())
    return newest
