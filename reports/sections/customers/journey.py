"""Where the customer's way breaks: complaints along its stages, from discovery to returns."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.schema import ALL
from reports.drawing.plots import Spot, forest
from reports.facts import intervals
from reports.sections.shared.blocks import Cell, Column, Comments, Figure, Grid, Paragraph, Row, Section
from reports.sections.shared.phrases import change_cell, share_cell
from reports.sections.shared.view import View
from reports.sections.shared.window import Level, levels

STAGES = ("discovery", "purchase", "fulfilment", "use", "support", "returns")
COUNTS = ["comment_count", "negative_count", "positive_count"]


def show_journey(view: View) -> Section | None:
    """Walk along the stages: who speaks of them, and how many of those complain."""
    rows = view.table("journey")
    if rows.empty:
        return None
    mine = rows[(rows["source_kind"] == view.kind) & (rows["dimension"] == ALL)]
    mine = mine[mine["period"] == ("week" if view.window.weeks else "ever")]
    now = mine[mine["period_start"].isin(list(view.window.now))] if view.window.weeks else mine
    sums = now.groupby("stage")[COUNTS].sum().reindex(STAGES, fill_value=0)
    if not sums["comment_count"].sum():
        return None
    words = view.words
    found = _levels(view, mine, sums)
    spoken = [stage for stage in STAGES if _count(sums, stage)]
    columns = (
        Column(words("journey.stage")),
        Column(words("journey.breaks"), is_number=True),
        Column(words("friction.share"), is_number=True),
        Column(words("friction.change"), is_number=True),
        Column(words("friction.mentions"), is_number=True),
    )
    grid = Grid(
        words("journey.title"),
        columns,
        tuple(_row(view, s, sums, found, now) for s in spoken),
        hides_title=True,
    )
    drawing = forest(
        [_spot(view, sums, stage) for stage in spoken],
        words=words.chart(),
        number=".0%",
        middle=_typical(sums),
    )
    verdict = _verdict(view, sums)
    return Section(
        "journey",
        words("journey.title"),
        (verdict, Figure(words("journey.chart"), drawing), grid),
        intro=words("journey.intro"),
        gist=verdict.text,
    )


def _levels(view: View, rows: pd.DataFrame, sums: pd.DataFrame) -> dict[str, Level]:
    counts = (sums["negative_count"].to_numpy(), np.full(len(STAGES), view.total(view.kind, view.window.now)))
    past = None
    if view.window.before:
        before = rows[rows["period_start"].isin(list(view.window.before))]
        earlier = before.groupby("stage")["negative_count"].sum().reindex(STAGES, fill_value=0)
        past = (earlier.to_numpy(), np.full(len(STAGES), view.total(view.kind, view.window.before)))
    return dict(zip(STAGES, levels(counts, past, comparisons=len(STAGES)), strict=True))


def _count(sums: pd.DataFrame, stage: str, name: str = "comment_count") -> int:
    return int(sums[name].to_dict()[stage])


def _typical(sums: pd.DataFrame) -> float:
    return float(sums["negative_count"].sum() / sums["comment_count"].sum())


def _spot(view: View, sums: pd.DataFrame, stage: str) -> Spot:
    bad, n = _count(sums, stage, "negative_count"), _count(sums, stage)
    low, high = intervals.wilson([bad], [n])
    # More complaints are worse: the sides of the chart are those of a loss.
    return Spot(view.words(f"journey.{stage}"), bad / n, float(low[0]), float(high[0]), more_is_worse=True)


def _verdict(view: View, sums: pd.DataFrame) -> Paragraph:
    """Name the stage that breaks most, when chance does not explain that it stands above the others."""
    words = view.words
    spoken = [stage for stage in STAGES if _count(sums, stage)]
    spots = {stage: _spot(view, sums, stage) for stage in spoken}
    worst = max(spoken, key=lambda stage: spots[stage].value)
    bad, n = _count(sums, worst, "negative_count"), _count(sums, worst)
    others = (int(sums["negative_count"].sum()) - bad, int(sums["comment_count"].sum()) - n)
    strict = intervals.quantile(0.95, comparisons=len(spoken))
    low, _ = intervals.newcombe(([bad], [n]), ([others[0]], [others[1]]), z=strict)
    if low[0] > 0:
        share = words.share(spots[worst].value)
        return Paragraph(words("journey.worst", stage=spots[worst].label, share=share))
    return Paragraph(words("journey.even"))


def _row(view: View, stage: str, sums: pd.DataFrame, found: dict[str, Level], now: pd.DataFrame) -> Row:
    words, spot = view.words, _spot(view, sums, stage)
    note = words("change.range", low=words.share(spot.low), high=words.share(spot.high))
    cells = (
        Cell(spot.label, order=float(STAGES.index(stage))),
        Cell(words.share(spot.value), note, order=spot.value),
        share_cell(view, found[stage]),
        change_cell(view, found[stage]),
        Cell(words.number(_count(sums, stage)), order=float(_count(sums, stage))),
    )
    lists = now[now["stage"] == stage].sort_values("period_start", ascending=False)["example_ids"]
    comments = view.comments([str(one) for ids in lists for one in ids])
    return Row(cells, words("page.comments_behind"), (Comments(comments),) if comments else ())
