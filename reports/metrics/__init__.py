"""All tables -> FRICTION_SUMMARY, SCORE_SUMMARY: what customers speak of, how often, how sure we are."""

from reports.metrics.friction import summarise_friction
from reports.metrics.scores import summarise_scores
from reports.rules import SummaryRules

__all__ = ["SummaryRules", "summarise_friction", "summarise_scores"]
