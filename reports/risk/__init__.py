"""Who is about to leave, and why, where it is known who left before: CHURN_MODELS, CUSTOMERS_AT_RISK."""

from reports.risk.risk import RiskRules, find_customers_at_risk

__all__ = ["RiskRules", "find_customers_at_risk"]
