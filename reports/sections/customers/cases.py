"""Whom to call back: the most pressing customers, by when, and a draft of what to say."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from reports.sections.shared.blocks import (
    Block,
    Cell,
    Column,
    Comment,
    Comments,
    Fold,
    Grid,
    Paragraph,
    Row,
    Section,
)
from reports.sections.shared.phrases import issue_name, own_currency
from reports.sections.shared.view import View

CLOSED = ("done", "dropped")
SAID_LENGTH = 90  # characters of the comment in the row: a line
Record = dict[Hashable, Any]


def show_cases(view: View) -> Section | None:
    """List the open cases, most pressing first."""
    rows = view.table("cases")
    if rows.empty:
        return None
    words, waiting = view.words, waiting_cases(view)
    shown = waiting.head(view.rules.cases)
    closed = len(rows) - len(waiting)
    late = int(waiting["is_overdue"].sum())
    told = [words.count("cases.waiting", len(waiting))]
    told += [words.count("cases.late", late)] if late else []
    told += [words.count("cases.closed", closed)] if closed else []
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
    if waiting["value"].notna().any():
        blocks += own_currency(view)
    return Section("cases", words("cases.title"), blocks, intro=words("cases.intro"), gist=told[0])


def waiting_cases(view: View) -> pd.DataFrame:
    """Give the cases that nobody has closed, most pressing first."""
    rows = view.table("cases")
    return rows if rows.empty else rows[~rows["state"].isin(CLOSED)].sort_values("priority")


def _row(view: View, row: Record) -> Row:
    words = view.words
    comments = view.comments([row["feedback_id"]], category=row["issue"].partition(":")[2])
    why = words(f"cases.{row['reason']}")
    if row["reason"] == "detractor":
        why = f"{why}: {words('comment.nps', nps=words.number(row['nps']))}"
    elif row["reason"] == "low_rating":
        why = f"{why}: {words('comment.rating', rating=words.number(row['rating']))}"
    worth: str = "–" if pd.isna(row["value"]) else words.money(row["value"])
    due = words("cases.overdue") if row["is_overdue"] else ""
    cells = (
        _subject(view, row, comments),
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
    more: list[Block] = [Comments(comments)] if comments else []
    if row["reply"]:
        lines = tuple(
            Paragraph(line, "draft", language=row["reply_language"])
            for line in row["reply"].splitlines()
            if line
        )
        more.append(Fold(words("cases.draft"), lines, is_open=True))
    more.append(Paragraph(words("cases.id", id=row["case_id"]), "muted"))
    return Row(cells, words("cases.more"), tuple(more))


def _subject(view: View, row: Record, comments: tuple[Comment, ...]) -> Cell:
    """Name what a case is about, with the first words of what was said."""
    words = view.words
    subject = issue_name(view, row["issue"], {}) if row["issue"] else words("cases.no_subject")
    said, language = "", ""
    if comments:
        marked = [piece for piece, is_marked in comments[0].pieces if is_marked]
        text = " ".join((marked or [piece for piece, _ in comments[0].pieces])[0].split())
        said = text if len(text) <= SAID_LENGTH else text[:SAID_LENGTH].rstrip() + "…"
        language = comments[0].language
    title = f"{words.number(row['priority'])}. {subject}"
    return Cell(title, said, order=float(row["priority"]), language=language)
