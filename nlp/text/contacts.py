"""Segments that are only how to reach somebody: "Tel. [PHONE]" says nothing about anything."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

MOST_WORDS = 2  # "Bestellung Nr [ORDER]"; one word more may be an opinion
_PLACEHOLDER = r"\[[A-Z][A-Z_]{1,30}\]"


def only_contacts(texts: pd.Series) -> np.ndarray:
    """Say which of n masked texts hold a placeholder and at most MOST_WORDS words beside it.

    Returns:
        (n,) bool, in their order. A text without a placeholder is never one: "Terrible" stays an opinion.
    """
    values = pa.array(texts, pa.string())
    masked = pc.match_substring_regex(values, _PLACEHOLDER)
    rest = pc.replace_substring_regex(values, _PLACEHOLDER, " ")
    words = pc.count_substring_regex(rest, r"[\pL\pM]+")
    # Chinese writes no spaces: two words are about four signs.
    signs = pc.count_substring_regex(rest, r"\p{Han}")
    few = pc.and_(pc.less_equal(words, MOST_WORDS), pc.less_equal(signs, 2 * MOST_WORDS))
    return np.asarray(pc.and_(masked, few), dtype=bool)
