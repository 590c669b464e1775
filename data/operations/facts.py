"""What orders, tickets and customers have in common: keys, days, yes and no, repeats, merging."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import pandas as pd
import pyarrow as pa

from data.table import Table

LINE_COLUMN = re.compile(
    r"^input_.*(?:\bitem|_item|\bline|_line|sequential|installment|position)", re.IGNORECASE
)
YES = frozenset((
    "yes", "y", "true", "1", "1.0", "x", "t", "sì", "si", "sí", "s", "vero", "tak", "prawda", "ja", "wahr",
    "oui", "vrai", "sim", "verdadeiro", "نعم", "صح", "是", "真",
))  # fmt: skip
NO = frozenset((
    "no", "n", "false", "0", "0.0", "f", "falso", "nie", "fałsz", "nein", "falsch", "non", "faux", "não",
    "nao", "لا", "خطأ", "否", "假",
))  # fmt: skip


@dataclass(frozen=True)
class Keying:
    """How what identifies or names somebody is made safe to keep.

    Attributes:
        key: turns an id into its keyed hash, as for FEEDBACK.
        clean: cleans and masks a column of labels, as region or seller.
    """

    key: Callable[[str], str]
    clean: Callable[[pd.Series], list[str | None]]

    def keys(self, ids: pd.Series) -> pd.Series:
        """Hash a column of ids; missing ones stay missing."""
        hashes = {value: self.key(value) for value in ids.dropna().unique()}
        return ids.map(hashes).astype("str")

    def labels(self, cells: pd.Series) -> pd.Series:
        """Clean and mask a column of labels."""
        return pd.Series(self.clean(cells), index=cells.index, dtype="str")


Build = Callable[[pd.DataFrame, Keying], pd.DataFrame]


def condense(raw: pd.DataFrame) -> pd.DataFrame:
    """Keep of a batch what a table of operations needs: the other cells become one hash that tells repeats.

    Args:
        raw: n RAW operations with their input_ columns.

    Returns:
        n rows: the roles, `row`, `cells` (hash of the whole record), `is_line` (one of several of an order).
    """
    inputs = [name for name in raw if str(name).startswith("input_")]
    kept = raw[[name for name in raw if name not in inputs]].copy()
    kept["cells"] = pd.util.hash_pandas_object(raw[inputs], index=False) if inputs else raw["row"]
    kept["is_line"] = any(LINE_COLUMN.search(str(name)) for name in inputs)
    return kept


def without_id(raw: pd.DataFrame, role: str) -> pd.DataFrame:
    """Give the set-aside rows of records that nothing can be joined to."""
    what = role.replace("_", " ")
    return pd.DataFrame(
        {
            "row": raw["row"].astype("int64"),
            "reason": f"no_{role}",
            "detail": f"the record has no {what}, so nothing can be joined to it",
        }
    ).reset_index(drop=True)


def last_words(raw: pd.DataFrame, key: str) -> pd.DataFrame:
    """Give each id once, by id: of every column the last cell, in file order, that says something."""
    return raw.sort_values("row", kind="stable").groupby(key, sort=True).last().reset_index()


def day_of(moments: pd.Series) -> pd.Series:
    """Give the UTC days of a column of moments."""
    days = pa.array(moments.dt.tz_localize(None), pa.timestamp("us")).cast(pa.date32(), safe=False)
    return pd.Series(days, index=moments.index, dtype=pd.ArrowDtype(pa.date32()))


def yes_or_no(cells: pd.Series) -> pd.Series:
    """Read a column of yes and no in nine languages: boolean, missing where a cell is neither."""
    words = cells.str.strip().str.casefold()
    answer = pd.Series(pd.NA, index=cells.index, dtype="boolean")
    return answer.mask(words.isin(YES), other=True).mask(words.isin(NO), other=False)


def merge_facts(table: Table, frames: Sequence[pd.DataFrame]) -> pd.DataFrame:
    """Give every key once, by key: of every column the last value not missing, whatever frame says it."""
    filled = [table.to_arrow(frame) for frame in frames if len(frame)]
    if not filled:
        empty: pd.DataFrame = table.empty().to_pandas()
        return empty
    whole: pd.DataFrame = pa.concat_tables(filled).to_pandas(types_mapper=pd.ArrowDtype)
    key = table.key[0]
    if not whole[key].duplicated().any():
        return whole.sort_values(key, kind="stable", ignore_index=True)
    return whole.groupby(key, sort=True).last().reset_index()
