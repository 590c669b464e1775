"""Vectors -> groups, and words for them."""
