"""Training texts -> token ids: MiniLM's wordpieces for English, pieces of n-grams for everything else."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from nlp.models.vectors.contextual import FIRST, LAST
from nlp.models.vectors.minilm import Wordpieces
from nlp.models.vectors.pieces import read_pieces

if TYPE_CHECKING:
    from scipy import sparse

VOCABULARY = 30522  # ids from here on are pieces
HEAD, TAIL = 40, 24  # tokens kept of a long text: a training step costs by the token


@dataclass(frozen=True)
class Tokens:
    """The ids of n texts, and what each piece is made of.

    Attributes:
        ids: n arrays of int64, marks included.
        ngrams: (distinct pieces, BUCKETS).
    """

    ids: list[np.ndarray]
    ngrams: sparse.csr_matrix

    def lengths(self) -> np.ndarray:
        """(n,) int64."""
        return np.array([len(one) for one in self.ids], np.int64)


def _framed(ids: np.ndarray) -> np.ndarray:
    if len(ids) > HEAD + TAIL:
        ids = np.concatenate([ids[:HEAD], ids[-TAIL:]])
    return np.concatenate([[FIRST], ids, [LAST]]).astype(np.int64)


def tokenise(texts: Sequence[str], is_english: np.ndarray, reader: Wordpieces) -> Tokens:
    """Turn n texts into ids.

    Args:
        texts: n texts.
        is_english: (n,) bool: read by wordpieces.
        reader: for its tokeniser.
    """
    pieces = read_pieces(texts)
    bounds = np.concatenate([[0], np.cumsum(pieces.counts)])
    ids = [_framed(pieces.kinds[a:b] + VOCABULARY) for a, b in zip(bounds[:-1], bounds[1:], strict=True)]
    english = np.flatnonzero(is_english).tolist()
    for place, found in zip(english, reader.tokenize([texts[i] for i in english]), strict=True):
        ids[place] = _framed(np.array(found[1:-1], np.int64))
    return Tokens(ids, pieces.ngrams)
