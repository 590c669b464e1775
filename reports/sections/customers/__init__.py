"""Sections about customers and their way with us."""
