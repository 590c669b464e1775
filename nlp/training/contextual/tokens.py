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
    english = np.flatnonzero(is_english).tolist()
    read = reader.read([texts[i] for i in english])
    strange = [token for tokens in read for token in tokens if isinstance(token, str)]
    pieces = read_pieces([*texts, *strange])
    found = np.split(pieces.kinds + VOCABULARY, np.cumsum(pieces.counts)[:-1])
    ids = [_framed(one) for one in found[: len(texts)]]
    unknown = iter(found[len(texts) :])
    for place, tokens in zip(english, read, strict=True):
        parts = [next(unknown) if isinstance(token, str) else [token] for token in tokens[1:-1]]
        ids[place] = _framed(np.array([one for part in parts for one in part], np.int64))
    return Tokens(ids, pieces.ngrams)
