"""What became of topics -> TOPIC_EVENTS: births, merges, splits, deaths, each with its count and evidence."""

from __future__ import annotations
