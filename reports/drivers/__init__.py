"""Which subjects move the scores, and by how much: DRIVERS."""

from reports.drivers.drivers import DriverRules, find_drivers

__all__ = ["DriverRules", "find_drivers"]
