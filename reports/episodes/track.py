"""What one day of signals does to the alerts: opened, ongoing, resolved, reopened, relabelled."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np

from data.schema import ALL
from reports.detection.budget import Budget
from reports.detection.panel import DAYS_PER_WEEK, Bools, Ints, Panel, to_day
from reports.detection.recurring import Recurrence
from reports.detection.rules import AlertRules
from reports.detection.scan import Signals
from reports.episodes.alert import Alert, Row, new_id
from reports.episodes.record import began, record_of, strongest_window, with_rules


@dataclass
class Track:
    """All that changes from day to day.

    Attributes:
        panel: counts.
        rules: section [alerts].
        recurrence: onsets per series.
        budget: the threshold.
        living: series -> its unresolved alert.
        resting: series -> its last alert, resolved not long ago.
        changed: alerts of this replay that are finished for good or were changed, by id.
        events: rows of ALERT_EVENTS of this replay.
    """

    panel: Panel
    rules: AlertRules
    recurrence: Recurrence
    budget: Budget
    living: dict[int, Alert] = field(default_factory=dict)
    resting: dict[int, Alert] = field(default_factory=dict)
    changed: dict[str, Alert] = field(default_factory=dict)
    events: list[Row] = field(default_factory=list)


@dataclass(frozen=True)
class Moment:
    """One day of a track."""

    signals: Signals
    place: int
    day: int
    threshold: tuple[float, float]


def start_track(panel: Panel, rules: AlertRules) -> Track:
    """Begin without any memory."""
    series = len(panel.issues)
    return Track(panel, rules, Recurrence(series, rules), Budget(series, rules))


def step(track: Track, signals: Signals, place: int) -> None:
    """Take in one judged row."""
    panel, rules = track.panel, track.rules
    day = panel.day(int(signals.rows[place]))
    ready, live = signals.ready[place], signals.live[place]
    score = np.where(ready, signals.score[place], 0.0)
    short = np.where(ready, signals.short_score[place], 0.0)
    run = np.where(ready, signals.run_score[place], 0.0)
    # Only series with a complaint in reach: a run that does not know later series yet counts the same.
    known = ready & ((signals.baseline_count[place] > 0) | (signals.n[-1, place] > 0))
    judged = track.budget.step(day, score, (panel.step, int(known.sum())))
    became = track.recurrence.step(day, run, short)
    moment = Moment(signals, place, day, (judged.threshold, judged.false_rate))
    active = live & (score >= rules.ongoing_score)
    strong = live & (score >= judged.threshold)
    for series in sorted(track.living):
        _go_on(track, moment, series, bool(active[series]))
    for series in np.flatnonzero(strong | (became & live)).tolist():
        if series not in track.living:
            _open(track, moment, series, bool(strong[series]))
    _relabel(track, moment)
    _roll_up(track)


def _go_on(track: Track, moment: Moment, series: int, active: bool) -> None:
    alert, place = track.living[series], moment.place
    if active:
        alert.last_active = moment.day
        track.changed[alert.alert_id] = alert
        if np.float32(moment.signals.score[place, series]) > np.float32(alert.score):
            alert.take(_record(track, moment, series))
        if alert.status == "open":
            alert.status = "ongoing"
            _note(track, moment, alert, (series, "ongoing"))
    elif moment.day - alert.last_active >= track.rules.quiet_days:
        alert.status, alert.resolved = "resolved", moment.day
        track.changed[alert.alert_id] = alert
        _note(track, moment, alert, (series, "resolved"))
        track.resting[series] = track.living.pop(series)


def _open(track: Track, moment: Moment, series: int, strong: bool) -> None:
    panel, rules = track.panel, track.rules
    before = track.resting.pop(series, None)
    if (
        before is not None
        and before.resolved is not None
        and moment.day - before.resolved <= rules.reopen_days
    ):
        before.status, before.resolved, before.last_active = "open", None, moment.day
        before.reopened_count += 1
        if np.float32(moment.signals.score[moment.place, series]) > np.float32(before.score):
            before.take(_record(track, moment, series))
        track.living[series] = track.changed[before.alert_id] = before
        _note(track, moment, before, (series, "reopened"))
        return
    issue, segment = panel.issues[series], panel.segments[series]
    few = moment.signals.baseline_count[moment.place, series] <= rules.new_max_baseline
    start = began(panel, moment.signals, moment.place, series)
    alert = Alert(
        alert_id=new_id(issue, segment, moment.day),
        issue=issue,
        segment=segment,
        kind="new" if few and strong else "spike",
        is_recurring=False,
        status="open",
        opened=moment.day,
        last_active=moment.day,
        resolved=None,
        began=moment.day - (to_day(moment.day) - start).days,
        threshold=moment.threshold[0],
        reopened_count=0,
        parent_alert_id=None,
        calculation={},
    )
    alert.take(_record(track, moment, series))
    track.living[series] = track.changed[alert.alert_id] = alert
    _note(track, moment, alert, (series, "opened"))


def _record(track: Track, moment: Moment, series: int) -> dict[str, Any]:
    record = record_of(track.panel, moment.signals, moment.place, series)
    return with_rules(record, track.rules, moment.threshold)


def _relabel(track: Track, moment: Moment) -> None:
    recurring = track.recurrence.is_recurring(moment.day)
    for series, alert in sorted(track.living.items()):
        comes_back = bool(recurring[series]) and not alert.is_recurring
        stays = alert.kind == "spike" and _is_persistent(track, moment, series)
        if not (comes_back or stays):
            continue
        alert.is_recurring |= comes_back
        alert.kind = "persistent" if stays else alert.kind
        track.changed[alert.alert_id] = alert
        if alert.opened == moment.day:
            continue  # the label it was opened with; its own event says it
        _note(track, moment, alert, (series, "relabelled"))


def _is_persistent(track: Track, moment: Moment, series: int) -> bool:
    rules, signals = track.rules, moment.signals
    if moment.day - track.living[series].opened < rules.persistent_days:
        return False
    at = (len(signals.windows) - 1, moment.place, series)
    ratio = rules.parent_min_ratio if track.panel.segments[series] == ALL else rules.min_ratio
    return bool(signals.p[at] <= rules.persistent_p and signals.n[at] >= ratio * signals.expected[at])


def _roll_up(track: Track) -> None:
    """Put alerts of segments under the open alert of their issue, unless they are much worse."""
    parents = {alert.issue: alert for alert in track.living.values() if alert.segment == ALL}
    if not parents:
        return
    for alert in track.living.values():
        parent = parents.get(alert.issue)
        if parent is None or alert.segment == ALL or alert.parent_alert_id == parent.alert_id:
            continue
        if alert.ratio <= track.rules.separate_ratio * parent.ratio:
            alert.parent_alert_id = parent.alert_id
            track.changed[alert.alert_id] = alert


def _note(track: Track, moment: Moment, alert: Alert, what: tuple[int, str]) -> None:
    series, transition = what
    at = (strongest_window(moment.signals, moment.place, series), moment.place, series)
    track.events.append(
        {
            "alert_id": alert.alert_id,
            "date": to_day(moment.day),
            "transition": transition,
            "issue": alert.issue,
            "segment": alert.segment,
            "kind": alert.kind,
            "score": float(moment.signals.score[at[1:]]),
            "n": int(moment.signals.n[at]),
            "expected": float(moment.signals.expected[at]),
        }
    )


def forget_rested(track: Track, day: int) -> None:
    """Let go of alerts that can no longer be reopened."""
    old = [
        series
        for series, alert in track.resting.items()
        if alert.resolved is not None and day - alert.resolved > track.rules.reopen_days
    ]
    for series in old:
        del track.resting[series]


def memory_days(rules: AlertRules) -> int:
    """Give how many days back onsets and masks can still matter."""
    reach = rules.long_gap_days + (rules.baseline_weeks + 1) * DAYS_PER_WEEK + max(rules.windows)
    return max(reach, rules.recurring_days + rules.recurring_gap_days)


def masked_since(masked: Bools, panel: Panel, oldest: int) -> tuple[Ints, Ints]:
    """Give (series, day) of the masked days that still matter, by series, then day."""
    rows, series = np.nonzero(masked)
    days = panel.first + rows * panel.step
    recent = days >= oldest
    order = np.lexsort((days[recent], series[recent]))
    return series[recent][order], days[recent][order]
