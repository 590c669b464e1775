"""Our customers beside those of other brands, on the same kinds of feedback: COMPETITORS."""

from reports.competitors.compare import CompetitorRules, compare_brands

__all__ = ["CompetitorRules", "compare_brands"]
