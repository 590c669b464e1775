"""Who may leave soon, with the reasons in words, and how far the forecast can be trusted."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

import pandas as pd

from reports.sections.shared.blocks import Block, Cell, Column, Fold, Grid, Paragraph, Row, Section
from reports.sections.shared.view import View

Record = dict[Hashable, Any]
TEXT = "text."
KEY_SHOWN = 10  # characters of a hashed key: enough to find it in the table


def show_risk(view: View) -> Section | None:
    """List the customers most at risk; say how the forecast did on later days than it learned from."""
    models, listed = view.table("churn_models"), view.table("customers_at_risk")
    if models.empty:
        return None
    words = view.words
    by_name = {row["model"]: row for row in models.to_dict("records")}
    blocks: list[Block] = [Paragraph(_worth(view, by_name["with_text"], by_name["without_text"]))]
    if listed.empty:
        blocks.append(Paragraph(words("risk.weak"), "muted"))
    else:
        blocks.append(_customers(view, listed.sort_values("rank").head(view.rules.cases)))
    blocks.append(Fold(words("risk.test"), (_test(view, models),)))
    gist = words("risk.weak") if listed.empty else words.count("count.customers", len(listed))
    return Section("risk", words("risk.title"), blocks, intro=words("risk.intro"), gist=gist)


def _worth(view: View, model: Record, plain: Record) -> str:
    words = view.words
    return words(
        "risk.worth",
        auc=words.number(model["auc"], 2), low=words.number(model["auc_low"], 2),
        high=words.number(model["auc_high"], 2), plain=words.number(plain["auc"], 2),
        lift=words.number(model["top_lift"], 1), left=words.number(model["tested_left_count"]),
    )  # fmt: skip


def _customers(view: View, rows: pd.DataFrame) -> Grid:
    words = view.words
    columns = (
        Column(words("risk.customer")),
        Column(words("risk.risk"), is_number=True),
        Column(words("cases.worth"), is_number=True),
        Column(words("risk.reasons")),
    )
    found = []
    for row in rows.to_dict("records"):
        known = not pd.isna(row["value"])
        reasons = "; ".join(_reason(view, str(name)) for name in row["reasons"]) or "–"
        found.append(Row((
            Cell(str(row["customer_key"])[:KEY_SHOWN], order=float(row["rank"])),
            Cell(words.share(row["risk"]), order=float(row["risk"])),
            Cell(words.money(row["value"]) if known else "–", order=float(row["value"]) if known else 0.0),
            Cell(reasons, order=reasons),
        )))  # fmt: skip
    return Grid(words("risk.table"), columns, tuple(found))


def _reason(view: View, name: str) -> str:
    key = f"risk.fact_{name.removeprefix(TEXT)}"
    if view.words.has(key):
        return view.words(key)
    return view.words("risk.complained", subject=view.category_name(name.removeprefix(TEXT)))


def _test(view: View, models: pd.DataFrame) -> Grid:
    words = view.words
    names = ("auc", "top_lift", "expected_over_real", "calibration_slope", "brier")
    columns = (
        Column(words("risk.model")), *(Column(words(f"risk.{name}"), is_number=True) for name in names)
    )  # fmt: skip
    rows = tuple(
        Row((
            Cell(words(f"risk.{row['model']}")),
            *(Cell(words.number(row[name], 3 if name == "brier" else 2)) for name in names),
        ))
        for row in models.to_dict("records")
    )  # fmt: skip
    return Grid(words("risk.test"), columns, rows, is_sortable=False, hides_title=True)
