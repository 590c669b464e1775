"""What was done, and whether it helped: one card per action, until it has been settled and told."""

from __future__ import annotations

from collections.abc import Hashable
from datetime import timedelta
from typing import Any

import pandas as pd

from reports.charts import Point
from reports.drawing.plots import before_after
from reports.sections.shared.blocks import (
    Badge,
    Block,
    Card,
    Cell,
    Column,
    Comments,
    Figure,
    Finding,
    Fold,
    Grid,
    Paragraph,
    Row,
    Section,
)
from reports.sections.shared.phrases import dimension_name, issue_name, topic_labels
from reports.sections.shared.view import View
from reports.sections.shared.words import isolated

TONES = {"worked": "good", "worse": "bad"}
MOST_TOLD = 2  # actions told in the headlines
Record = dict[Hashable, Any]


def show_actions(view: View) -> Section | None:
    """Show every action that is not settled, or was settled lately."""
    rows = view.table("actions")
    if rows.empty:
        return None
    words, shown = view.words, _shown(view, rows)
    cards: list[Block] = [_card(view, row) for row in shown.to_dict("records")]
    rest = len(rows) - len(shown)
    if rest:
        cards.append(Paragraph(words.count("actions.settled_before", rest), "muted"))
    return Section("actions", words("actions.title"), cards, intro=words("actions.intro"))


def _shown(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    """Give the actions to speak of, the newest first."""
    settled = pd.to_datetime(rows["settled_date"])
    last = pd.Timestamp(view.as_of - timedelta(days=view.rules.action_days))
    shown = rows[settled.isna() | (settled >= last)]
    return shown.sort_values(["action_date", "action_id"], ascending=[False, True], kind="stable")


def told_shortly(view: View) -> list[Finding]:
    """Say of each action that is shown, in a sentence, whether it worked."""
    rows, words = view.table("actions"), view.words
    if rows.empty:
        return [Finding(words("headlines.no_fix"))]
    found = []
    for row in _shown(view, rows).head(MOST_TOLD).to_dict("records"):
        subject = issue_name(view, row["issue"], topic_labels(view))
        known = not pd.isna(row["effect"])
        text = words(
            f"headlines.fix_{row['verdict']}",
            subject=subject, note=isolated(row["note"]), day=words.day(row["action_date"]),
            before=words.share(row["before_share"], 1) if known else "–",
            after=words.share(row["after_share"], 1) if known else "–",
        )  # fmt: skip
        if row["next_look_date"] is not None:
            text += " " + words("actions.next_look", day=words.day(row["next_look_date"]))
        found.append(Finding(text, tone=TONES.get(row["verdict"], "plain"), link="actions"))
    return found


def said_and_done(view: View, row: Record) -> str:
    """Draft the note to customers about an action that worked."""
    words = view.words
    subject = issue_name(view, row["issue"], topic_labels(view))
    return words(
        "actions.said_done", subject=subject, note=isolated(row["note"]),
        before=words.share(row["before_share"], 1), after=words.share(row["after_share"], 1),
    )  # fmt: skip


def _card(view: View, row: Record) -> Card:
    words, verdict = view.words, row["verdict"]
    badges = (Badge(words(f"actions.{verdict}"), TONES.get(verdict, "plain")),)
    blocks: list[Block] = [Paragraph(_sentence(view, row))]
    figure = tuple(_figure(view, row))
    if figure:
        blocks.append(Fold(words("page.chart"), figure))
    if verdict == "worked":
        blocks.append(Fold(words("actions.draft"), (Paragraph(said_and_done(view, row)),)))
    comments = view.comments(list(row["example_ids"]), category=row["issue"].partition(":")[2])
    if comments:
        blocks.append(Fold(words("actions.since"), (Comments(comments),)))
    subject = issue_name(view, row["issue"], topic_labels(view))
    where = _where(view, row["segment"])
    title = words("alerts.where", issue=subject, segment=where)
    return Card(title, badges, tuple(blocks), f"{words.day(row['action_date'])} · {isolated(row['note'])}")


def _where(view: View, segment: str) -> str:
    if segment == "all":
        return view.words("alerts.everywhere")
    name, _, values = segment.partition("=")
    return f"{dimension_name(view, name)}: {isolated(values.replace('|', ', '))}"


def _sentence(view: View, row: Record) -> str:
    words = view.words
    if pd.isna(row["effect"]):
        wait = row["next_look_date"]
        return words("actions.wait", day=words.day(wait)) if wait is not None else words("actions.nothing")
    told = words(
        "actions.told",
        before=words.share(row["before_share"], 1),
        after=words.share(row["after_share"], 1),
        expected=words.share(row["after_share"] - row["effect"], 1),
        effect=words.signed(100 * row["effect"], 1),
        low=words.signed(100 * row["effect_low"], 1),
        high=words.signed(100 * row["effect_high"], 1),
        weeks=words.count("actions.weeks", int(row["weeks_after"])),
    )
    control = words("actions.control" if row["has_control"] else "actions.no_control")
    wait = row["next_look_date"]
    next_look = "" if wait is None else " " + words("actions.next_look", day=words.day(wait))
    return f"{told} {control}{next_look}"


def _figure(view: View, row: Record) -> list[Block]:
    weeks = view.table("action_weeks")
    mine = weeks[(weeks["action_id"] == row["action_id"]) & (weeks["total"] > 0)].sort_values("week_start")
    if len(mine) < 2:
        return []
    words, title = view.words, view.words("actions.chart")
    share = mine["count"] / mine["total"]
    points = [Point(day, float(value)) for day, value in zip(mine["week_start"], share, strict=True)]
    expected = [
        Point(day, float(value))
        for day, value in zip(mine["week_start"], mine["expected_share"], strict=True)
        if not pd.isna(value)
    ]
    columns = (
        Column(words("period.column")),
        *(Column(words(f"actions.{name}"), is_number=True) for name in ("share", "expected")),
        Column(words("tiles.volume"), is_number=True),
    )
    rows = tuple(
        Row((
            Cell(words.day(week["week_start"])),
            Cell(words.share(week["count"] / week["total"], 1)),
            Cell("–" if pd.isna(week["expected_share"]) else words.share(week["expected_share"], 1)),
            Cell(words.number(week["total"])),
        ))
        for week in mine.to_dict("records")
    )  # fmt: skip
    table = Grid(title, columns, rows, is_sortable=False, hides_title=True)
    return [Figure(title, before_after(points, expected, row["action_date"], words=words.chart()), table)]
