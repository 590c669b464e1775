"""Reddit: posts and comments, as its API lists them or one per line."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime

import pyarrow as pa

from data.sources.files.nested import Leaves, NestedRecords, Problem, leaf
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules

COLUMNS = NamedColumns(
    name="reddit",
    about=About(
        title="Reddit",
        reads="listings and comment pages of its API as JSON, and posts or comments as JSON Lines",
        signs="keys subreddit, author, created_utc, and body or selftext",
        kind="social",
        gives="posts with their titles and every comment of a thread; what was deleted or removed and the "
        "moderating bot are set aside; crossposts count as copies; votes are no rating",
    ),
    signs=(("subreddit",), ("created",), ("text",)),
    columns={
        "own_id": ("fullname",),
        "text": ("text",),
        "title": ("title",),
        "created_at": ("created",),
        "updated_at": ("edited",),
        "author": ("author",),
        "copy_of": ("original",),
    },
    confidence=SURE,
    id_space="reddit",
    timezone="UTC",
    constants={"channel": "reddit"},
)
GONE = frozenset({"[deleted]", "[removed]", "[deleted by user]"})
MACHINES = frozenset({"automoderator"})
POST, COMMENT, LISTING, MORE = "t3", "t1", "Listing", "more"
KEPT = (
    "subreddit",
    "author",
    "score",
    "permalink",
    "num_comments",
    "link_flair_text",
    "parent_id",
    "link_id",
)
SHORTEST_EPOCH = 1_000_000_000


class RedditSource:
    """Reads listings, threads and lines."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file of posts or comments."""
        del sample, options, rules
        if not isinstance(records, NestedRecords):
            return None
        places = (records.place_of("subreddit", "created_utc", text) for text in ("selftext", "body"))
        place = min((p for p in places if p is not None), key=len, default=None)
        if place is None:
            return None
        # A thing stands in an envelope that says of which kind it is; answers hang inside it.
        seen = records.seen(place.removesuffix("data").removesuffix("."), thing_rows)
        return COLUMNS.plan_of(seen)


def thing_rows(thing: object) -> list[Leaves | Problem]:
    """Give the rows of a post, a comment, or a whole listing, with the answers below it, in reading order."""
    if isinstance(thing, Mapping) and thing.get("kind") == MORE:
        return [("not_loaded", "answers that the page only counts; export the whole thread")]
    return list(_walk(thing)) or [("empty", "found no post and no comment")]


def _walk(thing: object) -> Iterator[Leaves | Problem]:
    pending = [thing]
    while pending:
        one = pending.pop()
        if not isinstance(one, Mapping):
            continue
        data = one.get("data", one)
        if not isinstance(data, Mapping):
            continue
        children = data.get("children")
        if one.get("kind") == LISTING and isinstance(children, list):
            pending += reversed(children)
        elif "subreddit" in data:
            yield _row(data)
            pending.append(data.get("replies"))


def _row(data: Mapping[str, object]) -> Leaves | Problem:
    is_post = "selftext" in data or "title" in data
    text = leaf(data.get("selftext" if is_post else "body"))
    author = leaf(data.get("author")) or ""
    title = leaf(data.get("title"))
    if (text or "").strip() in GONE and (author in GONE or not is_post or not title):
        return "deleted", "the author or a moderator took it back"
    if author.lower() in MACHINES:
        return "automatic", "written by the moderating bot"
    kind = POST if is_post else COMMENT
    fullname = leaf(data.get("name")) or f"{kind}_{leaf(data.get('id'))}"
    return {
        "fullname": fullname,
        "title": title if is_post else None,
        "text": None if (text or "").strip() in GONE else text,
        "created": _moment(data.get("created_utc")),
        "edited": _moment(data.get("edited")),
        "original": leaf(data.get("crosspost_parent")) or fullname,
        **{name: leaf(data.get(name)) for name in KEPT if name in data},
    }


def _moment(value: object) -> str | None:
    """Read seconds since 1970; `edited` is false where a post was not."""
    try:
        seconds = float(leaf(value) or "")
        return datetime.fromtimestamp(seconds, UTC).isoformat() if seconds >= SHORTEST_EPOCH else None
    except (ValueError, OverflowError, OSError):
        return None
