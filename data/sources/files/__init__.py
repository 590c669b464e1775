"""Bytes -> records of strings: one file per format."""
