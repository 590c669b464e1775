"""Product and shop reviews."""

from __future__ import annotations

from data.sources.raw import Source

REVIEWS: tuple[Source, ...] = ()
