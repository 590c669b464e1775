"""actions.toml -> what was done, when, about what and where; every mistake in it is named."""

from __future__ import annotations

import hashlib
import json
import tomllib
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from reports.facts.subjects import CATEGORY, TOPIC

KEYS = ("date", "category", "topic", "segments", "note", "lag_days")
MOST_LAG = 180
EXAMPLE = '[[actions]]\ndate = 2026-10-01\ncategory = "shipping"\nnote = "Changed the courier"'


class ActionError(ValueError):
    """actions.toml does not fit; the message lists every problem."""


@dataclass(frozen=True)
class Action:
    """One thing that was done.

    Attributes:
        action_id: stable while date, subject and segments stay.
        day: first day on which comments can know of it.
        issue: the category or topic that it should help, as in COUNTS.
        segments: column -> values for which it was done; empty: for everybody.
        note: what was done, in the company's words.
    """

    action_id: str
    day: date
    issue: str
    segments: Mapping[str, tuple[str, ...]]
    note: str

    @property
    def where(self) -> str:
        """Write the segments in one line, as region=North|South; all if there are none."""
        return " ".join(f"{name}={'|'.join(values)}" for name, values in self.segments.items()) or "all"


def read_actions(text: str, *, issues: Collection[str], columns: Collection[str]) -> tuple[Action, ...]:
    """Read actions.toml.

    Args:
        text: its content; empty when there is no such file.
        issues: categories and topics that exist, as in COUNTS.
        columns: columns that segments may name.

    Returns:
        The actions by day.

    Raises:
        ActionError: naming every entry that does not fit, and what would.
    """
    try:
        raw = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise ActionError(f"actions.toml is not TOML: {error}; an entry looks like\n{EXAMPLE}") from None
    entries = raw.get("actions", [])
    problems = [f"unknown part '{key}'; entries stand under [[actions]]" for key in raw if key != "actions"]
    if not isinstance(entries, list):
        problems, entries = [*problems, "write [[actions]] with two brackets, once for each action"], []
    actions = []
    for place, entry in enumerate(entries, start=1):
        found = _problems(entry, issues, columns)
        problems += [f"action {place}: {problem}" for problem in found]
        if not found:
            actions.append(_action(entry))
    ids = [action.action_id for action in actions]
    problems += [
        f"two actions are the same: {a.day}, {a.issue}"
        for n, a in enumerate(actions)
        if a.action_id in ids[:n]
    ]
    if problems:
        raise ActionError("actions.toml was refused:\n" + "\n".join(f"  {problem}" for problem in problems))
    return tuple(sorted(actions, key=lambda action: (action.day, action.action_id)))


def _problems(entry: Mapping[str, Any], issues: Collection[str], columns: Collection[str]) -> list[str]:
    found = [f"unknown '{key}'; known: {', '.join(KEYS)}" for key in entry if key not in KEYS]
    if not isinstance(entry.get("date"), date) or isinstance(entry.get("date"), datetime):
        found.append("date must be a day without quotes, as date = 2026-10-01")
    if not isinstance(entry.get("note"), str) or not entry["note"].strip():
        found.append('note must say what was done, as note = "Changed the courier"')
    lag = entry.get("lag_days", 0)
    if not isinstance(lag, int) or not 0 <= lag <= MOST_LAG:
        found.append(f"lag_days must be a whole number from 0 to {MOST_LAG}")
    return [*found, *_subject_problems(entry, issues), *_segment_problems(entry.get("segments", {}), columns)]


def _subject_problems(entry: Mapping[str, Any], issues: Collection[str]) -> list[str]:
    if ("category" in entry) == ("topic" in entry):
        return ["name either a category or a topic"]
    kind = CATEGORY if "category" in entry else TOPIC
    if f"{kind}{entry[kind[:-1]]}" in issues:
        return []
    known = sorted(issue.removeprefix(kind) for issue in issues if issue.startswith(kind))
    return [f"unknown {kind[:-1]} '{entry[kind[:-1]]}'; known: {', '.join(known[:40]) or 'none yet'}"]


def _segment_problems(segments: object, columns: Collection[str]) -> list[str]:
    if not isinstance(segments, dict):
        return ['segments must name columns and values, as segments = { region = "North" }']
    unknown = [name for name in segments if name not in columns]
    found = [f"unknown segment column '{name}'; known: {', '.join(sorted(columns))}" for name in unknown]
    for name, value in segments.items():
        values = value if isinstance(value, list) else [value]
        if not values or not all(isinstance(one, str) and one for one in values):
            found.append(f"segment '{name}' must be a text or a list of texts")
    return found


def _action(entry: Mapping[str, Any]) -> Action:
    issue = f"{CATEGORY}{entry['category']}" if "category" in entry else f"{TOPIC}{entry['topic']}"
    segments = {
        name: tuple(sorted(value if isinstance(value, list) else [value]))
        for name, value in sorted(entry.get("segments", {}).items())
    }
    day = date.fromordinal(entry["date"].toordinal() + entry.get("lag_days", 0))
    told = json.dumps([day.isoformat(), issue, segments], ensure_ascii=False)
    return Action(
        hashlib.blake2b(told.encode(), digest_size=6).hexdigest(), day, issue, segments, entry["note"].strip()
    )
