"""How an alert was calculated, for a person: what was counted, what is usual, and how far chance reaches."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import date
from typing import Any

from reports.sections.shared.blocks import Block, Cell, Column, Fold, Grid, Paragraph, Row, Terms
from reports.sections.shared.view import View

RARE = 1e-6  # a smaller probability says nothing more to a reader


def calculated(alert: Mapping[str, Any]) -> dict[str, Any]:
    """Read the numbers that the detector kept; nothing when it kept none."""
    try:
        found = json.loads(alert["calculation"] or "{}")
    except ValueError:
        return {}
    return found if isinstance(found, dict) else {}


def peak(alert: Mapping[str, Any]) -> tuple[date, date] | None:
    """Give the days of the window with the strongest evidence, where the detector kept them."""
    found = calculated(alert)
    try:
        return date.fromisoformat(found["window_start"]), date.fromisoformat(found["window_end"])
    except (KeyError, TypeError, ValueError):
        return None


def show_calculation(view: View, alert: Mapping[str, Any]) -> list[Block]:
    """Give the account of an alert, folded away; nothing when the detector kept no numbers."""
    found, words = calculated(alert), view.words
    terms = [(words(f"calculation.{name}"), text) for name, text in _facts(view, found).items()]
    blocks: list[Block] = [Terms(tuple(terms))] if terms else []
    windows = [one for one in found.get("windows", ()) if {"days", "n", "expected", "p"} <= set(one)]
    if windows:
        blocks.append(_windows(view, windows))
    if not blocks:
        return []
    blocks.append(Paragraph(words("calculation.whole"), "muted"))
    return [Fold(words("alerts.explanation"), tuple(blocks))]


def _facts(view: View, found: Mapping[str, Any]) -> dict[str, str]:
    """Say what is known, in the order in which one would calculate it again."""
    words, facts = view.words, {}
    if {"n", "comments"} <= set(found) and found["comments"]:
        facts["found"] = words(
            "calculation.of",
            complaints=words.count("count.complaints", int(found["n"])),
            comments=words.count("count.comments", int(found["comments"])),
            share=words.share(found["n"] / found["comments"], 1),
        )
    if {"baseline_n", "baseline_comments"} <= set(found) and found["baseline_comments"]:
        facts["usual"] = words(
            "calculation.of",
            complaints=words.count("count.complaints", int(found["baseline_n"])),
            comments=words.count("count.comments", int(found["baseline_comments"])),
            share=words.share(found["baseline_n"] / found["baseline_comments"], 1),
        )
        facts["weeks"] = words.number(found.get("baseline_weeks", 0))
    if "expected" in found:
        facts["expected"] = words.number(found["expected"], 1)
    if {"score", "threshold"} <= set(found):
        facts["score"] = words(
            "calculation.from",
            score=words.number(found["score"], 1),
            least=words.number(found["threshold"], 1),
        )
    return facts


def _windows(view: View, windows: list[Mapping[str, Any]]) -> Grid:
    words = view.words
    columns = (
        Column(words("calculation.window")),
        *(
            Column(words(f"calculation.{name}"), is_number=True)
            for name in ("complaints", "expected", "chance")
        ),
    )
    rows = tuple(
        Row((
            Cell(words.count("count.days", int(one["days"]))),
            Cell(words.number(one["n"])),
            Cell(words.number(one["expected"], 1)),
            Cell(_chance(view, float(one["p"]))),
        ))
        for one in windows
    )  # fmt: skip
    return Grid(words("calculation.windows"), columns, rows, is_sortable=False)


def _chance(view: View, p: float) -> str:
    """Write a probability as one in so many."""
    if p >= 0.5:
        return view.words("calculation.usual_luck")
    return view.words(
        "calculation.one_in", n=view.words.number(1 / max(p, RARE)), sign="> " if p < RARE else ""
    )
