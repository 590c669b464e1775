"""What `voc alerts` does: list and show alerts, and write down what people say about them."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime
from typing import Any

import pyarrow as pa
import pyarrow.compute as pc

from data.intake.inputs import InputError
from data.schema import ALERT_EVENTS, DOCUMENTS
from data.store import Store
from flows.engine.delivery import Delivery
from flows.engine.lock import locked
from flows.engine.people.answers import read_answers, say
from flows.settings import Own
from reports.stories.answers import Answer, answer_columns, is_quiet

RESOLVED = "resolved"
_SHORTEST_ID = 4  # characters of an id that a person may type instead of all forty


def list_alerts(out: str, *, everything: bool = False) -> list[dict[str, Any]]:
    """Give the stories that are not settled, the most severe first; with `everything`, every alert."""
    rows = _read(out)
    known = {row["alert_id"] for row in rows if row["status"] != RESOLVED}
    if not everything:
        rows = [
            row for row in rows if row["status"] != RESOLVED and row["parent_alert_id"] not in known
        ]  # a child stands for itself once its parent is settled
    return sorted(rows, key=lambda row: (row["status"] == RESOLVED, -row["severity"], row["alert_id"]))


def show_alert(out: str, alert_id: str) -> dict[str, Any]:
    """Give all that is known of one alert: its row, what became of it, and its comments, masked."""
    rows, store = _read(out), Store(out)
    row = _one(rows, alert_id)
    events = store.read(ALERT_EVENTS).to_pylist()
    return row | {
        "details": json.loads(row["details"]),
        "calculation": json.loads(row["calculation"]),
        "events": [one for one in events if one["alert_id"] == row["alert_id"]],
        "examples": _comments(store, row["example_ids"]),
        "under_it": [
            {name: one[name] for name in ("alert_id", "issue", "segment", "status", "n", "expected")}
            for one in rows
            if one["parent_alert_id"] == row["alert_id"]
        ],
    }


def acknowledge(out: str, alert_id: str, *, owner: str, note: str | None, day: date) -> Answer:
    """Note that somebody has taken an alert on."""
    more = {"note": note} if note else {}
    return _say(out, alert_id, owner=owner, acknowledged=day, **more)


def mute(out: str, alert_id: str, *, until: date | None, note: str | None) -> Answer:
    """Keep an alert quiet until a day; None ends it."""
    more = {"note": note} if note else {}
    return _say(out, alert_id, muted_until=until, **more)


def annotate(out: str, alert_id: str, *, note: str) -> Answer:
    """Write a note on an alert; an empty one takes it back."""
    return _say(out, alert_id, note=note or None)


def dismiss(out: str, alert_id: str, *, is_issue: bool, note: str | None) -> Answer:
    """Remember that an alert is not an issue, now and when it comes back no worse; or take that back."""
    row = _one(_read(out), alert_id)
    more: dict[str, Any] = {"note": note} if note else {}
    ratio = None if is_issue else float(f"{row['ratio']:.6g}")
    return _say(out, alert_id, not_an_issue=not is_issue or None, ratio=ratio, **more)


def send_due(out: str, *, own: Own) -> dict[str, Any]:
    """Send what is due on the routes of [notify]: what failed before, what waited for its hour."""
    store, settings = Store(out), own.load()
    _read(out)
    with locked(store):
        delivery = Delivery(
            store, settings["notify"], settings["page"].language, clock=lambda: datetime.now(UTC)
        )
        counts = delivery.deliver()
    return {**counts, "warnings": delivery.warnings}


def as_lines(rows: Sequence[dict[str, Any]], *, day: date) -> list[str]:
    """Write alerts as lines for a terminal."""
    if not rows:
        return ["No alert is open."]
    lines = []
    for row in rows:
        marks = [row["band"], row["kind"], row["status"]]
        marks += ["recurring"] if row["is_recurring"] else []
        marks += [f"owner {row['owner']}"] if row["owner"] else []
        marks += ["quiet"] if is_quiet(row, day) else []
        lines.append(f"{row['alert_id'][:8]}  {', '.join(marks)}\n          {row['explanation']}")
    return lines


def describe(shown: dict[str, Any]) -> list[str]:
    """Write one alert in full for a terminal."""
    marks = f"{shown['band']}, {shown['kind']}, {shown['status']}"
    lines = [f"{shown['alert_id']}  {marks}", shown["explanation"]]
    said = [(name, shown[name]) for name in ("owner", "acknowledged_date", "muted_until", "note")]
    lines += [f"  {name.replace('_', ' ')}: {value}" for name, value in said if value is not None]
    lines += ["  not an issue, somebody said"] if shown["is_dismissed"] else []
    numbers = {name: value for name, value in shown["calculation"].items() if name != "windows"}
    blocks = {
        "What became of it": [
            f"{one['date']}  {one['transition']}  n={one['n']} score={one['score']:.1f}"
            for one in shown["events"]
        ],
        "More often than usual": [
            "{column} = {value}: {lift:.1f} times ({low:.1f} to {high:.1f})".format(**one)
            for one in shown["details"].get("differs", [])
        ],
        "The same event also shows as": [
            f"{one['alert_id'][:8]}  {one['issue']}, {one['segment']}" for one in shown["under_it"]
        ],
        "Comments": [one["text"] for one in shown["examples"]],
        "Calculation": [f"{name.replace('_', ' ')}: {value}" for name, value in numbers.items()],
    }
    for title, found in blocks.items():
        lines += ["", f"{title}:", *(f"  {line}" for line in found)] if found else []
    return lines


def _say(out: str, alert_id: str, **changes: Any) -> Answer:  # noqa: ANN401 - fields of Answer
    row = _one(_read(out), alert_id)
    return say(Store(out), Answer(row["alert_id"], row["issue"], row["segment"]), **changes)


def _read(out: str) -> list[dict[str, Any]]:
    """Read the alerts with what people have said since they were written."""
    store = Store(out)
    if store.file_stamp("alerts.parquet") is None:
        raise InputError(f"{out} holds no alerts; make them with: voc run INPUT... --out {out}")
    rows: list[dict[str, Any]] = store.read_file("alerts.parquet").to_pylist()
    said = answer_columns(rows, read_answers(store))
    return [row | one for row, one in zip(rows, said, strict=True)]


def _one(rows: Sequence[dict[str, Any]], alert_id: str) -> dict[str, Any]:
    found = [row for row in rows if row["alert_id"].startswith(alert_id)] if alert_id else []
    if len(alert_id) < _SHORTEST_ID or not found:
        raise InputError(
            f"no alert has an id that begins with '{alert_id}'; give at least {_SHORTEST_ID} characters of "
            "one that `voc alerts list --all` shows"
        )
    if len(found) > 1:
        raise InputError(f"{len(found)} alerts have ids that begin with '{alert_id}'; give more characters")
    return found[0]


def _comments(store: Store, ids: Sequence[str]) -> list[dict[str, Any]]:
    wanted, found = pa.array(ids, pa.string()), {}
    columns = ["feedback_id", "text", "created_at", "source_kind", "language"]
    for arrow in store.scan(DOCUMENTS, store.finished_parts(), columns):
        for row in arrow.filter(pc.is_in(arrow["feedback_id"], value_set=wanted)).to_pylist():
            found[row["feedback_id"]] = row
    return [found[one] for one in ids if one in found]
