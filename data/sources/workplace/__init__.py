"""What employees say."""

from __future__ import annotations

from data.sources.raw import Source

WORKPLACE: tuple[Source, ...] = ()
