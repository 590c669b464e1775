"""DOCUMENTS, ASPECTS -> JOURNEY: what each stage of the customer's way is spoken of, and how badly."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ALL, JOURNEY, MEMBERS
from reports.facts import intervals
from reports.metrics.friction import summarise_friction
from reports.metrics.groups import missing_as_null
from reports.rules import SummaryRules

STAGES = ("discovery", "purchase", "fulfilment", "use", "support", "returns")


def follow_journey(
    documents: pa.Table, aspects: pa.Table, *, stages: Mapping[str, str], rules: SummaryRules
) -> pa.Table:
    """Count, per period and kind of feedback, the comments on each stage of the customer's way.

    A comment counts once in a stage, however many of its categories lie there, by the same rule as in
    FRICTION_SUMMARY. `break_share` tells where it breaks: of those who speak of the stage, how many complain.

    Args:
        documents: DOCUMENTS, n rows.
        aspects: ASPECTS of these comments.
        stages: category -> stage; a category without one is no part of the way.
        rules: section [summaries]; segments are left out.

    Returns:
        JOURNEY, sorted by its key.
    """
    names = pa.array(sorted(stages), pa.string())
    homes = pa.array([stages[name] for name in names.to_pylist()], pa.string())
    at = pc.index_in(aspects["category"], value_set=names)
    place = aspects.schema.get_field_index("category")
    staged = aspects.set_column(place, "category", homes.take(at))
    staged = staged.filter(pc.is_in(staged["category"], value_set=pa.array(STAGES)))
    found = summarise_friction(documents, staged, MEMBERS.empty(), rules=replace(rules, dimensions=()))
    found = found.filter(pc.and_(pc.equal(found["topic_id"], ALL), pc.not_equal(found["category"], ALL)))
    found = found.rename_columns({"category": "stage"})
    low, high = intervals.wilson(found["negative_count"].to_numpy(), found["comment_count"].to_numpy())
    share = pc.divide(found["negative_count"].cast(pa.float64()), found["comment_count"].cast(pa.float64()))
    columns = {name: found[name] for name in JOURNEY.columns.names if name in found.column_names}
    columns |= {
        "break_share": share.cast(pa.float32()),
        "break_share_low": missing_as_null(low),
        "break_share_high": missing_as_null(high),
    }
    return JOURNEY.to_arrow(pa.table(columns))
