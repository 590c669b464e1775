"""Meta: the feed of product reviews that a shop sends to its stores on Facebook and Instagram."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from data.sources.files.nested import NestedRecords, leaf
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules

COLUMNS = NamedColumns(
    name="meta_reviews",
    about=About(
        title="Meta product reviews",
        reads="the feed of product reviews, as JSON, XML or CSV",
        signs="keys reviewID, rating and content, and those of a store, a product or a reviewer",
        kind="review",
        gives="title and text, rating 1 to 5, product, the store as brand",
    ),
    signs=(
        ("reviewID",),
        ("rating",),
        ("content",),
        ("created_at", "createdAt", "updated_at", "updatedAt"),
        (
            "store.name",
            "store.id",
            "product.name",
            "product.url",
            "product.id",
            "product.title",
            "product.sku",
        )
        + ("reviewer.name", "reviewer.displayName", "reviewer.id", "reviewer.email"),
    ),
    columns={
        "own_id": ("reviewID",),
        "text": ("content",),
        "title": ("title",),
        "rating": ("rating",),
        "created_at": ("createdAt", "created_at"),
        "updated_at": ("updatedAt", "updated_at"),
        "author": ("reviewer.id", "reviewer.email", "reviewer.name", "reviewer.displayName"),
        "product": ("product.name", "product.title", "product.id", "product.sku", "product.url"),
        "region": ("country", "reviewer.country"),
        "declared_language": ("language",),
        "brand": ("store.name",),
    },
    confidence=SURE,
    id_space="meta_reviews",
    scales={"rating": (1, 5)},
)


class MetaSource:
    """Reads the feed; its head names the store."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file with the feed's keys."""
        store = None
        if isinstance(records, NestedRecords):
            place = records.place_of("reviewID", "rating", "content")
            if place is None:
                return None
            store = _store_of(records)
            records = records if place == records.place else records.seen(place)
        plan = COLUMNS.plan(records, sample, options=options, rules=rules)
        return plan and replace(plan, constants={"brand": store} if store else {})


def _store_of(records: NestedRecords) -> str | None:
    """Give the name of the store that stands at the head of the feed."""
    place = records.place_of("store.name")
    if place is None:
        return None
    for store, _ in records.document.values(".".join(filter(None, (place, "store")))):
        name = leaf(store.get("name")) if isinstance(store, Mapping) else None
        if name and name.strip():
            return name.strip()
    return None
