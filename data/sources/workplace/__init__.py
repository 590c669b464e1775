"""What employees say."""

from __future__ import annotations

from data.sources.raw import Source
from data.sources.workplace.employers import EmployerSource
from data.sources.workplace.engagement import EngagementSource

WORKPLACE: tuple[Source, ...] = (EmployerSource(), EngagementSource())
