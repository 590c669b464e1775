"""The customer's way: a comment counts once a stage, and the table says where it breaks."""

from datetime import UTC, datetime

import pytest
from report_world import aspects_table, documents_table, rules

from data.schema import ASPECTS, JOURNEY
from reports.journey import follow_journey

STAGES = {
    "shipping": "fulfilment",
    "packaging": "fulfilment",
    "price_value": "purchase",
    "culture": "workplace",
}


def journey(documents, aspects):
    return follow_journey(documents, aspects, stages=STAGES, rules=rules())


def small():
    day = datetime(2026, 11, 3, tzinfo=UTC)
    documents = documents_table([{"feedback_id": name, "created_at": day} for name in "abcd"])
    aspects = aspects_table(
        [
            ("a:0", "shipping", "negative"), ("a:1", "packaging", "negative"),
            ("b:0", "shipping", "positive"),
            ("c:0", "price_value", "neutral"), ("c:1", "culture", "negative"), ("d:0", "other", "negative"),
        ]
    )  # fmt: skip
    return {
        (row["period"], row["source_kind"], row["stage"]): row
        for row in journey(documents, aspects).to_pylist()
    }


def test_journey_counts_a_comment_once_a_stage():
    row = small()["week", "all", "fulfilment"]
    assert (row["comment_count"], row["negative_count"], row["positive_count"]) == (2, 1, 1)
    assert (row["total_count"], row["negative_share"]) == (4, 0.25)


def test_journey_tells_where_it_breaks():
    row = small()["ever", "all", "fulfilment"]
    assert row["break_share"] == 0.5
    assert (row["break_share_low"], row["break_share_high"]) == pytest.approx((0.0945, 0.9055), abs=1e-4)


def test_journey_leaves_out_what_is_no_part_of_the_way():
    assert {key[2] for key in small()} == {"fulfilment", "purchase"}


def test_journey_of_nothing_is_empty():
    assert journey(documents_table([]), ASPECTS.empty()).column_names == JOURNEY.columns.names
