"""Texts by the topic they had and the group a refit puts them in: what the refit may change."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.topics.groups import Vectors

Counts = NDArray[np.int64]
Sums = NDArray[np.float64]


@dataclass(frozen=True)
class ChangeRules:
    """How much evidence it takes to change a topic.

    Attributes:
        min_size: distinct texts that a topic needs.
        join_apart: a topic that the refit did not find again goes into another when their centres are nearer
            than this share of their mean spread,
        join_share: and this share of its texts is in that one's group.
        split_apart: a part leaves its topic when their centres are farther apart than this share,
        split_share: and it is this share of the topic.
    """

    min_size: int
    join_apart: float
    join_share: float
    split_apart: float
    split_share: float


class Blocks:
    """Texts by home (row; the last one for texts without) and by new group (column; the last one as well)."""

    def __init__(self, homes: Sequence[str], groups: Sequence[str], width: int) -> None:
        self.homes, self.groups = list(homes), list(groups)
        self.counts: Counts = np.zeros((len(homes) + 1, len(groups) + 1), dtype=np.int64)
        self._sums: dict[tuple[int, int], Sums] = {}
        self._width = width

    def add(self, home: Counts, group: Counts, vectors: Vectors) -> None:
        """Take in n texts: their homes and groups by number, -1 for none, and their (n, d) vectors."""
        columns = len(self.groups) + 1
        cells, cell = np.unique(
            (home % (len(self.homes) + 1)) * columns + group % columns, return_inverse=True
        )
        ones = np.ones(len(cell))
        chooser = sparse.csr_matrix((ones, (cell, np.arange(len(cell)))), shape=(len(cells), len(cell)))
        sums = np.asarray(chooser @ vectors.astype(np.float64))
        for code, count, total in zip(cells.tolist(), np.bincount(cell).tolist(), sums, strict=True):
            at = divmod(code, columns)
            self.counts[at] += count
            self._sums[at] = self._sums.get(at, 0.0) + total

    def sum_of(self, cells: NDArray[np.bool_]) -> tuple[Sums, int]:
        """Give the sum of the vectors in some cells, a mask over `counts`, and how many they are."""
        total = np.zeros(self._width)
        for at in sorted(zip(*np.nonzero(cells & (self.counts > 0)), strict=True)):
            total += self._sums[int(at[0]), int(at[1])]
        return total, int(self.counts[cells].sum())


def apart(one: tuple[Sums, int], other: tuple[Sums, int]) -> float:
    """Give how far two groups are apart, as a share of their mean spread, less what chance gives.

    Args:
        one: sum of its unit vectors, and how many they are.
        other: the same of the other.

    Returns:
        About 0 for two samples of one cloud, above 1 for two clouds with room between them.
    """
    lengths = np.array([np.linalg.norm(one[0]), np.linalg.norm(other[0])])
    sizes = np.array([one[1], other[1]])
    if not sizes.all() or not lengths.all():
        return 0.0
    spread = max(float((1.0 - lengths / sizes).mean()), 1e-9)
    cosine = float(one[0] @ other[0] / lengths.prod())
    # Rounded: sums in another order of rows must not decide what becomes of a topic.
    return round((1.0 - cosine) / spread - float((1.0 / sizes).sum()), 6)


def choose_topics(blocks: Blocks, *, rules: ChangeRules) -> NDArray[np.object_]:
    """Decide what a refit changes.

    A topic that the refit found again, or that nothing near enough takes over, goes on with all its texts. A
    group that the refit found new becomes a topic when most of its texts had none, or when it is a part of
    one topic that lies apart from the rest of it.

    Args:
        blocks: the texts by home and new group; a group that continues a topic has its id.
        rules: how much evidence a change needs.

    Returns:
        The topic id of each cell of `blocks.counts`, None for texts without a home whose group is no topic.
    """
    found = set(blocks.groups)
    chosen = np.empty(blocks.counts.shape, dtype=object)
    for row, home in enumerate(blocks.homes):
        chosen[row] = home if home in found else _taker(blocks, row, rules) or home
    for column, group in enumerate(blocks.groups):
        if group in blocks.homes:
            chosen[-1, column] = group
        else:
            _open(blocks, column, chosen, rules)
    return chosen


def _taker(blocks: Blocks, row: int, rules: ChangeRules) -> str | None:
    """Give the topic that one which was not found again goes into, if there is one."""
    had = blocks.counts[row]
    if not had[:-1].any():
        return None
    target = blocks.groups[int(had[:-1].argmax())]
    if had[:-1].max() < rules.join_share * had.sum() or target not in blocks.homes:
        return None
    own, its = (np.zeros(blocks.counts.shape, dtype=bool) for _ in range(2))
    own[row], its[blocks.homes.index(target)] = True, True
    is_near = apart(blocks.sum_of(own), blocks.sum_of(its)) < rules.join_apart
    return target if is_near else None


def _open(blocks: Blocks, column: int, chosen: NDArray[np.object_], rules: ChangeRules) -> None:
    """Write into `chosen` what a group that the refit found new takes."""
    had = blocks.counts[:, column]
    parent = int(had[:-1].argmax()) if len(blocks.homes) else -1
    if 2 * had[-1] >= had.sum() and had[-1] >= rules.min_size:
        chosen[-1, column] = blocks.groups[column]
        return
    if parent < 0 or 2 * (had[parent] + had[-1]) <= had.sum() or had[parent] < rules.min_size:
        return
    if had[parent] < rules.split_share * blocks.counts[parent].sum():
        return
    part, rest = (np.zeros(blocks.counts.shape, dtype=bool) for _ in range(2))
    part[parent, column], rest[parent] = True, chosen[parent] == blocks.homes[parent]
    rest[parent, column] = False
    if apart(blocks.sum_of(part), blocks.sum_of(rest)) >= rules.split_apart:
        chosen[parent, column] = chosen[-1, column] = blocks.groups[column]
