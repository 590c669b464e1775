"""Apple's App Store: the JSON of App Store Connect, and the public feed of customer reviews (JSON, Atom)."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from data.sources.files.nested import Leaves, Problem, all_leaves
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About

STORE = "App Store"
NO_REVIEW = ("no_review", "an entry about the app itself; expected a review with its rating")

CONNECT = NamedColumns(
    name="app_store_connect",
    about=About(
        title="App Store Connect",
        reads="JSON of customerReviews, one answer or one review a line",
        signs="attributes.rating, attributes.reviewerNickname and attributes.territory",
        kind="review",
        gives="title and text, stars, country of the store",
    ),
    marks=("attributes.reviewerNickname", "attributes.rating", "attributes.createdDate"),
    signs=(("attributes.rating",), ("attributes.reviewerNickname",), ("attributes.body", "attributes.title")),
    columns={
        "own_id": ("id",),
        "text": ("attributes.body",),
        "title": ("attributes.title",),
        "rating": ("attributes.rating",),
        "created_at": ("attributes.createdDate",),
        "author": ("attributes.reviewerNickname",),
        "region": ("attributes.territory",),
    },
    confidence=SURE,
    id_space="app_store_connect",
    timezone="UTC",
    scales={"rating": (1.0, 5.0)},
    constants={"channel": STORE},
)


def feed_leaves(record: object) -> Leaves | Problem:
    """Give the cells of one entry of the feed; the first entry may be the app's own."""
    cells = all_leaves(record)
    if isinstance(record, Mapping) and isinstance(record.get("content"), list):
        # In Atom the text comes twice, plain and as a page.
        plain = [c for c in record["content"] if not (isinstance(c, Mapping) and c.get("@type") == "html")]
        cells["content"] = all_leaves(plain[0]).get("value") if plain else cells.get("content.0")
    if not any(name in cells for name in ("im:rating", "im:rating.label")):
        return NO_REVIEW
    return cells


FEED = replace(
    CONNECT,
    name="app_store_feed",
    about=About(
        title="App Store customer review feed",
        reads="the RSS feed customerreviews, as JSON or XML",
        signs="entries with im:rating and content",
        kind="review",
        gives="title and text, stars, version of the app",
    ),
    marks=("im:rating", "content"),
    leaves=feed_leaves,
    signs=(("im:rating", "im:rating.label"), ("content", "content.label")),
    columns={
        "own_id": ("id", "id.label"),
        "text": ("content", "content.label"),
        "title": ("title", "title.label"),
        "rating": ("im:rating", "im:rating.label"),
        "created_at": ("updated", "updated.label"),
        "author": ("author.name", "author.name.label"),
    },
    id_space="app_store_feed",
)
