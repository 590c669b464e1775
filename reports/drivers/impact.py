"""The published impact of a theme: the score with everything minus the score without the theme."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import sparse

from reports.facts.intervals import Z_95

Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class Impacts:
    """Of k columns: comments, mean score with and without them, the impact and its 95 % interval."""

    count: Numbers
    score_with: Numbers
    score_without: Numbers
    impact: Numbers
    low: Numbers
    high: Numbers


def measure_impacts(mentioned: sparse.csr_array, score: Numbers) -> Impacts:
    """Measure what the mean score would lose or gain without the comments of each column.

    With p the share of comments in the column, the impact is p (mean with - mean without). Its interval is
    the delta method's: the spread of what each single comment adds to it.

    Args:
        mentioned: (n, k) 1 where a comment belongs to the column.
        score: (n,) the score of each comment.

    Returns:
        Impacts of k columns; NaN where all comments belong, or none.

    Source:
        Impact: "score of all minus score of all without the theme", as Thematic and Kapiche publish it.
    """
    n = len(score)
    mean = score.mean()
    count = np.asarray(mentioned.sum(axis=0)).ravel()
    total, squares = mentioned.T @ score, mentioned.T @ score**2
    with np.errstate(divide="ignore", invalid="ignore"):
        inside = total / count
        outside = (score.sum() - total) / (n - count)
        inside_spread = squares - count * inside**2
        outside_spread = (score**2).sum() - squares - (n - count) * outside**2
    # A comment outside pulls by (y - mean) - (y - outside) n / (n - count), one inside by (y - mean).
    keep = n / np.maximum(n - count, 1)
    inside_pull = inside_spread + count * (inside - mean) ** 2
    outside_pull = outside_spread * (1 - keep) ** 2 + (n - count) * (outside - mean) ** 2
    half = Z_95 * np.sqrt(np.maximum(inside_pull + outside_pull, 0)) / n
    impact = mean - outside
    return Impacts(count, inside, outside, impact, impact - half, impact + half)
