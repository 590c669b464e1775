"""Google Play: the monthly CSV of its console, the JSON of its API, and what scrapers save of its pages."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from urllib.parse import unquote

import pyarrow as pa
import pyarrow.compute as pc

from data.sources.files.nested import Leaves, all_leaves, leaf
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules
from data.sources.views import Made, View

STORE = "Google Play"
STARS = {"rating": (1.0, 5.0)}
REVIEW_ID = "Review ID"
TEXTS = ("text", "originalText")
LINK = "Review Link"
ID_IN_LINK = r"[?&]reviewId=(?P<id>[^&#\s]+)"

CONSOLE = NamedColumns(
    name="google_play",
    about=About(
        title="Google Play Console",
        reads="the monthly reviews_<package>_<month>.csv (UTF-16)",
        signs="columns Package Name, Star Rating and Review Submit Date and Time",
        kind="review",
        gives="a changed review replaces its older version; the language is the device's, not the text's",
    ),
    signs=(
        ("Package Name",),
        ("Star Rating",),
        ("Review Submit Date and Time", "Review Submit Millis Since Epoch"),
    ),
    columns={
        "own_id": (REVIEW_ID,),
        "text": ("Review Text",),
        "title": ("Review Title",),
        "rating": ("Star Rating",),
        "created_at": ("Review Submit Millis Since Epoch", "Review Submit Date and Time"),
        "updated_at": ("Review Last Update Millis Since Epoch", "Review Last Update Date and Time"),
        "declared_language": ("Reviewer Language",),
        "product": ("Package Name",),
    },
    confidence=SURE,
    id_space="google_play",
    timezone="UTC",
    scales=STARS,
    constants={"channel": STORE},
)


class PlayConsoleSource:
    """Reads the Play Console's CSV; a review's id stands in its link."""

    name, about = CONSOLE.name, CONSOLE.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file with the console's columns."""
        plan = CONSOLE.plan(records, sample, options=options, rules=rules)
        if plan is None or LINK not in records.names:
            return plan
        return CONSOLE.plan_of(View(records, made={REVIEW_ID: Made((LINK,), review_ids)}))


def review_ids(links: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give the ids in the links of reviews; null where a rating without words has no link."""
    found = pc.struct_field(pc.extract_regex(links, ID_IN_LINK), "id")
    ids = [None if one is None else unquote(one) for one in found.to_pylist()]
    return pa.chunked_array([pa.array(ids, pa.large_string())])


def api_leaves(record: object) -> Leaves:
    """Give the cells of one review of the API: the customer's words apart from the developer's."""
    if not isinstance(record, Mapping):
        return {}
    user: Mapping[str, object] = {}
    for comment in record.get("comments") or ():
        if isinstance(comment, Mapping) and isinstance(comment.get("userComment"), Mapping):
            user = comment["userComment"]
    cells = all_leaves({key: value for key, value in record.items() if key != "comments"})
    cells.update(all_leaves({key: value for key, value in user.items() if key not in TEXTS}))
    # The text is a translation where there is an original; title and text are joined by a tab.
    title, tab, text = (leaf(user.get("originalText")) or leaf(user.get("text")) or "").partition("\t")
    return {**cells, "title": title if tab else None, "text": text if tab else title}


API = replace(
    CONSOLE,
    name="google_play_api",
    about=About(
        title="Google Play Developer API",
        reads="JSON of reviews.list, one answer or one review a line",
        signs="reviewId and comments[].userComment",
        kind="review",
        gives="the customer's words as written, where Google gives them, and not its translation",
    ),
    marks=("comments.item.userComment", "reviewId"),
    leaves=api_leaves,
    signs=(("reviewId",), ("starRating",), ("lastModified.seconds",)),
    columns={
        "own_id": ("reviewId",),
        "text": ("text",),
        "title": ("title",),
        "rating": ("starRating",),
        "created_at": ("lastModified.seconds",),
        "author": ("authorName",),
        "declared_language": ("reviewerLanguage",),
    },
)

SCRAPED = replace(
    CONSOLE,
    name="google_play_pages",
    about=About(
        title="google-play-scraper",
        reads="reviews as CSV or JSON",
        signs="columns reviewId, content, score and at",
        kind="review",
        gives="the same ids as the other two: a review in several files is one comment",
    ),
    marks=("reviewId", "content", "score"),
    leaves=all_leaves,
    signs=(("reviewId",), ("content",), ("score",), ("at",)),
    columns={
        "own_id": ("reviewId",),
        "text": ("content",),
        "rating": ("score",),
        "created_at": ("at",),
        "author": ("userName",),
        "product": ("appId", "app"),
    },
)
