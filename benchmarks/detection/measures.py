"""How well alerts match what was planted in simulated worlds."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import date, timedelta

import numpy as np
import pyarrow as pa

from benchmarks.detection.worlds import BURSTS, KINDS, World

FIRST_DAY = date(2023, 1, 2)
GRACE_DAYS = 7  # an alert may come this long after the event has ended
ECHO_DAYS = 28  # the longest window still holds the event this long
WARM_DAYS = 26 * 7


@dataclass
class Grade:
    """Counts that add up over worlds."""

    hits: dict[str, list[bool]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    delays: dict[str, list[int]] = field(default_factory=lambda: {kind: [] for kind in KINDS})
    false: int = 0
    false_in_surges: int = 0
    alerts: int = 0
    series_weeks: float = 0.0
    surge_weeks: float = 0.0
    recurring: dict[int, list[bool]] = field(default_factory=dict)
    false_recurring: int = 0
    series_years: float = 0.0

    def power(self, kind: str) -> float:
        """Give the share of events of a kind that were found."""
        return float(np.mean(self.hits[kind])) if self.hits[kind] else float("nan")

    @property
    def macro(self) -> float:
        """Give the mean power over the kinds."""
        return float(np.mean([self.power(kind) for kind in KINDS]))

    @property
    def false_rate(self) -> float:
        """Give false alerts per 100 series and week."""
        return 100 * self.false / self.series_weeks

    @property
    def surge_rate(self) -> float:
        """Give the same inside surges of the total."""
        return 100 * self.false_in_surges / self.surge_weeks if self.surge_weeks else float("nan")

    @property
    def precision(self) -> float:
        """Give the share of alerts that belong to an event."""
        return 1 - self.false / self.alerts if self.alerts else float("nan")

    def recall(self, least: int) -> float:
        """Give the share of series with bursts of at least this size that are called recurring."""
        found = [hit for size, hits in self.recurring.items() if size >= least for hit in hits]
        return float(np.mean(found)) if found else float("nan")


def to_counts(world: World) -> pa.Table:
    """Write a world as COUNTS."""
    days, series = world.n.shape
    first = (FIRST_DAY - date(1970, 1, 1)).days
    issues = pa.array([f"category:i{one}" for one in range(series)])
    segments = pa.array([f"region=r{one}" for one in range(world.total.shape[1])])
    columns = {
        "date": pa.array(np.repeat(np.arange(first, first + days, dtype=np.int32), series)).cast(pa.date32()),
        "issue": issues.take(pa.array(np.tile(np.arange(series), days))),
        "segment": segments.take(pa.array(np.tile(world.segment_of, days))),
        "n": pa.array(world.n.ravel()),
        "total": pa.array(world.total[:, world.segment_of].ravel()),
    }
    return pa.table(columns)


def grade(world: World, alerts: pa.Table, into: Grade) -> None:
    """Match alerts with events and add to a grade."""
    lives: dict[int, list[tuple[int, int, bool]]] = {}
    for row in alerts.select(["issue", "opened_date", "last_active_date", "is_recurring"]).to_pylist():
        series = int(row["issue"].removeprefix("category:i"))
        days = [(row[name] - FIRST_DAY) // timedelta(days=1) for name in ("opened_date", "last_active_date")]
        lives.setdefault(series, []).append((days[0], days[1], row["is_recurring"]))
    excused = np.zeros(world.n.shape, dtype=bool)
    for event in world.events:
        excused[event.start : event.end + 1 + ECHO_DAYS + GRACE_DAYS, event.series] = True
        found = [
            max(0, opened - event.start)
            for opened, last, _ in lives.get(event.series, [])
            if opened <= event.end + GRACE_DAYS and last >= event.start
        ]
        into.hits[event.kind].append(bool(found))
        into.delays[event.kind] += [min(found)] if found else []
    _grade_false(world, lives, excused, into)
    _grade_recurring(world, lives, into)


Lives = dict[int, list[tuple[int, int, bool]]]


def _grade_false(world: World, lives: Lives, excused: np.ndarray, into: Grade) -> None:
    surge = world.surge[:, world.segment_of]
    into.series_weeks += float((~excused[WARM_DAYS:]).sum()) / 7
    into.surge_weeks += float((~excused & surge)[WARM_DAYS:].sum()) / 7
    for series, episodes in lives.items():
        for opened, _, _ in episodes:
            if opened < WARM_DAYS:
                continue
            into.alerts += 1
            into.false += not excused[opened, series]
            into.false_in_surges += bool(not excused[opened, series] and surge[opened, series])


def _grade_recurring(world: World, lives: Lives, into: Grade) -> None:
    called = {series for series, episodes in lives.items() if any(recurring for _, _, recurring in episodes)}
    sizes = {event.series: event.size for event in world.events if event.kind == "burst"}
    for series, size in sizes.items():
        into.recurring.setdefault(size, []).append(series in called)
    into.false_recurring += len(called - set(sizes))
    into.series_years += world.n.shape[1] * (world.n.shape[0] - WARM_DAYS) / 365.25


def rows_of(grades: Iterable[tuple[str, Grade]]) -> list[str]:
    """Write grades as the rows of a Markdown table."""
    head = ["world", "false /100 sw", "in surges", "precision", *KINDS, "macro", "median delay (days)"]
    head += [f"recurring k>=5 of {BURSTS} bursts", "false recurring /100 sy"]
    lines = ["| " + " | ".join(head) + " |", "|" + "---|" * len(head)]
    for name, one in grades:
        delays = "/".join(f"{np.median(one.delays[k]):.0f}" if one.delays[k] else "-" for k in KINDS)
        cells = [name, f"{one.false_rate:.2f}", f"{one.surge_rate:.2f}", f"{one.precision:.2f}"]
        cells += [f"{one.power(kind):.2f}" for kind in KINDS]
        cells += [f"{one.macro:.3f}", delays, f"{one.recall(5):.2f}"]
        cells.append(f"{100 * one.false_recurring / one.series_years:.2f}")
        lines.append("| " + " | ".join(cells) + " |")
    return lines
