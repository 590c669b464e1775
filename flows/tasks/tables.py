"""What the last stages read alike: tables over all parts, and one stamp for everything that is understood."""

from __future__ import annotations

import numpy as np
import pyarrow as pa

from data.schema import ASPECTS, DOCUMENTS, MEMBERS, TOPICS, Table
from flows.engine.run import Run
from reports.facts.aliases import merge_aliases

ASPECT_COLUMNS = ["feedback_id", "segment_id", "category", "sentiment"]
MEMBER_COLUMNS = ["feedback_id", "segment_id", "topic_id"]


def read_documents(run: Run, dimensions: tuple[str, ...]) -> pa.Table:
    """Read DOCUMENTS of all parts: the declared columns, and the input columns asked for, aliases merged."""
    inputs = [name for name in dimensions if name not in DOCUMENTS.columns.names]
    tables = []
    for arrow in run.store.scan(DOCUMENTS, run.parts()):
        wanted = [*DOCUMENTS.columns.names, *(name for name in inputs if name in arrow.column_names)]
        tables.append(arrow.select(wanted))
    whole = pa.concat_tables(tables, promote_options="default") if tables else DOCUMENTS.empty()
    return merge_aliases(whole, run.settings["aliases"])


def whole_table(run: Run, table: Table) -> pa.Table:
    """Read every part of a table, those of replaced runs too."""
    parts = [run.store.read(table, part) for part in run.store.parts(table)]
    return pa.concat_tables(parts) if parts else table.empty()


def latest_rows(run: Run, table: Table) -> pa.Table:
    """Read every part of a table; of a row that came again, as when a source is read anew, the last."""
    whole = whole_table(run, table)
    numbered = whole.select(list(table.key)).append_column("at", pa.array(np.arange(whole.num_rows)))
    last = numbered.group_by(list(table.key)).aggregate([("at", "max")])
    return whole.take(pa.array(np.sort(last["at_max"].to_numpy()))).combine_chunks()


def stamp_of_everything(run: Run, name: str, sections: tuple[str, ...], *more: str) -> str:
    """Give what changes whenever a table of understanding, the topics or a named section does."""
    tables = (DOCUMENTS, ASPECTS, MEMBERS)
    stamps = [run.store.stamp(table, part) for table in tables for part in run.parts()]
    return run.stamp(
        name, (*sections, "aliases"), stamps, run.store.stamp(TOPICS), len(run.store.ledger()), *more
    )
