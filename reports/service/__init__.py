"""How fast and how well support cases are answered and solved: SERVICE."""

from reports.service.service import ServiceRules, measure_service

__all__ = ["ServiceRules", "measure_service"]
