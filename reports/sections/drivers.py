"""What moves the score: each subject's effect beside the others, and the published impact."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from reports.drawing.plots import Spot, forest, matrix
from reports.sections.shared.blocks import Block, Cell, Column, Comments, Figure, Grid, Row, Section, Side
from reports.sections.shared.phrases import issue_name, own_currency, topic_labels
from reports.sections.shared.view import View

SCORES = ("nps", "rating", "csat", "ces")  # the first that was asked for is shown, all are in the table
DIGITS = {"nps": 1}  # decimals of a score of -100 to 100; the others are known to two
FEWEST = 2  # one subject has nothing to stand beside


def show_drivers(view: View) -> Section | None:
    """Rank the complaints by what they cost the score: effect times frequency."""
    rows, (score, mine) = view.table("drivers"), costly_subjects(view)
    if len(mine) < FEWEST:
        return None
    shown = mine.head(view.rules.categories)
    words = view.words
    name = words(f"drivers.{score}")
    intro = words(
        "drivers.intro", score=name, answers=words.count("count.answers", int(shown["total_count"].max()))
    )
    blocks: list[Block] = [_grid(view, score, shown), Side(_figures(view, score, shown))]
    praised = rows[(rows["score"] == score) & (rows["stance"] == "positive")]
    praised = praised[praised["issue"].str.startswith("category:") & (praised["effect_low"] > 0)]
    if len(praised):
        best = praised.sort_values(["contribution", "issue"], ascending=[False, True], kind="stable")
        blocks.append(_grid(view, score, best.head(view.rules.topics_per_category), "drivers.praise"))
    themes = rows[(rows["score"] == score) & (rows["stance"] == "negative") & (rows["effect_high"] < 0)]
    themes = themes[themes["issue"].str.startswith("topic:")].sort_values(["contribution", "issue"])
    if len(themes):
        blocks.append(_grid(view, score, themes.head(view.rules.categories), "drivers.themes"))
    if rows["value_at_stake"].notna().any():
        blocks += own_currency(view)
    gist = told_cost_of(view, score, mine.iloc[0].to_dict())
    return Section("drivers", words("drivers.title", score=name), blocks, intro=intro, gist=gist)


def told_cost_of(view: View, score: str, row: dict[Hashable, Any]) -> str:
    """Say in a sentence what complaints about a subject cost the score."""
    return view.words(
        "headlines.cost",
        category=issue_name(view, str(row["issue"]), {}), score=view.words(f"drivers.{score}"),
        points=view.words.number(abs(row["contribution"]), DIGITS.get(score, 2)),
    )  # fmt: skip


def costly_subjects(view: View) -> tuple[str, pd.DataFrame]:
    """Give the score to speak of, and what complaints cost it: rows of DRIVERS, most costly first."""
    rows = view.table("drivers")
    if rows.empty:
        return "", rows
    score = next((name for name in SCORES if name in set(rows["score"])), "")
    mine = rows[(rows["score"] == score) & rows["issue"].str.startswith("category:")]
    mine = mine[mine["stance"] == "negative"].sort_values(["contribution", "issue"], kind="stable")
    return score, mine


def amount(view: View, score: str, value: float) -> str:
    """Write a number in units of a score, signed."""
    return view.words.signed(value, DIGITS.get(score, 2))


def money(view: View, value: float | None) -> str:
    """Write what is at stake; a dash where nobody's worth is known."""
    return "–" if value is None or pd.isna(value) else view.words.money(float(value))


def _grid(view: View, score: str, rows: pd.DataFrame, title: str = "drivers.table") -> Grid:
    words, labels = view.words, topic_labels(view)
    has_money = rows["value_at_stake"].notna().any()
    columns = [
        Column(words("drivers.subject")),
        Column(words("drivers.contribution"), is_number=True),
        Column(words("drivers.effect"), is_number=True),
        Column(words("drivers.impact"), is_number=True),
        Column(words("drivers.share"), is_number=True),
        *([Column(words("drivers.stake"), is_number=True)] if has_money else []),
    ]
    found = []
    for place, row in enumerate(rows.to_dict("records"), start=1):
        cells = [
            Cell(f"{words.number(place)}  {issue_name(view, row['issue'], labels)}", order=float(place)),
            Cell(amount(view, score, row["contribution"]), order=row["contribution"]),
            _between(view, score, row, "effect"),
            _between(view, score, row, "impact"),
            Cell(
                words.share(row["share"], 1),
                words.count("count.answers", row["comment_count"]),
                order=row["share"],
            ),
        ]
        if has_money:
            note = words.count("count.customers", row["customer_count"])
            cells.append(
                Cell(money(view, row["value_at_stake"]), note, order=float(row["value_at_stake"] or 0))
            )
        comments = view.comments(list(row["example_ids"]), category=row["issue"].partition(":")[2])
        more: tuple[Block, ...] = (Comments(comments),) if comments else ()
        found.append(Row(tuple(cells), words("page.comments_behind"), more))
    return Grid(words(title), tuple(columns), tuple(found), lead=view.rules.lead_rows)


def _between(view: View, score: str, row: dict[Hashable, Any], name: str) -> Cell:
    low, high = (amount(view, score, row[f"{name}_{end}"]) for end in ("low", "high"))
    clear = row[f"{name}_low"] > 0 or row[f"{name}_high"] < 0
    tone = ("good" if row[name] > 0 else "bad") if clear else "plain"
    return Cell(
        amount(view, score, row[name]),
        view.words("change.range", low=low, high=high),
        order=row[name],
        tone=tone,
    )


def _figures(view: View, score: str, rows: pd.DataFrame) -> tuple[Block, ...]:
    words, labels = view.words, topic_labels(view)
    spots = [
        Spot(issue_name(view, r["issue"], labels), r["effect"], r["effect_low"], r["effect_high"], r["share"])
        for r in rows.to_dict("records")
    ]
    number = "+d" if score == "nps" else "+.1f"
    titles = (words("drivers.axis_share"), words("drivers.axis_effect"))
    return (
        Figure(
            words("drivers.matrix"),
            matrix(spots, words=words.chart(), titles=titles, numbers=(".0%", number)),
        ),
        Figure(words("drivers.forest"), forest(spots, words=words.chart(), number=number)),
    )
