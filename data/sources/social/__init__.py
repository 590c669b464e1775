"""Posts on social networks."""

from __future__ import annotations

from data.sources.raw import Source

SOCIAL: tuple[Source, ...] = ()
