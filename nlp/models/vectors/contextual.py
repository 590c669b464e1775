"""The contextual encoder: MiniLM's body, fine-tuned to read any language, and what the heads read.

English arrives as MiniLM's wordpieces; everything else, and what those do not know, as emoji, arrives as
pieces (nlp/models/vectors/pieces.py), which mean the sum of their n-grams' rows. What ships is the difference
to MiniLM, in 4 bits, and the rows in 8.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

import numpy as np

from nlp.models.vectors.minilm import Session, Wordpieces, cut_tokens, load_minilm
from nlp.models.vectors.minilm_graph import WIDTH, build_minilm
from nlp.models.vectors.packing import unpack, unpack_rows
from nlp.models.vectors.pieces import Pieces, read_pieces

FIRST, LAST = 101, 102  # MiniLM's marks around a text
CHUNK = 4096  # texts worked on at once: bounds the memory that their distinct pieces take
BLOCK = 256  # rows of one product: with another number the last bits differ, and rounding makes more of them
ENGLISH = "en"

Weights = Mapping[str, np.ndarray]


def unpack_body(weights: Weights, base: Weights) -> dict[str, np.ndarray]:
    """Add the shipped differences to MiniLM's tensors.

    Args:
        weights: `delta.<name>`, packed rows, and `exact.<name>`, which replaces the tensor.
        base: MiniLM's tensors.
    """
    body = {name: tensor for name, tensor in base.items() if "word_embeddings" not in name}
    body |= unpack(weights, "exact.")
    body |= {name: base[name] + delta for name, delta in unpack(weights, "delta.").items()}
    return body


class Contextual:
    """Turns texts of any language into unit vectors and features."""

    def __init__(self, weights: Weights, threads: int = 0, *, exact: bool = False) -> None:
        """Build the graph in memory, in about a second.

        Args:
            weights: the tensors of contextual.safetensors.
            threads: batches computed at once; 0 for one per processor this process may use.
            exact: 32-bit floats, slow, from which the ranges of the 8-bit graph are measured.
        """
        base = load_minilm()
        self._table = unpack_rows(weights, "words")
        self._axes, self._bias = (weights[f"words.{n}"].astype(np.float32) for n in ("axes", "bias"))
        self._wordpieces = base["embeddings.word_embeddings.weight"]
        self._reader = Wordpieces()
        top = unpack(weights, "top.")
        self.width = len(top["trunk.bias"])
        ranges = None if exact else unpack(weights, "range.")
        self._session = Session(build_minilm(unpack_body(weights, base), ranges, top), threads)

    def encode(self, texts: Sequence[str], languages: Sequence[str]) -> tuple[np.ndarray, np.ndarray]:
        """n texts in n languages -> (n, 384) unit vectors and (n, width) features, same order."""
        vectors = np.empty((len(texts), WIDTH), np.float32)
        features = np.empty((len(texts), self.width), np.float32)
        for start in range(0, len(texts), CHUNK):
            part = slice(start, start + CHUNK)
            ids, embeddings = self.embed(texts[part], languages[part])
            mine, theirs = vectors[part], features[part]

            def take(
                positions: list[int],
                found: list[np.ndarray],
                mine: np.ndarray = mine,
                theirs: np.ndarray = theirs,
            ) -> None:
                mine[positions], theirs[positions] = found

            self._session.run(ids, embeddings, ["vectors", "features"], take)
        return vectors, features

    def measure_ranges(self, texts: Sequence[str], languages: Sequence[str]) -> dict[str, np.ndarray]:
        """Find how large each channel of each activation gets; only with `exact`."""
        ids, embeddings = self.embed(texts, languages)
        return self._session.measure(ids, embeddings)

    def embed(self, texts: Sequence[str], languages: Sequence[str]) -> tuple[list[Sequence[int]], np.ndarray]:
        """n texts -> for each the rows of a table that it is made of, and that table, (rows, 384)."""
        ours = [i for i, language in enumerate(languages) if language == ENGLISH]
        other = [i for i, language in enumerate(languages) if language != ENGLISH]
        english = self._reader.read([texts[i] for i in ours])
        strange = [token for tokens in english for token in tokens if isinstance(token, str)]
        pieces = read_pieces([*(texts[i] for i in other), *strange])
        plain = [token for tokens in english for token in tokens if isinstance(token, int)]
        used, inner = np.unique([FIRST, LAST, *plain], return_inverse=True)
        marks = (int(inner[0]), int(inner[1]))
        rows = _rows_of(pieces, len(used))
        ids: list[Sequence[int]] = [()] * len(texts)
        for at, found in zip(other, rows, strict=False):
            ids[at] = cut_tokens([marks[0], *found, marks[1]])
        known, unknown = iter(inner[2:].tolist()), iter(rows[len(other) :])
        for at, tokens in zip(ours, english, strict=True):
            parts = [next(unknown) if isinstance(token, str) else [next(known)] for token in tokens]
            ids[at] = cut_tokens([row for part in parts for row in part])
        return ids, np.concatenate([self._wordpieces[used], self._meanings(pieces)])

    def _meanings(self, pieces: Pieces) -> np.ndarray:
        """Give the embedding of each distinct piece, (pieces, 384)."""
        rows = np.asarray(pieces.ngrams @ self._table, dtype=np.float32)
        blocks = np.zeros((-(-len(rows) // BLOCK), BLOCK, rows.shape[1]), np.float32)
        blocks.reshape(-1, rows.shape[1])[: len(rows)] = rows
        words = (blocks @ self._axes.T).reshape(-1, WIDTH)[: len(rows)] + self._bias
        return np.asarray(words, dtype=np.float32)


def _rows_of(pieces: Pieces, offset: int) -> list[list[int]]:
    """Give the rows of each text of pieces."""
    rows = (pieces.kinds + offset).tolist()
    ends = np.cumsum(pieces.counts)
    starts = ends - pieces.counts
    return [rows[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
