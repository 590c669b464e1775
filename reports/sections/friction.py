"""What hurts: every subject with its complaints, their change, and the comments and themes behind it."""

from __future__ import annotations

from typing import Any

import pandas as pd

from data.schema import OTHER
from reports import charts
from reports.charts import NEGATIVE
from reports.sections.shared.blocks import Block, Cell, Column, Comments, Grid, Paragraph, Row, Section, Terms
from reports.sections.shared.phrases import change_cell, share_cell, topic_labels
from reports.sections.shared.view import View


def show_friction(view: View) -> Section | None:
    """Rank the subjects of complaint."""
    words = view.words
    blocks = friction_blocks(view, view.kind)
    return Section("friction", words("friction.title"), blocks, intro=words("friction.intro"))


def friction_blocks(view: View, kind: str, *, fewest: int = 1) -> list[Block]:
    """Draw the table of subjects for one kind of feedback, most complaints first.

    Args:
        view: what the page speaks of.
        kind: kind of feedback.
        fewest: subjects that fewer comments speak of are left out.
    """
    words = view.words
    compared = view.compared(kind, "category")
    compared = compared[(compared["key"] != OTHER) & (compared["negative_count"] > 0)]
    compared = compared[compared["comment_count"] >= fewest]
    if compared.empty:
        return [Paragraph(words("friction.none"))]
    topics = _topics_by_category(view, kind, fewest=fewest)
    shown = compared.head(view.rules.categories)
    records = [dict(zip(map(str, shown), row, strict=True)) for row in shown.itertuples(index=False)]
    rows = [_row(view, kind, record, topics) for record in records]
    columns = (
        Column(words("friction.subject")),
        Column(words("friction.share"), is_number=True),
        Column(words("friction.change"), is_number=True),
        Column(words("friction.mentions"), is_number=True),
        Column(words("friction.trend")),
    )
    lead = view.rules.lead_rows
    blocks: list[Block] = [Grid(words("friction.title"), columns, tuple(rows), hides_title=True, lead=lead)]
    rest = len(compared) - len(shown)
    if rest:
        blocks.append(Paragraph(words("friction.other_subjects", n=words.number(rest)), "muted"))
    return blocks


def _row(view: View, kind: str, record: dict[str, Any], topics: dict[str, pd.DataFrame]) -> Row:
    words, key, level = view.words, str(record["key"]), record["level"]
    name = view.category_name(key)
    shares = view.weekly_shares(kind, "category", key)
    drawing = charts.spark(shares, words=words.chart(), color=NEGATIVE) if len(shares) > 1 else None
    complaints = words.count("count.complaints", int(record["negative_count"]))
    cells = (
        Cell(name, complaints, order=name),
        share_cell(view, level),
        change_cell(view, level),
        Cell(words.number(record["comment_count"]), order=float(record["comment_count"])),
        Cell(drawing=drawing),
    )
    more: list[Block] = []
    if key in topics:
        more.append(_themes(view, topics[key]))
    comments = view.comments(record["examples"], category=key)
    if comments:
        more.append(Comments(comments))
    return Row(cells, words("friction.more"), tuple(more))


def _topics_by_category(view: View, kind: str, *, fewest: int) -> dict[str, pd.DataFrame]:
    """Give, for each category, the themes that mostly fall in it and are complained of now."""
    topics = view.tables["topics"]
    home = dict(zip(topics["topic_id"].to_pylist(), topics["category"].to_pylist(), strict=True))
    compared = view.compared(kind, "topic_id")
    compared = compared[(compared["negative_count"] > 0) & (compared["comment_count"] >= fewest)].assign(
        home=lambda f: f["key"].map(home)
    )
    most = view.rules.topics_per_category
    return {str(category): rows.head(most) for category, rows in compared.groupby("home")}


def _themes(view: View, rows: pd.DataFrame) -> Terms:
    words, labels = view.words, topic_labels(view)
    lines = [
        (labels.get(key, key), words.count("count.complaints", int(count)))
        for key, count in zip(rows["key"], rows["negative_count"], strict=True)
    ]
    return Terms(tuple(lines), title=words("friction.themes"))
