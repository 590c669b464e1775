"""App stores."""

from __future__ import annotations

from data.sources.raw import Source

STORES: tuple[Source, ...] = ()
