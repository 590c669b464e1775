"""Clusterers: vectors -> groups. Deterministic, whatever the order of the rows."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Self

import numpy as np
from numpy.typing import NDArray
from scipy import sparse

from nlp.protocols import Clusterer

Labels = NDArray[np.int64]
NONE = -1
MIXER = np.uint64(0x9E3779B97F4A7C15)
GROUP = 64  # columns that are looked at together when the largest are searched
TOLERANCE = 1e-3  # gain of modularity at which a cut is done; at 1e-4 it takes longer and is no more stable
BLOCK = 1024  # rows of one block of exact search: 1,024 x 20,000 float32 are 80 MB


@dataclass(frozen=True)
class LouvainRules:
    """How the neighbour graph is built and cut.

    Attributes:
        resolution: higher cuts finer; 1 is plain modularity.
        neighbours: neighbours of each row in the graph.
        sharpness: power of the cosine that weighs a link; the higher, the less far neighbours count.
        votes: cuts that vote on which neighbours belong together; 1 is plain Louvain.
        spread: the cuts run at resolutions from resolution / spread to resolution * spread.
        min_size: smaller groups are dissolved into label -1.
        twins: two groups are one when their centres are nearer than this share of their mean spread.
        seed: of the order in which nodes are visited.
    """

    resolution: float
    neighbours: int
    sharpness: float
    votes: int
    spread: float
    min_size: int
    twins: float
    seed: int


class LouvainClusterer:
    """Consensus of Louvain cuts of the exact nearest-neighbour graph.

    One cut of a neighbour graph changes when a few rows come or go; the cuts of several visiting orders and
    resolutions differ mostly where rows lie between groups. Each edge is weighed by the share of cuts that
    keep its ends together, and the graph so weighed is cut once more. Fits BERTopic's `hdbscan_model`.

    Leiden was tried: one cut of it is more stable than one of Louvain, a consensus is not, and the
    permissive implementations draw from C's global random state, so that two runs differ.

    Source: Blondel et al. (2008), Fast unfolding of communities in large networks; Lancichinetti, Fortunato
        (2012), Consensus clustering in complex networks.
    """

    def __init__(self, rules: LouvainRules) -> None:
        self.rules = rules
        self.labels_: Labels = np.zeros(0, dtype=np.int64)
        self.centroids_: NDArray[np.float32] = np.zeros((0, 0), dtype=np.float32)

    def fit(self, vectors: NDArray[np.float32], y: object = None) -> Self:
        """Group (n, d) unit vectors; `labels_` are 0 (largest) to k - 1, -1 for too small a group."""
        vectors = np.ascontiguousarray(vectors, dtype=np.float32)
        # Sums in another order of rows differ in the last bit, and that is enough to move a border: rows get
        # an order of their own, equal ones as one, before anything is computed.
        _, first, same = np.unique(row_hashes(vectors), return_index=True, return_inverse=True)
        distinct = vectors[first]
        joined = join_twins(distinct, self._cut(distinct, len(vectors)), self.rules.twins)
        self.labels_ = _largest_first(joined, same, self.rules.min_size)
        self.centroids_ = centroids_of(vectors, self.labels_)
        return self

    def predict(self, vectors: NDArray[np.float32]) -> Labels:
        """(n, d) unit vectors -> the group whose centroid is nearest; -1 when there is none."""
        if not len(self.centroids_):
            return np.full(len(vectors), NONE, dtype=np.int64)
        return np.asarray((vectors @ self.centroids_.T).argmax(axis=1), dtype=np.int64)

    def _cut(self, vectors: NDArray[np.float32], rows: int) -> Labels:
        rules = self.rules
        if rows < rules.min_size:
            return np.full(len(vectors), NONE, dtype=np.int64)
        if len(vectors) < 2:
            return np.zeros(len(vectors), dtype=np.int64)
        graph = neighbour_graph(vectors, rules.neighbours)
        graph.data **= rules.sharpness
        if rules.votes > 1:
            graph = _voted(graph, row_hashes(vectors), rules)
        return _connected(graph, _cut_once(graph, rules.resolution))


def row_hashes(vectors: NDArray[np.float32]) -> NDArray[np.uint64]:
    """Give each row a number that depends on its content alone: (n, d) -> (n,)."""
    words = np.ascontiguousarray(vectors, dtype=np.float32).view(np.uint32).astype(np.uint64)
    # Explicit odd multipliers, wrapping on purpose: a hash that needs no Python loop over rows.
    drawn = np.random.default_rng(20261121).integers(1, 2**63, size=(1, words.shape[1]), dtype=np.uint64)
    factors = np.asarray(drawn, dtype=np.uint64) | np.uint64(1)
    keys = np.zeros(len(words), dtype=np.uint64)
    for column in range(words.shape[1]):
        keys ^= words[:, column] * factors[0, column]
        keys = keys * MIXER + np.uint64(column)
    return keys


def neighbour_graph(vectors: NDArray[np.float32], neighbours: int) -> sparse.csr_matrix:
    """Link every row to its nearest rows, weighed by cosine: (n, d) unit vectors -> symmetric (n, n)."""
    count = len(vectors)
    width = min(neighbours, count - 1)
    nearest = np.empty((count, width), dtype=np.int32)
    weights = np.empty((count, width), dtype=np.float32)
    for start in range(0, count, BLOCK):
        block = vectors[start : start + BLOCK] @ vectors.T
        rows = np.arange(len(block))
        block[rows, rows + start] = -2.0
        # Rounded: sums that differ in the last bit must not decide between two neighbours.
        np.round(block, 5, out=block)
        chosen = _largest_in_rows(block, width)
        nearest[start : start + BLOCK] = chosen
        weights[start : start + BLOCK] = np.take_along_axis(block, chosen, axis=1)
    pointers = np.arange(0, count * width + 1, width)
    links = sparse.csr_matrix(
        (np.maximum(weights.ravel(), 1e-6), nearest.ravel(), pointers), shape=(count, count)
    )
    return links.maximum(links.T).tocsr()


def _largest_in_rows(block: NDArray[np.float32], width: int) -> NDArray[np.int64]:
    """Give the columns of the `width` largest values of each row, in no order."""
    rows, columns = block.shape
    groups = -(-columns // GROUP)
    if groups <= width:
        return np.argpartition(block, columns - width, axis=1)[:, columns - width :]
    # The largest values lie in the groups of columns with the largest maxima: most columns are never sorted.
    padded = np.pad(block, ((0, 0), (0, groups * GROUP - columns)), constant_values=-3.0)
    grouped = padded.reshape(rows, groups, GROUP)
    best = np.argpartition(grouped.max(axis=2), groups - width, axis=1)[:, groups - width :]
    best.sort(axis=1)
    candidates = np.take_along_axis(grouped, best[:, :, None], axis=1).reshape(rows, -1)
    inside = np.argpartition(candidates, candidates.shape[1] - width, axis=1)[
        :, candidates.shape[1] - width :
    ]
    return np.asarray(np.take_along_axis(best, inside // GROUP, axis=1) * GROUP + inside % GROUP)


def centroids_of(vectors: NDArray[np.float32], labels: Labels) -> NDArray[np.float32]:
    """Give the unit mean of each label 0 to k - 1: (n, d), (n,) -> (k, d)."""
    count = int(labels.max(initial=NONE)) + 1
    rows = np.flatnonzero(labels >= 0)
    chooser = sparse.csr_matrix((np.ones(len(rows)), (labels[rows], rows)), shape=(count, len(vectors)))
    sums = np.asarray(chooser @ vectors.astype(np.float64))
    lengths = np.linalg.norm(sums, axis=1, keepdims=True)
    return np.asarray(sums / np.maximum(lengths, 1e-12), dtype=np.float32)


def join_twins(vectors: NDArray[np.float32], labels: Labels, twins: float) -> Labels:
    """Join groups that only chance has cut apart: every even cloud of rows has a best cut.

    Args:
        vectors: (n, d) unit vectors.
        labels: (n,) 0 to k - 1, or -1.
        twins: groups are joined while the cosine distance of two centres, less what chance gives, is below
            this share of the mean distance of their rows from them.

    Returns:
        (n,) labels, some of them no longer used.
    """
    count = int(labels.max(initial=NONE)) + 1
    rows = np.flatnonzero(labels >= 0)
    chooser = sparse.csr_matrix((np.ones(len(rows)), (labels[rows], rows)), shape=(count, len(vectors)))
    sums, sizes = np.asarray(chooser @ vectors.astype(np.float64)), np.bincount(labels[rows], minlength=count)
    owner = np.arange(count)
    while len(alive := np.unique(owner)) > 1:
        lengths = np.linalg.norm(sums[alive], axis=1)
        centres = sums[alive] / np.maximum(lengths, 1e-12)[:, None]
        spread = 1.0 - lengths / sizes[alive]  # the mean cosine to the centre is the length of the mean
        # Two samples of one cloud have centres this far apart on average: spread * (1 / size + 1 / size).
        chance = 1.0 / sizes[alive][:, None] + 1.0 / sizes[alive]
        apart = (1.0 - centres @ centres.T) / np.maximum((spread[:, None] + spread) / 2, 1e-9) - chance
        np.fill_diagonal(apart, np.inf)
        one, other = (int(alive[i]) for i in np.unravel_index(apart.argmin(), apart.shape))
        if apart.min() >= twins:
            break
        sums[one] += sums[other]
        sizes[one] += sizes[other]
        owner[owner == other] = one
    return np.asarray(np.append(owner, NONE)[labels])


def _voted(graph: sparse.csr_matrix, hashes: NDArray[np.uint64], rules: LouvainRules) -> sparse.csr_matrix:
    """Weigh each link by the square of the share of cuts that keep its ends together."""
    links = graph.tocoo()
    agreement = np.zeros(links.nnz, dtype=np.float32)
    for vote, exponent in enumerate(np.linspace(-1.0, 1.0, rules.votes)):
        # Nodes are visited in an order of their content: the others keep theirs when some rows come or go.
        order = np.argsort(_mixed(hashes, rules.seed + vote), kind="stable")
        cut = _cut_once(graph[order][:, order], rules.resolution * rules.spread**exponent)
        labels = np.empty_like(cut)
        labels[order] = cut
        agreement += labels[links.row] == labels[links.col]
    weights = links.data * (agreement / rules.votes) ** 2
    voted = sparse.csr_matrix((weights, (links.row, links.col)), shape=graph.shape)
    voted.eliminate_zeros()
    return voted


def _mixed(hashes: NDArray[np.uint64], seed: int) -> NDArray[np.uint64]:
    """Give other hashes for each seed. Source: the finaliser of SplitMix64 (Steele et al. 2014)."""
    mixed = hashes ^ np.uint64((seed + 1) * int(MIXER) % 2**64)
    mixed = (mixed ^ (mixed >> np.uint64(30))) * np.uint64(0xBF58476D1CE4E5B9)
    mixed = (mixed ^ (mixed >> np.uint64(27))) * np.uint64(0x94D049BB133111EB)
    return np.asarray(mixed ^ (mixed >> np.uint64(31)))


def _cut_once(graph: sparse.csr_matrix, resolution: float) -> Labels:
    from sknetwork.clustering import Louvain  # noqa: PLC0415 - imports most of scipy

    if not graph.nnz:
        return np.arange(graph.shape[0], dtype=np.int64)
    louvain = Louvain(
        resolution=resolution,
        modularity="newman",
        tol_optimization=TOLERANCE,
        tol_aggregation=TOLERANCE,
        sort_clusters=False,
        return_probs=False,
        return_aggregate=False,
    )
    return np.asarray(louvain.fit_predict(graph), dtype=np.int64)


def _connected(graph: sparse.csr_matrix, labels: Labels) -> Labels:
    """Split groups that no path inside the group holds together: Louvain may leave some."""
    links = graph.tocoo()
    inside = labels[links.row] == labels[links.col]
    parts = sparse.csr_matrix((links.data[inside], (links.row[inside], links.col[inside])), shape=graph.shape)
    return np.asarray(sparse.csgraph.connected_components(parts, directed=False)[1], dtype=np.int64)


def _largest_first(labels: Labels, same: Labels, min_size: int) -> Labels:
    """Renumber groups of distinct rows by the rows they hold, then by hash; dissolve the small ones."""
    of_rows = labels[same]
    values, counts = np.unique(of_rows[of_rows >= 0], return_counts=True)
    _, first = np.unique(labels[labels >= 0], return_index=True)
    kept = counts >= min_size
    values, first, counts = values[kept], first[kept], counts[kept]
    renumbered = np.full(int(labels.max(initial=NONE)) + 2, NONE, dtype=np.int64)
    renumbered[values[np.lexsort((first, -counts))]] = np.arange(len(values))
    return np.asarray(renumbered[of_rows])


def _louvain_from(options: Mapping[str, Any]) -> Clusterer:
    return LouvainClusterer(LouvainRules(**options))


CLUSTERERS: dict[str, Callable[[Mapping[str, Any]], Clusterer]] = {
    "louvain": _louvain_from,
}


def load_clusterer(kind: str, options: Mapping[str, Any]) -> Clusterer:
    """Build the clusterer that settings.toml names.

    Raises:
        ValueError: when no clusterer has that name.
    """
    if kind not in CLUSTERERS:
        raise ValueError(
            f"unknown clusterer '{kind}'; known: {', '.join(sorted(CLUSTERERS))}; "
            "add yours to CLUSTERERS in nlp/models/themes/clustering.py"
        )
    return CLUSTERERS[kind](options)
