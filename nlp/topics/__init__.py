"""Themes that nobody listed: found, named, kept under ids that stay."""
