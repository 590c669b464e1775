"""Which employee groups may be shown: none under the minimum size, nor one that subtraction would reveal."""

from __future__ import annotations

import numpy as np
import pandas as pd

ONE_PARENT = ["period", "start", "dimension"]  # the values of a dimension add up to the whole period
ONE_HISTORY = ["period", "dimension", "value"]  # the periods of a group add up to its whole history


def hidden_groups(groups: pd.DataFrame, *, min_group: int) -> np.ndarray:
    """Say which groups must not be shown.

    A group under the minimum is hidden. If everything hidden beside its brothers still sums to less than
    the minimum, the total minus the shown ones would give it away: then the smallest shown brother is
    hidden too, until the sum reaches the minimum.

    Args:
        groups: period, start, dimension, value and n (comments) of each employee group; n rows.
        min_group: smallest size that may be shown.

    Returns:
        (n,) bool, true where hidden, in the order of `groups`.

    Source:
        Cell suppression, primary and complementary: Hundepool et al., Statistical Disclosure Control, 2012.
    """
    hidden = groups["n"].to_numpy() < min_group
    while True:
        before = hidden.copy()
        for brothers in (ONE_PARENT, ONE_HISTORY):
            hidden |= _give_aways(groups, hidden, brothers, min_group)
        if (hidden == before).all():
            return hidden


def _give_aways(groups: pd.DataFrame, hidden: np.ndarray, brothers: list[str], min_group: int) -> np.ndarray:
    """Find the smallest shown group of each family whose hidden members sum to less than the minimum."""
    frame = groups[brothers + ["value", "n"]].loc[:, lambda f: ~f.columns.duplicated()].copy()
    frame["start"], frame["hidden"], frame["position"] = groups["start"], hidden, np.arange(len(groups))
    frame["out"] = np.where(hidden, frame["n"], 0)
    family = frame.groupby(brothers, sort=False, dropna=False)
    at_risk = family["out"].transform("sum").between(1, min_group - 1) & (family["n"].transform("size") > 1)
    shown = frame[at_risk & ~frame["hidden"]].sort_values(["n", "value", "start"], kind="stable")
    smallest = shown.groupby(brothers, sort=False, dropna=False)["position"].first()
    found = np.zeros(len(groups), dtype=bool)
    found[smallest.to_numpy(dtype=np.int64)] = True
    return found
