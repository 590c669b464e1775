"""What runs remember from one to the next (topics, alerts): whole snapshots, the last few kept.

A snapshot is a folder `state/<name>/<key>/` of Parquet files that counts once its `done` file stands. A run
reads the snapshot before its own key and writes its own; so a killed run is repeated from the same memory,
and yesterday's snapshot is there when today's turns out to be wrong.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import pandas as pd
import pyarrow as pa

from data.schema import Table
from data.store import Store

_KEPT = 3


@dataclass(frozen=True)
class Snapshot:
    """One finished snapshot: its key, what was noted with it, and its tables by name."""

    key: str
    notes: dict[str, Any]
    tables: dict[str, pa.Table]


class Snapshots:
    """The snapshots of one name in one output."""

    def __init__(self, store: Store, name: str, tables: tuple[Table, ...]) -> None:
        """Open them; nothing is read yet."""
        self._store, self._folder, self._tables = store, f"state/{name}", tables

    def keys(self) -> list[str]:
        """List the keys of finished snapshots, ascending."""
        return [key for key in self._store.list_folder(self._folder) if self.notes(key) is not None]

    def notes(self, key: str) -> dict[str, Any] | None:
        """Give what was noted with a snapshot; None when it is not finished."""
        text = self._store.read_text(f"{self._folder}/{key}/done")
        return dict(json.loads(text)) if text else None

    def latest(self, *, before: str | None = None) -> Snapshot | None:
        """Read the newest finished snapshot, or the newest with a key below `before`."""
        keys = [key for key in self.keys() if before is None or key < before]
        if not keys:
            return None
        key = keys[-1]
        paths = {t.name: f"{self._folder}/{key}/{t.name}.parquet" for t in self._tables}
        tables = {name: self._store.read_file(path) for name, path in paths.items()}
        return Snapshot(key, self.notes(key) or {}, tables)

    def save(self, key: str, tables: Mapping[str, pd.DataFrame | pa.Table], notes: dict[str, Any]) -> None:
        """Write a snapshot; it counts when its last file stands. Older ones beyond the last few go."""
        if self.notes(key) is not None:
            self._store.remove_folder(f"{self._folder}/{key}")
        for table in self._tables:
            self._store.write_file(f"{self._folder}/{key}/{table.name}.parquet", table, tables[table.name])
        self._store.write_text(f"{self._folder}/{key}/done", json.dumps(notes, sort_keys=True) + "\n")
        for old in self.keys()[:-_KEPT]:
            self._store.remove_folder(f"{self._folder}/{old}")
