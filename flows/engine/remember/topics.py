"""What topic runs remember: a snapshot per ingest, and one per refit between them."""

from __future__ import annotations

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import MEMBERS, SEGMENTS, TOPIC_CENTROIDS, TOPIC_EVENTS, TOPICS
from data.store import Store, stamp_of
from flows.engine.remember.snapshots import Snapshot, Snapshots
from nlp.topics.rules import Topics

_TABLES = (TOPICS, TOPIC_CENTROIDS, TOPIC_EVENTS)


def open_topic_memory(store: Store) -> Snapshots:
    """Open what topic runs remember."""
    return Snapshots(store, "topics", _TABLES)


def empty_state() -> dict[str, pd.DataFrame]:
    """Give the tables before the first run."""
    return {table.name: table.empty().to_pandas() for table in _TABLES}


def state_of(snapshot: Snapshot | None) -> dict[str, pd.DataFrame]:
    """Give the remembered tables by name; empty ones for none."""
    return {n: t.to_pandas() for n, t in snapshot.tables.items()} if snapshot else empty_state()


def as_state(table: pd.DataFrame, found: Topics) -> dict[str, pd.DataFrame]:
    """Give what is remembered, by name: TOPICS, TOPIC_CENTROIDS, and the events of all runs."""
    return {"topics": table, "topic_centroids": found.centroids, "topic_events": found.events}


def next_key(store: Store, latest: Snapshot | None) -> str:
    """Give the key of the next snapshot: 0005 after the fifth ingest, then 0005.1 for a refit of the same."""
    ingest = f"{len(store.ledger()):04d}"
    if latest is None or latest.key < ingest:
        return ingest
    return f"{ingest}.{int(latest.key.partition('.')[2] or 0) + 1}"


def published_stamp(notes: dict[str, object], key: str) -> str:
    """Give the stamp of the tables that were made from one snapshot."""
    return stamp_of("topics", notes["stamp"], key)


def with_events(before: pd.DataFrame, new: pd.DataFrame) -> pd.DataFrame:
    """Add events to those of earlier runs; what is told twice counts once."""
    told = [frame.astype(object) for frame in (before, new) if not frame.empty]
    none: pd.DataFrame = TOPIC_EVENTS.empty().to_pandas()
    if not told:
        return none
    return pd.concat(told, ignore_index=True).drop_duplicates(list(TOPIC_EVENTS.key), keep="last")


def pending_path(key: str) -> str:
    """Give the file that holds the MEMBERS of a refit until all parts are rewritten."""
    return f"state/topics/{key}/members.parquet"


def write_members(store: Store, parts: list[str], members: pd.DataFrame | pa.Table, stamp: str) -> None:
    """Write MEMBERS of some parts, each with the segments that are its own."""
    arrow = MEMBERS.to_arrow(members)
    for part in parts:
        ids = store.read(SEGMENTS, part, ["segment_id"])["segment_id"]
        mine = arrow.filter(pc.is_in(arrow["segment_id"], value_set=pa.chunked_array(ids.chunks)))
        store.write(MEMBERS, mine, part=part, stamp=stamp)
