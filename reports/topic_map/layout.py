"""Where topics lie on the map: near each other when they mean like things, and not over each other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

_ROUNDS = 300
_SHARE = 0.22  # of the map's area that circles may fill: more leaves no gaps to see, less is too small to tap
_SMALLEST = 0.012  # radius; with 1,000 pixels to the map a finger still hits it


def place_circles(
    centroids: NDArray[np.float32], sizes: NDArray[np.int64]
) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
    """Lay topics out as circles in the unit square.

    Classical scaling of the cosine distances, then circles that overlap push each other away.

    Args:
        centroids: (k, d) unit vectors.
        sizes: (k,) segments of each topic.

    Returns:
        Centres (k, 2) and radii (k,); areas go with the sizes, all circles lie within the square.

    Source: Torgerson (1952), Multidimensional scaling: I. Theory and method.
    """
    count = len(sizes)
    if not count:
        return np.zeros((0, 2)), np.zeros(0)
    shares = np.maximum(sizes.astype(np.float64), 1.0) / max(float(sizes.sum()), 1.0)
    radii = np.maximum(np.sqrt(shares * _SHARE / np.pi), _SMALLEST)
    points = _apart(_scaled(centroids.astype(np.float64)), radii)
    low, high = (points - radii[:, None]).min(axis=0), (points + radii[:, None]).max(axis=0)
    span = float(max((high - low).max(), 1e-9))
    centred = (points - (low + high) / 2) / span + 0.5
    return np.round(centred, 4), np.round(radii / span, 4)


def _scaled(centroids: NDArray[np.float64]) -> NDArray[np.float64]:
    """Give each topic a point whose distances are near to the cosine distances: (k, d) -> (k, 2)."""
    count = len(centroids)
    if count == 1:
        return np.full((1, 2), 0.5)
    squared = 2.0 * (1.0 - np.clip(centroids @ centroids.T, -1.0, 1.0))
    centring = np.eye(count) - 1.0 / count
    values, vectors = np.linalg.eigh(-0.5 * centring @ squared @ centring)
    axes = vectors[:, ::-1][:, :2] * np.sqrt(np.maximum(values[::-1][:2], 0.0))
    # An eigenvector has no sign of its own: the same topics shall give the same map.
    largest = np.abs(axes).argmax(axis=0)
    axes = axes * np.where(axes[largest, range(axes.shape[1])] < 0, -1.0, 1.0)
    spread = np.ptp(axes, axis=0).max()
    return np.asarray(axes / max(float(spread), 1e-9))


def _apart(points: NDArray[np.float64], radii: NDArray[np.float64]) -> NDArray[np.float64]:
    """Push circles that overlap away from each other."""
    gap = radii[:, None] + radii[None, :] + 0.004
    np.fill_diagonal(gap, 0.0)
    # Equal points have no direction to part in: a spiral gives each its own.
    angles = np.arange(len(points)) * 2.399963
    points = points + 1e-6 * np.stack([np.cos(angles), np.sin(angles)], axis=1)
    for _ in range(_ROUNDS):
        between = points[:, None, :] - points[None, :, :]
        distance = np.maximum(np.linalg.norm(between, axis=2), 1e-9)
        overlap = np.maximum(gap - distance, 0.0)
        if overlap.max() < 1e-4:
            break
        points = points + (between / distance[:, :, None] * (overlap / 2)[:, :, None]).sum(axis=1) * 0.7
    return points
