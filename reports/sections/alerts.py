"""Alerts: what rose beyond its own past, where, by how much, and the comments behind it."""

from __future__ import annotations

import json
from datetime import date, timedelta
from typing import Any

import pandas as pd
import pyarrow.compute as pc

from reports import charts
from reports.charts import Point, Watch
from reports.sections.calculation import peak, show_calculation
from reports.sections.evidence import split_segment
from reports.sections.shared.blocks import (
    Badge,
    Block,
    Card,
    Cell,
    Column,
    Comments,
    Figure,
    Fold,
    Grid,
    Key,
    Paragraph,
    Row,
    Section,
)
from reports.sections.shared.phrases import dimension_name, issue_name, topic_labels
from reports.sections.shared.view import View
from reports.sections.shared.words import isolated
from reports.stories import sentence

QUIET_DAYS = 28  # a settled alert is listed this long, as long as it could open again
MOST_CHILDREN = 3  # named; the others are counted, and all are in the table
MOST_BARS = 70  # beyond this many days, one bar covers a week
PAST_WINDOWS = 8  # days drawn before the window: this many times its length, within the two limits below
FEWEST_DAYS, MOST_DAYS = 56, 182
RESOLVED, INFO, CRITICAL = "resolved", "info", "critical"


def show_alerts(view: View) -> Section | None:
    """Show every open alert with its chart and comments, then those settled lately."""
    words, alerts = view.words, open_alerts(view)
    labels = topic_labels(view)
    cards: list[Block] = [_card(view, alert, labels) for alert in alerts[: view.rules.alerts]]
    blocks, others = cards[: view.rules.lead_alerts], cards[view.rules.lead_alerts :]
    if others:
        blocks.append(Fold(words.count("alerts.others", len(others)), tuple(others)))
    if not alerts:
        blocks.append(Paragraph(words("alerts.none")))
    hidden = len(alerts) - view.rules.alerts
    if hidden > 0:
        blocks.append(Paragraph(words("alerts.hidden", n=words.number(hidden)), "muted"))
    minor = [row for row in _leading(view.tables["alerts"].to_pylist()) if row["band"] == INFO]
    if minor:
        told_shortly: tuple[Block, ...] = tuple(_quiet_card(view, alert, labels) for alert in minor)
        blocks.append(Fold(words("alerts.minor"), told_shortly))
    quiet = _quiet_alerts(view)
    if quiet:
        lines: tuple[Block, ...] = tuple(_quiet_card(view, alert, labels) for alert in quiet)
        blocks.append(Fold(words("alerts.quiet"), lines))
    gist = words.count("count.alerts", len(alerts)) if alerts else words("alerts.none")
    return Section("alerts", words("alerts.title"), blocks, intro=words("alerts.intro"), gist=gist)


def open_alerts(view: View) -> list[dict[str, Any]]:
    """Give the alerts that head the page, the most severe first."""
    return unsettled(view.tables["alerts"].to_pylist())


def shown_alerts(alerts: list[dict[str, Any]], *, most: int) -> list[dict[str, Any]]:
    """Give the rows that are shown with their comments: not settled, not under a parent, the most severe."""
    return unsettled(alerts)[:most]


def unsettled(alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Give the alerts to look into, the most severe first: not settled, not under another, not info only."""
    return [row for row in _leading(alerts) if row["band"] != INFO]


def _leading(alerts: list[dict[str, Any]]) -> list[dict[str, Any]]:
    rows = [row for row in alerts if row["status"] != RESOLVED]
    known = {row["alert_id"] for row in rows}
    return sorted(
        (row for row in rows if row["parent_alert_id"] not in known),
        key=lambda row: (-row["severity"], row["alert_id"]),
    )


def told(view: View, alert: dict[str, Any]) -> dict[str, str]:
    """Put the numbers of an alert's peak into words; `span` is empty when its days are not known."""
    words, days = view.words, peak(alert)
    return {
        "found": words.count("count.complaints", int(alert["n"])),
        "days": words.count("count.days", int(alert["window_days"])),
        "expected": words.number(alert["expected"], 1),
        "ratio": words.number(alert["ratio"], 1),
        "span": words.span(*days) if days else "",
    }


def place_name(view: View, segment: str) -> str:
    """Name where an alert holds: everywhere, or a segment."""
    dimension, value = split_segment(segment)
    if dimension == "all":
        return view.words("alerts.everywhere")
    known = {"source_kind": view.kind_name, "language": view.words.language_name}
    shown = known[dimension](value) if dimension in known else isolated(value)
    return f"{dimension_name(view, dimension)}: {shown}"


def _card(view: View, alert: dict[str, Any], labels: dict[str, str]) -> Card:
    words = view.words
    title = words(
        "alerts.where",
        issue=issue_name(view, alert["issue"], labels), segment=place_name(view, alert["segment"]),
    )  # fmt: skip
    blocks: list[Block] = [_sentence(view, alert), *_children(view, alert)]
    ids = view.behind.get(alert["alert_id"], [])
    category = alert["issue"].partition(":")[2] if alert["issue"].startswith("category:") else ""
    comments = view.comments(ids, category=category, limit=view.rules.alert_comments)
    if comments:
        blocks.append(Fold(words("page.comments_behind"), (Comments(comments),)))
    else:
        blocks.append(Paragraph(words("alerts.no_comments"), "muted"))
    chart = tuple(_chart(view, alert))
    if chart:
        blocks.append(Fold(words("page.chart"), chart))
    blocks += show_calculation(view, alert)
    return Card(title, _badges(view, alert), tuple(blocks), note=_when(view, alert))


def _sentence(view: View, alert: dict[str, Any]) -> Paragraph:
    values = told(view, alert)
    if not values["span"]:
        return Paragraph(view.words("alerts.told_undated", **values))
    stakes = sentence.tell_stakes(alert, _details(alert), words=view.words)
    return Paragraph(" ".join([sentence.tell_peak(alert, words=view.words), *stakes]))


def _details(alert: dict[str, Any]) -> dict[str, Any]:
    """Read who complains more than usual, and the rates; nothing where nobody worked them out."""
    try:
        found = json.loads(alert["details"] or "{}")
    except ValueError:
        found = {}
    return {"differs": [], **found}


def _children(view: View, alert: dict[str, Any]) -> list[Block]:
    rows = [
        row
        for row in view.tables["alerts"].to_pylist()
        if row["parent_alert_id"] == alert["alert_id"] and row["status"] != RESOLVED
    ]
    rows.sort(key=lambda row: (-row["severity"], row["alert_id"]))
    if not rows:
        return []
    labels = topic_labels(view)
    named = [
        place_name(view, row["segment"])
        if row["issue"] == alert["issue"]
        else f"{issue_name(view, row['issue'], labels)} · {place_name(view, row['segment'])}"
        for row in rows[:MOST_CHILDREN]
    ]
    ratios = [view.words.number(row["ratio"], 1) for row in rows]
    places = [f"{name} (×{ratio})" for name, ratio in zip(named, ratios, strict=False)]
    if len(rows) > MOST_CHILDREN:
        places.append(view.words("alerts.and_more", n=view.words.number(len(rows) - MOST_CHILDREN)))
    return [Paragraph(view.words("alerts.also", places=", ".join(places)), "muted")]


def _chart(view: View, alert: dict[str, Any]) -> list[Block]:
    words, (first, last) = view.words, _window(alert)
    counts = _daily(view, alert, first, last)
    if counts.empty:
        return []
    step = 1 if len(counts) <= MOST_BARS else 7
    per_bar = float(alert["expected"]) / max(int(alert["window_days"]), 1) * step
    points = _bars(counts, step)
    title = words("alerts.per_day" if step == 1 else "alerts.per_week")
    columns = (Column(words("period.column")), Column(words("alerts.chart"), is_number=True))
    rows = tuple(Row((Cell(words.day(p.day)), Cell(words.number(p.value)))) for p in _bars(counts, 7))
    table = Grid(title, columns, rows, is_sortable=False, hides_title=True)
    legend = (
        Key("negative", words("alerts.legend_now")),
        Key("neutral", words("alerts.legend_past")),
        Key("expected", words("alerts.legend_expected")),
    )
    drawing = charts.bars(points, Watch(first, last, per_bar, step), words=words.chart())
    return [Figure(title, drawing, table, legend)]


def _daily(view: View, alert: dict[str, Any], first: date, last: date) -> pd.Series:
    """Give the count of every day from well before the window to its end, days without a row as zero."""
    table = view.tables["counts"]
    mask = pc.and_(pc.equal(table["issue"], alert["issue"]), pc.equal(table["segment"], alert["segment"]))
    rows = table.select(["date", "n"]).filter(mask).to_pandas(date_as_object=True)
    if rows.empty:
        return pd.Series(dtype=float)
    length = min(max(PAST_WINDOWS * ((last - first).days + 1), FEWEST_DAYS), MOST_DAYS)
    days = [last - timedelta(days=back) for back in range(length + (last - first).days, -1, -1)]
    found: pd.Series = rows.groupby("date")["n"].sum().reindex(days, fill_value=0)
    return found


def _bars(counts: pd.Series, step: int) -> list[Point]:
    """Sum days into bars that end with the last day; a first bar of fewer days is left out."""
    days, values = list(counts.index), counts.tolist()
    starts = range(len(days) % step, len(days), step)
    return [Point(days[start], float(sum(values[start : start + step]))) for start in starts]


def _badges(view: View, alert: dict[str, Any]) -> tuple[Badge, ...]:
    words = view.words
    badges = [Badge(words("notify.critical"), "bad")] if alert["band"] == CRITICAL else []
    badges.append(Badge(words(f"alerts.{alert['kind']}"), "bad"))
    if alert["is_recurring"]:
        badges.append(Badge(words("alerts.recurring"), "bad"))
    badges.append(Badge(words(f"alerts.status_{alert['status']}")))
    return (*badges, *(Badge(said) for said in _said(view, alert)))


def _said(view: View, alert: dict[str, Any]) -> list[str]:
    """Give what people said about an alert, in a few words."""
    words, said = view.words, []
    if alert["owner"]:
        said.append(words("alerts.owner", name=isolated(alert["owner"])))
    if alert["is_dismissed"]:
        said.append(words("alerts.dismissed"))
    if alert["muted_until"] is not None and alert["muted_until"] >= view.as_of:
        said.append(words("alerts.muted", day=words.day(alert["muted_until"])))
    return [*said, isolated(alert["note"])] if alert["note"] else said


def _when(view: View, alert: dict[str, Any]) -> str:
    words = view.words
    opened = words("alerts.opened", day=words.day(alert["opened_date"]))
    if alert["resolved_date"] is not None:
        return f"{opened} · {words('alerts.resolved', day=words.day(alert['resolved_date']))}"
    return f"{opened} · {words('alerts.last', day=words.day(alert['last_active_date']))}"


def _quiet_alerts(view: View) -> list[dict[str, Any]]:
    since = view.as_of - timedelta(days=QUIET_DAYS)
    rows = [
        row
        for row in view.tables["alerts"].to_pylist()
        if row["status"] == RESOLVED and row["resolved_date"] is not None and row["resolved_date"] >= since
    ]
    return sorted(rows, key=lambda row: (-row["severity"], row["alert_id"]))[: view.rules.quiet_alerts]


def _quiet_card(view: View, alert: dict[str, Any], labels: dict[str, str]) -> Card:
    title = view.words(
        "alerts.where",
        issue=issue_name(view, alert["issue"], labels), segment=place_name(view, alert["segment"]),
    )  # fmt: skip
    return Card(title, _badges(view, alert), (_sentence(view, alert),), note=_when(view, alert))


def _window(alert: dict[str, Any]) -> tuple[date, date]:
    first, last = min(alert["began_date"], alert["opened_date"]), alert["last_active_date"]
    return first, max(first, last)
