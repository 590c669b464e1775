"""ALERTS -> OUTBOX: what is to be said to whom, and what became of it. Nothing is said twice."""

from __future__ import annotations

import hashlib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from fnmatch import fnmatchcase
from typing import Any
from zoneinfo import ZoneInfo

from reports.notify.rules import NotifyRules, Route
from reports.stories.answers import is_quiet

Row = dict[str, Any]
WAITING, SENDING, SENT = "waiting", "sending", "sent"
FAILED, GIVEN_UP, UNSURE, SKIPPED = "failed", "given_up", "unsure", "skipped"
RESOLVED = "resolved"
BANDS = ("info", "warning", "critical")


@dataclass(frozen=True)
class Story:
    """An open story as routes see it: its leading alert, every alert of it, category and kinds."""

    row: Row
    members: tuple[str, ...]
    category: str
    source_kinds: tuple[str, ...]


def find_stories(alerts: Sequence[Row], categories: Mapping[str, str], day: date) -> list[Story]:
    """Give the stories that somebody may want to hear of: open, and not kept quiet.

    Args:
        alerts: rows of ALERTS.
        categories: topic_id -> friction category.
        day: today, for mutes.
    """
    living = [row for row in alerts if row["status"] != RESOLVED]
    known = {row["alert_id"] for row in living}
    stories = []
    for row in living:
        if row["parent_alert_id"] in known or is_quiet(row, day):
            continue
        under = [one for one in alerts if one["parent_alert_id"] == row["alert_id"]]
        members = tuple(one["alert_id"] for one in (row, *under))
        kind, _, name = row["issue"].partition(":")
        category = name if kind == "category" else categories.get(name, "")
        segments = [one["segment"] for one in (row, *under) if one["status"] != RESOLVED]
        kinds = tuple(s.partition("=")[2] for s in segments if s.startswith("source_kind="))
        stories.append(Story(row, members, category, kinds))
    return sorted(stories, key=lambda story: (-story.row["severity"], story.row["alert_id"]))


def wants(route: Route, story: Story) -> bool:
    """Say whether a route is for a story."""
    row = story.row
    return (
        row["band"] in route.bands
        and (not route.categories or story.category in route.categories)
        and (not route.segments or any(fnmatchcase(row["segment"], one) for one in route.segments))
        and (not route.source_kinds or any(kind in route.source_kinds for kind in story.source_kinds))
    )


def plan(
    outbox: Sequence[Row],
    stories: Sequence[Story],
    targets: Mapping[str, int],
    *,
    now: datetime,
    rules: NotifyRules,
) -> list[Row]:
    """Add the messages that nobody has planned yet.

    A story is announced once per route, again when it was reopened, and when its band has risen. What was
    said of any of its alerts counts for it, so that another alert that takes the lead is no news. What a new
    route finds open from long ago is passed over.

    Args:
        outbox: rows of OUTBOX.
        stories: what is open.
        targets: route name -> number of addresses; routes without an address plan nothing.
        now: the moment, UTC.
        rules: section [notify].

    Returns:
        The outbox with new rows.
    """
    planned = list(outbox)
    said: dict[tuple[str, str], list[Row]] = {}
    for row in outbox:
        said.setdefault((row["route"], row["alert_id"]), []).append(row)
    begun = {row["route"] for row in outbox}
    for route in rules.routes:
        due_at = next_moment(route, now)
        for story in stories:
            before = [one for alert_id in story.members for one in said.get((route.name, alert_id), [])]
            reason = _reason(story.row, before) if wants(route, story) else ""
            if not reason:
                continue
            is_old = route.name not in begun and not _is_fresh(story.row, now.date(), rules.fresh_days)
            status = SKIPPED if is_old else WAITING
            told = {"route": route.name, "reason": reason, "status": status}
            more = told | {"planned_at": now, "due_at": due_at}
            planned += [_message(story.row, target, more) for target in range(targets.get(route.name, 0))]
    return planned


def _reason(row: Row, before: Sequence[Row]) -> str:
    """Say why a story is told now; empty when there is no reason."""
    if not before:
        return "opened"
    if row["reopened_count"] > max(one["episode"] for one in before):
        return "reopened"
    if BANDS.index(row["band"]) > max(BANDS.index(one["band"]) for one in before):
        return "worse"
    return ""


def _is_fresh(row: Row, today: date, days: int) -> bool:
    began = row["opened_date"] if not row["reopened_count"] else row["last_active_date"]
    return bool((today - began).days <= days)


def _message(row: Row, target: int, more: Row) -> Row:
    key = "\x1f".join((more["route"], str(target), row["alert_id"], str(row["reopened_count"]), row["band"]))
    return {
        "message_id": hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest(),
        "target": target, "alert_id": row["alert_id"], "band": row["band"], "episode": row["reopened_count"],
        "attempts": 0, "finished_at": None, "fault": None, **more,
    }  # fmt: skip


def next_moment(route: Route, now: datetime) -> datetime:
    """Give the first moment, from now on, at which a route may send."""
    local = now.astimezone(ZoneInfo(route.timezone))
    if route.when != "now":
        moment = local.replace(hour=route.hour, minute=0, second=0, microsecond=0)
        if moment < local:
            moment += timedelta(days=1)
        if route.when == "weekly":
            moment += timedelta(days=(route.weekday - moment.weekday()) % 7)
        local = moment
    if route.quiet and _is_within(route.quiet, local.hour):
        end = local.replace(hour=route.quiet[1], minute=0, second=0, microsecond=0)
        local = end if end > local else end + timedelta(days=1)
    return local.astimezone(now.tzinfo)


def _is_within(quiet: tuple[int, ...], hour: int) -> bool:
    first, last = quiet
    return first <= hour < last if first <= last else hour >= first or hour < last


def take_up(outbox: Sequence[Row], quiet: Collection[str], now: datetime) -> list[Row]:
    """Settle what a killed run left half-way, and what nobody wants to hear any more.

    A message that was being sent may have arrived, so it is not sent again.

    Args:
        outbox: rows of OUTBOX.
        quiet: alerts that are muted or dismissed by now.
        now: the moment, UTC.
    """
    half = {"status": UNSURE, "finished_at": now, "fault": "the run ended while it was being sent"}
    unwanted = {"status": SKIPPED, "finished_at": now}
    taken = [row | half if row["status"] == SENDING else row for row in outbox]
    return [
        row | unwanted if row["status"] in (WAITING, FAILED) and row["alert_id"] in quiet else row
        for row in taken
    ]


def due(outbox: Sequence[Row], route: Route, now: datetime) -> list[list[Row]]:
    """Give the messages of a route that may go out now, together those that go into one.

    Returns:
        One list per thing to send: single messages, or all messages of an address for a digest. In the
        quiet hours none, whatever made them late.
    """
    if route.quiet and _is_within(route.quiet, now.astimezone(ZoneInfo(route.timezone)).hour):
        return []
    ready = [
        row
        for row in outbox
        if row["route"] == route.name and row["status"] in (WAITING, FAILED) and row["due_at"] <= now
    ]
    if route.when == "now" or route.ticket:
        return [[row] for row in ready]
    targets = sorted({row["target"] for row in ready})
    return [[row for row in ready if row["target"] == target] for target in targets]


def after_failure(row: Row, fault: str, *, now: datetime, rules: NotifyRules) -> Row:
    """Say what becomes of a message that could not be sent: tried again later, or given up."""
    attempts = row["attempts"] + 1
    if attempts > len(rules.again_minutes):
        return row | {"status": GIVEN_UP, "attempts": attempts, "finished_at": now, "fault": fault}
    later = now + timedelta(minutes=rules.again_minutes[attempts - 1])
    return row | {"status": FAILED, "attempts": attempts, "due_at": later, "fault": fault}
