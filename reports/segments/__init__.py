"""Who speaks of what: SEGMENT_LIFT."""

from reports.segments.lift import LiftRules, customer_columns, find_lift

__all__ = ["LiftRules", "customer_columns", "find_lift"]
