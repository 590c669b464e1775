"""How many comments of a source say what another one of it has said already."""

from __future__ import annotations

from typing import Any

import pandas as pd

WHY = "retweets, reposts and texts that another comment of the source has too; alerts count a text once a day"


class CopyCount:
    """Counts copies over the batches of one source."""

    def __init__(self) -> None:
        self._said: set[str] = set()
        self.count = 0

    def add(self, feedback: pd.DataFrame) -> None:
        """Take the comments that were kept of one batch."""
        ids = feedback["copy_id"].dropna()
        fresh = set(ids) - self._said
        self.count += len(ids) - len(fresh)
        self._said |= fresh

    def decision(self) -> dict[str, Any]:
        """Give the entry for the record of decisions; none without copies."""
        return {"copies": {"value": self.count, "why": WHY}} if self.count else {}
