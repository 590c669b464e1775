"""Looks vectors up by text id, over all parts, reading only what is asked for, so that memory stays flat."""

from __future__ import annotations

import threading
from collections.abc import Sequence

import numpy as np

from data.compact import ABSENT, CompactMap, key_of
from data.schema import EMBEDDINGS, to_matrix
from data.store import Store

_ROW_BITS = 32  # a place is the number of a part, and behind it the row in that part


class VectorReader:
    """Finds what the encoder made of a text, in whichever part it was first seen."""

    def __init__(self, store: Store) -> None:
        """Start with no part known; `add_part` makes the texts of a part known."""
        self._store = store
        self._places = CompactMap()
        self._parts: list[str] = []
        # Stages of a line look texts up while the encoder's adds the next part, and a map that grows is
        # half empty for a while.
        self._adding = threading.Lock()

    def __contains__(self, text_id: str) -> bool:
        """Whether the vectors of a text are known."""
        with self._adding:
            return key_of(text_id) in self._places

    def add_part(self, part: str) -> None:
        """Take in the texts of one part of EMBEDDINGS; parts are added in ascending order."""
        ids = self._store.read(EMBEDDINGS, part, ["text_id"])["text_id"].to_pylist()
        with self._adding:
            first = len(self._parts) << _ROW_BITS
            self._parts.append(part)
            for row, text_id in enumerate(ids):
                self._places.set_new(key_of(text_id), first + row)

    def read(self, text_ids: Sequence[str], columns: Sequence[str]) -> list[np.ndarray]:
        """Gather columns of EMBEDDINGS for texts.

        Args:
            text_ids: n ids, repeats allowed, all known.
            columns: `vector`, `features` or both.

        Returns:
            For every column, (n, width) float32, in the order of `text_ids`.

        Raises:
            KeyError: naming a text that no part holds.
        """
        with self._adding:
            places = self._places.get_all(map(key_of, text_ids))
        if (places == ABSENT).any():
            raise KeyError(f"no vector of text {text_ids[int((places == ABSENT).argmax())]}")
        numbers, rows = places >> _ROW_BITS, places & ((1 << _ROW_BITS) - 1)
        gathered: list[np.ndarray | None] = [None] * len(columns)
        for number in np.unique(numbers):
            wanted = np.flatnonzero(numbers == number)
            distinct, back = np.unique(rows[wanted], return_inverse=True)
            found = self._store.read_rows(EMBEDDINGS, self._parts[number], distinct, columns)
            for k, name in enumerate(columns):
                matrix = to_matrix(found[name])
                target = gathered[k]
                if target is None:
                    target = np.zeros((len(text_ids), matrix.shape[1]), dtype=np.float32)
                    gathered[k] = target
                target[wanted] = matrix[back]
        return [np.zeros((0, 0), dtype=np.float32) if g is None else g for g in gathered]
