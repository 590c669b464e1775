"""How people feel: the mix of negative, neutral and positive by kind, subject and language."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from data.schema import OTHER
from reports import charts
from reports.sections.shared.blocks import Block, Cell, Column, Figure, Grid, Key, Row, Section, Side
from reports.sections.shared.view import View

PARTS = ("negative_count", "neutral_count", "positive_count")
_COUNT = "_count"
Mix = tuple[str, tuple[int, int, int]]


def show_sentiment(view: View) -> Section | None:
    """Show three mixes side by side."""
    words = view.words
    mixes = (
        (words("sentiment_section.by_kind"), _by_kind(view)),
        (words("sentiment_section.by_category"), _by_category(view)),
        (words("sentiment_section.by_language"), _by_language(view)),
    )
    figures: list[Block] = [_figure(view, title, rows) for title, rows in mixes if rows]
    if not figures:
        return None
    return Section("sentiment", words("sentiment_section.title"), (Side(tuple(figures)),), gist=_gist(view))


def _gist(view: View) -> str:
    words, sums = view.words, view.score_sums(view.kind, view.window.now)
    total = sum(sums[part] for part in PARTS)
    if not total:
        return ""
    names = (words(f"sentiment.{part.removesuffix(_COUNT)}") for part in PARTS)
    return " · ".join(
        f"{name}: {words.share(sums[part] / total)}" for name, part in zip(names, PARTS, strict=True)
    )


def _by_kind(view: View) -> list[Mix]:
    rows = _now(view, view.scores[view.scores["dimension"] == "all"])
    rows = rows[rows["source_kind"] != "all"]
    return [(view.kind_name(str(kind)), mix) for kind, mix in _summed(rows, "source_kind")]


def _by_language(view: View) -> list[Mix]:
    rows = _now(view, view.scores[view.scores["dimension"] == "language"])
    rows = rows[rows["source_kind"] == view.kind]
    return [(view.words.language_name(str(code)), mix) for code, mix in _summed(rows, "value")]


def _by_category(view: View) -> list[Mix]:
    rows = _now(view, view.friction_rows(view.kind, "category"))
    mixes = _summed(rows[rows["category"] != OTHER], "category")
    return [(view.category_name(str(key)), mix) for key, mix in mixes[: view.rules.categories]]


def _now(view: View, rows: pd.DataFrame) -> pd.DataFrame:
    return rows[rows["period_start"].isin(list(view.window.now))] if view.window.weeks else rows


def _summed(rows: pd.DataFrame, by: str) -> list[tuple[object, tuple[int, int, int]]]:
    """Sum the mixes of each value, most comments first."""
    sums = rows.groupby(by)[list(PARTS)].sum().reset_index()
    sums["all"] = sums[list(PARTS)].sum(axis=1)
    sums = sums[sums["all"] > 0].sort_values(["all", by], ascending=[False, True], kind="stable")
    return [(row[0], (int(row[1]), int(row[2]), int(row[3]))) for row in sums.itertuples(index=False)]


def _figure(view: View, title: str, rows: Sequence[Mix]) -> Figure:
    words = view.words
    names = [words(f"sentiment.{part}") for part in ("negative", "neutral", "positive")]
    columns = (
        Column(words("sentiment_section.group")),
        *(Column(name, is_number=True) for name in names),
        Column(words("sentiment_section.total"), is_number=True),
    )
    table = Grid(title, columns, tuple(_table_row(view, row) for row in rows), hides_title=True)
    legend = tuple(
        Key(part, name) for part, name in zip(("negative", "neutral", "positive"), names, strict=True)
    )
    return Figure(title, charts.mix(rows, words=words.chart()), table, legend)


def _table_row(view: View, row: Mix) -> Row:
    words, (label, counts) = view.words, row
    total = sum(counts)
    shares = (Cell(words.share(count / total), words.number(count), order=count / total) for count in counts)
    return Row((Cell(label, order=label), *shares, Cell(words.number(total), order=float(total))))
