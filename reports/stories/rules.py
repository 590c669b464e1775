"""How alerts are told as stories. The numbers stand in flows/settings.toml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class StoryRules:
    """What section [stories] of the settings holds.

    Attributes:
        explained_share: share of an alert's excess that another's complaints carry, to stand under it.
        apart_days: alerts whose days lie further apart than this tell different stories.
        twin_days: alerts of one segment with common complaints that began within so many days are one event.
        related_share: share of complaints in common from which two stories are named as related.
        per_week: stories a week that are at least a warning.
        critical_per_week: stories a week that are critical.
        band_weeks: weeks looked back to find the severities that give these numbers.
        min_lift: a value is told as different when the lower end of its lift reaches this.
        min_difference_count: complaints with a value, for it to be told.
        max_values: columns with more distinct values are names or texts, not groups.
        differences: differences told per alert.
        examples: comments kept per alert.
        example_length: characters from which, and up to which, a comment makes a good example.
        min_group: employee comments that must stand together to be kept as examples.
    """

    explained_share: float
    apart_days: int
    twin_days: int
    related_share: float
    per_week: float
    critical_per_week: float
    band_weeks: int
    min_lift: float
    min_difference_count: int
    max_values: int
    differences: int
    examples: int
    example_length: tuple[int, int]
    min_group: int
