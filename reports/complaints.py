"""What a complaint is: the one rule behind every count of complaints, for arrays and for SQL.

A mention of a category or topic is a complaint when it is negative, or when the comment as a whole complains
and the mention does not praise. So praise inside a complaint is no complaint, and the bare facts of a
complaint ("it arrived on Friday") are part of it.
"""

from __future__ import annotations

from typing import Any

import numpy as np

COMPLAINT = "complaint"  # the intent of DOCUMENTS that marks a comment that complains as a whole
NEGATIVE, POSITIVE = "negative", "positive"

Bools = np.ndarray[Any, np.dtype[np.bool_]]


def is_complaint(negative: Bools, positive: Bools, complains: Bools) -> Bools:
    """Say which mentions are complaints.

    Args:
        negative: (n,) whether the mention is negative.
        positive: (n,) whether it is positive.
        complains: (n,) whether the comment as a whole complains (intent `complaint`).

    Returns:
        (n,) booleans.
    """
    return np.asarray(negative | (complains & ~positive))


def complaint_sql(sentiment: str, intent: str) -> str:
    """Write the same rule as an SQL condition over two expressions: the mention's sentiment, the comment's intent."""
    return f"({sentiment} = '{NEGATIVE}' OR ({intent} = '{COMPLAINT}' AND {sentiment} <> '{POSITIVE}'))"
