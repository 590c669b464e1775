"""Our customers beside those of other brands: the same subjects, on the same kinds of feedback."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from data.schema import ALL
from reports.drawing.plots import Spot, forest
from reports.sections.shared.blocks import Block, Cell, Column, Comments, Figure, Grid, Row, Section
from reports.sections.shared.view import View
from reports.sections.shared.words import isolated

Record = dict[Hashable, Any]


def show_competitors(view: View) -> Section | None:
    """Show one table and one chart per brand, the largest differences first."""
    rows = view.table("competitors")
    if rows.empty:
        return None
    words = view.words
    together = rows[rows["source_kind"] == ALL]
    blocks: list[Block] = []
    for brand in sorted(together["brand"].unique()):
        kinds = sorted(set(rows.loc[rows["brand"] == brand, "source_kind"]) - {ALL})
        blocks += _brand(view, str(brand), together[together["brand"] == brand], kinds)
    title, intro = words("competitors.title"), words("competitors.intro")
    return Section("competitors", title, blocks, intro=intro, gist=_gist(view, together))


def _gist(view: View, rows: pd.DataFrame) -> str:
    """Name the difference in all complaints to each brand."""
    whole = rows[rows["category"] == ALL].sort_values("brand").to_dict("records")
    points = (view.words("change.points", points=view.words.signed(100 * r["difference"], 1)) for r in whole)
    return " · ".join(f"{isolated(row['brand'])}: {one}" for row, one in zip(whole, points, strict=True))


def _brand(view: View, brand: str, rows: pd.DataFrame, kinds: list[str]) -> list[Block]:
    words = view.words
    whole = rows[rows["category"] == ALL]
    subjects = rows[(rows["category"] != ALL) & (rows["own_count"] + rows["brand_count"] > 0)]
    size = subjects["difference"].abs()
    subjects = subjects.assign(size=size).sort_values(["size", "category"], ascending=[False, True])
    shown = pd.concat([whole, subjects.head(view.rules.categories)]).to_dict("records")
    name = isolated(brand)
    title = words("competitors.beside", brand=name, kinds=", ".join(view.kind_name(kind) for kind in kinds))
    columns = (
        Column(words("friction.subject")),
        Column(words("competitors.own"), is_number=True),
        Column(name, is_number=True),
        Column(words("competitors.difference"), is_number=True),
    )
    grid = Grid(title, columns, tuple(_row(view, row) for row in shown))
    spots = [
        Spot(
            _subject(view, r["category"]), r["difference"], r["difference_low"], r["difference_high"],
            more_is_worse=True,
        )
        for r in shown
    ]  # fmt: skip
    drawing = forest(spots, words=words.chart(), number="+.0%")
    return [grid, Figure(words("competitors.chart", brand=name), drawing)]


def _subject(view: View, category: str) -> str:
    return view.words("competitors.any") if category == ALL else view.category_name(category)


def _row(view: View, row: Record) -> Row:
    words, subject = view.words, _subject(view, row["category"])
    low, high = (words.signed(100 * row[f"difference_{end}"], 1) for end in ("low", "high"))
    clear = row["difference_low"] > 0 or row["difference_high"] < 0
    tone = ("bad" if row["difference"] > 0 else "good") if clear else "plain"
    points = words("change.points", points=words.signed(100 * row["difference"], 1))
    cells = (
        Cell(subject, order=subject),
        _side(view, row, "own"),
        _side(view, row, "brand"),
        Cell(points, words("change.range", low=low, high=high), order=float(row["difference"]), tone=tone),
    )
    comments = view.comments(list(row["example_ids"]), category=row["category"])
    return Row(cells, words("competitors.theirs"), (Comments(comments),) if comments else ())


def _side(view: View, row: Record, side: str) -> Cell:
    words = view.words
    note = words(
        "competitors.of", n=words.number(row[f"{side}_count"]), total=words.number(row[f"{side}_total"])
    )
    return Cell(words.share(row[f"{side}_share"], 1), note, order=float(row[f"{side}_share"]))
