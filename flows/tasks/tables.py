"""What the last stages read alike: tables over all parts, and one stamp for everything that is understood."""

from __future__ import annotations

from itertools import groupby

import numpy as np
import pyarrow as pa

from data.schema import ASPECTS, DOCUMENTS, MEMBERS, TOPICS, Table
from flows.engine.run import Run
from reports.facts.aliases import merge_aliases

# Of DOCUMENTS, what no insight reads, and what counting does not: at a million comments, gigabytes.
UNREAD = ("language_score", "negative_share", "neutral_share", "positive_share", "categories", "effort_score")
UNCOUNTED = (*UNREAD, "urgency_score", "source_format", "question", "author_key", "customer_key", "order_key")
ASPECT_COLUMNS = ["feedback_id", "segment_id", "category", "sentiment"]
MEMBER_COLUMNS = ["feedback_id", "segment_id", "topic_id"]


def read_documents(run: Run, dimensions: tuple[str, ...], *, without: tuple[str, ...] = ()) -> pa.Table:
    """Read DOCUMENTS of all parts, aliases merged.

    Args:
        run: gives the store.
        dimensions: columns asked for by name, declared or of the input; parts may lack the latter.
        without: declared columns that are left on the disk, unless `dimensions` names them.
    """
    declared = [name for name in DOCUMENTS.columns.names if name in dimensions or name not in without]
    inputs = [name for name in dimensions if name not in DOCUMENTS.columns.names]

    def wanted(part: str) -> list[str]:
        known = run.store.open_columns(DOCUMENTS, [part]) if inputs else []
        return [*declared, *(name for name in inputs if name in known)]

    tables = [
        table
        for columns, parts in groupby(run.parts(), key=wanted)
        for table in run.store.scan(DOCUMENTS, list(parts), columns)
    ]
    empty = DOCUMENTS.empty().select(declared)
    whole = pa.concat_tables(tables, promote_options="default") if tables else empty
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
