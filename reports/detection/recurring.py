"""Issues that come back: onsets of short evidence, counted over half a year."""

from __future__ import annotations

import numpy as np

from reports.detection.panel import Bools, Floats, Ints
from reports.detection.rules import AlertRules

NEVER = -(10**6)  # a day number before every calendar


class Recurrence:
    """Onsets of every series, at several levels of evidence.

    Attributes:
        run_day: (series,) last day of the current or last run of evidence.
        reached: (levels, series) whether that run has reached the level.
        onsets: (levels, series, kept) day numbers of the last onsets, oldest first, NEVER where none.
    """

    def __init__(self, series: int, rules: AlertRules) -> None:
        """Start without any evidence."""
        levels, kept = len(rules.recurring_scores), max(rules.recurring_counts, default=1)
        self.rules = rules
        self.run_day: Ints = np.full(series, NEVER, dtype=np.int64)
        self.reached: Bools = np.zeros((levels, series), dtype=bool)
        self.onsets: Ints = np.full((levels, series, kept), NEVER, dtype=np.int64)

    def step(self, day: int, run_score: Floats, short_score: Floats) -> Bools:
        """Take in one day.

        Args:
            day: day number, later than every day before.
            run_score: (series,) score of windows up to a week.
            short_score: (series,) score without the longest window.

        Returns:
            (series,) whether this day's onset makes the issue recurring.
        """
        rules = self.rules
        running = run_score >= rules.run_score
        fresh = running & (day - self.run_day > rules.quiet_days)
        self.reached[:, fresh] = False
        self.run_day[running] = day
        became = np.zeros(len(running), dtype=bool)
        for level, (score, count) in enumerate(
            zip(rules.recurring_scores, rules.recurring_counts, strict=True)
        ):
            hit = running & ~self.reached[level] & (short_score >= score)
            self.reached[level] |= hit
            apart = hit & (day - self.onsets[level, :, -1] >= rules.recurring_gap_days)
            if apart.any():
                self.onsets[level, apart] = np.roll(self.onsets[level, apart], -1, axis=1)
                self.onsets[level, apart, -1] = day
                became |= apart & (day - self.onsets[level, :, -count] < rules.recurring_days)
        return became

    def is_recurring(self, day: int) -> Bools:
        """Say which issues had enough onsets within the last half year."""
        recurring = np.zeros(len(self.run_day), dtype=bool)
        for level, count in enumerate(self.rules.recurring_counts):
            recurring |= day - self.onsets[level, :, -count] < self.rules.recurring_days
        return recurring
