"""Okendo: product reviews of Shopify shops."""

from __future__ import annotations

from data.sources.named import NamedColumns
from data.sources.raw import About

OKENDO = NamedColumns(
    name="okendo",
    about=About(
        title="Okendo",
        reads="reviews as CSV or XLSX, and as JSON of its API",
        signs="columns body, rating, productId, dateCreated, and a product's handle or variant",
        kind="review",
        gives="title and text, rating 1 to 5, product, country",
    ),
    signs=(
        ("body",),
        ("rating",),
        ("productId",),
        ("dateCreated",),
        ("handle", "productHandle", "variantId"),
    ),
    columns={
        "own_id": ("reviewId",),
        "text": ("body",),
        "title": ("title",),
        "rating": ("rating",),
        "created_at": ("dateCreated",),
        "updated_at": ("dateUpdated", "dateModified"),
        "author": ("email", "reviewer.email", "name", "reviewer.displayName", "reviewer.name"),
        "product": ("productName", "productTitle", "handle", "productHandle", "productId"),
        "region": ("countryCode", "reviewer.location.country.code"),
        "declared_language": ("languageCode",),
        "order_id": ("orderId",),
    },
    id_space="okendo",
    scales={"rating": (1, 5)},
)
