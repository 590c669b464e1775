"""What employees say, beside the customers, where enough of them spoke."""

from __future__ import annotations

from data.schema import EMPLOYEE
from reports.sections.blocks import Section
from reports.sections.friction import friction_blocks
from reports.sections.view import View


def show_employees(view: View) -> Section | None:
    """Show the subjects of employees; nothing when the page is about them anyway, or when they are few."""
    if view.kind == EMPLOYEE or not view.total(EMPLOYEE, view.window.now):
        return None
    words = view.words
    intro = words("employees.intro", n=words.number(view.rules.min_group))
    return Section(
        "employees",
        words("employees.title"),
        friction_blocks(view, EMPLOYEE, fewest=view.rules.min_group),
        intro=intro,
    )
