"""Builds a model by name; the only place that imports model libraries."""
