"""What earlier ingests have left: which sources were read, up to where, and what an interrupted one made."""

from __future__ import annotations

from data.schema import INPUTS, TABLES
from data.store import Store


def sweep(store: Store) -> None:
    """Delete parts that no finished ingest names: an interrupted run left them."""
    ingests = {entry["ingest"] for entry in store.ledger()}
    finished = set(store.finished_parts())
    for table in TABLES:
        for part in store.parts(table):
            is_per_ingest = part.isdigit() and part not in ingests
            is_per_chunk = "-" in part and part not in finished
            if is_per_ingest or is_per_chunk:
                store.drop(table, part)


def known_marks(store: Store, reading: str) -> dict[str, str]:
    """Give the mark of each query, the newest; other settings or code read from the start again."""
    marks: dict[str, str] = {}
    for entry in store.ledger():
        rows = store.read(INPUTS, entry["ingest"], ["source", "reading", "mark"])
        marks |= {
            row["source"]: row["mark"]
            for row in rows.to_pylist()
            if row["mark"] and row["reading"] == reading
        }
    return marks


def known_inputs(store: Store, reading: str) -> set[tuple[str, str]]:
    """Give name and hash of every source whose latest reading was with these settings and this code."""
    latest: dict[tuple[str, str], str] = {}
    for entry in store.ledger():
        rows = store.read(INPUTS, entry["ingest"], ["source", "input_hash", "reading"])
        latest |= {(row["source"], row["input_hash"]): row["reading"] for row in rows.to_pylist()}
    return {content for content, used in latest.items() if used == reading}
