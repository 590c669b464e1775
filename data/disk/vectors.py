"""Looks vectors up by text id, over all parts, a part at a time, so that memory stays flat."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import EMBEDDINGS, to_matrix
from data.store import Store


class VectorReader:
    """Finds what the encoder made of a text, in whichever part it was first seen."""

    def __init__(self, store: Store) -> None:
        """Start with no part known; `add_part` makes the texts of a part known."""
        self._store = store
        self._part_of: dict[str, int] = {}
        self._parts: list[str] = []

    def __contains__(self, text_id: str) -> bool:
        """Whether the vectors of a text are known."""
        return text_id in self._part_of

    def add_part(self, part: str) -> None:
        """Take in the texts of one part of EMBEDDINGS; parts are added in ascending order."""
        number = len(self._parts)
        self._parts.append(part)
        ids = self._store.read(EMBEDDINGS, part, ["text_id"])["text_id"].to_pylist()
        for text_id in ids:
            self._part_of.setdefault(text_id, number)

    def read(self, text_ids: Sequence[str], columns: Sequence[str]) -> list[np.ndarray]:
        """Gather columns of EMBEDDINGS for texts.

        Args:
            text_ids: n ids, repeats allowed, all known.
            columns: `vector`, `features` or both.

        Returns:
            For every column, (n, width) float32, in the order of `text_ids`.
        """
        numbers = np.fromiter((self._part_of[i] for i in text_ids), dtype=np.int64, count=len(text_ids))
        wanted = pd.Series(list(text_ids), dtype=object)
        gathered: list[np.ndarray | None] = [None] * len(columns)
        for number in np.unique(numbers):
            rows = np.flatnonzero(numbers == number)
            found = self._store.read(EMBEDDINGS, self._parts[number], ["text_id", *columns])
            positions = pd.Index(found["text_id"].to_pylist()).get_indexer(wanted.iloc[rows])
            for k, name in enumerate(columns):
                matrix = to_matrix(found[name].take(pa.array(positions)))
                target = gathered[k]
                if target is None:
                    target = np.zeros((len(text_ids), matrix.shape[1]), dtype=np.float32)
                    gathered[k] = target
                target[rows] = matrix
        return [np.zeros((0, 0), dtype=np.float32) if g is None else g for g in gathered]
