"""Zendesk tickets -> what operations know of a case: when it came, was answered, was solved."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime, timedelta

from data.sources.files.nested import Leaves, Problem, leaf
from data.sources.support.threads import People

ROLES = {
    role: role
    for role in (
        *("ticket_id", "customer_id", "channel", "status"),
        *("opened_at", "first_response", "resolved", "reopened"),
    )
}  # fmt: skip
Ticket = Mapping[str, object]


def ticket_facts(ticket: object, people: People) -> Leaves | Problem:
    """Give the facts of one ticket; what the export does not say stays empty."""
    if not isinstance(ticket, Mapping):
        return "unreadable", "found no ticket; expected an object"
    requester = ticket.get("requester")
    inner = requester if isinstance(requester, Mapping) else {}
    customer = leaf(ticket.get("requester_id")) or leaf(inner.get("id"))
    via, metrics = ticket.get("via"), ticket.get("metric_set")
    metrics = metrics if isinstance(metrics, Mapping) else {}
    opened = leaf(ticket.get("created_at"))
    return {
        "ticket_id": leaf(ticket.get("id")),
        "customer_id": leaf(inner.get("external_id")) or customer,
        "channel": leaf(via.get("channel")) if isinstance(via, Mapping) else None,
        "status": leaf(ticket.get("status")),
        "opened_at": opened,
        "first_response": _first_answer(ticket, customer, people) or _reply_time(opened, metrics),
        "resolved": leaf(metrics.get("solved_at")) or leaf(ticket.get("solved_at")),
        "reopened": leaf(metrics.get("reopens")),
    }


def _first_answer(ticket: Ticket, customer: str | None, people: People) -> str | None:
    """Give when somebody else than the customer first wrote to the customer."""
    times = [
        written
        for comment in _comments(ticket)
        if comment.get("public") is not False
        and not _is_customer(leaf(comment.get("author_id")), customer, people)
        and (written := leaf(comment.get("created_at")))
    ]
    return min(times, default=None)


def _comments(ticket: Ticket) -> Iterator[Ticket]:
    comments = ticket.get("comments")
    listed = comments if isinstance(comments, list) else []
    return (one for one in listed if isinstance(one, Mapping))


def _is_customer(author: str | None, customer: str | None, people: People) -> bool:
    role = people.roles.get(author or "")
    return role == "end-user" if role else author == customer


def _reply_time(opened: str | None, metrics: Ticket) -> str | None:
    """Add the minutes that passed until the first answer to the moment that the ticket came."""
    waited = metrics.get("reply_time_in_minutes")
    minutes = leaf(waited.get("calendar")) if isinstance(waited, Mapping) else None
    try:
        start = datetime.fromisoformat((opened or "").replace("Z", "+00:00"))
        moment = (start if start.tzinfo else start.replace(tzinfo=UTC)) + timedelta(
            minutes=float(minutes or "")
        )
    except (ValueError, OverflowError):
        return None
    return moment.isoformat()
