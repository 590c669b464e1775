"""Posts of X, of both versions of its API -> rows; a retweet gives the words of what it repeats."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from data.sources.files.nested import Leaves, Problem, flatten, leaf

RETWEET = re.compile(r"RT @\w{1,20}:\s*")
OLD_DATE = re.compile(r"\w{3} (\w{3}) (\d{1,2}) (\d{2}:\d{2}:\d{2}) ([+-]\d{4}) (\d{4})")
MONTHS = ("Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec")
NOT_CELLS = frozenset((
    "entities", "extended_entities", "context_annotations", "user", "retweeted_status", "quoted_status",
    "extended_tweet", "edit_history_tweet_ids", "note_tweet", "attachments", "referenced_tweets",
))  # fmt: skip

Post = Mapping[str, object]


@dataclass(frozen=True)
class Beside:
    """What a response lists beside its posts.

    Attributes:
        names: user id -> screen name.
        texts: post id -> its full text.
    """

    names: Mapping[str, str] = field(default_factory=dict)
    texts: Mapping[str, str] = field(default_factory=dict)


def post_row(post: object, beside: Beside) -> Leaves | Problem:
    """Give the row of one post."""
    if not isinstance(post, Mapping):
        return "unreadable", "found no post; expected an object"
    identity = leaf(post.get("id_str")) or leaf(post.get("id"))
    if identity is None:
        return "unreadable", "the post has no id"
    repeated, original = repeated_post(post)
    text = beside.texts.get(repeated) if repeated else None
    row = {
        name: cell
        for key, value in post.items()
        if key not in NOT_CELLS
        for name, cell in flatten({key: value})
    }
    row["post_id"] = identity
    row["text"] = text or full_text(original) or RETWEET.sub("", full_text(post) or "", count=1)
    row["author"] = _author(post, beside)
    row["written_at"] = _moment(leaf(post.get("created_at")))
    row["original_id"] = repeated or identity
    row["post_kind"] = _kind(post, repeated)
    return row


def full_text(post: Post) -> str | None:
    """Give a post's whole text: that of a long post stands apart."""
    for holder, key in ((post.get("note_tweet"), "text"), (post.get("extended_tweet"), "full_text")):
        text = leaf(holder.get(key)) if isinstance(holder, Mapping) else None
        if text:
            return text
    return leaf(post.get("full_text")) or leaf(post.get("text"))


def repeated_post(post: Post) -> tuple[str | None, Post]:
    """Give the id of the post that this one only repeats, and that post where it is inside."""
    inner = post.get("retweeted_status")
    if isinstance(inner, Mapping):
        return leaf(inner.get("id_str")) or leaf(inner.get("id")), inner
    references = post.get("referenced_tweets")
    for reference in references if isinstance(references, list) else ():
        if isinstance(reference, Mapping) and reference.get("type") == "retweeted":
            return leaf(reference.get("id")), {}
    return None, {}


def _author(post: Post, beside: Beside) -> str | None:
    user = post.get("user")
    if isinstance(user, Mapping):
        return leaf(user.get("screen_name")) or leaf(user.get("id_str"))
    inner = post.get("author")
    named = leaf(inner.get("username")) if isinstance(inner, Mapping) else None
    author = leaf(post.get("author_id"))
    return named or beside.names.get(author or "") or author


def _moment(stated: str | None) -> str | None:
    """Write the date of version 1.1, as "Wed Oct 10 20:19:24 +0000 2018", in the order of all others."""
    old = OLD_DATE.fullmatch(stated or "")
    if old is None or old[1] not in MONTHS:
        return stated
    return f"{old[5]}-{MONTHS.index(old[1]) + 1:02d}-{int(old[2]):02d}T{old[3]}{old[4]}"


def _kind(post: Post, repeated: str | None) -> str:
    if repeated:
        return "retweet"
    references = post.get("referenced_tweets")
    kinds = (
        [r.get("type") for r in references if isinstance(r, Mapping)] if isinstance(references, list) else []
    )
    if "quoted" in kinds or post.get("is_quote_status") is True:
        return "quote"
    is_answer = (
        "replied_to" in kinds or post.get("in_reply_to_user_id") or post.get("in_reply_to_status_id_str")
    )
    return "reply" if is_answer else "post"
