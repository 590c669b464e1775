"""The record of one calculation: every number needed to do it again by hand."""

from __future__ import annotations

from datetime import date

import numpy as np

from reports.detection.panel import Panel, to_day
from reports.detection.rules import AlertRules
from reports.detection.scan import Signals
from reports.explain import Calculation, window_dates


def record_of(panel: Panel, signals: Signals, place: int, series: int) -> Calculation:
    """Write down how the score of one series on one day came about.

    Args:
        panel: counts.
        signals: what the scan says of some rows.
        place: which of these rows.
        series: which series.

    Returns:
        JSON-ready numbers of the strongest window, and n, expected and p of every window.
    """
    best = strongest_window(signals, place, series)
    row = int(signals.rows[place])
    end = to_day(panel.day(row) + panel.step - 1)
    days = signals.windows[best] * panel.step
    start, stop = window_dates(end, days)
    at = (best, place, series)
    return {
        "began": began(panel, signals, place, series).isoformat(),
        "window_days": days,
        "window_start": start,
        "window_end": stop,
        "n": int(signals.n[at]),
        "comments": int(signals.comments[at]),
        "expected": float(signals.expected[at]),
        "variance": float(signals.variance[at]),
        "usual_share": float(signals.share[at]),
        "dispersion": float(signals.dispersion[at]),
        "drift": float(signals.drift[place, series]),
        "baseline_weeks": int(signals.weeks[at]),
        "baseline_comments": float(signals.exposure[at]),
        "baseline_n": int(signals.baseline_count[place, series]),
        "score": float(np.float32(signals.score[place, series])),
        "windows": [
            {
                "days": length * panel.step,
                "n": int(signals.n[number, place, series]),
                "expected": float(signals.expected[number, place, series]),
                "variance": float(signals.variance[number, place, series]),
                "p": float(signals.p[number, place, series]),
            }
            for number, length in enumerate(signals.windows)
        ],
    }


def with_rules(record: Calculation, rules: AlertRules, threshold: tuple[float, float]) -> Calculation:
    """Add what the threshold was, what it was set from, and the allowance for slow drift."""
    score, false_rate = threshold
    return {
        **record,
        "threshold": score,
        "threshold_without_budget": rules.open_score,
        "budget": rules.budget,
        "false_rate_without_budget": false_rate,
    }


def strongest_window(signals: Signals, place: int, series: int) -> int:
    """Give the window with the smallest tail probability; the shortest of equals."""
    return int(np.argmin(signals.p[:, place, series]))


def began(panel: Panel, signals: Signals, place: int, series: int) -> date:
    """Give the first day of the strongest window with more complaints than its comments let expect."""
    best = strongest_window(signals, place, series)
    row = int(signals.rows[place])
    first = max(row + 1 - signals.windows[best], 0)
    usual = signals.share[best, place, series] * panel.total[first : row + 1, panel.group[series]]
    above = np.flatnonzero(panel.n[first : row + 1, series] > usual)
    return to_day(panel.day(first + (int(above[0]) if len(above) else 0)))
