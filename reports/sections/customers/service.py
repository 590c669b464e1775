"""How long customers wait for support, and how often one contact is enough."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from data.schema import ALL
from reports.sections.shared.blocks import Cell, Column, Grid, Row, Section
from reports.sections.shared.view import View

Record = dict[Hashable, Any]
MONTHS = 6
GIST_COLUMNS = (2, 3, 4)  # first answer, solution, first contact: named while the section is folded


def show_service(view: View) -> Section | None:
    """Show the months, newest first, and the channels."""
    rows = view.table("service")
    if rows.empty:
        return None
    words = view.words
    months = rows[(rows["period"] == "month") & (rows["dimension"] == ALL)].sort_values(
        "period_start", ascending=False
    )
    channels = rows[(rows["period"] == "ever") & (rows["dimension"] == "channel")]
    channels = channels.sort_values(["ticket_count", "value"], ascending=[False, True])
    blocks = [
        _grid(
            view,
            "months",
            [(words.month(r["period_start"]), r) for r in months.head(MONTHS).to_dict("records")],
        )
    ]
    if len(channels):
        blocks.append(_grid(view, "channels", [(str(r["value"]), r) for r in channels.to_dict("records")]))
    newest = blocks[0].rows[0].cells if blocks[0].rows else ()
    labels = blocks[0].columns
    gist = " · ".join(f"{labels[n].label}: {newest[n].text}" for n in GIST_COLUMNS) if newest else ""
    return Section("service", words("service.title"), blocks, intro=words("service.intro"), gist=gist)


def _grid(view: View, by: str, rows: list[tuple[str, Record]]) -> Grid:
    words = view.words
    columns = (
        Column(words(f"service.{by}")),
        Column(words("service.tickets"), is_number=True),
        Column(words("service.response"), is_number=True),
        Column(words("service.resolution"), is_number=True),
        Column(words("service.first"), is_number=True),
    )
    found = tuple(
        Row((
            Cell(label),
            Cell(words.number(row["ticket_count"]), order=float(row["ticket_count"])),
            _hours(view, row, "response"),
            _hours(view, row, "resolution"),
            _first(view, row),
        ))
        for label, row in rows
    )  # fmt: skip
    return Grid(words(f"service.by_{by}"), columns, found)


def _hours(view: View, row: Record, name: str) -> Cell:
    words = view.words
    if pd.isna(row[f"{name}_hours"]):
        return Cell("–", order=0.0)
    note = words("service.slow", hours=words.number(row[f"{name}_hours_slow"], 1))
    if not pd.isna(row[f"{name}_hours_low"]):
        low, high = (words.number(row[f"{name}_hours_{end}"], 1) for end in ("low", "high"))
        note = f"{words('change.range', low=low, high=high)} · {note}"
    return Cell(words.number(row[f"{name}_hours"], 1), note, order=float(row[f"{name}_hours"]))


def _first(view: View, row: Record) -> Cell:
    words = view.words
    if pd.isna(row["fcr_share"]):
        return Cell("–", order=0.0)
    low, high = words.share(row["fcr_share_low"]), words.share(row["fcr_share_high"])
    return Cell(
        words.share(row["fcr_share"]),
        words("change.range", low=low, high=high),
        order=float(row["fcr_share"]),
    )
