"""Ask for yourself: any period, kind of feedback and segment, the counts and the comments behind them.

The reader's questions are answered in the page, by script, from the same summaries as everything else.
Without scripts the section says where the tables lie.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date
from typing import Any

from markupsafe import Markup

from data.schema import ALL
from reports.drawing.characters import FORBIDDEN
from reports.explorer.cube import Cube, build_cube
from reports.explorer.voices import Voice, collect_voices
from reports.sections.shared.blocks import Explorer, Paragraph, Section
from reports.sections.shared.phrases import dimension_name
from reports.sections.shared.quotes import collect, marked
from reports.sections.shared.view import View
from reports.sections.shared.window import DAY, WEEK

_SENTIMENTS = ("negative", "neutral", "positive")


def show_explore(view: View) -> Section | None:
    """Let the reader filter: None when nothing is dated."""
    weeks = sorted({*view.window.trend, *view.window.before, *view.window.now})
    if not weeks:
        return None
    cube = build_cube(
        view.tables["friction_summary"],
        view.tables["score_summary"],
        weeks=weeks,
        values=view.rules.explore_values,
    )
    if not cube.subjects:
        return None
    voices = collect_voices(
        view.tables["documents"],
        view.tables["aspects"],
        weeks=sorted({*view.window.before, *view.window.now}),
        limit=view.rules.explore_comments,
        length=view.rules.explore_length,
    )
    facts = _described(view, cube) | {"voices": _voices(view, cube, voices)}
    words = view.words
    blocks = (Explorer(_as_json(facts)), Paragraph(words("explore.without_script"), "muted scriptless"))
    title, gist = words("explore.title"), words("explore.gist")
    return Section("explore", title, blocks, intro=words("explore.intro"), gist=gist)


def _described(view: View, cube: Cube) -> dict[str, Any]:
    """Give the cube with the words of its codes."""
    words, window = view.words, view.window
    place = {week: number for number, week in enumerate(cube.weeks)}
    spans = {words("explore.now"): window.now}
    if window.before:
        spans[words("explore.before")] = window.before
    if len(window.trend) > len(window.now):
        spans[words.count("explore.weeks", len(window.trend))] = window.trend
    periods = [
        {"name": name, "weeks": [place[week] for week in weeks], "span": _span(view, weeks)}
        for name, weeks in spans.items()
    ]
    return {
        "locale": words.language,
        "periods": periods,
        "kinds": [view.kind_name(kind) for kind in cube.kinds],
        "segments": _segments(view, cube),
        "subjects": [view.category_name(subject) for subject in cube.subjects],
        "codes": list(cube.subjects),
        "comparable": bool(window.before),
        "change": words("change.points", points="{points}"),
        "sentiments": {name: words(f"sentiment.{name}") for name in _SENTIMENTS},
        "totals": cube.totals,
        "counts": cube.counts,
    }


def _segments(view: View, cube: Cube) -> list[dict[str, str]]:
    """Name every segment, and the dimension that its list is headed by."""
    found = [{"group": "", "name": view.words("explore.everyone")}]
    for dimension, value in cube.segments[1:]:
        name = view.words.language_name(value) if dimension == "language" else value
        found.append({"group": dimension_name(view, dimension), "name": name})
    return found


def _span(view: View, weeks: Sequence[date]) -> str:
    return view.words.span(weeks[0], weeks[-1] + WEEK - DAY)


def _voices(view: View, cube: Cube, voices: list[Voice]) -> list[dict[str, Any]]:
    """Give the comments with the codes that the filters know; texts are cut and their evidence is marked."""
    tables, words = view.tables, view.words
    ids = [voice.feedback_id for voice in voices]
    quotes = collect(
        tables["documents"], tables["aspects"], ids, words=words, length=view.rules.comment_length
    )
    kinds = {kind: n for n, kind in enumerate(cube.kinds)}
    subjects = {subject: n for n, subject in enumerate(cube.subjects)}
    segments = {segment: n for n, segment in enumerate(cube.segments) if segment[0] != ALL}
    weeks = {week.toordinal(): n for n, week in enumerate(cube.weeks)}
    told = []
    for voice in voices:
        row = quotes.rows[voice.feedback_id]
        named = [subject for subject in voice.subjects if subject in subjects]
        monday = voice.created_on.toordinal() - voice.created_on.weekday()
        if not named or voice.source_kind not in kinds or monday not in weeks:
            continue
        spans = [span for name in named for span in quotes.spans.get((voice.feedback_id, name), [])]
        pieces = marked(str(row["text"]), spans, length=quotes.length)
        told.append(
            {
                "text": [[piece, int(is_marked)] for piece, is_marked in pieces],
                "subjects": [subjects[name] for name in named],
                "kind": kinds[voice.source_kind],
                "week": weeks[monday],
                "segments": [n for (name, value), n in segments.items() if voice.values.get(name) == value],
                "language": str(row["language"]),
                "feeling": voice.values.get("sentiment", ""),
                "facts": list(quotes.facts(row)),
            }
        )
    return told


def _as_json(facts: dict[str, Any]) -> Markup:
    """Write data into a script element: no text in it can end the element or open a comment."""
    text = FORBIDDEN.sub("", json.dumps(facts, ensure_ascii=False, separators=(",", ":")))
    for sign in "<>&\u2028\u2029":
        text = text.replace(sign, f"\\u{ord(sign):04x}")
    return Markup(text)  # noqa: S704 - every sign that HTML reads is escaped just above
