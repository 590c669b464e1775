"""Yotpo: product and site reviews."""

from __future__ import annotations

from data.sources.named import NamedColumns
from data.sources.raw import About

_COLUMNS = {
    "own_id": ("review_id", "id"),
    "text": ("review_content", "content"),
    "title": ("review_title", "title"),
    "rating": ("review_score", "star_rating", "review_rating", "score"),
    "created_at": ("review_creation_date", "review_date", "created_at", "date"),
    "updated_at": ("updated_at",),
    "author": (
        *("reviewer_email", "user_email", "email", "display_name", "reviewer_display_name", "user_name"),
        *("reviewer_name", "name", "user.display_name"),
    ),
    "product": ("product_title", "product_name", "sku", "product_id"),
    "region": ("md_customer_country", "reviewer_country", "country"),
    "order_id": ("order_id",),
}  # fmt: skip

# The names in the panel's file change from time to time; those of the API have stayed.
YOTPO_FILE = NamedColumns(
    name="yotpo",
    about=About(
        title="Yotpo",
        reads="reviews as CSV or XLSX",
        signs="columns review_content, review_score or star_rating, a product, and a display name",
        kind="review",
        gives="title and text, rating 1 to 5, product; the shop's comment on a review is no comment",
    ),
    signs=(
        ("review_content",),
        ("review_score", "star_rating", "review_rating"),
        ("product_title", "product_name", "product_id", "sku"),
        ("display_name", "reviewer_display_name", "md_customer_country", "review_creation_date"),
    ),
    columns=_COLUMNS,
    id_space="yotpo",
    scales={"rating": (1, 5)},
)
YOTPO_API = NamedColumns(
    name="yotpo_api",
    about=About(
        title="Yotpo API",
        reads="reviews as JSON",
        signs="keys content, score, votes_up, and sku, verified_buyer or reviewer_type",
        kind="review",
        gives="as the export",
    ),
    signs=(("content",), ("score",), ("votes_up",), ("sku", "verified_buyer", "reviewer_type")),
    columns=_COLUMNS,
    id_space="yotpo",
    scales={"rating": (1, 5)},
)
