"""Themes that nobody listed: how large, how loud, what they are mostly about, which are new."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

from reports import charts
from reports.charts import NEGATIVE
from reports.sections.shared.blocks import Block, Cell, Column, Comments, Grid, Paragraph, Row, Section
from reports.sections.shared.phrases import change_cell, share_cell
from reports.sections.shared.view import View

SHOWN_KEYWORDS = 6
HISTORY = timedelta(days=28)  # a theme is called new only where the past before it is at least so long


def show_topics(view: View) -> Section | None:
    """Show the themes with the most complaints, and those seen for the first time."""
    words = view.words
    topics = {row["topic_id"]: row for row in view.tables["topics"].to_pylist()}
    blocks: list[Block] = []
    fresh = {row["topic_id"] for row in new_topics(view)}
    compared = view.compared(view.kind, "topic_id")
    compared = compared[compared["key"].isin(list(topics))]
    records = [dict(zip(map(str, compared), row, strict=True)) for row in compared.itertuples(index=False)]
    new = [record for record in records if record["key"] in fresh]
    if new:
        rows = tuple(_row(view, record, topics[record["key"]]) for record in new[: view.rules.topics])
        blocks.append(Grid(words("topics.new"), _columns(view), rows, lead=view.rules.lead_rows))
    old = [record for record in records if record["key"] not in fresh]
    if old:
        rows = tuple(_row(view, record, topics[record["key"]]) for record in old[: view.rules.topics])
        blocks.append(Grid(words("topics.table"), _columns(view), rows, lead=view.rules.lead_rows))
    if not blocks:
        blocks.append(Paragraph(words("topics.none")))
    known = [words.count("topic_map.topics", len(topics))] if topics else []
    gist = ", ".join([*known, *([words.count("count.themes", len(fresh))] if fresh else [])])
    return Section("topics", words("topics.title"), blocks, intro=words("topics.intro"), gist=gist)


def new_topics(view: View) -> list[dict[str, Any]]:
    """Give the themes first seen in the weeks of the page; none while all is new."""
    if (
        not view.window.weeks
        or not view.window.trend
        or view.window.first_day - view.window.trend[0] < HISTORY
    ):
        return []
    first, last = view.window.first_day, view.as_of
    rows = view.tables["topics"].to_pylist()
    return [row for row in rows if row["first_seen"] is not None and first <= row["first_seen"] <= last]


def _columns(view: View) -> tuple[Column, ...]:
    words = view.words
    return (
        Column(words("topics.theme")),
        Column(words("topics.category")),
        Column(words("topics.complaints"), is_number=True),
        Column(words("friction.change"), is_number=True),
        Column(words("topics.size"), is_number=True),
        Column(words("friction.trend")),
    )


def _row(view: View, record: dict[str, Any], topic: dict[str, Any]) -> Row:
    words, level = view.words, record["level"]
    keywords = words("topics.words", words=", ".join(topic["keywords"][:SHOWN_KEYWORDS]))
    shares = view.weekly_shares(view.kind, "topic_id", topic["topic_id"])
    drawing = charts.spark(shares, words=words.chart(), color=NEGATIVE) if len(shares) > 1 else None
    category = view.category_name(topic["category"])
    cells = (
        Cell(topic["label"], keywords, order=topic["label"]),
        Cell(category, order=category),
        share_cell(view, level),
        change_cell(view, level),
        Cell(words.number(record["comment_count"]), order=float(record["comment_count"])),
        Cell(drawing=drawing),
    )
    comments = view.comments(record["examples"], category=topic["category"])
    return Row(cells, words("page.comments_behind"), (Comments(comments),) if comments else ())
