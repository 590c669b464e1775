"""Survey scores now and over time, from the answers people gave and nothing else."""

from __future__ import annotations

import math

from reports import charts
from reports.charts import Point
from reports.sections.blocks import Block, Cell, Column, Figure, Grid, Row, Section, Side
from reports.sections.measures import Measured, measure_of, net_promoter_of, rating_of
from reports.sections.view import View

FEWEST_ANSWERS = 5  # weeks with fewer answers are left out of the line: their range fills the whole chart


def show_scores(view: View) -> Section | None:
    """Show each score that somebody gave: value, range and answers, then week by week."""
    words, rows = view.words, _rows(view)
    if not rows:
        return None
    columns = (
        Column(words("scores.measure")),
        Column(words("scores.value"), is_number=True),
        Column(words("scores.range"), is_number=True),
        Column(words("scores.answers"), is_number=True),
    )
    blocks: list[Block] = [
        Grid(words("scores.title"), columns, tuple(rows), is_sortable=False, hides_title=True)
    ]
    figures = [
        *_over_time(view, words("scores.nps"), net_promoter_of, "nps_count"),
        *_over_time(view, words("scores.rating"), rating_of, "rating_count"),
    ]
    if figures:
        blocks.append(Side(tuple(figures)))
    return Section("scores", words("scores.title"), blocks, intro=words("scores.intro"))


def _rows(view: View) -> list[Row]:
    words, sums = view.words, view.score_sums(view.kind, view.window.now)
    rows = []
    if sums["nps_count"]:
        nps, low, high = measure_of(sums, net_promoter_of)
        span = words("change.range", low=words.signed(low), high=words.signed(high))
        rows.append((words("scores.nps"), words.signed(nps), span, sums["nps_count"]))
    if sums["rating_count"]:
        rating, low, high = measure_of(sums, rating_of)
        span = "–"
        if not math.isnan(low):
            span = words("change.range", low=words.number(low, 2), high=words.number(high, 2))
        rows.append((words("scores.rating"), words.number(rating, 2), span, sums["rating_count"]))
    for name in ("csat", "ces"):
        if sums[f"{name}_count"]:
            mean = float(sums[f"{name}_sum"]) / float(sums[f"{name}_count"])
            rows.append((words(f"scores.{name}"), words.number(mean, 2), "–", sums[f"{name}_count"]))
    return [
        Row((Cell(label), Cell(value), Cell(span), Cell(words.number(count))))
        for label, value, span, count in rows
    ]


def _over_time(view: View, label: str, measured: Measured, count: str) -> list[Block]:
    weeks = view.score_weeks(view.kind)
    weeks = weeks[weeks[count] >= FEWEST_ANSWERS]
    if len(weeks) < 2:
        return []
    words, is_nps = view.words, count == "nps_count"
    points = [Point(*spot) for spot in zip(weeks.index, *measured(weeks), strict=True)]
    title = words("scores.over_time", score=label)
    columns = (
        Column(words("period.column")),
        Column(label, is_number=True),
        Column(words("scores.answers"), is_number=True),
    )
    rows = tuple(
        Row((
            Cell(words.day(point.day)),
            Cell(words.signed(point.value) if is_nps else words.number(point.value, 2)),
            Cell(words.number(answers)),
        ))
        for point, answers in zip(points, weeks[count], strict=True)
    )  # fmt: skip
    drawing = charts.line(points, words=words.chart(), number="+d" if is_nps else ".1f")
    return [Figure(title, drawing, Grid(title, columns, rows, is_sortable=False, hides_title=True))]
