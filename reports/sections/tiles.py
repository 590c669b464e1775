"""How we are doing: volume, negative share and scores, each with its interval and its change."""

from __future__ import annotations

import math

from reports import charts
from reports.charts import NEGATIVE, Point
from reports.facts import intervals
from reports.sections.headlines import negative_level
from reports.sections.shared.blocks import (
    Block,
    Cell,
    Column,
    Figure,
    Grid,
    Paragraph,
    Row,
    Section,
    Side,
    Tile,
    Tiles,
)
from reports.sections.shared.measures import Measure, net_promoter_measure, rating_measure
from reports.sections.shared.phrases import before, good_if, tone
from reports.sections.shared.view import View


def show_tiles(view: View) -> Section | None:
    """Show the numbers to remember, and the share of negative comments over time."""
    if not view.total(view.kind, view.window.now):
        return None
    tiles = [_volume(view), _negative(view), *_scores(view)]
    blocks: list[Block] = [Tiles(tuple(tiles)), *_trend(view)]
    return Section("tiles", view.words("tiles.title"), blocks)


def _volume(view: View) -> Tile:
    words, now = view.words, view.total(view.kind, view.window.now)
    change = ""
    if view.window.before:
        amount = words.signed(now - view.total(view.kind, view.window.before))
        change = words("change.amount_since", amount=amount, before=before(view))
    return Tile(words("tiles.volume"), words.number(now), "", change)


def _negative(view: View) -> Tile:
    words, level = view.words, negative_level(view, view.kind)
    note = words("change.between", low=words.share(level.low, 1), high=words.share(level.high, 1))
    change = ""
    if not math.isnan(level.change):
        since = words("change.points_since", points=words.signed(100 * level.change, 1), before=before(view))
        change = f"{since} · {words(f'sure.{level.sureness}')}"
    return Tile(words("tiles.negative"), words.share(level.share, 1), note, change, tone(level))


def _scores(view: View) -> list[Tile]:
    tiles, words = [], view.words
    nps, rating = net_promoter_measure(view, view.kind), rating_measure(view, view.kind)
    if nps is not None:
        note = words(
            "tiles.nps_note", answers=words.count("count.answers", nps.count),
            low=words.signed(nps.low), high=words.signed(nps.high),
        )  # fmt: skip
        tiles.append(Tile(words("tiles.nps"), words.signed(nps.value), note, *_change(view, nps, digits=0)))
    if rating is not None:
        ratings = words.count("count.ratings", rating.count)
        note = ratings
        if not math.isnan(rating.low):
            low, high = words.number(rating.low, 2), words.number(rating.high, 2)
            note = words("tiles.rating_note", ratings=ratings, low=low, high=high)
        tiles.append(
            Tile(words("tiles.rating"), words.number(rating.value, 2), note, *_change(view, rating, digits=2))
        )
    return tiles


def _change(view: View, measure: Measure, *, digits: int) -> tuple[str, str]:
    if math.isnan(measure.change):
        return "", "plain"
    amount = view.words.signed(measure.change, digits)
    since = view.words("change.amount_since", amount=amount, before=before(view))
    clear = measure.sureness in ("sure", "likely")
    return f"{since} · {view.words(f'sure.{measure.sureness}')}", good_if(measure.change > 0, clear=clear)


def _trend(view: View) -> list[Block]:
    weeks = view.score_weeks(view.kind)
    weeks = weeks[weeks["comment_count"] > 0]
    if len(weeks) < 2:
        return []
    words = view.words
    low, high = intervals.wilson(weeks["negative_count"], weeks["comment_count"])
    shares = weeks["negative_count"] / weeks["comment_count"]
    spots = [Point(*row) for row in zip(weeks.index, shares, low, high, strict=True)]
    rows = tuple(
        Row((
            Cell(words.day(spot.day), order=spot.day.isoformat()),
            Cell(
                words.share(spot.value, 1),
                words("change.range", low=words.share(a, 1), high=words.share(b, 1)),
            ),
            Cell(words.number(count)),
        ))
        for spot, a, b, count in zip(spots, low, high, weeks["comment_count"], strict=True)
    )  # fmt: skip
    columns = (
        Column(words("period.column")),
        Column(words("tiles.negative"), is_number=True),
        Column(words("tiles.volume"), is_number=True),
    )
    title = words("tiles.trend")
    table = Grid(title, columns, rows, is_sortable=False, hides_title=True)
    drawing = charts.line(spots, words=words.chart(), number=".0%", color=NEGATIVE)
    figures = (Figure(title, drawing, table), _volumes(view))
    return [Side(figures), Paragraph(words("tiles.trend_note"), "muted")]


def _volumes(view: View) -> Figure:
    words, counts = view.words, view.score_weeks(view.kind)["comment_count"]
    numbers = list(zip(view.window.trend, counts.tolist(), strict=True))
    title = words("tiles.volumes")
    columns = (Column(words("period.column")), Column(words("tiles.volume"), is_number=True))
    rows = tuple(Row((Cell(words.day(day)), Cell(words.number(count)))) for day, count in numbers)
    points = [Point(day, float(count)) for day, count in numbers]
    table = Grid(title, columns, rows, is_sortable=False, hides_title=True)
    return Figure(title, charts.line(points, words=words.chart(), number=",d"), table)
