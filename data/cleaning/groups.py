"""Small groups of employees: what few people share, alone or together, is not kept beside their comments."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Protocol

import numpy as np
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


@dataclass(frozen=True)
class Common:
    """Which attributes of which employees may be stored.

    Attributes:
        rows: numbers of the records, ascending; n of them.
        kept: column of the raw frame -> whether it may be kept, per record of `rows`.
    """

    rows: np.ndarray
    kept: Mapping[str, np.ndarray]


def count_common(batches: Iterable[pd.DataFrame], texts: Iterable[str], least: int) -> Common:
    """Say which attributes of a source's employees point at nobody, alone or together.

    Column by column, the coarsest first, a value is kept only for records that share it and all that was kept
    before with enough others. What is left empty has to be enough records, too: else a few more are emptied,
    so that nobody is known by what is missing.

    Args:
        batches: RAW comments of the whole source, batch by batch.
        texts: input_ columns that hold comments; they are masked instead.
        least: records that have to share all that is kept of them.

    Returns:
        For every label and every other input_ column, the records whose values may be kept.
    """
    rows, codes = _attributes(batches, set(texts))
    group = np.zeros(len(rows), np.int64)
    kept: dict[str, np.ndarray] = {}
    for name in sorted(codes, key=lambda name: (name not in LABELS, int(codes[name].max(initial=-1)), name)):
        kept[name] = _shared(group, codes[name], least)
        value = np.where(kept[name], codes[name] + 1, 0)
        group = np.unique(group * (int(codes[name].max(initial=-1)) + 2) + value, return_inverse=True)[1]
    return Common(rows, kept)


def without_small_groups(feedback: pd.DataFrame, raw: pd.DataFrame, common: Common) -> pd.DataFrame:
    """Leave out of comments what would single an employee out.

    Args:
        feedback: FEEDBACK with its input_ columns, n rows.
        raw: the RAW comments it was made of, aligned.
        common: what may be kept.

    Returns:
        n rows, those values missing.
    """
    rows = raw["row"].to_numpy(np.int64)
    places = np.searchsorted(common.rows, rows).clip(0, max(len(common.rows) - 1, 0))
    is_known = common.rows[places] == rows if len(common.rows) else np.zeros(len(rows), bool)
    kept = {
        name: feedback[name].where(of_records[places] & is_known, None)
        for name, of_records in common.kept.items()
        if name in feedback and len(of_records)
    }
    return feedback.assign(**kept)


def _attributes(
    batches: Iterable[pd.DataFrame], left_out: set[str]
) -> tuple[np.ndarray, dict[str, np.ndarray]]:
    """Number the values of every column; a record with several answers is one person."""
    seen: dict[str, dict[object, int]] = {}
    parts: list[pd.DataFrame] = []
    for batch in batches:
        records = batch.drop_duplicates("row")
        names = [n for n in map(str, batch.columns) if n in LABELS or n.startswith("input_")]
        numbers = {"row": records["row"].to_numpy(np.int64)}
        for name in (name for name in names if name not in left_out):
            known = seen.setdefault(name, {})
            numbers[name] = np.array(
                [-1 if pd.isna(v) else known.setdefault(v, len(known)) for v in records[name]], np.int64
            )
        parts.append(pd.DataFrame(numbers))
    if not parts:
        return np.zeros(0, np.int64), {}
    whole = pd.concat(parts, ignore_index=True).drop_duplicates("row").sort_values("row")
    codes = {name: whole[name].fillna(-1).to_numpy(np.int64) for name in seen}
    return whole["row"].to_numpy(), codes


def _shared(group: np.ndarray, codes: np.ndarray, least: int) -> np.ndarray:
    """Say which records may keep their value of one column, given the groups of what they keep already."""
    key = group * (int(codes.max(initial=-1)) + 2) + codes + 1
    _, value, counts = np.unique(key, return_inverse=True, return_counts=True)
    kept = np.asarray((codes >= 0) & (counts[value] >= least))
    size = np.bincount(group)
    empty = size - np.bincount(group, weights=kept).astype(np.int64)
    order, ends = np.argsort(group, kind="stable"), np.cumsum(size)
    for one in np.flatnonzero((empty > 0) & (empty < least)):
        members = order[ends[one] - size[one] : ends[one]]
        members = members[kept[members]]
        if len(members):
            kept[_to_empty(members, value[members], int(least - empty[one]), least)] = False
    return kept


def _to_empty(members: np.ndarray, values: np.ndarray, missing: int, least: int) -> np.ndarray:
    """Choose who joins too few empty ones: some of those with the commonest value, or all with the rarest."""
    found, counts = np.unique(values, return_counts=True)
    largest = int(counts.argmax())
    if counts[largest] - missing >= least:
        return np.asarray(members[values == found[largest]][:missing])
    return np.asarray(members[values == found[int(counts.argmin())]])
