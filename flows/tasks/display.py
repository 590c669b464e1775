"""What people call things: categories and topics by their names, in a language."""

from __future__ import annotations

from data.schema import TOPICS
from flows.engine.run import Run
from flows.models import taxonomy
from reports.explain import DisplayNames


def category_names(run: Run, language: str) -> dict[str, str]:
    """Give the display name of every friction category."""
    return {category.id: category.name(language) for category in taxonomy(run)}


def display_names(run: Run) -> DisplayNames:
    """Name issues for the sentences of alerts, in the language of the page."""
    language = run.settings["page"].language
    issues = {f"category:{name}": words for name, words in category_names(run, language).items()}
    topics = run.store.read(TOPICS, columns=["topic_id", "label"]).to_pylist()
    issues |= {f"topic:{row['topic_id']}": f"“{row['label']}”" for row in topics}
    return DisplayNames(issues=issues)
