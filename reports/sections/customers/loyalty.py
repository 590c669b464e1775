"""Who stays, who comes back, what a customer is worth; and those who complained beside those who did not."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from reports.sections.shared.blocks import Cell, Column, Grid, Row, Section
from reports.sections.shared.phrases import dimension_name, own_currency
from reports.sections.shared.view import View

Record = dict[Hashable, Any]
ORDER = {"all": 0, "complained_of": 1, "segment": 2, "region": 3}
WHOLE = ("anything", "nothing")  # complained of anything, of nothing: they come before single subjects
SHARES = ("churn", "repeat", "retention")


def show_loyalty(view: View) -> Section | None:
    """Show the numbers of all customers first, then by what they complained of, tier and region."""
    rows = view.table("loyalty")
    if rows.empty:
        return None
    words = view.words
    known = [name for name in SHARES if rows[f"{name}_share"].notna().any()]
    has_value = bool(rows["lifetime_value"].notna().any())
    if not known and not has_value:
        return None
    plain = rows["value"].isin(["all", *WHOLE])
    rows = rows.assign(rank=rows["dimension"].map(ORDER), later=~plain)
    rows = rows.sort_values(["rank", "later", "value"], kind="stable")
    columns = (
        Column(words("loyalty.who")),
        Column(words("loyalty.customers"), is_number=True),
        *(Column(words(f"loyalty.{name}"), is_number=True) for name in known),
        *([Column(words("loyalty.value"), is_number=True)] if has_value else []),
    )
    cells = tuple(_row(view, row, known, has_value=has_value) for row in rows.to_dict("records"))
    grid = Grid(words("loyalty.title"), columns, cells, hides_title=True)
    gist = " · ".join(
        f"{column.label}: {cell.text}" for column, cell in zip(columns[2:], cells[0].cells[2:], strict=True)
    )
    title, intro = words("loyalty.title"), words("loyalty.intro")
    return Section("loyalty", title, (grid, *own_currency(view)), intro=intro, gist=gist)


def _row(view: View, row: Record, known: list[str], *, has_value: bool) -> Row:
    words = view.words
    cells = [
        _name(view, row["dimension"], row["value"]),
        Cell(words.number(row["customer_count"]), order=float(row["customer_count"])),
        *(_share(view, row, name) for name in known),
    ]
    if has_value:
        value = row["lifetime_value"]
        shown: str = "–" if pd.isna(value) else words.money(float(value))
        cells.append(Cell(shown, order=0.0 if pd.isna(value) else float(value)))
    return Row(tuple(cells))


def _name(view: View, dimension: str, value: str) -> Cell:
    words = view.words
    if dimension == "all":
        return Cell(words("loyalty.all"), order="")
    if dimension == "complained_of":
        if value in WHOLE:
            return Cell(words(f"loyalty.{value}"), order=words(f"loyalty.{value}"))
        name = view.category_name(value)
        return Cell(name, words("loyalty.complained"), order=name)
    label = "customer_segment" if dimension == "segment" else dimension
    return Cell(value, dimension_name(view, label), order=value)


def _share(view: View, row: Record, name: str) -> Cell:
    words, value = view.words, row[f"{name}_share"]
    if pd.isna(value):
        return Cell("–", order=0.0)
    low, high = (words.share(row[f"{name}_share_{end}"], 1) for end in ("low", "high"))
    return Cell(words.share(value, 1), words("change.range", low=low, high=high), order=float(value))
