"""Databases as sources: one query, streamed in chunks, only what is new since the last run."""
