"""What employees say, beside the customers, where enough of them spoke."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any

from data.schema import EMPLOYEE, OTHER
from reports.sections.friction import friction_blocks
from reports.sections.shared.blocks import Block, Cell, Column, Grid, Row, Section
from reports.sections.shared.phrases import share_cell
from reports.sections.shared.view import View

Record = dict[Hashable, Any]


def show_employees(view: View) -> Section | None:
    """Show the subjects of employees; nothing when the page is about them anyway, or when they are few."""
    if view.kind == EMPLOYEE or not view.total(EMPLOYEE, view.window.now):
        return None
    words = view.words
    intro = words("employees.intro", n=words.number(view.rules.min_group))
    blocks = [*_beside(view), *friction_blocks(view, EMPLOYEE, fewest=view.rules.min_group)]
    gist = words.count("count.comments", view.total(EMPLOYEE, view.window.now))
    return Section("employees", words("employees.title"), blocks, intro=intro, gist=gist)


def _beside(view: View) -> list[Block]:
    """Set complaints of employees beside those of customers, where enough employees spoke of a subject."""
    words = view.words
    staff = _complaints(view, EMPLOYEE)
    staff = {key: row for key, row in staff.items() if row["comment_count"] >= view.rules.min_group}
    shared = {key: row for key, row in _complaints(view, view.kind).items() if key in staff}
    if not shared:
        return []
    columns = (
        Column(words("friction.subject")),
        Column(words("employees.customers"), is_number=True),
        Column(words("employees.employees"), is_number=True),
    )
    order = sorted(shared, key=lambda key: (-shared[key]["level"].share, key))
    rows = tuple(
        Row((
            Cell(view.category_name(key), order=view.category_name(key)),
            share_cell(view, shared[key]["level"]),
            share_cell(view, staff[key]["level"]),
        ))
        for key in order[: view.rules.categories]
    )  # fmt: skip
    return [Grid(words("employees.beside"), columns, rows)]


def _complaints(view: View, kind: str) -> dict[str, Record]:
    """Give the subjects that comments of a kind speak of, in the weeks of the page."""
    compared = view.compared(kind, "category")
    compared = compared[(compared["key"] != OTHER) & (compared["comment_count"] > 0)]
    return {str(row["key"]): row for row in compared.to_dict("records")}
