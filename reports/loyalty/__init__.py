"""Who stays, who comes back, and what a customer is worth: LOYALTY."""

from reports.loyalty.loyalty import LoyaltyRules, measure_loyalty

__all__ = ["LoyaltyRules", "measure_loyalty"]
