"""Phrases that several sections share: periods, changes, how sure."""

from __future__ import annotations

import math

from reports.sections.shared.blocks import Cell, Paragraph
from reports.sections.shared.view import View
from reports.sections.shared.window import Level
from reports.sections.shared.words import isolated


def period(view: View) -> str:
    """Name the weeks that the page speaks of."""
    window = view.window
    if not window.weeks:
        return view.words("page.subtitle_undated")
    span = view.words.span(window.first_day, window.last_day)
    return view.words(f"period.{window.weeks}", span=span)


def before(view: View) -> str:
    """Name the weeks that they are compared with; empty if there are none."""
    return view.words(f"period.before_{view.window.weeks}") if view.window.before else ""


def points(view: View, change: float) -> str:
    """Write a change of a share in percentage points, signed."""
    return view.words("change.points", points=view.words.signed(100 * change, 1))


def tone(level: Level) -> str:
    """Say whether a change of complaints is bad, good, or nothing to colour."""
    return good_if(not level.rises, clear=level.sureness in ("sure", "likely"))


def good_if(is_better: bool, *, clear: bool) -> str:
    """Give the tone of a change: none while it may be chance."""
    return ("good" if is_better else "bad") if clear else "plain"


def share_cell(view: View, level: Level) -> Cell:
    """Show a share with its interval."""
    low, high = view.words.share(level.low, 1), view.words.share(level.high, 1)
    note = view.words("change.range", low=low, high=high)
    return Cell(view.words.share(level.share, 1), note, order=level.share)


def change_cell(view: View, level: Level) -> Cell:
    """Show a change with its interval and how sure it is."""
    if math.isnan(level.change):
        return Cell("–", view.words("sure.none"), order=0.0)
    low, high = (view.words.signed(100 * end, 1) for end in (level.change_low, level.change_high))
    note = f"{view.words('change.range', low=low, high=high)} · {view.words(f'sure.{level.sureness}')}"
    return Cell(points(view, level.change), note, order=level.change, tone=tone(level))


def own_currency(view: View) -> list[Paragraph]:
    """Say, where no currency is set, in which one amounts are."""
    return [] if view.words.currency else [Paragraph(view.words("page.own_currency"), "muted")]


def issue_name(view: View, issue: str, labels: dict[str, str]) -> str:
    """Name what an alert is about: a category, or a theme by its label, if it still stands."""
    family, _, name = issue.partition(":")
    if family == "topic":
        return f"“{isolated(labels[name])}”" if name in labels else view.words("topics.ended")
    return view.category_name(name or issue)


def topic_labels(view: View) -> dict[str, str]:
    """Give every theme's label by its id."""
    topics = view.tables["topics"]
    return dict(zip(topics["topic_id"].to_pylist(), topics["label"].to_pylist(), strict=True))


def dimension_name(view: View, dimension: str) -> str:
    """Name a segment column in the page's language, or by its own name."""
    key = f"dimension.{dimension}"
    return view.words(key) if view.words.has(key) else dimension.removeprefix("input_").replace("_", " ")
