"""Friction along the customer's way, from discovery to returns: JOURNEY."""

from reports.journey.journey import STAGES, follow_journey

__all__ = ["STAGES", "follow_journey"]
