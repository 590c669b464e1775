"""Bazaarvoice: product reviews that brands and retailers share."""

from __future__ import annotations

from dataclasses import replace

import pyarrow as pa

from data.sources.files.nested import NestedRecords
from data.sources.named import NamedColumns, find_columns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules

COLUMNS = NamedColumns(
    name="bazaarvoice",
    about=About(
        title="Bazaarvoice",
        reads="reviews as JSON of its API, and as CSV or XLSX with the same names",
        signs="columns ReviewText, SubmissionTime and UserNickname, RatingRange or the like",
        kind="review",
        gives="title and text, pros and cons as comments of their own, rating with its own best, product",
    ),
    signs=(
        ("ReviewText",),
        ("SubmissionTime",),
        ("UserNickname", "RatingRange", "ContentLocale", "ModerationStatus", "IsRatingsOnly"),
    ),
    columns={
        "own_id": ("ReviewId", "Id", "CID"),
        "text": ("ReviewText",),
        "title": ("Title", "ReviewTitle"),
        "pros": ("Pros",),
        "cons": ("Cons",),
        "rating": ("Rating",),
        "created_at": ("SubmissionTime",),
        "updated_at": ("LastModificationTime",),
        "author": ("AuthorId", "UserNickname"),
        "product": ("OriginalProductName", "ProductName", "ProductId"),
        "declared_language": ("ContentLocale",),
        "region": ("UserLocation",),
    },
    questions={"pros": "Pros", "cons": "Cons"},
    id_space="bazaarvoice",
)
USUAL_BEST, HIGHEST_BEST = 5.0, 100.0


class BazaarvoiceSource:
    """Reads exports of Bazaarvoice; a response of its API also lists products, which are no reviews."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file with the tool's columns."""
        if isinstance(records, NestedRecords):
            place = records.place_of("ReviewText", "SubmissionTime")
            if place is not None and place != records.place:
                records = records.seen(place)
                sample = next(iter(records.chunks(rules.sample_rows))).values
        plan = COLUMNS.plan(records, sample, options=options, rules=rules)
        return plan and replace(plan, scales={"rating": (1.0, _best_rating(sample))})


def _best_rating(sample: pa.Table) -> float:
    """Give the best rating, which every review states."""
    column = find_columns(sample.column_names, {"top": ("RatingRange",)}).get("top")
    cells = sample[column].to_pylist() if column else []
    tops = [float(c) for c in cells if c and c.isascii() and c.isdigit() and len(c) <= len("100")]
    return max((top for top in tops if 1 < top <= HIGHEST_BEST), default=USUAL_BEST)
