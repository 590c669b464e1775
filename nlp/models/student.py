"""The student: any language -> MiniLM's space, by one look-up per n-gram; and what the heads read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.special import erf

from nlp.models.ngrams import hash_ngrams

CHUNK = 512  # texts hashed at once: the arrays stay in the processor's cache
INPUT_SCALE = 8.0  # a unit vector's entries are small; the trunk was trained on them times this


def gelu(values: np.ndarray) -> np.ndarray:
    """Apply the Gaussian error linear unit."""
    return np.asarray(0.5 * values * (1.0 + erf(values * np.float32(0.70710678))), dtype=np.float32)


def unit_rows(rows: np.ndarray) -> np.ndarray:
    """Scale each row to length 1; a row of zeros becomes the first axis."""
    length = np.linalg.norm(rows, axis=1, keepdims=True)
    scaled = np.divide(rows, length, out=np.zeros_like(rows), where=length > 1e-12)
    scaled[(length <= 1e-12)[:, 0], 0] = 1.0
    return np.asarray(scaled, dtype=np.float32)


class Student:
    """A bag of n-grams, its way into MiniLM's space, and the trunk in front of the heads."""

    def __init__(self, weights: Mapping[str, np.ndarray], threads: int = 0) -> None:
        """Unpack the 8-bit table.

        Args:
            weights: the tensors of student.safetensors.
            threads: chunks of texts worked on at once; 0 for one per processor.
        """
        scale = weights["bag.scale"].astype(np.float32)
        self._bag = weights["bag.weight"].astype(np.float32) * scale[:, None]
        self._dense = {n: w.astype(np.float32) for n, w in weights.items() if not n.startswith("bag.")}
        self._threads = threads or len(os.sched_getaffinity(0))

    def bags(self, texts: Sequence[str]) -> np.ndarray:
        """n texts -> (n, 128) float32: the sum of what each n-gram stands for."""
        chunks = [texts[start : start + CHUNK] for start in range(0, len(texts), CHUNK)]
        if not chunks:
            return np.zeros((0, self._bag.shape[1]), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            return np.concatenate(list(pool.map(self._bag_of, chunks)))

    def _bag_of(self, texts: Sequence[str]) -> np.ndarray:
        return np.asarray(hash_ngrams(texts) @ self._bag, dtype=np.float32)

    def _linear(self, rows: np.ndarray, name: str) -> np.ndarray:
        return np.asarray(
            rows @ self._dense[f"{name}.weight"].T + self._dense[f"{name}.bias"], dtype=np.float32
        )

    def vectors(self, bags: np.ndarray) -> np.ndarray:
        """(n, 128) bags -> (n, 384) unit vectors in MiniLM's space."""
        raw = self._linear(gelu(self._linear(bags, "hidden")), "out") + bags @ self._dense["skip.weight"].T
        return unit_rows(raw)

    def features(self, bags: np.ndarray, vectors: np.ndarray, trunk: str) -> np.ndarray:
        """Bags and vectors of n texts -> (n, 128) float32 for the heads.

        Args:
            bags: (n, 128).
            vectors: (n, 384), MiniLM's for the trunk `english`, the student's for the trunk `student`.
            trunk: which of the two.
        """
        return gelu(self._linear(np.concatenate([bags, vectors * INPUT_SCALE], axis=1), f"trunk_{trunk}"))
