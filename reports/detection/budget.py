"""The score at which alerts open, set so that about as many are false as the budget allows.

Runs of evidence that stay below the alerts are mostly chance, and their number falls off exponentially
with the score. So the runs of the last half year whose highest score lies in a middle band tell how many
false ones to expect above any threshold, on this company's own counts, whatever their drift and noise.
"""

from __future__ import annotations

from collections import deque
from dataclasses import dataclass
from typing import Any

import numpy as np
import pyarrow as pa

from reports.detection.panel import DAYS_PER_WEEK, Floats, Ints
from reports.detection.recurring import NEVER
from reports.detection.rules import AlertRules

EDGES = np.arange(1.0, 4.01, 0.25)  # lower ends of the bands of highest scores; the last is open
FEWEST_WEEKS = 4  # replayed before a number a week means anything
STEP = 0.05  # the threshold moves on this grid
RUN_BASE = 1.0  # a run of evidence is a stretch of days with at least this score
MIDDLE = (1.5, 2.5)  # below: chance and slow drift run together; above: true issues dominate
# Measured on simulated worlds without events (docs/alerts.md): runs above a score fall by this power
# of ten per unit, and such worlds have this many runs with a peak above 1.5 per 100 series and week.
DECAY = 0.66
PRIOR_RATE = 3.3
PRIOR_SERIES_WEEKS = 2000.0  # so many judged series-weeks weigh as much as the prior


@dataclass(frozen=True)
class BudgetDay:
    """What one judged day adds: see ALERT_DAYS."""

    day: int
    step: int
    series: int
    threshold: float
    false_rate: float
    peaks: tuple[int, ...]


class Budget:
    """Runs of evidence, their peaks, and the threshold that follows.

    Attributes:
        run_day: (series,) last day of the current or last run.
        peak: (series,) highest score of the run; 0 when it has been counted.
        days: what the judged days of the last half year added, oldest first.
    """

    def __init__(self, series: int, rules: AlertRules) -> None:
        """Start without any evidence."""
        self.rules = rules
        self.run_day: Ints = np.full(series, NEVER, dtype=np.int64)
        self.peak: Floats = np.zeros(series)
        self.days: deque[BudgetDay] = deque()
        self._peaks = np.zeros(len(EDGES), dtype=np.int64)
        self._series_days = 0

    def restore(self, days: list[BudgetDay]) -> None:
        """Take over the days of an earlier run, oldest first."""
        for one in days:
            self._append(one)

    def threshold(self, day: int) -> tuple[float, float]:
        """Give the score at which alerts open on a day, and the false rate expected at `open_score`."""
        rules = self.rules
        oldest = day - rules.budget_weeks * DAYS_PER_WEEK
        while self.days and self.days[0].day < oldest:
            gone = self.days.popleft()
            self._peaks -= np.array(gone.peaks, dtype=np.int64)
            self._series_days -= gone.series * gone.step
        series_weeks = self._series_days / DAYS_PER_WEEK
        middle = (MIDDLE[0] <= EDGES) & (MIDDLE[1] > EDGES)
        share = 1 - 10 ** (-DECAY * (MIDDLE[1] - MIDDLE[0]))
        prior = PRIOR_RATE * PRIOR_SERIES_WEEKS / 100
        rate = 100 * (self._peaks[middle].sum() / share + prior) / (series_weeks + PRIOR_SERIES_WEEKS)
        wanted = MIDDLE[0] + np.log10(rate / rules.budget) / DECAY if rules.budget > 0 else np.inf
        wanted = max(float(wanted), self._level_for_a_week(day))
        false_rate = rate * 10 ** (-DECAY * (rules.open_score - MIDDLE[0]))
        level = float(np.clip(wanted, rules.min_open_score, rules.max_open_score))
        return round(round(level / STEP) * STEP, 2), float(np.float32(false_rate))

    def _level_for_a_week(self, day: int) -> float:
        """Give the lowest score that no more alerts a week than wanted would have reached; 0 for any."""
        weeks = (day - self.days[0].day) / DAYS_PER_WEEK if self.days else 0.0
        if self.rules.most_per_week <= 0 or weeks < FEWEST_WEEKS:
            return 0.0
        reached = np.cumsum(self._peaks[::-1])[::-1] / weeks
        few = np.flatnonzero(reached <= self.rules.most_per_week)
        return float(EDGES[few[0]]) if len(few) else np.inf

    def step(self, day: int, score: Floats, judged: tuple[int, int]) -> BudgetDay:
        """Take in one day: (series,) scores, and (days per row, series with enough history)."""
        threshold, false_rate = self.threshold(day)
        ended = (self.peak > 0) & (day - self.run_day >= self.rules.quiet_days)
        bands = np.searchsorted(EDGES, self.peak[ended], side="right") - 1
        peaks = np.bincount(bands, minlength=len(EDGES))
        self.peak[ended] = 0.0
        running = score >= RUN_BASE
        self.run_day[running] = day
        # As stored: a resumed run must sort the peak into the same band.
        self.peak[running] = np.maximum(self.peak[running], score[running].astype(np.float32))
        added = BudgetDay(day, judged[0], judged[1], threshold, false_rate, tuple(int(p) for p in peaks))
        self._append(added)
        return added

    def _append(self, added: BudgetDay) -> None:
        self.days.append(added)
        self._peaks += np.array(added.peaks, dtype=np.int64)
        self._series_days += added.series * added.step


def describe_budget(days: pa.Table, rules: AlertRules) -> dict[str, Any]:
    """Say what the threshold is, what it was, and how many alerts others would have given.

    Args:
        days: ALERT_DAYS.
        rules: section [alerts].

    Returns:
        threshold now, open_score without a budget, budget and most_per_week as set, false_rate (per 100
        series and week, at open_score), weeks (first day and threshold of each), alerts_per_week (score ->
        runs of evidence a week that reached it in these weeks); only the settings before the first day.
    """
    told: dict[str, Any] = {
        "open_score": rules.open_score,
        "budget": rules.budget,
        "most_per_week": rules.most_per_week,
    }
    if not days.num_rows:
        return told
    rows = days.sort_by("date").to_pylist()[-rules.budget_weeks * DAYS_PER_WEEK :]
    peaks = np.array([row["peaks"] for row in rows], dtype=np.int64).sum(axis=0)
    weeks = sum(row["step"] for row in rows) / DAYS_PER_WEEK
    reached = np.cumsum(peaks[::-1])[::-1] / weeks
    firsts = rows[:: DAYS_PER_WEEK // rows[0]["step"]]
    past = [{"from": row["date"].isoformat(), "threshold": round(row["threshold"], 2)} for row in firsts]
    return told | {
        "threshold": round(rows[-1]["threshold"], 2),
        "false_rate": round(rows[-1]["false_rate"] or 0.0, 3),
        "weeks": past,
        "alerts_per_week": {
            f"{edge:.2f}": round(float(count), 2)
            for edge, count in zip(EDGES, reached, strict=True)
            if edge >= rules.min_open_score
        },
    }
