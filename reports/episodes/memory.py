"""ALERT_STATE and ALERT_DAYS: what a track remembers, written down and read back."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyarrow as pa

from data.schema import ALERT_DAYS, ALERT_STATE
from reports.detection.budget import BudgetDay
from reports.detection.panel import Bools, Ints, to_day, to_number
from reports.detection.recurring import NEVER
from reports.episodes.track import Track, masked_since, memory_days


def write_state(track: Track, masked: Bools, day: int) -> pa.Table:
    """Write down what every series remembers after a day.

    Args:
        track: the alerts' memory.
        masked: (rows, series) days left out of baselines.
        day: the day it is remembered for.

    Returns:
        ALERT_STATE, only series that remember anything.
    """
    panel, oldest = track.panel, day - memory_days(track.rules)
    series, days = masked_since(masked, panel, oldest)
    masks = np.bincount(series, minlength=len(panel.issues))
    recurrence, budget = track.recurrence, track.budget
    run = np.where(recurrence.run_day >= oldest, recurrence.run_day, NEVER)
    onsets = np.where(recurrence.onsets >= oldest, recurrence.onsets, NEVER)
    peaking = budget.peak > 0
    known = (masks > 0) | (run > NEVER) | (onsets > NEVER).any(axis=(0, 2)) | peaking
    kept = np.flatnonzero(known)
    levels, dates = _onset_lists(onsets[:, kept])
    return ALERT_STATE.to_arrow(
        pa.table(
            {
                "issue": pa.array([panel.issues[s] for s in kept], pa.string()),
                "segment": pa.array([panel.segments[s] for s in kept], pa.string()),
                "run_date": _dates(run[kept]),
                "run_levels": pa.array(recurrence.reached[:, kept].T.tolist(), pa.list_(pa.bool_())),
                "onset_levels": levels,
                "onset_dates": dates,
                "peak_date": _dates(np.where(peaking, budget.run_day, NEVER)[kept]),
                "peak_score": pa.array(budget.peak[kept], pa.float32()),
                "masked_dates": _lists(masks[kept], days),
            }
        )
    )


def read_state(track: Track, masked: Bools, state: pa.Table) -> None:
    """Give a track the memory of an earlier run; series that the counts no longer know are let go."""
    panel = track.panel
    place = {pair: i for i, pair in enumerate(zip(panel.issues, panel.segments, strict=True))}
    pairs = zip(state["issue"].to_pylist(), state["segment"].to_pylist(), strict=True)
    found = np.array([place.get(pair, -1) for pair in pairs], dtype=np.int64)
    rows = np.flatnonzero(found >= 0)
    series = found[rows]
    taken = state.take(pa.array(rows))
    track.recurrence.run_day[series] = _numbers(taken["run_date"])
    track.budget.run_day[series] = _numbers(taken["peak_date"])
    track.budget.peak[series] = taken["peak_score"].to_numpy()
    if len(rows):
        levels = np.array(taken["run_levels"].to_pylist(), dtype=bool).T
        track.recurrence.reached[:, series] = levels
    of, level = _flat(taken["onset_levels"])
    _, dates = _flat(taken["onset_dates"])
    for one, at, date in zip(series[of], level, dates, strict=True):
        onsets = track.recurrence.onsets[at, one]
        onsets[:-1] = onsets[1:]
        onsets[-1] = date
    of, dates = _flat(taken["masked_dates"])
    masked_rows = (dates - panel.first) // panel.step
    inside = (masked_rows >= 0) & (masked_rows < panel.rows)
    masked[masked_rows[inside], series[of][inside]] = True


def write_days(earlier: pa.Table, days: Sequence[BudgetDay], oldest: int) -> pa.Table:
    """Add judged days to those of earlier runs and let go of days before `oldest`."""
    added = pa.table(
        {
            "date": pa.array([to_day(one.day) for one in days], pa.date32()),
            "step": pa.array([one.step for one in days], pa.int32()),
            "series_count": pa.array([one.series for one in days], pa.int64()),
            "threshold": pa.array([one.threshold for one in days], pa.float32()),
            "false_rate": pa.array([one.false_rate for one in days], pa.float32()),
            "peaks": pa.array([list(one.peaks) for one in days], pa.list_(pa.int32())),
        }
    )
    both = pa.concat_tables([earlier.cast(added.schema), added])
    return ALERT_DAYS.to_arrow(both.filter(pa.array(_numbers(both["date"]) >= oldest)))


def read_days(days: pa.Table) -> list[BudgetDay]:
    """Read the judged days back, oldest first."""
    return [
        BudgetDay(
            to_number(row["date"]), row["step"], row["series_count"], row["threshold"],
            row["false_rate"], tuple(row["peaks"]),
        )
        for row in days.sort_by("date").to_pylist()
    ]  # fmt: skip


def _onset_lists(onsets: Ints) -> tuple[pa.Array, pa.Array]:
    """Write (levels, series, kept) onsets as two lists per series, by level, then date."""
    levels, series, kept = onsets.shape
    by_series = onsets.transpose(1, 0, 2).reshape(series, levels * kept)
    level = np.broadcast_to(np.repeat(np.arange(levels), kept), by_series.shape)
    there = by_series > NEVER
    sizes = there.sum(axis=1)
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
    flat_levels = pa.array(level[there], pa.int32())
    return pa.ListArray.from_arrays(offsets, flat_levels), _lists(sizes, by_series[there])


def _lists(sizes: Ints, days: Ints) -> pa.Array:
    offsets = pa.array(np.concatenate([[0], np.cumsum(sizes)]), pa.int32())
    return pa.ListArray.from_arrays(offsets, pa.array(days, pa.int32()).cast(pa.date32()))


def _dates(days: Ints) -> pa.Array:
    return pa.array(days, pa.int32(), mask=days <= NEVER).cast(pa.date32())


def _numbers(dates: pa.ChunkedArray) -> Ints:
    return np.asarray(dates.cast(pa.int32()).fill_null(NEVER).to_numpy(), dtype=np.int64)


def _flat(lists: pa.ChunkedArray) -> tuple[Ints, Ints]:
    """Give the row of every list item, and the items as numbers."""
    values = lists.combine_chunks()
    flat = values.flatten()
    numbers = flat.cast(pa.int32()) if pa.types.is_date(flat.type) else flat
    return values.value_parent_indices().to_numpy().astype(np.int64), numbers.to_numpy().astype(np.int64)
