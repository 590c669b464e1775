"""A score on all subjects at once: what each is worth beside the others, and how sure that is."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
from scipy import linalg, sparse

from reports.facts.intervals import Z_95

Numbers = npt.NDArray[np.float64]
MOST_LEVERAGE = (
    0.95  # a comment that alone decides a coefficient has a leverage near 1: 1 / (1 - h) must stay finite
)
ROWS_AT_ONCE = 50_000  # keeps the dense rows of the leverages under 100 MB


@dataclass(frozen=True)
class Effects:
    """What k columns do to the score, each with the others held: value and 95 % interval."""

    value: Numbers
    low: Numbers
    high: Numbers


def fit_effects(
    subjects: sparse.csr_array,
    controls: sparse.csr_array,
    score: Numbers,
    *,
    ridge: float,
    author: npt.NDArray[np.int64],
) -> Effects:
    """Fit a linear regression with a light ridge, and its interval.

    The interval is that of the score bootstrap with normal weights. Its distribution over all draws is
    known in closed form, the sandwich estimator, so nothing is drawn: the same answer every time, in one
    pass. Residuals are scaled by 1 / (1 - leverage) (HC3), and summed by author: who writes
    twice counts once.

    Args:
        subjects: (n, k) what each comment speaks of; these columns are shrunk.
        controls: (n, c) what scores differ by anyway, as the kind of feedback; not shrunk.
        score: (n,) the score of each comment.
        ridge: comments' worth of evidence that a subject has no effect.
        author: (n,) code of who wrote it.

    Returns:
        Effects of the k subjects, in units of the score.

    Source:
        Kline and Santos 2012, Journal of Econometric Methods 1:23 (score bootstrap).
        MacKinnon and White 1985, Journal of Econometrics 29:305 (HC3).
    """
    n, k = subjects.shape
    design = sparse.csr_array(sparse.hstack([subjects, controls, np.ones((n, 1))], format="csr"))
    penalty = np.full(design.shape[1], ridge)
    penalty[k:] = 1e-9  # controls that repeat each other still have one solution
    gram = (design.T @ design).toarray() + np.diag(penalty)
    inverse = linalg.inv(gram, check_finite=False)
    centre = (
        score.mean()
    )  # fitted around the mean: the last digits of a long column do not depend on its level
    beta = inverse @ (design.T @ (score - centre))
    residual = score - centre - design @ beta
    scaled = residual / (1 - np.minimum(_leverage(design, inverse), MOST_LEVERAGE))
    spread = inverse @ _crossed(design, scaled, author) @ inverse
    half = Z_95 * np.sqrt(np.maximum(np.diag(spread)[:k], 0))
    return Effects(beta[:k], beta[:k] - half, beta[:k] + half)


def _crossed(design: sparse.csr_array, residual: Numbers, author: npt.NDArray[np.int64]) -> Numbers:
    """Sum what each person pulls at each column, and cross these sums: (columns, columns)."""
    n = len(residual)
    pulls = sparse.csr_array(design.multiply(residual[:, None]))
    gather = sparse.csr_array((np.ones(n), (author, np.arange(n))), shape=(int(author.max()) + 1, n))
    by_author = gather @ pulls
    return np.asarray((by_author.T @ by_author).toarray())


def _leverage(design: sparse.csr_array, inverse: Numbers) -> Numbers:
    parts = [
        np.asarray(rows.multiply(rows @ inverse).sum(axis=1)).ravel()
        for rows in (
            design[start : start + ROWS_AT_ONCE] for start in range(0, design.shape[0], ROWS_AT_ONCE)
        )
    ]
    return np.concatenate(parts)
