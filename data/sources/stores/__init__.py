"""App stores."""

from __future__ import annotations

from data.sources.raw import Source
from data.sources.stores.apple import CONNECT, FEED
from data.sources.stores.play import API, SCRAPED, PlayConsoleSource

STORES: tuple[Source, ...] = (PlayConsoleSource(), API, SCRAPED, CONNECT, FEED)
