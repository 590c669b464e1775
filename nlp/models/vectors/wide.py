"""The wide part of sentiment: a weight per hashed n-gram and language, beside what context says.

A linear model on n-grams knows that "nie polecam" is bad without having understood it; a contextual encoder
trained on few texts does not always. The heads weigh both.
"""

from __future__ import annotations

import zlib
from collections.abc import Mapping, Sequence

import numpy as np
from scipy import sparse

ROWS = 1 << 19  # shared by all languages, each in its own order
CLASSES = 3


def salt(buckets: np.ndarray, language: str) -> np.ndarray:
    """Give (n,) n-grams rows of their language, uint32, so that German `die` is not English `die`."""
    seed = zlib.crc32(language.encode("ascii", "replace"))
    factor, shift = np.uint32(seed | 1), np.uint32(seed >> 7)
    mixed = buckets.astype(np.uint32) * factor + shift
    mixed ^= mixed >> np.uint32(13)
    mixed *= np.uint32(0x9E3779B1)
    return ((mixed >> np.uint32(8)) & np.uint32(ROWS - 1)).astype(np.int64)


class Wide:
    """Three numbers per text: how negative, neutral and positive its n-grams are in its language."""

    def __init__(self, weights: Mapping[str, np.ndarray]) -> None:
        """Unpack the 8-bit weights.

        Args:
            weights: `wide.weight` (ROWS, 3) int8, `wide.scale` (1,), `wide.bias` (languages, 3),
                `wide.languages` as bytes.
        """
        self._weight = weights["wide.weight"].astype(np.float32) * np.float32(weights["wide.scale"][0])
        names = bytes(weights["wide.languages"]).decode("ascii").split(",")
        self._bias = dict(zip(names, weights["wide.bias"].astype(np.float32), strict=True))

    def scores(self, ngrams: sparse.csr_matrix, languages: Sequence[str]) -> np.ndarray:
        """(n, BUCKETS) n-grams of texts in n languages -> (n, 3) float32; zeros for an unknown language."""
        found = np.zeros((len(languages), CLASSES), np.float32)
        names = np.asarray(languages, dtype=object)
        for language in sorted(set(languages) & set(self._bias)):
            at = np.flatnonzero(names == language)
            part = ngrams[at]
            salted = sparse.csr_matrix(
                (part.data, salt(part.indices, language), part.indptr), shape=(len(at), ROWS)
            )
            found[at] = salted @ self._weight + self._bias[language]
        return found
