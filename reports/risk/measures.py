"""How good a forecast of leaving is: AUC with its interval, calibration, lift among the most at risk."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
from scipy import stats

from reports.facts.intervals import Z_95

Numbers = npt.NDArray[np.float64]


def auc(risk: Numbers, left: npt.NDArray[np.bool_]) -> tuple[float, float, float]:
    """Give the chance that one who left had the higher risk, with its 95 % interval.

    Source:
        DeLong, DeLong and Clarke-Pearson 1988, Biometrics 44:837; on the logit scale, to stay in 0 to 1.
    """
    gone, stayed = risk[left], risk[~left]
    if len(gone) < 2 or len(stayed) < 2:
        return (float("nan"),) * 3
    ranks = stats.rankdata(np.concatenate([gone, stayed]))
    of_gone = (ranks[: len(gone)] - stats.rankdata(gone)) / len(stayed)
    of_stayed = 1 - (ranks[len(gone) :] - stats.rankdata(stayed)) / len(gone)
    area = float(of_gone.mean())
    spread = float(np.sqrt(of_gone.var(ddof=1) / len(gone) + of_stayed.var(ddof=1) / len(stayed)))
    inside = min(max(area, 1e-6), 1 - 1e-6)
    half = Z_95 * spread / (inside * (1 - inside))
    middle = np.log(inside / (1 - inside))
    low, high = 1 / (1 + np.exp(-(middle - half))), 1 / (1 + np.exp(-(middle + half)))
    return area, float(low), float(high)


def calibration(risk: Numbers, left: npt.NDArray[np.bool_]) -> tuple[float, float]:
    """Give how far off the risks are: expected leavers over real ones, and the slope (1 is right).

    Source:
        Cox 1958, Biometrika 45:562: slope of a logistic regression of what came on the log odds of the risk.
    """
    odds = np.log(np.clip(risk, 1e-6, 1 - 1e-6) / np.clip(1 - risk, 1e-6, 1))
    design = np.column_stack([np.ones(len(odds)), odds])
    beta = np.array([0.0, 1.0])
    for _ in range(25):
        mean = 1 / (1 + np.exp(-np.clip(design @ beta, -30, 30)))
        weight = np.maximum(mean * (1 - mean), 1e-9)
        step = np.linalg.solve((design.T * weight) @ design + 1e-6 * np.eye(2), design.T @ (left - mean))
        beta = beta + np.clip(step, -2, 2)
    real = float(left.sum())
    return float(risk.sum() / real) if real else float("nan"), float(beta[1])


def lift_at_top(risk: Numbers, left: npt.NDArray[np.bool_], *, share: float) -> float:
    """Give how many times more often those most at risk left than all."""
    base = float(left.mean())
    most = max(int(round(share * len(risk))), 1)
    top = np.argsort(-risk, kind="stable")[:most]
    return float(left[top].mean() / base) if base else float("nan")
