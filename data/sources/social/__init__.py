"""Posts on social networks."""

from __future__ import annotations

from data.sources.raw import Source
from data.sources.social.brandwatch import BrandwatchSource
from data.sources.social.reddit import RedditSource
from data.sources.social.x import XSource

SOCIAL: tuple[Source, ...] = (XSource(), RedditSource(), BrandwatchSource())
