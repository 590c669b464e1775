"""Zendesk tickets -> what the customer said: one row per message of the customer, the others set aside."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from data.sources.files.nested import Leaves, Problem, flatten, leaf
from data.sources.mail.messages import ANSWER
from data.sources.mail.quotes import own_words

AGENT = ("agent_text", "written by an agent; expected the customer's words")
NOTE = ("internal_note", "a note that the customer does not see; expected the customer's words")
SCORES = {
    "good": "good",
    "bad": "bad",
}  # "goodwithcomment" begins with one too; offered and unoffered are none
SURVEY_QUESTION = "How would you rate the support you received?"
# Where an agent opens a ticket for somebody, the first text is the agent's. Elsewhere a program hands the
# customer's words in, under its own account.
AGENT_CHANNELS = frozenset({"web", "voice", "phone"})
LISTS = ("comments", "custom_fields", "fields", "collaborators", "metric_set", "satisfaction_rating")

Ticket = Mapping[str, object]


@dataclass(frozen=True)
class People:
    """Users that the export lists beside the tickets.

    Attributes:
        roles: user id -> end-user, agent or admin.
        languages: user id -> locale.
    """

    roles: Mapping[str, str] = field(default_factory=dict)
    languages: Mapping[str, str] = field(default_factory=dict)


def ticket_rows(ticket: object, people: People) -> list[Leaves | Problem]:
    """Give the rows of one ticket: its messages in their order, and the comment on how it was handled."""
    if not isinstance(ticket, Mapping):
        return [("unreadable", "found no ticket; expected an object")]
    shared = _shared(ticket, people)
    rows = list(_messages(ticket, shared, people))
    score, survey = _survey(ticket, shared)
    if score and survey is None:
        first = next((row for row in rows if isinstance(row, dict)), None)
        if first is not None:
            first["satisfaction"] = score
    return [*rows, survey] if survey is not None else rows


def _shared(ticket: Ticket, people: People) -> Leaves:
    requester = _person(ticket, "requester")
    shared = {
        name: cell
        for key, value in ticket.items()
        if key not in LISTS
        for name, cell in flatten({key: value})
        if name not in ("description", "subject", "raw_subject")
    }
    shared["ticket_id"] = leaf(ticket.get("id"))
    shared["requester_id"] = requester
    shared["requester_language"] = people.languages.get(requester or "") or shared.get("requester.locale")
    return shared


def _person(ticket: Ticket, role: str) -> str | None:
    inner = ticket.get(role)
    return leaf(ticket.get(f"{role}_id")) or (leaf(inner.get("id")) if isinstance(inner, Mapping) else None)


def _messages(ticket: Ticket, shared: Leaves, people: People) -> Iterator[Leaves | Problem]:
    comments = ticket.get("comments")
    listed = [one for one in comments if isinstance(one, Mapping)] if isinstance(comments, list) else []
    if not listed:
        yield _opening(ticket, shared)
        return
    is_first = True
    for comment in listed:
        row = _message(comment, shared, people, is_first=is_first)
        if isinstance(row, dict) and is_first:
            row["title"], is_first = _title(ticket), False
        yield row


def _opening(ticket: Ticket, shared: Leaves) -> Leaves | Problem:
    """Give the first message of a ticket that is exported without its thread."""
    submitter = _person(ticket, "submitter")
    channel = (shared.get("via.channel") or "").lower()
    if submitter and submitter != shared["requester_id"] and channel in AGENT_CHANNELS:
        return AGENT
    text = leaf(ticket.get("description"))
    return {
        **shared,
        "comment_id": shared["ticket_id"],
        "title": _title(ticket),
        "text": _own(text),
        "written_at": shared.get("created_at"),
    }


def _message(comment: Ticket, shared: Leaves, people: People, *, is_first: bool) -> Leaves | Problem:
    author = _person(comment, "author")
    if comment.get("public") is False:
        return NOTE
    role = people.roles.get(author or "")
    is_customer = role == "end-user" if role else author == shared["requester_id"]
    if not is_customer:
        return AGENT
    number = shared["ticket_id"] if is_first else f"{shared['ticket_id']}-{leaf(comment.get('id'))}"
    text = next((t for key in ("plain_body", "body", "html_body") if (t := leaf(comment.get(key)))), None)
    return {
        **shared,
        "comment_id": number,
        "text": _own(text),
        "written_at": leaf(comment.get("created_at")) or shared.get("created_at"),
    }


def _survey(ticket: Ticket, shared: Leaves) -> tuple[str | None, Leaves | None]:
    """Give the customer's verdict on the ticket, and the comment on it as a row of its own."""
    rating = ticket.get("satisfaction_rating")
    if not isinstance(rating, Mapping):
        return None, None
    stated = (leaf(rating.get("score")) or "").lower()
    score = next((value for start, value in SCORES.items() if stated.startswith(start)), None)
    comment = leaf(rating.get("comment"))
    if not score or not comment or not comment.strip():
        return score, None
    when = next((t for key in ("updated_at", "created_at") if (t := leaf(rating.get(key)))), None)
    return score, {
        **shared,
        "comment_id": f"{shared['ticket_id']}-satisfaction",
        "text": comment,
        "question": SURVEY_QUESTION,
        "satisfaction": score,
        "written_at": when or shared.get("updated_at"),
    }


def _title(ticket: Ticket) -> str | None:
    subject = next((t for key in ("raw_subject", "subject") if (t := leaf(ticket.get(key)))), None)
    return None if subject and ANSWER.match(subject) else subject


def _own(text: str | None) -> str | None:
    """Leave out what the customer's mail program quoted; a text that is all quotes stays as it is."""
    return (own_words(text) or text) if text else text
