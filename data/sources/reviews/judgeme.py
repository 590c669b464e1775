"""Judge.me: product reviews of Shopify shops."""

from __future__ import annotations

from data.sources.named import NamedColumns
from data.sources.raw import About

JUDGEME = NamedColumns(
    name="judgeme",
    about=About(
        title="Judge.me",
        reads="reviews as CSV or XLSX, and as JSON of its API",
        signs="columns body, rating, review_date, reviewer_name, and picture_urls, curated or product_handle",
        kind="review",
        gives="title and text, rating 1 to 5, product; the shop's reply is no comment",
    ),
    signs=(
        ("body",),
        ("rating",),
        ("review_date", "created_at"),
        ("reviewer_name", "reviewer.name"),
        ("picture_urls", "curated", "product_handle", "product_external_id"),
    ),
    columns={
        "own_id": ("review_id", "id"),
        "text": ("body",),
        "title": ("title",),
        "rating": ("rating",),
        "created_at": ("review_date", "created_at"),
        "updated_at": ("updated_at",),
        "author": ("reviewer_email", "reviewer.email", "reviewer_name", "reviewer.name"),
        "product": ("product_title", "product_handle", "product_id", "product_external_id"),
        "location": ("location",),
    },
    id_space="judgeme",
    scales={"rating": (1, 5)},
)
