"""Survey scores now and over time, from the answers people gave and nothing else."""

from __future__ import annotations

import math
from collections.abc import Callable
from functools import partial

from data.schema import EMPLOYEE
from reports import charts
from reports.charts import Point
from reports.sections.shared.blocks import Block, Cell, Column, Figure, Grid, Row, Section, Side
from reports.sections.shared.measures import (
    Measured,
    mean_of,
    measure_of,
    net_promoter_of,
    rating_of,
    share_of,
)
from reports.sections.shared.view import View

GIST_SCORES = 3  # named while the section is folded
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
    gist = " · ".join(f"{row.cells[0].text}: {row.cells[1].text}" for row in rows[:GIST_SCORES])
    return Section("scores", words("scores.title"), blocks, intro=words("scores.intro"), gist=gist)


def _rows(view: View) -> list[Row]:
    words, sums = view.words, view.score_sums(view.kind, view.window.now)
    return [
        _row(view, words(f"scores.{name}"), measure_of(sums, measured), (sums[f"{counted}_count"], write))
        for name, (measured, counted, write) in _measures(view).items()
        if sums[f"{counted}_count"]
    ]


def _measures(view: View) -> dict[str, tuple[Measured, str, Callable[[float], str]]]:
    """Give every score: what makes it, whose count it rests on, how it is written."""
    words = view.words
    upper = "favourable" if view.kind == EMPLOYEE else "rating_top"
    return {
        "nps": (net_promoter_of, "nps", words.signed),
        "rating": (rating_of, "rating", partial(words.number, digits=2)),
        upper: (share_of("favourable", "rating"), "rating", words.share),
        "csat_top": (share_of("satisfied", "csat"), "csat", words.share),
        "csat": (mean_of("csat"), "csat", partial(words.number, digits=2)),
        "ces": (mean_of("ces"), "ces", partial(words.number, digits=2)),
    }


def _row(
    view: View, label: str, measure: tuple[float, float, float], known: tuple[int, Callable[[float], str]]
) -> Row:
    (value, low, high), (count, write) = measure, known
    span = "–" if math.isnan(low) else view.words("change.range", low=write(low), high=write(high))
    return Row((Cell(label), Cell(write(value)), Cell(span), Cell(view.words.number(count))))


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
