"""COUNTS -> ALERTS: what rose, and what became of it, day by day."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ALERT_DAYS, ALERT_EVENTS, ALERT_STATE, ALERTS
from reports.detection.budget import BudgetDay
from reports.detection.checks import Counts, check_counts
from reports.detection.panel import DAYS_PER_WEEK, Panel, build_panel, to_day, to_number
from reports.detection.rules import AlertRules
from reports.detection.scan import Scanner
from reports.detection.windows import make_grid
from reports.episodes.alert import Alert, from_row, to_row
from reports.episodes.memory import read_days, read_state, write_days, write_state
from reports.episodes.track import Track, forget_rested, start_track, step
from reports.explain import NO_NAMES, DisplayNames


@dataclass(frozen=True)
class Replay:
    """The four tables of detection as they stand after a day; what one run gives, the next one takes.

    Attributes:
        alerts: ALERTS, every alert ever raised.
        events: ALERT_EVENTS, every transition.
        state: ALERT_STATE, what later days need to know of each series.
        days: ALERT_DAYS, the last judged days with their thresholds.
    """

    alerts: pa.Table
    events: pa.Table
    state: pa.Table
    days: pa.Table

    @property
    def as_of(self) -> date | None:
        """Give the last judged day; None before the first."""
        last = pc.max(self.days["date"]).as_py()
        return last if isinstance(last, date) else None


def no_history() -> Replay:
    """Give the tables before the first run."""
    return Replay(ALERTS.empty(), ALERT_EVENTS.empty(), ALERT_STATE.empty(), ALERT_DAYS.empty())


def replay(
    counts: pd.DataFrame | pa.Table,
    history: Replay | None = None,
    *,
    rules: AlertRules,
    until: date | None = None,
    names: DisplayNames = NO_NAMES,
) -> Replay:
    """Judge every day after the history's last one, in order, and add what happened.

    Running day by day, catching up after skipped days, and one run over everything give the same rows, as
    long as the counts are the same. Counts that arrive late for judged days only show in later windows.

    Args:
        counts: COUNTS, with at least the days that baselines reach back to; any order.
        history: what the run before gave; None judges all days of the counts.
        rules: section [alerts].
        until: last day to judge; None for the last day of the counts. A day that the history has judged
            already changes nothing.
        names: what issues and segments are called in explanations.

    Returns:
        The tables of the history, extended.

    Raises:
        TableError: the counts are refused; see check_counts.
    """
    checked = check_counts(counts)
    before = history or no_history()
    last = checked.last_day if until is None else to_number(until)
    if last is None or (before.as_of is not None and last <= to_number(before.as_of)):
        return before
    panel, first = _lay_out(checked, before, last, rules)
    if first >= panel.rows:
        return before
    track = start_track(panel, rules)
    masked = np.zeros(panel.n.shape, dtype=bool)
    read_state(track, masked, before.state)
    track.budget.restore(read_days(before.days))
    _wake(track, before.alerts, panel.day(first))
    judged = _judge(track, Scanner(panel, masked, rules), first)
    day = panel.day(panel.rows - 1)
    oldest = day - rules.budget_weeks * DAYS_PER_WEEK
    rows = [to_row(alert, names) for alert in track.changed.values()]
    return Replay(
        alerts=ALERTS.to_arrow(_extend(before.alerts, rows, track)),
        events=_add_events(before.events, track),
        state=write_state(track, masked, day),
        days=write_days(before.days, judged, oldest),
    )


def _lay_out(counts: Counts, before: Replay, until: int, rules: AlertRules) -> tuple[Panel, int]:
    """Give the panel and the first row to judge: no further back than scores can depend on."""
    living = before.alerts.filter(pc.is_null(before.alerts["resolved_date"]))
    names = ["issue", "segment"]
    known = pa.concat_tables([living.select(names), before.state.select(names)])
    if before.as_of is None:
        return build_panel(counts, known, since=None, until=until), 0
    start = to_number(before.as_of) + 1
    panel = build_panel(counts, known, since=start - reach_days(rules), until=until)
    return panel, -(-(start - panel.first) // panel.step)


def reach_days(rules: AlertRules) -> int:
    """Give how many days before the first judged one the counts must reach back to give the same alerts."""
    daily = make_grid(1, rules)
    scan = daily.reach + (rules.baseline_weeks + 2) * DAYS_PER_WEEK
    season = (rules.season_max_weeks + rules.season_gap_weeks + 1) * DAYS_PER_WEEK
    return max(scan, season)


def _judge(track: Track, scanner: Scanner, first: int) -> list[BudgetDay]:
    for signals in scanner.scan(first):
        for place in range(len(signals.rows)):
            step(track, signals, place)
        forget_rested(track, track.panel.day(int(signals.rows[-1])))
    start = track.panel.day(first)
    return [day for day in track.budget.days if day.day >= start]


def _wake(track: Track, alerts: pa.Table, day: int) -> None:
    """Take the alerts back into the track that still live or may be reopened."""
    oldest = to_day(day - track.rules.reopen_days)
    place = {pair: i for i, pair in enumerate(zip(track.panel.issues, track.panel.segments, strict=True))}
    resolved = alerts["resolved_date"]
    wanted = pc.or_kleene(pc.is_null(resolved), pc.greater_equal(resolved, pa.scalar(oldest)))
    for alert in _alerts(alerts.filter(wanted)):
        series = place.get((alert.issue, alert.segment))
        if series is None:
            continue
        home = track.living if alert.resolved is None else track.resting
        held = home.get(series)
        if held is None or (alert.opened > held.opened):
            home[series] = alert


def _alerts(table: pa.Table) -> Iterator[Alert]:
    for row in table.sort_by([("opened_date", "ascending"), ("alert_id", "ascending")]).to_pylist():
        yield from_row(row)


def _extend(alerts: pa.Table, rows: list[dict[str, object]], track: Track) -> pa.Table:
    fresh = pa.Table.from_pylist(rows, schema=ALERTS.columns)
    changed = pa.array(list(track.changed), pa.string())
    untouched = alerts.filter(pc.invert(pc.is_in(alerts["alert_id"], value_set=changed)))
    return pa.concat_tables([untouched.select(ALERTS.columns.names).cast(ALERTS.columns), fresh])


def _add_events(events: pa.Table, track: Track) -> pa.Table:
    fresh = pa.Table.from_pylist(track.events, schema=ALERT_EVENTS.columns)
    return ALERT_EVENTS.to_arrow(pa.concat_tables([events.cast(ALERT_EVENTS.columns), fresh]))
