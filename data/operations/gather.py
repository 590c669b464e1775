"""Gathers orders, tickets and customers while an ingest reads, and puts them to what is known already."""

from __future__ import annotations

from collections import defaultdict

import pandas as pd

from data.operations import OPERATION_TABLES, build_operations, merge_operations
from data.operations.facts import Keying, condense
from data.store import Store


class GatheredOperations:
    """The operations of one running ingest. Each table is kept whole: an order may be told in many files."""

    def __init__(self, keying: Keying) -> None:
        self._keying = keying
        self._of_source: list[pd.DataFrame] = []
        self._found: dict[str, list[pd.DataFrame]] = defaultdict(list)

    def take(self, raw: pd.DataFrame) -> None:
        """Take in a batch of the source that is being read."""
        if len(raw):
            self._of_source.append(condense(raw))

    def close_source(self, content: str) -> tuple[int, pd.DataFrame]:
        """Build the rows of the source that was read; give the records kept, and those set aside."""
        batches, self._of_source = self._of_source, []
        if not batches:
            return 0, pd.DataFrame(columns=["row", "reason", "detail"])
        raw = pd.concat(batches, ignore_index=True)
        rows, rejected = build_operations(raw, content=content, keying=self._keying)
        self._found[content].append(rows)
        return len(raw) - len(rejected), rejected

    def write(self, store: Store) -> None:
        """Merge with what earlier ingests knew; to merge the same facts again changes nothing."""
        for content, frames in self._found.items():
            table = OPERATION_TABLES[content]
            store.write(table, merge_operations(content, [store.read(table).to_pandas(), *frames]))
