"""The parts of the page. Each is one function: a View of the tables -> a Section, or None if it is empty.

To add one of your own: write such a function anywhere, and name it as module:function in `sections` under
[page] in the settings; see docs/extend.md.
"""

from __future__ import annotations

from collections.abc import Callable

from reports.sections.actions import show_actions
from reports.sections.alerts import show_alerts
from reports.sections.customers.cases import show_cases
from reports.sections.customers.competitors import show_competitors
from reports.sections.customers.journey import show_journey
from reports.sections.customers.loyalty import show_loyalty
from reports.sections.customers.risk import show_risk
from reports.sections.customers.segments import show_segments
from reports.sections.customers.service import show_service
from reports.sections.drivers import show_drivers
from reports.sections.employees import show_employees
from reports.sections.explore import show_explore
from reports.sections.friction import show_friction
from reports.sections.headlines import show_headlines
from reports.sections.quality import show_quality
from reports.sections.reading import show_reading
from reports.sections.scores import show_scores
from reports.sections.sentiment import show_sentiment
from reports.sections.shared.blocks import Section
from reports.sections.shared.view import View
from reports.sections.tiles import show_tiles
from reports.sections.topics import show_topics

SECTIONS: dict[str, Callable[[View], Section | None]] = {
    "headlines": show_headlines,
    "tiles": show_tiles,
    "alerts": show_alerts,
    "friction": show_friction,
    "explore": show_explore,
    "cases": show_cases,
    "drivers": show_drivers,
    "actions": show_actions,
    "risk": show_risk,
    "loyalty": show_loyalty,
    "competitors": show_competitors,
    "journey": show_journey,
    "segments": show_segments,
    "service": show_service,
    "topics": show_topics,
    "sentiment": show_sentiment,
    "scores": show_scores,
    "employees": show_employees,
    "quality": show_quality,
    "reading": show_reading,
}
