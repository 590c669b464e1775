"""Worlds, rivals and measures for `python -m benchmarks.alerts`."""
