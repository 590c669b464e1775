"""X (Twitter): posts as its API gives them, version 2 and version 1.1."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pyarrow as pa

from data.sources.files.nested import Leaves, NestedRecords, Problem, leaf
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules
from data.sources.social.posts import Beside, full_text, post_row, repeated_post

MARKS = (
    ("text", "edit_history_tweet_ids"),
    ("text", "public_metrics.retweet_count"),
    ("text", "author_id", "conversation_id", "reply_settings"),
    ("text", "author_id", "conversation_id", "possibly_sensitive"),
    ("full_text", "id_str"),
    ("text", "id_str", "user.screen_name"),
)
COLUMNS = NamedColumns(
    name="x",
    about=About(
        title="X (Twitter)",
        reads="posts of its API, version 2 or 1.1, as JSON or JSON Lines, also page by page",
        signs="keys text and edit_history_tweet_ids or public_metrics; id_str and full_text",
        kind="social",
        gives="every post, long ones whole; a retweet has its original's words and counts as a copy of it",
    ),
    signs=(("post_id",), ("text",)),
    columns={
        "own_id": ("post_id",),
        "text": ("text",),
        "created_at": ("written_at",),
        "author": ("author",),
        "declared_language": ("lang",),
        "copy_of": ("original_id",),
    },
    confidence=SURE,
    id_space="x",
    timezone="UTC",
    constants={"channel": "x"},
)


class XSource:
    """Reads posts."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file of posts."""
        del sample, options, rules
        if not isinstance(records, NestedRecords):
            return None
        place = records.place_of_any(MARKS)
        if place is None:
            return None
        beside = _beside(records, place)

        def row(post: object) -> Leaves | Problem:
            return post_row(post, beside)

        seen = records.seen(place, row)
        return COLUMNS.plan_of(seen)


def _beside(records: NestedRecords, place: str) -> Beside:
    """Read who wrote the posts, and the texts of those that others repeat, wherever the file has them."""
    above = place.removesuffix("data.item")
    wanted: set[str] = set()
    for post, _ in records.document.values(place):
        repeated = repeated_post(post)[0] if isinstance(post, Mapping) else None
        if repeated:
            wanted.add(repeated)
    names, texts = {}, {}
    for user in _values(records, f"{above}includes.users.item"):
        names[leaf(user.get("id")) or ""] = leaf(user.get("username")) or ""
    for at in (f"{above}includes.tweets.item", place) if wanted else ():
        for post in _values(records, at):
            identity = leaf(post.get("id_str")) or leaf(post.get("id")) or ""
            if identity in wanted and repeated_post(post)[0] is None:
                texts[identity] = full_text(post) or ""
    return Beside(names, texts)


def _values(records: NestedRecords, place: str) -> Iterator[Mapping[str, object]]:
    return (value for value, _ in records.document.values(place) if isinstance(value, Mapping))
