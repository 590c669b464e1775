"""Texts of any language -> tokens, each a bag of hashed character n-grams; no vocabulary, so no unknown word.

A token is a word, one ideograph or kana (which knows its neighbours), or a run of one sign such as `!!` or an
emoji. Everything is array operations over the whole batch, and each distinct token is hashed once.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from scipy import sparse

from nlp.models.vectors.ngrams import BUCKETS, IDEOGRAPH, LONGEST, SPACE, SYLLABLES, read_points, to_buckets

LONGEST_WORD = 24  # what runs on longer, as Thai sentences, is cut here
_U = np.uint32


@dataclass(frozen=True)
class Pieces:
    """The tokens of n texts.

    Attributes:
        counts: (n,) int64, tokens per text.
        kinds: (tokens,) int64, text after text, which distinct token each is.
        keys: (distinct,) uint64, the same for the same token in any batch.
        ngrams: (distinct, BUCKETS) float32, rows of length 1.
    """

    counts: np.ndarray
    kinds: np.ndarray
    keys: np.ndarray
    ngrams: sparse.csr_matrix


def _starts(points: np.ndarray, kind: np.ndarray, is_alone: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Give where each token starts, and one past its end."""
    inside = kind != SPACE
    before = np.concatenate([[np.uint8(SPACE)], kind[:-1]])
    new = inside & ((kind != before) | is_alone | np.concatenate([[False], is_alone[:-1]]))
    is_sign = kind > 1
    new |= is_sign & (points != np.concatenate([[_U(0)], points[:-1]]))
    place = np.arange(points.size)
    since = place - np.maximum.accumulate(np.where(new | ~inside, place, 0))
    new |= inside & (since > 0) & (since % LONGEST_WORD == 0)
    starts = np.flatnonzero(new)
    next_start = np.append(starts[1:], points.size)
    blank = np.append(np.flatnonzero(~inside), points.size)
    ends = np.minimum(next_start, blank[np.searchsorted(blank, starts)])
    return starts, ends


def _keys(points: np.ndarray, starts: np.ndarray, ends: np.ndarray, is_alone: np.ndarray) -> np.ndarray:
    """Give 64 bits per token that tell distinct tokens apart; an ideograph's neighbours count."""
    place = np.arange(points.size)
    first = np.zeros(points.size, np.int64)
    first[starts] = starts
    offset = (place - np.maximum.accumulate(first)).astype(np.uint64)
    with np.errstate(over="ignore"):
        mixed = (points.astype(np.uint64) + np.uint64(1)) * np.uint64(0x9E3779B97F4A7C15)
        mixed ^= (offset + np.uint64(1)) * np.uint64(0xC2B2AE3D27D4EB4F)
        mixed = (mixed ^ (mixed >> np.uint64(29))) * np.uint64(0xBF58476D1CE4E5B9)
        mixed ^= mixed >> np.uint64(32)
        sums = np.concatenate([[np.uint64(0)], np.cumsum(mixed, dtype=np.uint64)])
        keys = sums[ends] - sums[starts]
        near = points[starts - 1].astype(np.uint64) << np.uint64(21)
        near ^= points[np.minimum(ends, points.size - 1)].astype(np.uint64)
        keys += np.where(
            is_alone[starts], (near + np.uint64(1)) * np.uint64(0x94D049BB133111EB), np.uint64(0)
        )
    return np.asarray(keys, dtype=np.uint64)


def _owned(starts: np.ndarray, ends: np.ndarray, points: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Lay distinct tokens one after the other, a space around each; give the points and whose they are."""
    lengths = ends - starts + 2
    owner = np.repeat(np.arange(starts.size), lengths)
    offset = np.arange(owner.size) - np.repeat(np.cumsum(lengths) - lengths, lengths)
    source = np.clip(starts[owner] + offset - 1, 0, max(0, points.size - 1))
    edge = (offset == 0) | (offset == lengths[owner] - 1)
    return np.where(edge, _U(32), points[source]), owner


def _hash_tokens(
    points: np.ndarray, starts: np.ndarray, ends: np.ndarray, is_alone: np.ndarray
) -> sparse.csr_matrix:
    chars, owner = _owned(starts, ends, points)
    rows, columns = [], []
    hashes = np.zeros(chars.size, np.uint32)
    for length in range(1, LONGEST + 1):
        last = chars.size - length + 1
        if last <= 0:
            break
        hashes = hashes[:last] * _U(0x9E3779B1) + (chars[length - 1 :] + _U(1)) * _U(0x85EBCA6B)
        if length >= 3:
            fits = owner[:last] == owner[length - 1 :]
            rows.append(owner[:last][fits])
            columns.append(to_buckets(hashes[fits]))
    whole = np.flatnonzero(ends - starts >= LONGEST - 1)
    place = np.arange(chars.size) - np.searchsorted(owner, owner)
    mixed = (chars * _U(0xC2B2AE35)) ^ ((place.astype(np.uint32) + _U(1)) * _U(0x27D4EB2F))
    mixed = (mixed ^ (mixed >> _U(13))) * _U(0x165667B1)
    sums = np.concatenate([[_U(0)], np.cumsum(mixed, dtype=np.uint32)])
    bounds = np.searchsorted(owner, np.arange(starts.size + 1))
    rows.append(whole)
    columns.append(to_buckets((sums[bounds[1:]] - sums[bounds[:-1]])[whole]))
    alone = np.flatnonzero(is_alone[starts])
    one, left = points[starts[alone]], points[starts[alone] - 1]
    right = points[np.minimum(ends[alone], points.size - 1)]
    pair = (left + _U(1)) * _U(0x9E3779B1) + (one + _U(1)) * _U(0x85EBCA6B)
    after = (one + _U(1)) * _U(0x9E3779B1) + (right + _U(1)) * _U(0x85EBCA6B)
    for found in (pair + _U(11), after + _U(23), pair * _U(0x27D4EB2F) + (right + _U(1)) * _U(0x165667B1)):
        rows.append(alone)
        columns.append(to_buckets(found))
    row, column = np.concatenate(rows), np.concatenate(columns)
    order = np.argsort(row, kind="stable")
    counts = np.bincount(row, minlength=starts.size)
    values = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    bounds = np.concatenate([[0], np.cumsum(counts)])
    return sparse.csr_matrix((values, column[order], bounds), shape=(starts.size, BUCKETS))


def read_pieces(texts: Sequence[str]) -> Pieces:
    """Cut n texts of any language, script and length into tokens."""
    if not texts:
        none = np.zeros(0, np.int64)
        return Pieces(none, none, none.astype(np.uint64), sparse.csr_matrix((0, BUCKETS), dtype=np.float32))
    points, kind, text = read_points(texts)
    kind = kind.astype(np.uint8)
    is_alone = (points >= IDEOGRAPH) & ((points < SYLLABLES) | (points > 0xF900)) & (kind == 1)
    starts, ends = _starts(points, kind, is_alone)
    counts = np.bincount(text[starts], minlength=len(texts) + 1)[: len(texts)]
    keys, first, kinds = np.unique(
        _keys(points, starts, ends, is_alone), return_index=True, return_inverse=True
    )
    return Pieces(
        counts.astype(np.int64), kinds, keys, _hash_tokens(points, starts[first], ends[first], is_alone)
    )
