"""Inputs that are read anew with other settings or code: what the former reading kept gives way."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection

import pandas as pd

from data.schema import FEEDBACK, INPUTS
from data.store import Store

# What a row says beside its version: other settings may find it in another column.
_MEANING = (
    "created_at", "updated_at", "source_kind", "author_key", "customer_key", "order_key", "product", "region",
    "channel", "brand", "location",
)  # fmt: skip


def meanings(feedback: pd.DataFrame) -> list[int]:
    """Hash what FEEDBACK rows say beside their version: n rows -> n numbers."""
    plain = pd.DataFrame(index=feedback.index)
    for name in _MEANING:
        if name in ("created_at", "updated_at"):
            moments = pd.to_datetime(feedback[name], utc=True).astype("datetime64[us, UTC]")
            plain[name] = moments.astype("int64")
        else:
            plain[name] = feedback[name].astype("object").where(feedback[name].notna(), "")
    return [int(value) for value in pd.util.hash_pandas_object(plain, index=False)]


def former_comments(store: Store, contents: Collection[tuple[str, str]]) -> dict[str, tuple[str, int]]:
    """Give what earlier ingests kept of these very contents.

    Args:
        store: the output.
        contents: (name, hash) of the inputs that are about to be read.

    Returns:
        feedback_id -> its source, and what it meant there. Comments whose newer version came are left out.
    """
    names_of: dict[str, set[str]] = defaultdict(set)  # part -> sources
    for entry in store.ledger():
        rows = store.read(INPUTS, entry["ingest"], ["source", "input_hash"]).to_pylist()
        names = {row["source"] for row in rows if (row["source"], row["input_hash"]) in contents}
        for part in entry["parts"] if names else ():
            names_of[part] = names
    former: dict[str, tuple[str, int]] = {}
    parts = sorted(names_of)
    for part, arrow in zip(
        parts, store.scan(FEEDBACK, parts, ["feedback_id", "source", *_MEANING]), strict=True
    ):
        frame = arrow.to_pandas()
        frame = frame[frame["source"].isin(names_of[part])]
        facts = zip(frame["source"].tolist(), meanings(frame), strict=True)
        former |= dict(zip(frame["feedback_id"].tolist(), facts, strict=True))
    return former


def gone_comments(store: Store) -> set[str]:
    """Give the ids that a new reading no longer has: their rows are stale, and there is no newer one."""
    since = store.stale_since()
    live: set[str] = set()
    for part in store.finished_parts() if since else ():
        ids = store.read(FEEDBACK, part, ["feedback_id"])["feedback_id"].to_pylist()
        live.update(one for one in ids if one in since and part >= since[one])
    return set(since) - live
