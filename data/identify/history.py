"""Older versions of comments -> VERSIONS: what was said before it was edited."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable

import pandas as pd

from data.schema import FEEDBACK, VERSIONS
from data.store import Store

_COLUMNS = [name for name in VERSIONS.columns.names if name != "written_at"]


class History:
    """Gathers the older versions that one ingest comes across."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._found: list[pd.DataFrame] = []
        self._stale: dict[str, set[str]] = defaultdict(set)  # part -> ids whose newer version has come

    def add(self, feedback: pd.DataFrame) -> None:
        """Take rows of FEEDBACK that are older versions."""
        if len(feedback):
            written = feedback["updated_at"].fillna(feedback["created_at"])
            self._found.append(feedback[_COLUMNS].assign(written_at=written))

    def add_stale(self, stale: Iterable[tuple[str, str]]) -> None:
        """Note older versions that lie in parts on the disk: (id, part)."""
        for feedback_id, part in stale:
            self._stale[part].add(feedback_id)

    def versions(self) -> pd.DataFrame:
        """Give VERSIONS, every version once."""
        names = [*_COLUMNS, "created_at", "updated_at"]
        for part, ids in sorted(self._stale.items()):
            stored = self._store.read(FEEDBACK, part, names).to_pandas()
            self.add(stored[stored["feedback_id"].isin(ids)])
        if not self._found:
            return pd.DataFrame(columns=VERSIONS.columns.names)
        found = pd.concat(self._found, ignore_index=True)
        return found.drop_duplicates(list(VERSIONS.key), keep="last")


def one_frame(frames: list[pd.DataFrame]) -> pd.DataFrame:
    """Join frames, leaving out empty ones."""
    filled = [f for f in frames if len(f)]
    if not filled:
        return pd.DataFrame()
    return filled[0] if len(filled) == 1 else pd.concat(filled, ignore_index=True)
