"""Survey tools."""

from __future__ import annotations

from data.sources.raw import Source

SURVEYS: tuple[Source, ...] = ()
