"""Texts -> a sparse matrix of hashed character n-grams, words and word pairs, with no loop over n-grams.

All texts are joined into one array of code points; every window, word and pair of the whole batch is hashed
by a handful of array operations. A row depends on its own text only, so results do not change with the batch.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from scipy import sparse

BUCKETS = 1 << 17
LONGEST = 5
HEAD, TAIL = 2400, 800  # of a very long segment: its beginning and its end, where opinions gather

SPACE, _LETTER, _SIGN = 0, 1, 2
_SEPARATOR = 10
_NOISE = re.compile(r"https?://[^\s]{1,2000}|www\.[^\s]{1,2000}|@[\w]{1,60}")
IDEOGRAPH = 0x2E80  # from here on one code point carries about as much as a word
SYLLABLES = 0xA000
_DROPPED = (
    *range(0x0300, 0x0370),  # accents, split off by NFKD: people leave them out
    0x0640,
    *range(0x064B, 0x0660),
    0x0670,  # Arabic vowel signs, hamza marks and stretching
    *range(0x200B, 0x2010),
    *range(0x202A, 0x202F),
    *range(0x2066, 0x206A),
    *range(0xFE00, 0xFE10),
    0xFEFF,
)
_U = np.uint32


@lru_cache(maxsize=1)
def _tables() -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give per code point: what it becomes, its class, and whether it is dropped."""
    size = 0x20000
    becomes = np.arange(size, dtype=np.uint32)
    kinds = np.zeros(size, dtype=np.uint8)
    for point in range(33, size):
        category = unicodedata.category(chr(point))
        if category[0] == "L" or category in ("Mc", "Mn"):
            kinds[point] = _LETTER
        elif category[0] == "N":
            kinds[point], becomes[point] = _LETTER, 48  # every digit is the same digit
        elif category in ("So", "Sk") and point > 0x2000:
            kinds[point] = _SIGN
    kinds[[ord("!"), ord("?")]] = _SIGN
    for source, target in {"؟": "?", "ł": "l", "ø": "o", "đ": "d", "ى": "ي", "ة": "ه", "ı": "i"}.items():
        becomes[ord(source)], kinds[ord(source)] = ord(target), kinds[ord(target)]
    dropped = np.zeros(size, dtype=bool)
    dropped[list(_DROPPED)] = True
    return becomes, kinds, dropped


def _join(texts: Sequence[str]) -> np.ndarray:
    parts = [t if len(t) <= HEAD + TAIL else f"{t[:HEAD]} {t[-TAIL:]}" for t in texts]
    joined = "\n".join([p.replace("\n", " ") if "\n" in p else p for p in parts]).lower()
    if "@" in joined or "www." in joined or "http" in joined:
        joined = _NOISE.sub(" ", joined)
    if not joined.isascii():
        joined = unicodedata.normalize("NFKD", joined)
    raw = f"\n{joined}\n".encode("utf-32-le", "surrogatepass")
    return np.frombuffer(raw, dtype="<u4").astype(np.uint32)


def read_points(texts: Sequence[str]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Give the cleaned code points of all texts, their classes, and the text each belongs to."""
    points = _join(texts)
    becomes, kinds, dropped = _tables()
    near = np.minimum(points, becomes.size - 1)
    points = np.where(points < becomes.size, becomes[near], points)
    kind = np.where(points < becomes.size, kinds[np.minimum(points, becomes.size - 1)], _LETTER)
    kept = ~dropped[near]
    points, kind = points[kept], kind[kept]
    is_separator = points == _SEPARATOR
    text = np.cumsum(is_separator) - 1
    is_space = kind == SPACE
    before = np.concatenate([[True], is_space[:-1]])
    same = np.concatenate([[False], points[1:] == points[:-1]])
    third = same & np.concatenate([[False], same[:-1]])  # "sooooo" is "soo"
    kept = is_separator | ~((is_space & before) | third)
    points, kind, text = points[kept], kind[kept], text[kept]
    return np.where(kind == SPACE, _U(32), points), kind, text


def to_buckets(hashes: np.ndarray) -> np.ndarray:
    """Mix (n,) hashes well and fold them into the table's rows."""
    hashes = hashes ^ (hashes >> _U(15))
    hashes = hashes * _U(0x2C1B3C6D)
    hashes ^= hashes >> _U(12)
    return (hashes & _U(BUCKETS - 1)).astype(np.int32)


def _windows(points: np.ndarray, is_space: np.ndarray, buckets: np.ndarray, used: np.ndarray) -> None:
    """Fill columns 0-4 with the windows of 1 to 5 code points that do not cross a word's edge."""
    size = points.size
    spaces = np.concatenate([[0], np.cumsum(is_space)])
    alone = (points >= IDEOGRAPH) & ((points < SYLLABLES) | (points > 0xF900)) & ~is_space
    alone |= np.isin(points, (33, 63))
    hashes = np.zeros(size, dtype=np.uint32)
    for length in range(1, LONGEST + 1):
        last = size - length + 1
        if last <= 0:
            return
        hashes = hashes[:last] * _U(0x9E3779B1) + (points[length - 1 :] + _U(1)) * _U(0x85EBCA6B)
        start = np.arange(last)
        if length <= 2:
            fits = alone[:last] & ~is_space[length - 1 :]
        else:
            fits = spaces[start + length - 1] == spaces[start + 1]
        used[:last, length - 1] = fits
        buckets[:last, length - 1] = to_buckets(hashes)


def _words(points: np.ndarray, is_space: np.ndarray, text: np.ndarray) -> tuple[np.ndarray, ...]:
    """Give per word: where it starts, its length, its hash, and the hash of it with the word before it."""
    inside = ~is_space
    starts = np.flatnonzero(inside & np.concatenate([[True], is_space[:-1]]))
    ends = np.flatnonzero(inside & np.concatenate([is_space[1:], [True]])) + 1
    first = np.zeros(points.size, dtype=np.int64)
    first[starts] = starts
    offset = (np.arange(points.size) - np.maximum.accumulate(first)).astype(np.uint32)
    mixed = (points * _U(0xC2B2AE35)) ^ ((offset + _U(1)) * _U(0x27D4EB2F))
    mixed = (mixed ^ (mixed >> _U(13))) * _U(0x165667B1)
    mixed[is_space] = 0
    if starts.size == 0:
        return starts, starts, np.zeros(0, np.uint32), np.zeros(0, np.uint32), np.zeros(0, bool)
    hashes = np.add.reduceat(mixed, starts, dtype=np.uint32)
    pairs = np.concatenate([[_U(0)], hashes[:-1]]) * _U(0x9E3779B1) + hashes * _U(3) + _U(7)
    has_pair = np.concatenate([[False], text[starts][1:] == text[starts][:-1]])
    return starts, ends - starts, hashes, pairs.astype(np.uint32), has_pair


def hash_ngrams(texts: Sequence[str]) -> sparse.csr_matrix:
    """Count the hashed n-grams of each text.

    Args:
        texts: n texts, any script, any length.

    Returns:
        (n, BUCKETS) float32; a text with no letter or sign has an empty row. Rows have length 1.
    """
    if not texts:
        return sparse.csr_matrix((0, BUCKETS), dtype=np.float32)
    points, kind, text = read_points(texts)
    is_space = kind == SPACE
    buckets = np.zeros((points.size, LONGEST + 2), dtype=np.int32)
    used = np.zeros(buckets.shape, dtype=bool)
    _windows(points, is_space, buckets, used)
    starts, lengths, hashes, pairs, has_pair = _words(points, is_space, text)
    is_word = (lengths >= 4) & (points[starts] < IDEOGRAPH)
    buckets[starts, LONGEST], used[starts, LONGEST] = to_buckets(hashes), is_word
    buckets[starts, LONGEST + 1], used[starts, LONGEST + 1] = to_buckets(pairs), has_pair
    counts = np.bincount(text, weights=used.sum(axis=1), minlength=len(texts) + 1)[: len(texts)].astype(
        np.int64
    )
    indices = buckets[used]
    bounds = np.concatenate([[0], np.cumsum(counts)])
    values = np.repeat(1.0 / np.sqrt(np.maximum(counts, 1)), counts).astype(np.float32)
    return sparse.csr_matrix((values, indices, bounds), shape=(len(texts), BUCKETS))
