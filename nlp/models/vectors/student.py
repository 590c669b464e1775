"""The student: any language -> MiniLM's space, by one look-up per n-gram; and what the heads read."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
from scipy.special import erf

from nlp.models.vectors.minilm_graph import WIDTH
from nlp.models.vectors.ngrams import hash_ngrams
from nlp.models.vectors.packing import unpack, unpack_rows
from nlp.models.vectors.wide import CLASSES, Wide

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
        """Unpack the table.

        Args:
            weights: the tensors of student.safetensors.
            threads: chunks of texts worked on at once; 0 for one per processor.
        """
        self._bag = unpack_rows(weights, "bag")
        self._wide = Wide(weights)
        self._dense = {
            f"{name}.{kind}": tensor
            for name in ("hidden", "out", "skip", "trunk")
            for kind, tensor in unpack(weights, f"{name}.").items()
        }
        self._threads = threads or len(os.sched_getaffinity(0))
        self.width = len(self._dense["trunk.bias"]) + CLASSES

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """n texts in n languages -> (n, 384) unit vectors and (n, 131) features, same order."""
        parts = [
            (texts[start : start + CHUNK], languages[start : start + CHUNK])
            for start in range(0, len(texts), CHUNK)
        ]
        if not parts:
            return np.zeros((0, WIDTH), np.float32), np.zeros((0, self.width), np.float32)
        with ThreadPoolExecutor(self._threads) as pool:
            bags, wide = zip(*pool.map(lambda part: self._read(*part), parts), strict=True)
        bag = np.concatenate(bags)
        vectors = self._vectors(bag)
        joined = np.concatenate([bag, vectors * INPUT_SCALE], axis=1)
        return vectors, np.concatenate([gelu(self._linear(joined, "trunk")), np.concatenate(wide)], axis=1)

    def _read(self, texts: Sequence[str], languages: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        ngrams = hash_ngrams(texts)
        return np.asarray(ngrams @ self._bag, dtype=np.float32), self._wide.scores(ngrams, languages)

    def _linear(self, rows: np.ndarray, name: str) -> np.ndarray:
        return np.asarray(
            rows @ self._dense[f"{name}.weight"].T + self._dense[f"{name}.bias"], dtype=np.float32
        )

    def _vectors(self, bags: np.ndarray) -> np.ndarray:
        """(n, 128) bags -> (n, 384) unit vectors in MiniLM's space."""
        raw = self._linear(gelu(self._linear(bags, "hidden")), "out") + bags @ self._dense["skip.weight"].T
        return unit_rows(raw)
