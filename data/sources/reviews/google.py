"""Google: the XML feeds of product reviews and of merchant reviews."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from data.sources.files.nested import Leaves, NestedRecords, Problem, flatten, leaf
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules

TIMES = ("review_timestamp", "create_timestamp", "review_date")  # products, merchants, merchants before 2014
COLUMNS = NamedColumns(
    name="google_reviews",
    about=About(
        title="Google review feeds",
        reads="product reviews and merchant reviews, as XML",
        signs="elements review with content, ratings/overall and a timestamp",
        kind="review",
        gives="title and text, pros and cons as comments of their own, rating with its own best, product or "
        "merchant, country; reviews that the feed marks as spam are set aside",
    ),
    signs=(("content", "title"), TIMES),
    columns={
        "own_id": ("review_id", "@id"),
        "text": ("content",),
        "title": ("title",),
        "pros": ("pros.pro", "pros"),
        "cons": ("cons.con", "cons"),
        "rating": ("rating",),
        "created_at": TIMES,
        "updated_at": ("last_update_timestamp", "review_last_update_timestamp"),
        "author": ("reviewer.reviewer_id", "author", "reviewer_name"),
        "product": ("product",),
        "brand": ("merchant",),
        "region": ("country_code", "reviewer_country"),
        "declared_language": ("review_language", "language"),
        "order_id": ("transaction_id", "order_id"),
    },
    questions={"pros": "Pros", "cons": "Cons"},
    confidence=SURE,
    id_space="google_reviews",
)
Review = Mapping[str, object]


class GoogleSource:
    """Reads the feeds."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a feed with a review's elements."""
        del sample, options, rules
        if not isinstance(records, NestedRecords) or records.format != "xml":
            return None
        places = (records.place_of("ratings.overall", "content", time) for time in TIMES)
        place = next((place for place in places if place), None)
        if place is None:
            return None
        merchants = dict(_merchants(records))
        seen = records.seen(place, lambda review: review_leaves(review, merchants))
        return COLUMNS.plan_of(seen)


def review_leaves(review: object, merchants: Mapping[str, str]) -> Leaves | Problem:
    """Flatten one review; its rating becomes "9/10", what it is about one name."""
    if not isinstance(review, Mapping):
        return "empty", "the review holds no elements"
    if (leaf(review.get("is_spam")) or "").strip().lower() == "true":
        return "spam", "the feed marks it as spam"
    leaves = dict(flatten(review))
    reviewer = review.get("reviewer")
    named = reviewer.get("name") if isinstance(reviewer, Mapping) else reviewer
    leaves["author"] = _text(named) or _text(review.get("reviewer_name"))
    leaves["rating"] = _rating(review)
    leaves["product"] = _product(review)
    leaves["merchant"] = merchants.get(leaf(review.get("@mid")) or "")
    return leaves


def _rating(review: Review) -> str | None:
    ratings = review.get("ratings")
    overall = ratings.get("overall") if isinstance(ratings, Mapping) else None
    value = _text(overall)
    top = leaf(overall.get("@max")) if isinstance(overall, Mapping) else None
    return f"{value}/{top}" if value and top and "/" not in value else value


def _product(review: Review) -> str | None:
    products = review.get("products")
    product = products.get("product") if isinstance(products, Mapping) else None
    first = product[0] if isinstance(product, list) and product else product
    if not isinstance(first, Mapping):
        return None
    ids = dict(flatten(first.get("product_ids") or {}))
    named = next((text for key in ("skus.sku", "mpns.mpn", "gtins.gtin") if (text := ids.get(key))), None)
    return _text(first.get("product_name")) or named or _text(first.get("product_url"))


def _text(value: object) -> str | None:
    """Give the text of an element, with or without attributes."""
    text = leaf(value.get("")) if isinstance(value, Mapping) else leaf(value)
    return text.strip() or None if text else None


def _merchants(records: NestedRecords) -> Iterator[tuple[str, str]]:
    """Give id and name of every merchant that the feed speaks of."""
    place = records.place_of("merchant_url", "name", "@id")
    for merchant, _ in records.document.values(place) if place else ():
        if isinstance(merchant, Mapping):
            identity, name = leaf(merchant.get("@id")), _text(merchant.get("name"))
            if identity and name:
                yield identity, name
