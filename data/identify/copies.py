"""How many comments of a source say what another one of it has said already."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.compact import CompactMap, key_of

WHY = "retweets, reposts and texts that another comment of the source has too; alerts count a text once a day"


class CopyCount:
    """Counts copies over the batches of one source."""

    def __init__(self) -> None:
        self._said = CompactMap()
        self.count = 0

    def add(self, feedback: pd.DataFrame) -> None:
        """Take the comments that were kept of one batch."""
        ids = feedback["copy_id"].dropna()
        known = len(self._said)
        for copy_id in ids:
            self._said.set_new(key_of(copy_id), 1)
        self.count += len(ids) - (len(self._said) - known)

    def decision(self) -> dict[str, Any]:
        """Give the entry for the record of decisions; none without copies."""
        return {"copies": {"value": self.count, "why": WHY}} if self.count else {}
