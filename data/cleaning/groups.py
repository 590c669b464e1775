"""Small groups of employees: what few people share is not kept beside their comments."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping
from typing import Protocol

import pandas as pd

from data.schema import MIN_GROUP

LABELS = ("product", "region", "channel", "brand", "location")


class GroupRules(Protocol):
    """Rules that say how many employees have to stand together."""

    @property
    def min_group(self) -> int:
        """The least number."""
        ...


def check_group(rules: GroupRules) -> None:
    """Refuse groups that the tables would refuse.

    Raises:
        ValueError: naming the least size.
    """
    if rules.min_group < MIN_GROUP:
        raise ValueError(
            f"min_group = {rules.min_group}: the tables keep groups of {MIN_GROUP} employees or more"
        )


Common = Mapping[str, frozenset[str]]  # column of the raw frame -> values that enough records share


def count_common(batches: Iterable[pd.DataFrame], texts: Iterable[str], least: int) -> Common:
    """Say which values of a source stand in enough of its records to point at nobody.

    Args:
        batches: RAW comments of the whole source, batch by batch.
        texts: input_ columns that hold comments; they are masked instead.
        least: records that have to share a value.

    Returns:
        For every label and every other input_ column the values that may be kept.
    """
    left_out = set(texts)
    counts: dict[str, Counter[str]] = defaultdict(Counter)
    for batch in batches:
        records = batch.drop_duplicates("row")  # a record with several answers is one person
        for name in map(str, batch.columns):
            if name in LABELS or (name.startswith("input_") and name not in left_out):
                counts[name].update(records[name].dropna())
    return {name: frozenset(v for v, n in found.items() if n >= least) for name, found in counts.items()}


def without_small_groups(feedback: pd.DataFrame, raw: pd.DataFrame, common: Common) -> pd.DataFrame:
    """Leave out of comments what too few people share.

    Args:
        feedback: FEEDBACK with its input_ columns, n rows.
        raw: the RAW comments it was made of, aligned; values are told apart as they stood there.
        common: what may be kept.

    Returns:
        n rows, those values missing.
    """
    kept = {
        name: feedback[name].where(raw[name].isin(values).to_numpy(), None)
        for name, values in common.items()
        if name in feedback and name in raw
    }
    return feedback.assign(**kept)
