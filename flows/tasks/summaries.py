"""Task: what is understood -> summaries that people and tools read."""

from __future__ import annotations

from typing import Any

import pyarrow as pa

from data.schema import ASPECTS, FRICTION_SUMMARY, INPUTS, MEMBERS, REJECTED, SCORE_SUMMARY, TOPICS, Table
from flows.engine.run import Run
from flows.engine.working.stages import stage
from flows.tasks.tables import (
    ASPECT_COLUMNS,
    MEMBER_COLUMNS,
    UNCOUNTED,
    latest_rows,
    read_documents,
    stamp_of_everything,
)
from reports.metrics import summarise_friction, summarise_scores
from reports.metrics.reversed import find_reversed_scales


@stage("Summing up by day, week and month")
def metrics(run: Run) -> dict[str, Any] | None:
    """Count friction and scores: DOCUMENTS, ASPECTS, MEMBERS -> summaries/*.parquet."""
    stamp = stamp_of_everything(run, "metrics", ("summaries", "scales"))
    if run.store.file_stamp("summaries/friction_summary.parquet") == stamp:
        return None
    rules = run.settings["summaries"]
    documents = read_documents(run, rules.dimensions, without=UNCOUNTED)
    reversed_scales = find_reversed_scales(documents, rules=run.settings["scales"])
    run.record.warnings += [one.in_words() for one in reversed_scales]
    scores = summarise_scores(documents, rules=rules)
    aspects, members = (
        run.store.read_all(ASPECTS, run.parts(), ASPECT_COLUMNS),
        run.store.read_all(MEMBERS, run.parts(), MEMBER_COLUMNS),
    )
    friction = summarise_friction(documents, aspects, members, rules=rules)
    written: dict[Table, pa.Table] = {
        SCORE_SUMMARY: scores,
        TOPICS: run.store.read(TOPICS),
        INPUTS: latest_rows(run, INPUTS),
        REJECTED: latest_rows(run, REJECTED),
        FRICTION_SUMMARY: friction,  # the last one: its stamp says that all stand
    }
    for table, arrow in written.items():
        run.store.write_file(f"summaries/{table.name}.parquet", table, arrow, stamp=stamp)
    return {"friction_rows": friction.num_rows, "score_rows": scores.num_rows}
