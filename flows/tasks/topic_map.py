"""Task: topics -> topics.html, a map and a tree of them."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import CATEGORY_TOPICS, SEGMENTS, TOPIC_LANGUAGES, TOPICS
from flows.engine.remember.topics import open_topic_memory
from flows.engine.run import Run
from flows.engine.working.stages import stage
from flows.tasks.display import category_names
from reports.topic_map.draw import MapOptions, draw_topic_map

TOPIC_MAP = "report/topics.html"
_STAMP = "state/topic_map.stamp"


@stage("Drawing the map of topics")
def topic_map(run: Run) -> dict[str, Any] | None:
    """Draw the map: TOPICS, TOPIC_CENTROIDS, TOPIC_LANGUAGES -> report/topics.html."""
    stamp = run.stamp("topic map", ("page",), run.store.stamp(TOPICS))
    if run.store.read_text(_STAMP) == stamp and run.store.read_text(TOPIC_MAP) is not None:
        return None
    page = map_page(run)
    run.store.write_text(TOPIC_MAP, page)
    run.store.write_text(_STAMP, stamp)
    return {"page_bytes": len(page.encode())}


def map_page(run: Run) -> str:
    """Draw the map of the topics as they stand."""
    rules = run.settings["page"]
    latest = open_topic_memory(run.store).latest()
    tables = {table.name: run.store.read(table) for table in (TOPICS, TOPIC_LANGUAGES, CATEGORY_TOPICS)}
    if latest is not None:
        tables["topic_centroids"] = latest.tables["topic_centroids"]
    tables[SEGMENTS.name] = _examples(run, tables[TOPICS.name])
    options = MapOptions(
        language=rules.language,
        categories=category_names(run, rules.language),
        comments=rules.comments,
        comment_length=rules.comment_length,
    )
    return draw_topic_map(tables, options=options)


def _examples(run: Run, topics: pa.Table) -> pa.Table:
    """Read the clauses that stand for topics; a part at a time, most of them are not needed."""
    wanted = pa.array([one for ids in topics["example_ids"].to_pylist() for one in ids], pa.string())
    columns = ["segment_id", "text", "language"]
    parts = run.store.scan(SEGMENTS, run.parts(), columns)
    found = [part.filter(pc.is_in(part["segment_id"], wanted)) for part in parts]
    return pa.concat_tables(found) if found else SEGMENTS.empty().select(columns)
