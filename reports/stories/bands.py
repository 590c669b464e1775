"""How much attention each story asks for: as many are critical, or warnings, as a team wants a week."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from reports.stories.evidence import Row
from reports.stories.rules import StoryRules

INFO, WARNING, CRITICAL = "info", "warning", "critical"


@dataclass(frozen=True)
class Levels:
    """The severities from which a story is a warning, and critical."""

    warning: float
    critical: float

    def band(self, severity: float) -> str:
        """Name the band of a severity."""
        if severity >= self.critical:
            return CRITICAL
        return WARNING if severity >= self.warning else INFO


def find_levels(
    alerts: Sequence[Row],
    leads: Sequence[bool],
    severities: Sequence[float],
    *,
    until: date,
    rules: StoryRules,
) -> Levels:
    """Find the severities that the wanted number of stories a week would have reached.

    Args:
        alerts: n rows of ALERTS.
        leads: whether each leads a story.
        severities: of each, with those of its story.
        until: the last judged day.
        rules: how many are wanted.

    Returns:
        The levels; 0 where fewer stories than wanted were raised.
    """
    oldest = until - timedelta(weeks=rules.band_weeks)
    opened = [row["opened_date"] for row in alerts]
    # A history shorter than the look-back holds fewer weeks to share the stories out over.
    first = max(min(opened, default=until), oldest)
    weeks = max((until - first).days / 7, 1.0)
    recent = sorted(
        (s for s, lead, day in zip(severities, leads, opened, strict=True) if lead and day >= oldest),
        reverse=True,
    )
    return Levels(_reached(recent, rules.per_week * weeks), _reached(recent, rules.critical_per_week * weeks))


def _reached(severities: Sequence[float], wanted: float) -> float:
    """Give the severity that the wanted number of the most severe reach."""
    count = round(wanted)
    if count <= 0:
        return float("inf")
    return 0.0 if count > len(severities) else severities[count - 1]
