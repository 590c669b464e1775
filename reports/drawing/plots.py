"""Charts of findings with their intervals: a forest of values, a matrix of frequency against impact."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

from reports.charts import (
    INK,
    LABEL_WIDTH,
    MUTED,
    NEGATIVE,
    POSITIVE,
    WIDTH,
    ChartWords,
    Point,
    draw,
    shorten,
    time_axis,
)

ROW_HEIGHT = 24
FINE = 5  # digits kept of a drawn number


@dataclass(frozen=True)
class Spot:
    """One finding: its label, value and 95 % interval; `x` is its place along the matrix.

    `more_is_worse`: a value above the middle is bad news.
    """

    label: str
    value: float
    low: float
    high: float
    x: float = 0.0
    more_is_worse: bool = False


def forest(spots: Sequence[Spot], *, words: ChartWords, number: str, middle: float = 0.0) -> Markup:
    """Draw one row per finding: a dot at its value, a line over its interval, a rule where nothing changes.

    Args:
        spots: in the wanted order; labels may repeat.
        words: language of the axis.
        number: D3 format of the values.
        middle: the value that says "no difference".
    """
    rows = [
        {
            "row": place,
            "label": shorten(spot.label),
            "value": round(spot.value, FINE),
            "low": round(spot.low, FINE),
            "high": round(spot.high, FINE),
            "side": _side(spot, middle),
        }
        for place, spot in enumerate(spots)
    ]
    axis = {"format": number, "tickCount": 5, "domain": False, "ticks": False}
    x: dict[str, Any] = {"field": "value", "type": "quantitative", "axis": axis, "title": None}
    x["scale"] = {"zero": False, "nice": True}
    y = {"field": "row", "type": "ordinal", "axis": None}
    layers = [
        {"mark": {"type": "rule", "opacity": 0},
         "encoding": {"x": {"value": -LABEL_WIDTH}, "x2": {"value": 0}, "y": {"value": 0}}},
        {"mark": {"type": "rule", "color": INK, "strokeDash": [4, 4]},
         "encoding": {"x": {"datum": middle, "type": "quantitative"}}},
        {"mark": {"type": "rule", "strokeWidth": 2},
         "encoding": {"y": y, "x": {**x, "field": "low"}, "x2": {"field": "high"}, "color": _COLOR}},
        {"mark": {"type": "point", "filled": True, "size": 60, "opacity": 1},
         "encoding": {"y": y, "x": x, "color": _COLOR}},
        {"mark": {"type": "text", "align": "right", "dx": -8, "color": INK, "limit": LABEL_WIDTH},
         "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "label"}}},
    ]  # fmt: skip
    height = {"step": ROW_HEIGHT}
    spec = {"width": WIDTH - LABEL_WIDTH, "height": height, "data": {"values": rows}, "layer": layers}
    return draw(spec, words=words)


def matrix(
    spots: Sequence[Spot], *, words: ChartWords, titles: tuple[str, str], numbers: tuple[str, str]
) -> Markup:
    """Draw findings by how frequent (across) and how strong (up and down); each is marked by its rank.

    Args:
        spots: in order of rank: the first is marked 1.
        words: language of the axes.
        titles: of the two axes, across first.
        numbers: D3 formats of the two axes.
    """
    rows = [
        {
            "x": round(spot.x, FINE),
            "value": round(spot.value, FINE),
            "low": round(spot.low, FINE),
            "high": round(spot.high, FINE),
            "mark": str(place),
            "side": _side(spot, 0.0),
        }
        for place, spot in enumerate(spots, start=1)
    ]
    plain = {"domain": False, "ticks": False, "tickCount": 5}
    x = {"field": "x", "type": "quantitative", "title": titles[0], "axis": {**plain, "format": numbers[0]}}
    y: dict[str, Any] = {"field": "value", "type": "quantitative", "title": titles[1]}
    y["axis"] = {**plain, "format": numbers[1]}
    layers = [
        {"mark": {"type": "rule", "color": INK, "strokeDash": [4, 4]},
         "encoding": {"y": {"datum": 0, "type": "quantitative"}}},
        {"mark": {"type": "rule", "strokeWidth": 1.5, "opacity": 0.6},
         "encoding": {"x": x, "y": {**y, "field": "low"}, "y2": {"field": "high"}, "color": _COLOR}},
        {"mark": {"type": "point", "filled": True, "size": 70, "opacity": 1},
         "encoding": {"x": x, "y": y, "color": _COLOR}},
        {"mark": {"type": "text", "align": "left", "dx": 7, "dy": -6, "fontWeight": "bold"},
         "encoding": {"x": x, "y": y, "text": {"field": "mark"}}},
    ]  # fmt: skip
    return draw({"width": WIDTH, "height": 260, "data": {"values": rows}, "layer": layers}, words=words)


def _side(spot: Spot, middle: float) -> str:
    above, below = ("bad", "good") if spot.more_is_worse else ("good", "bad")
    if spot.low > middle:
        return above
    return below if spot.high < middle else "open"


_COLOR = {
    "field": "side",
    "type": "nominal",
    "legend": None,
    "scale": {"domain": ["bad", "open", "good"], "range": [NEGATIVE, MUTED, POSITIVE]},
}


def before_after(
    points: Sequence[Point], expected: Sequence[Point], day: date, *, words: ChartWords
) -> Markup:
    """Draw a share week by week, the share expected without the action (dashed), and the day of the action.

    Args:
        points: first day and share of each week.
        expected: the same as it was to be expected.
        day: day of the action.
        words: language of the axes.
    """
    x = {"field": "day", "type": "temporal", "axis": time_axis(words), "title": None}
    axis = {"format": ".0%", "tickCount": 4, "domain": False, "ticks": False}
    y = {"field": "value", "type": "quantitative", "axis": axis, "scale": {"zero": True}, "title": None}
    encoding = {"x": x, "y": y}
    line = {"type": "line", "color": NEGATIVE, "strokeWidth": 2, "point": {"size": 25, "color": NEGATIVE}}
    day_row = {"values": [{"day": day.isoformat()}]}
    layers = [
        {"mark": {"type": "rule", "color": INK, "strokeWidth": 1.5}, "data": day_row, "encoding": {"x": x}},
        {"mark": {"type": "line", "color": MUTED, "strokeDash": [5, 4], "strokeWidth": 1.5},
         "data": {"values": [_day_row(p) for p in expected]}, "encoding": encoding},
        {"mark": line, "data": {"values": [_day_row(p) for p in points]}, "encoding": encoding},
    ]  # fmt: skip
    return draw({"width": WIDTH, "height": 150, "layer": layers}, words=words)


def _day_row(point: Point) -> dict[str, Any]:
    return {"day": point.day.isoformat(), "value": round(point.value, FINE)}
