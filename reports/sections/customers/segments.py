"""Who speaks of what: segments that complain of a subject clearly more, or less, than all others."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import numpy as np

from reports.sections.shared.blocks import Block, Cell, Column, Comments, Grid, Paragraph, Row, Section
from reports.sections.shared.phrases import dimension_name, issue_name, topic_labels
from reports.sections.shared.view import View

SHOWN_BY_NAME = ("language",)  # columns whose values are codes that have names


def show_segments(view: View) -> Section | None:
    """List the clear findings, the strongest first."""
    rows = view.table("segment_lift")
    if rows.empty:
        return None
    words = view.words
    intro = words("segments.intro", n=words.number(len(rows)))
    clear = rows[rows["is_clear"] & rows["issue"].str.startswith("category:") & rows["lift"].notna()]
    above = clear[(clear["lift_low"] > 1) & (clear["firmness"] >= view.rules.segment_firmness)]
    # Complaints that are surely too many, by the lower end of the range: a handful never heads the list.
    surely = above["complaint_count"] * (1 - 1 / above["lift_low"])
    above = above.assign(strength=surely * above["firmness"])
    above = above.sort_values(
        ["strength", "dimension", "value", "issue"], ascending=[False, True, True, True]
    )
    if above.empty:
        return Section("segments", words("segments.title"), (Paragraph(words("segments.none")),), intro=intro)
    columns = (
        Column(words("segments.who")),
        Column(words("segments.what")),
        Column(words("segments.lift"), is_number=True),
        Column(words("segments.share"), is_number=True),
        Column(words("segments.others"), is_number=True),
    )
    shown = tuple(_row(view, row) for row in above.head(view.rules.segments).to_dict("records"))
    lead = view.rules.lead_rows
    blocks: list[Block] = [Grid(words("segments.title"), columns, shown, hides_title=True, lead=lead)]
    first = shown[0].cells
    gist = f"{first[0].text}: {first[1].text}, {first[2].text}"
    return Section("segments", words("segments.title"), blocks, intro=intro, gist=gist)


def _row(view: View, row: dict[Hashable, Any]) -> Row:
    words = view.words
    value = (
        words.language_name(row["value"])
        if row["dimension"] in SHOWN_BY_NAME
        else _value_name(view, row["value"])
    )
    high = words.number(row["lift_high"], 1) if np.isfinite(row["lift_high"]) else "∞"
    subject = issue_name(view, row["issue"], topic_labels(view))
    complaints = words.count("count.complaints", row["complaint_count"])
    cells = (
        Cell(value, dimension_name(view, row["dimension"]), order=value),
        Cell(subject, order=subject),
        Cell(
            words("segments.times", n=words.number(row["lift"], 1)),
            words("change.range", low=words.number(row["lift_low"], 1), high=high),
            order=float(row["lift"]), tone="bad",
        ),
        Cell(words.share(row["share"], 1), complaints, order=row["share"]),
        Cell(words.share(row["other_share"], 1), order=row["other_share"]),
    )  # fmt: skip
    comments = view.comments(list(row["example_ids"]), category=row["issue"].partition(":")[2])
    return Row(cells, words("page.comments_behind"), (Comments(comments),) if comments else ())


def _value_name(view: View, value: str) -> str:
    key = f"segments.{value}"
    return view.words(key) if value in ("new", "returning") and view.words.has(key) else value
