"""Charts: Vega-Lite drawn to static SVG by vl-convert: no script, no request, no inline style.

Colours in the specifications are stand-ins (#010101 and so on). They become CSS variables of the page, so
that one drawing serves light, dark and print. Numbers of a chart also stand in a table beside it: the drawing
itself is hidden from screen readers.
"""

from __future__ import annotations

import hashlib
import math
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from markupsafe import Markup

INK, MUTED, GRID, ACCENT = "#010101", "#020202", "#030303", "#040404"
NEGATIVE, NEUTRAL, POSITIVE, ON_NEGATIVE = "#050505", "#060606", "#070707", "#080808"
_VARIABLES = {
    INK: "ink", MUTED: "muted", GRID: "grid", ACCENT: "accent",
    NEGATIVE: "negative", NEUTRAL: "neutral", POSITIVE: "positive", ON_NEGATIVE: "on-negative",
}  # fmt: skip

WIDTH = 400  # drawn for half a desktop page; on a phone it shrinks to about 0.8 and stays readable
LABEL_LENGTH = 24  # characters of a row's label
LABEL_WIDTH = 160  # room for it, whatever the font of the reader
LANGUAGE_SCHEMA = "6.1"  # of Vega-Lite; vl-convert carries several

FEW = 4  # counts up to so many get a tick each
FROM_ZERO = (".0%", ",d")  # formats of shares and counts: their axis starts at zero

Spec = dict[str, Any]
_AXIS = {
    "labelColor": MUTED, "titleColor": MUTED, "gridColor": GRID, "domainColor": GRID, "tickColor": GRID,
    "labelFontSize": 12, "titleFontSize": 12, "titleFontWeight": "normal", "labelFontWeight": "normal",
}  # fmt: skip
_CONFIG = {
    "aria": False,
    "background": None,
    "font": "sans-serif",
    "view": {"stroke": None},
    "axis": _AXIS,
    "text": {"fontSize": 12, "color": INK},
}


@dataclass(frozen=True)
class ChartWords:
    """How the page's language writes numbers and days in a chart.

    Attributes:
        numbers: D3 number locale (decimal, thousands, grouping, currency).
        times: D3 time locale (months, days and their short names).
        day: D3 pattern of a day, as ``%-d %b``.
    """

    numbers: Mapping[str, Any]
    times: Mapping[str, Any]
    day: str


@dataclass(frozen=True)
class Point:
    """One point of a line: a day, a value, and the ends of its interval if it has one."""

    day: date
    value: float
    low: float | None = None
    high: float | None = None


def line(points: Sequence[Point], *, words: ChartWords, number: str, color: str = ACCENT) -> Markup:
    """Draw a value over time with its interval as a band.

    Args:
        points: in order of time; days without a value are left out.
        words: language of the axes.
        number: D3 format of the values, as ``.0%``.
        color: one of the stand-ins of this module.
    """
    x = {"field": "day", "type": "temporal", "axis": time_axis(words), "title": None}
    y_scale = {"zero": number in FROM_ZERO, "nice": True}
    y_axis = {"format": number, "tickCount": 4, "domain": False, "ticks": False}
    y = {"field": "value", "type": "quantitative", "axis": y_axis, "scale": y_scale, "title": None}
    low = {**y, "field": "low"}
    values = [_row(p) for p in points]
    layers: list[Spec] = [
        {"mark": {"type": "line", "color": color, "strokeWidth": 2}, "encoding": {"x": x, "y": y}},
        {
            "data": {"values": values[-1:]},
            "mark": {"type": "point", "filled": True, "size": 50, "color": color, "opacity": 1},
            "encoding": {"x": x, "y": y},
        },
    ]
    if any(p.low is not None for p in points):
        band = {"mark": {"type": "area", "color": color, "opacity": 0.18}, "encoding": {"x": x, "y": low}}
        band["encoding"]["y2"] = {"field": "high"}  # type: ignore[index]
        layers.insert(0, band)
    return draw({"width": WIDTH, "height": 150, "data": {"values": values}, "layer": layers}, words=words)


def spark(values: Sequence[float], *, words: ChartWords, color: str = ACCENT) -> Markup:
    """Draw a small line without axes, from zero, its last point marked."""
    rows = [{"x": i, "y": round(float(v), 5)} for i, v in enumerate(values)]
    top = max([row["y"] for row in rows], default=0) or 1
    x = {"field": "x", "type": "quantitative", "axis": None, "scale": {"domain": [0, max(len(rows) - 1, 1)]}}
    y = {"field": "y", "type": "quantitative", "axis": None, "scale": {"domain": [0, top]}}
    encoding = {"x": x, "y": y}
    layers = [
        {"mark": {"type": "area", "color": color, "opacity": 0.14}, "encoding": encoding},
        {"mark": {"type": "line", "color": color, "strokeWidth": 1.5}, "encoding": encoding},
        {
            "data": {"values": rows[-1:]},
            "mark": {"type": "point", "filled": True, "size": 30, "color": color, "opacity": 1},
            "encoding": encoding,
        },
    ]
    spec = {"width": 110, "height": 26, "padding": 3, "data": {"values": rows}, "layer": layers}
    return draw(spec, words=words, kind="spark")


@dataclass(frozen=True)
class Watch:
    """What the chart of an alert shows beside its bars.

    Attributes:
        first: first day of the window.
        last: last day of the window.
        expected: count expected per bar.
        step: days that one bar covers.
    """

    first: date
    last: date
    expected: float
    step: int


def bars(counts: Sequence[Point], watch: Watch, *, words: ChartWords) -> Markup:
    """Draw counts over time, those inside the watched window in the colour of complaints.

    Args:
        counts: first day and count of each bar, in order of time.
        watch: the window, and the count that was expected.
        words: language of the axes.
    """
    rows = [
        {
            "day": p.day.isoformat(),
            "end": date.fromordinal(p.day.toordinal() + watch.step).isoformat(),
            "n": p.value,
            "part": "now"
            if p.day.toordinal() + watch.step > watch.first.toordinal() and p.day <= watch.last
            else "past",
        }
        for p in counts
    ]
    x = {"field": "day", "type": "temporal", "axis": time_axis(words), "title": None}
    y_axis: Spec = {"tickCount": 4, "domain": False, "ticks": False, "format": ",d"}
    top = max([watch.expected, *(p.value for p in counts)], default=0)
    if top <= FEW:  # left to itself, the axis would write halves as whole numbers, some of them twice
        y_axis["values"] = list(range(math.ceil(top) + 1))
    color = {"field": "part", "type": "nominal", "legend": None,
             "scale": {"domain": ["past", "now"], "range": [NEUTRAL, NEGATIVE]}}  # fmt: skip
    count = {"field": "n", "type": "quantitative", "axis": y_axis, "title": None, "stack": None}
    level = {"datum": round(watch.expected, 4), "type": "quantitative"}
    layers = [
        {
            "mark": {"type": "bar", "stroke": None, "binSpacing": 1},
            "encoding": {"x": {**x, "bin": "binned"}, "x2": {"field": "end"}, "y": count, "color": color},
        },
        {
            "mark": {"type": "rule", "strokeDash": [5, 4], "color": INK, "strokeWidth": 1.5},
            "encoding": {"y": level},
        },
    ]
    return draw({"width": WIDTH, "height": 120, "data": {"values": rows}, "layer": layers}, words=words)


def mix(rows: Sequence[tuple[str, tuple[int, int, int]]], *, words: ChartWords) -> Markup:
    """Draw one full bar per row: its negative, neutral and positive parts, the negative share written in it.

    Args:
        rows: label and counts (negative, neutral, positive), in the wanted order; labels may repeat.
        words: language of the axes.
    """
    values = _parts(rows)
    y: Spec = {"field": "row", "type": "ordinal", "axis": None}
    x: Spec = {"field": "a", "type": "quantitative", "axis": None, "scale": {"domain": [0, 1]}}
    color = {"field": "part", "type": "nominal", "legend": None,
             "scale": {"domain": ["0", "1", "2"], "range": [NEGATIVE, NEUTRAL, POSITIVE]}}  # fmt: skip
    first = {"filter": "datum.part === '0'"}
    layers: list[Spec] = [
        {
            "mark": {"type": "rule", "opacity": 0},
            "encoding": {"x": {"value": -LABEL_WIDTH}, "x2": {"value": 0}, "y": {"value": 0}},
        },
        {
            "mark": {"type": "bar", "cornerRadius": 1},
            "encoding": {"y": y, "x": x, "x2": {"field": "b"}, "color": color},
        },
        {
            "transform": [first],
            "mark": {"type": "text", "align": "right", "dx": -8, "color": INK, "limit": LABEL_WIDTH},
            "encoding": {"y": y, "x": {"value": 0}, "text": {"field": "label"}},
        },
        {
            "transform": [{"filter": "datum.part === '0' && datum.share >= 0.09"}],
            "mark": {"type": "text", "align": "left", "dx": 6, "color": ON_NEGATIVE, "fontWeight": "bold"},
            "encoding": {"y": y, "x": x, "text": {"field": "share", "format": ".0%"}},
        },
    ]
    spec = {"width": WIDTH - LABEL_WIDTH, "height": {"step": 26}, "data": {"values": values}, "layer": layers}
    return draw(spec, words=words)


def _parts(rows: Sequence[tuple[str, tuple[int, int, int]]]) -> list[dict[str, Any]]:
    """Lay the parts of each bar one after the other, from a to b."""
    values = []
    for place, (label, counts) in enumerate(rows):
        total = sum(counts) or 1
        left = 0.0
        for part, count in enumerate(counts):
            share = count / total
            values.append({"row": place, "label": shorten(label), "part": str(part), "a": round(left, 5),
                           "b": round(left + share, 5), "share": round(share, 4)})  # fmt: skip
            left += share
    return values


def shorten(label: str) -> str:
    """Cut a label to the length that a chart has room for, on one line."""
    one_line = " ".join(label.split())
    return one_line if len(one_line) <= LABEL_LENGTH else one_line[: LABEL_LENGTH - 1].rstrip() + "…"


def _row(point: Point) -> Spec:
    row: Spec = {"day": point.day.isoformat(), "value": round(point.value, 5)}
    if point.low is not None and point.high is not None:
        row |= {"low": round(point.low, 5), "high": round(point.high, 5)}
    return row


def time_axis(words: ChartWords) -> Spec:
    """Give the axis of days."""
    return {"format": words.day, "grid": False, "tickCount": 5, "labelOverlap": True, "labelFlush": True}


def draw(spec: Spec, *, words: ChartWords, kind: str = "draw") -> Markup:
    """Draw a Vega-Lite specification in the page's colours, as SVG that stands inline.

    Args:
        spec: colours are the stand-ins of this module; `config` is set here.
        words: language of the axes.
        kind: CSS class of the drawing.
    """
    import vl_convert  # starts a JavaScript engine: only when a chart is drawn  # noqa: PLC0415

    svg = vl_convert.vegalite_to_svg(
        {"padding": 4, **spec, "config": _CONFIG},
        vl_version=LANGUAGE_SCHEMA,
        allowed_base_urls=[],
        format_locale=dict(words.numbers),
        time_format_locale=dict(words.times),
    )
    return Markup(_for_page(svg, kind))  # noqa: S704 - made by Vega from our specification, texts escaped


def _for_page(svg: str, kind: str) -> str:
    """Give colours to CSS, drop what an inline drawing does not need, make ids the drawing's own."""
    for stand_in, variable in _VARIABLES.items():
        svg = svg.replace(f'"{stand_in}"', f'"var(--{variable})"')
    svg = re.sub(r' (?:xmlns|xmlns:xlink|version|class|role|aria-[a-z]+|font-family)="[^"]*"', "", svg)
    svg = re.sub(r"\d+\.\d{3,}", lambda m: f"{float(m[0]):.2f}".rstrip("0").rstrip("."), svg)
    box = re.search(r'viewBox="([^"]*)"', svg)
    body = svg[svg.index(">") + 1 :]
    order: dict[str, str] = {}
    named = re.sub(r"\bclip\d+\b", lambda m: order.setdefault(m[0], f"clip-{len(order)}"), body)
    mark = hashlib.sha256(named.encode("utf-8")).hexdigest()[:8]
    named = named.replace("clip-", f"clip-{mark}-") if order else named
    return (
        f'<svg class="{kind}" viewBox="{box[1] if box else ""}" focusable="false" aria-hidden="true">{named}'
    )
