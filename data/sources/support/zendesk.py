"""Zendesk: tickets with or without their threads."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

import pyarrow as pa

from data.sources.files.nested import Leaves, NestedRecords, Problem, leaf
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules
from data.sources.support.facts import ROLES, ticket_facts
from data.sources.support.threads import People, ticket_rows

MARKS = (
    ("requester_id", "status", "via.channel"),
    ("requester.id", "status", "via.channel"),
    ("requester_id", "raw_subject"),
    ("requester_id", "description", "status"),
)
COLUMNS = NamedColumns(
    name="zendesk",
    about=About(
        title="Zendesk",
        reads="tickets as JSON or JSON Lines, with their comments or without",
        signs="keys requester_id, status and via.channel",
        kind="support",
        gives="every message of the customer as a comment; agents' messages and internal notes are set "
        "aside; the satisfaction rating, its comment apart; the tickets' own facts, for operations",
    ),
    signs=(("ticket_id",),),
    columns={
        "own_id": ("comment_id",),
        "text": ("text",),
        "title": ("title",),
        "question": ("question",),
        "created_at": ("written_at",),
        "author": ("requester_id",),
        "customer_id": ("requester.external_id", "requester_id"),
        "declared_language": ("requester_language",),
        "csat": ("satisfaction",),
        "channel": ("via.channel",),
    },
    confidence=SURE,
    id_space="zendesk",
    timezone="UTC",
    scales={"csat": (1, 5)},
)


class ZendeskSource:
    """Reads tickets."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file of tickets."""
        del sample, options, rules
        if not isinstance(records, NestedRecords):
            return None
        place = records.place_of_any(MARKS)
        if place is None:
            return None
        people = _people(records, place)

        def rows(ticket: object) -> list[Leaves | Problem]:
            return ticket_rows(ticket, people)

        def facts(ticket: object) -> Leaves | Problem:
            return ticket_facts(ticket, people)

        plan = COLUMNS.plan_of(records.seen(place, rows))
        tickets = _plan_tickets(records.seen(place, facts))
        return replace(plan, facts=tickets)


def _plan_tickets(tickets: NestedRecords) -> Plan | None:
    """Plan the facts of the tickets; a file that is cut inside its first one has none."""
    roles = {role: column for role, column in ROLES.items() if column in tickets.names}
    if "ticket_id" not in roles:
        return None
    return Plan(
        source=COLUMNS.name,
        confidence=SURE,
        content="tickets",
        kind=None,
        roles=roles,
        answers=(),
        why=dict.fromkeys(roles, "from the ticket, its thread and its metrics"),
        records=tickets,
        timezone="UTC",
    )


def _people(records: NestedRecords, place: str) -> People:
    """Read the users that a response of the API lists beside the tickets."""
    beside = place.removesuffix("item").removesuffix(".").rpartition(".")[0]
    users = f"{beside}.users.item".lstrip(".")
    if f"{users}.role" not in records.document.paths:
        return People()
    roles, languages = {}, {}
    for user, _ in records.document.values(users):
        identity = leaf(user.get("id")) if isinstance(user, Mapping) else None
        if identity and isinstance(user, Mapping):
            roles[identity] = leaf(user.get("role")) or ""
            languages[identity] = leaf(user.get("locale")) or ""
    return People(roles, languages)
