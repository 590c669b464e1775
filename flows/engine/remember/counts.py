"""The counts that `voc detect` was given so far: with a state, a table of the new days alone is enough."""

from __future__ import annotations

from datetime import timedelta

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import COUNTS
from data.store import Store

_PATH = "state/counts.parquet"


def remember_counts(store: Store, counts: pa.Table, *, reach: int) -> pa.Table:
    """Add counts to those of earlier runs, and keep what later runs need; a killed run may repeat it.

    From its first to its last day the new table is the truth, so that a corrected or grown one replaces what
    was remembered.

    Args:
        store: where the state lies.
        counts: COUNTS, checked.
        reach: days that detection looks back; the very first day stays too, as it says since when we count.

    Returns:
        COUNTS, all that is known of these days.
    """
    known = _read(store)
    if counts.num_rows:
        first, last = pc.min_max(counts["date"]).as_py().values()
        known = known.filter((pc.field("date") < first) | (pc.field("date") > last))
    everything = pa.concat_tables([known, counts.cast(COUNTS.columns)])
    if everything.num_rows:
        first, last = pc.min_max(everything["date"]).as_py().values()
        is_near = pc.field("date") >= last - timedelta(days=reach)
        everything = everything.filter(is_near | (pc.field("date") == first))
    store.write_file(_PATH, COUNTS, everything)
    return everything


def _read(store: Store) -> pa.Table:
    try:
        return store.read_file(_PATH).cast(COUNTS.columns)
    except FileNotFoundError:
        return COUNTS.empty()
