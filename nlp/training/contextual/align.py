"""A first meaning for every piece: the English wordpieces that it is a translation of, in parallel sentences.

IBM model 1 in both directions (Brown et al. 1993) says which English token each foreign one stands for; the
piece should then start where MiniLM's embedding of that token lies. The n-gram rows are fitted to that by
ridge regression, so that words never aligned start near those they resemble.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlp.training.contextual.tokens import VOCABULARY, Tokens

ROUNDS = 6
RIDGE = 0.3
STEPS = 40
ALONE = 4  # n-grams of an ideograph: itself, both pairs, all three
KNOWN_WEIGHT = 2.0  # of a piece that is an English word or stands in the dictionary


@dataclass(frozen=True)
class Alignment:
    """What pieces should mean.

    Attributes:
        rows: (m,) pieces.
        targets: (m, 384).
        weights: (m,) how sure.
    """

    rows: np.ndarray
    targets: np.ndarray
    weights: np.ndarray


def _units(ids: np.ndarray, ngrams: sparse.csr_matrix, count: int) -> tuple[np.ndarray, np.ndarray]:
    """Give what is aligned, and the token each belongs to: a word is one unit, an ideograph three."""
    pieces = ids - VOCABULARY
    starts = ngrams.indptr[pieces]
    is_alone = ngrams.indptr[pieces + 1] - starts == ALONE
    place = np.arange(len(ids))
    alone = np.flatnonzero(is_alone)
    parts = [pieces[~is_alone], *(ngrams.indices[starts[alone] + k] + count for k in range(ALONE - 1))]
    return np.concatenate(parts).astype(np.int64), np.concatenate([place[~is_alone], *[alone] * (ALONE - 1)])


def _normalised(values: np.ndarray, by: np.ndarray, size: int) -> np.ndarray:
    total = np.bincount(by, weights=values, minlength=size)
    return np.asarray(values / np.maximum(total[by], 1e-12))


def align(
    tokens: Tokens, english: list[np.ndarray | None], embeddings: np.ndarray, log: Callable[[str], None]
) -> Alignment:
    """Align every text that has an English partner.

    Args:
        tokens: n texts.
        english: n arrays of wordpieces without marks, or None.
        embeddings: (30522, 384), MiniLM's input embeddings.
        log: says what happens.
    """
    count = tokens.ngrams.shape[0]
    unit, owner, piece, right, pair_of = [], [], [], [], []
    seen, units_seen = 0, 0
    for ids, partner in zip(tokens.ids, english, strict=True):
        if partner is None or len(ids) < 3 or not len(partner) or ids[1] < VOCABULARY:
            continue
        inner = ids[1:-1]
        units, places = _units(inner, tokens.ngrams, count)
        partner = np.concatenate([[0], partner])  # id 0 stands for no word at all
        unit.append(units)
        owner.append(places + seen)
        piece.append(inner - VOCABULARY)
        pair_of.append(np.repeat(np.arange(units_seen, units_seen + len(units)), len(partner)))
        right.append(np.tile(partner, len(units)))
        seen += len(inner)
        units_seen += len(units)
    left = np.concatenate(pair_of)
    unit_of, owner_of, piece_of = np.concatenate(unit), np.concatenate(owner), np.concatenate(piece)
    target = np.concatenate(right).astype(np.int64)
    _, unit_of = np.unique(unit_of, return_inverse=True)
    source = unit_of[left]
    keys, pair = np.unique(source * VOCABULARY + target, return_inverse=True)
    sources, targets = keys // VOCABULARY, keys % VOCABULARY
    log(f"aligning {len(left)} token pairs, {len(keys)} distinct")
    forth = back = np.ones(len(keys))
    for _ in range(ROUNDS):
        share = _normalised(forth[pair], left, units_seen)
        counts = np.bincount(pair, weights=share, minlength=len(keys))
        forth = _normalised(counts, targets, VOCABULARY)
        back = _normalised(counts, sources, len(unit_of))
    share = _normalised((forth * back)[pair], left, units_seen)
    sure = np.zeros(units_seen)
    np.maximum.at(sure, left, np.where(target == 0, 0, share))
    weight = share * (target != 0) * (sure**2)[left]
    expected = sparse.csr_matrix((weight, (piece_of[owner_of[left]], target)), shape=(count, VOCABULARY))
    total = np.asarray(expected.sum(axis=1)).ravel()
    rows = np.flatnonzero(total > 0.2)
    meaning = np.asarray((expected[rows] @ embeddings) / total[rows, None], np.float32)
    return Alignment(rows, meaning, np.sqrt(total[rows]).astype(np.float32))


def fit_rows(
    features: sparse.csr_matrix, alignment: Alignment, width: int
) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Fit n-gram rows to meanings.

    Args:
        features: (m, BUCKETS), the n-grams of the aligned pieces.
        alignment: what they should mean.
        width: numbers per row.

    Returns:
        Rows (BUCKETS, width), the projection (384, width) and its bias (384,).
    """
    weights = alignment.weights[:, None]
    middle = np.average(alignment.targets, axis=0, weights=alignment.weights).astype(np.float32)
    centred = (alignment.targets - middle) * weights
    _, _, axes = np.linalg.svd(centred.T @ centred / len(centred))
    axes = axes[:width]
    scale = np.float32(0.3)  # the rows then have about the size that the optimiser's steps suit
    goal = (centred @ axes.T / scale).astype(np.float32)
    weighted = sparse.diags(alignment.weights).astype(np.float32) @ features
    rows = np.zeros((features.shape[1], width), np.float32)
    left = weighted.T @ goal
    step, size = left.copy(), (left**2).sum(axis=0)
    for _ in range(STEPS):
        pushed = weighted.T @ (weighted @ step) + RIDGE * step
        pace = size / np.maximum((step * pushed).sum(axis=0), 1e-12)
        rows += pace * step
        left -= pace * pushed
        before, size = size, (left**2).sum(axis=0)
        step = left + (size / np.maximum(before, 1e-12)) * step
    return rows, np.ascontiguousarray(axes.T * scale), middle
