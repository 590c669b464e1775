"""Whom to call back: the most pressing customers, by when, and a draft of what to say."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from reports.sections.shared.blocks import Block, Cell, Column, Comments, Fold, Grid, Paragraph, Row, Section
from reports.sections.shared.phrases import issue_name
from reports.sections.shared.view import View

CLOSED = ("done", "dropped")
Record = dict[Hashable, Any]


def show_cases(view: View) -> Section | None:
    """List the open cases, most pressing first."""
    rows = view.table("cases")
    if rows.empty:
        return None
    words = view.words
    waiting = rows[~rows["state"].isin(CLOSED)].sort_values("priority")
    shown = waiting.head(view.rules.cases)
    closed = len(rows) - len(waiting)
    late = int(waiting["is_overdue"].sum())
    told = [
        words.count("cases.waiting", len(waiting)),
        words.count("cases.late", late),
        words.count("cases.closed", closed),
    ]
    blocks: list[Block] = [Paragraph(" ".join(told))]
    if len(shown):
        columns = (
            Column(words("cases.who")),
            Column(words("cases.why")),
            Column(words("cases.due")),
            Column(words("cases.worth"), is_number=True),
            Column(words("cases.state")),
        )
        cases = tuple(_row(view, row) for row in shown.to_dict("records"))
        blocks.append(Grid(words("cases.table"), columns, cases))
    rest = len(waiting) - len(shown)
    if rest:
        blocks.append(Paragraph(words("cases.rest", n=words.number(rest)), "muted"))
    return Section("cases", words("cases.title"), blocks, intro=words("cases.intro"))


def _row(view: View, row: Record) -> Row:
    words = view.words
    subject = issue_name(view, row["issue"], {}) if row["issue"] else "–"
    why = words(f"cases.{row['reason']}")
    if row["reason"] == "detractor":
        why = f"{why}: {words('comment.nps', nps=words.number(row['nps']))}"
    elif row["reason"] == "low_rating":
        why = f"{why}: {words('comment.rating', rating=words.number(row['rating']))}"
    worth: str = "–" if pd.isna(row["value"]) else words.number(row["value"])
    due = words("cases.overdue") if row["is_overdue"] else ""
    cells = (
        Cell(f"{words.number(row['priority'])}  {subject}", row["case_id"], order=float(row["priority"])),
        Cell(why, words.day(row["comment_date"]), order=row["reason"]),
        Cell(
            words.day(row["due_date"]), due, order=row["due_date"].isoformat(), tone="bad" if due else "plain"
        ),
        Cell(worth, order=0.0 if pd.isna(row["value"]) else float(row["value"])),
        Cell(
            words(f"cases.{row['state']}"),
            words("cases.nobody") if pd.isna(row["owner"]) else row["owner"],
            order=row["state"],
        ),
    )
    comments = view.comments([row["feedback_id"]], category=row["issue"].partition(":")[2])
    more: list[Block] = [Comments(comments)] if comments else []
    if row["reply"]:
        lines = tuple(
            Paragraph(line, "draft", language=row["reply_language"])
            for line in row["reply"].splitlines()
            if line
        )
        more.append(Fold(words("cases.draft"), lines, is_open=True))
    return Row(cells, words("cases.more"), tuple(more))
