"""How to read the page: ranges, sureness, shares, what a machine judged."""

from __future__ import annotations

from reports.sections.shared.blocks import Section, Terms
from reports.sections.shared.view import View

TERMS = ("interval", "sure", "share", "nps", "machine", "people")


def show_reading(view: View) -> Section | None:
    """Explain every idea that the page leans on, in a sentence or two."""
    words = view.words
    items = tuple((words(f"reading.{term}"), words(f"reading.{term}_text")) for term in TERMS)
    return Section(
        "reading", words("reading.title"), (Terms(items, is_prose=True),), gist=words("reading.gist")
    )
