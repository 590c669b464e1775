"""COUNTS -> how surprising every series is on every day, before any alert: for charts, tuning and checks."""

from __future__ import annotations

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import COUNTS, column
from reports.detection.checks import check_counts, validate_counts
from reports.detection.panel import Panel, build_panel, to_number
from reports.detection.rules import AlertRules
from reports.detection.scan import Scanner, Signals

__all__ = ["AlertRules", "score_counts", "validate_counts"]

SCORES = pa.schema(
    [
        column("date", pa.date32(), "day judged; for weekly counts the first day of the week"),
        column("issue", pa.string(), "COUNTS.issue"),
        column("segment", pa.string(), "COUNTS.segment"),
        column("is_ready", pa.bool_(), "enough history to judge; else the series is warming up"),
        column("window_days", pa.int32(), "length of the strongest window"),
        column("n", pa.int64(), "complaints in it"),
        column("expected", pa.float32(), "complaints expected in it"),
        column(
            "score",
            pa.float32(),
            "-log10 of its tail probability, corrected for the windows; 0 while warming up",
        ),
    ]
)


def score_counts(
    counts: pd.DataFrame | pa.Table,
    *,
    rules: AlertRules,
    since: date | None = None,
    until: date | None = None,
) -> pa.Table:
    """Score every series on every day from `since` to `until`.

    Args:
        counts: COUNTS, any order.
        rules: section [alerts].
        since: first day wanted; None for the first day of the counts.
        until: last day judged; None for the last day of the counts.

    Returns:
        SCORES, one row per day and series, by date, issue, segment.

    Raises:
        TableError: the counts are refused; see check_counts.
    """
    checked = check_counts(counts)
    last = checked.last_day if until is None else to_number(until)
    if last is None:
        return SCORES.empty_table()
    panel = build_panel(checked, COUNTS.empty(), since=None, until=last)
    first = 0 if since is None else max(0, -(-(to_number(since) - panel.first) // panel.step))
    # The masks of earlier days matter to later ones, so the scan always starts at the first row.
    masked = np.zeros(panel.n.shape, dtype=bool)
    parts = [_rows(panel, signals, first) for signals in Scanner(panel, masked, rules).scan(0)]
    return pa.concat_tables(parts) if parts else SCORES.empty_table()


def _rows(panel: Panel, signals: Signals, first: int) -> pa.Table:
    wanted = signals.rows >= first
    best = np.argmin(signals.p, axis=0)[None]
    windows = np.array(signals.windows)[best[0]] * panel.step
    days = np.repeat(panel.first + signals.rows[wanted] * panel.step, len(panel.issues))
    ready = signals.ready[wanted].ravel()
    repeats = int(wanted.sum())
    columns = [
        pa.array(days, pa.int32()).cast(pa.date32()),
        pa.array(list(panel.issues) * repeats, pa.string()),
        pa.array(list(panel.segments) * repeats, pa.string()),
        pa.array(ready),
        pa.array(windows[wanted].ravel(), pa.int32()),
        pa.array(np.take_along_axis(signals.n, best, axis=0)[0][wanted].ravel().astype(np.int64)),
        pa.array(np.take_along_axis(signals.expected, best, axis=0)[0][wanted].ravel(), pa.float32()),
        pa.array(np.where(ready, signals.score[wanted].ravel(), 0.0), pa.float32()),
    ]
    return pa.table(columns, names=SCORES.names).cast(SCORES)
