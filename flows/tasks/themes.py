"""Task: clauses and vectors -> topics that keep their ids."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ASPECTS, EMBEDDINGS, FEEDBACK, MEMBERS, SEGMENTS, TOPIC_CENTROIDS, TOPICS, to_matrix
from flows import models
from flows.engine.run import Run
from flows.engine.snapshots import Snapshot, Snapshots
from flows.engine.stages import stage
from nlp.topics.find import find_topics
from nlp.topics.rules import TopicContext, Topics

_SECTIONS = ("topics", "topic_labels")
_SEGMENT_COLUMNS = ["feedback_id", "segment_id", "text_id", "text", "language"]


@stage("Finding topics")
def topics(run: Run) -> dict[str, Any] | None:
    """Assign new clauses, open topics for what is new: SEGMENTS, EMBEDDINGS, ASPECTS -> TOPICS, MEMBERS.

    The first run fits; later runs carry its topics on, from the snapshot of the ingest before.
    """
    parts = run.parts()
    key = f"{len(run.store.ledger()):04d}"
    memory = Snapshots(run.store, "topics", (TOPICS, TOPIC_CENTROIDS))
    stamps = [run.store.stamp(table, part) for table in (EMBEDDINGS, ASPECTS) for part in parts]
    stamp = run.stamp("topics", _SECTIONS, stamps)
    notes = memory.notes(key)
    if notes is not None and notes["stamp"] == stamp:
        latest = memory.latest()
        is_published = run.store.stamp(TOPICS) == stamp
        if latest is not None and not is_published:
            run.store.write(TOPICS, latest.tables["topics"], stamp=stamp)
        run.record.facts["topic_count"] = run.store.read(TOPICS, columns=["topic_id"]).num_rows
        return None
    space = run.stamp("topic space", (), models.encoder(run).name)
    before = _usable(memory.latest(before=key), space)
    new = [part for part in parts if before is None or part not in before.notes["parts"]]
    found = _find(run, new, before)
    _write_members(run, new, found.members, stamp)
    saved = {"topics": found.topics, "topic_centroids": found.centroids}
    memory.save(key, saved, {"stamp": stamp, "space": space, "parts": parts})
    run.store.write(TOPICS, found.topics, stamp=stamp)
    run.record.facts["topic_count"] = len(found.topics)
    return {"topics": len(found.topics), "segments": len(found.members)}


def _usable(latest: Snapshot | None, space: str) -> Snapshot | None:
    """Topics live in the space of one encoder; with another one they are found anew."""
    return latest if latest is not None and latest.notes["space"] == space else None


def _find(run: Run, parts: list[str], before: Snapshot | None) -> Topics:
    known = (
        before.tables if before else {"topics": TOPICS.empty(), "topic_centroids": TOPIC_CENTROIDS.empty()}
    )
    context = TopicContext(
        aspects=run.store.read_all(ASPECTS, parts).to_pandas(),
        dates=run.store.read_all(FEEDBACK, parts, ["feedback_id", "created_at"]).to_pandas(),
        topics=known["topics"].to_pandas(),
        centroids=known["topic_centroids"].to_pandas(),
    )
    return find_topics(
        run.store.read_all(SEGMENTS, parts, _SEGMENT_COLUMNS).to_pandas(),
        lambda: _vectors(run),
        context=context,
        tools=models.topic_tools(run),
    )


def _vectors(run: Run) -> Iterator[tuple[list[str], np.ndarray]]:
    """Give all vectors, a part at a time: a clause of today may have been encoded long ago."""
    for part in run.parts():
        found = run.store.read(EMBEDDINGS, part, ["text_id", "vector"])
        if found.num_rows:
            yield found["text_id"].to_pylist(), to_matrix(found["vector"])


def _write_members(run: Run, parts: list[str], members: pd.DataFrame, stamp: str) -> None:
    arrow = MEMBERS.to_arrow(members)
    for part in parts:
        ids = run.store.read(SEGMENTS, part, ["segment_id"])["segment_id"]
        mine = arrow.filter(pc.is_in(arrow["segment_id"], value_set=pa.chunked_array(ids.chunks)))
        run.store.write(MEMBERS, mine, part=part, stamp=stamp)
