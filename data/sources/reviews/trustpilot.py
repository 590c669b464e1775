"""Trustpilot: reviews of the company (service export), of its products, and the answers of its API."""

from __future__ import annotations

from dataclasses import replace

from data.sources.named import SURE, NamedColumns
from data.sources.raw import About

SERVICE = NamedColumns(
    name="trustpilot",
    about=About(
        title="Trustpilot service reviews",
        reads="the export of reviews as CSV or XLSX",
        signs="columns Review Id, Review Stars, Review Content and Review Created (UTC) or Business Unit Id",
        kind="review",
        gives="title and text, stars, language, order id; the company's answer is no comment",
    ),
    signs=(
        ("Review Id",),
        ("Review Stars",),
        ("Review Content",),
        ("Review Created (UTC)", "Business Unit Id", "Domain Url"),
    ),
    columns={
        "own_id": ("Review Id",),
        "text": ("Review Content",),
        "title": ("Review Title",),
        "rating": ("Review Stars",),
        "created_at": ("Review Created (UTC)", "Review Created"),
        "author": ("Review User Email", "Review Consumer User Id", "Review Username"),
        "order_id": ("Reference Id",),
        "declared_language": ("Review Language",),
        "channel": ("Source Of Review",),
        "brand": ("Webshop Name", "Domain Url"),
        "location": ("Location Name",),
    },
    confidence=SURE,
    id_space="trustpilot",
    timezone="UTC",
    scales={"rating": (1.0, 5.0)},
)

PRODUCT = replace(
    SERVICE,
    name="trustpilot_products",
    about=About(
        title="Trustpilot product reviews",
        reads="the export of product reviews as CSV, XLSX or JSON",
        signs="columns review_id, stars, content, product_sku and consumer_name",
        kind="review",
        gives="text, stars, product",
    ),
    signs=(("review_id",), ("stars",), ("content",), ("product_sku", "product_name"), ("consumer_name",)),
    columns={
        "own_id": ("review_id",),
        "text": ("content",),
        "rating": ("stars",),
        "created_at": ("created_at",),
        "author": ("consumer_name",),
        "product": ("product_name", "product_sku"),
        "declared_language": ("language",),
    },
    id_space="trustpilot_products",
)

API = replace(
    SERVICE,
    name="trustpilot_api",
    about=About(
        title="Trustpilot API",
        reads="JSON of a business unit's reviews, one answer or one review a line",
        signs="stars, createdAt and consumer.displayName",
        kind="review",
        gives="the same ids as the export: a review in both is one comment",
    ),
    marks=("consumer.displayName", "stars", "createdAt"),
    signs=(("stars",), ("createdAt",), ("consumer.displayName", "consumer.id"), ("text", "title")),
    columns={
        "own_id": ("id",),
        "text": ("text",),
        "title": ("title",),
        "rating": ("stars",),
        "created_at": ("createdAt",),
        "updated_at": ("updatedAt",),
        "author": ("consumer.id", "consumer.displayName"),
        "order_id": ("referenceId",),
        "declared_language": ("language",),
        "brand": ("businessUnit.displayName", "businessUnit.identifyingName"),
        "location": ("location.name",),
    },
)
