"""The share scan: for every series and day, how surprising the last days are."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from reports.detection.baseline import Baseline, fit_baseline, independence, pool_drift
from reports.detection.panel import Bools, Floats, Ints, Panel
from reports.detection.rules import AlertRules
from reports.detection.season import fit_season
from reports.detection.windows import Grid, cumulate, make_grid, tail_probability, window_sums

CHUNK_CELLS = 3_000_000  # cells of one (days, weeks, series) array: 24 MB
SCORE_DECIMALS = 6  # the last bits of a sum may depend on the processor
MIN_P = 1e-300


@dataclass(frozen=True)
class Signals:
    """What the scan says of some rows of a panel; arrays are (windows, rows, series) or (rows, series).

    Attributes:
        rows: (rows,) rows of the panel.
        windows: lengths of the windows in rows of the panel.
        n: complaints in the window.
        comments: comments of the segment in the window.
        expected: complaints expected.
        variance: their variance.
        p: tail probability; 1 where the window may not raise anything.
        share: usual complaints per comment, as used for the window.
        dispersion: variance over mean of a baseline week, at least 1.
        exposure: comments in the baseline.
        weeks: weeks in the baseline.
        drift: (rows, series) allowance for slow change of the share, log scale.
        baseline_count: (rows, series) complaints in the baseline of the shortest window.
        ready: (rows, series) enough history to judge.
        score: (rows, series) -log10 of the smallest p, corrected for the number of windows.
        short_score: (rows, series) the same without the longest window.
        run_score: (rows, series) the same over windows up to a week.
        live: (rows, series) the last week is above what is expected of it.
    """

    rows: Ints
    windows: tuple[int, ...]
    n: Floats
    comments: Floats
    expected: Floats
    variance: Floats
    p: Floats
    share: Floats
    dispersion: Floats
    exposure: Floats
    weeks: Floats
    drift: Floats
    baseline_count: Floats
    ready: Bools
    score: Floats
    short_score: Floats
    run_score: Floats
    live: Bools


class Scanner:
    """Scans a panel row by row, carrying the mask of days that later baselines leave out."""

    def __init__(self, panel: Panel, masked: Bools, rules: AlertRules) -> None:
        """Prepare the sums.

        Args:
            panel: counts, with `reach` rows before the first row to be judged, where they exist.
            masked: (rows, series) days known to be unusual; the scan adds to it in place.
            rules: section [alerts].
        """
        self.panel, self.rules, self.masked = panel, rules, masked
        self.grid: Grid = make_grid(panel.step, rules)
        self._sums = cumulate(panel.n)
        self._totals = cumulate(panel.total)
        self._parent = panel.is_parent
        self._min_ratio = np.where(self._parent, rules.parent_min_ratio, rules.min_ratio)
        shape = panel.n.shape
        self._kept_n = np.zeros(shape, dtype=self._sums.dtype)
        self._kept_comments = np.zeros(shape, dtype=self._totals.dtype)
        self._kept_rows = 0

    def scan(self, first: int) -> Iterator[Signals]:
        """Judge the rows from `first` to the end of the panel, some at a time."""
        weeks = self.rules.baseline_weeks + max(self.grid.gaps) // self.grid.week
        size = max(self.panel.n.shape[1], 1)
        length = int(np.clip(CHUNK_CELLS // (weeks * size), 1, self.grid.safe))
        for start in range(first, self.panel.rows, length):
            yield self._judge(np.arange(start, min(start + length, self.panel.rows)))

    def _judge(self, rows: Ints) -> Signals:
        self._refresh(int(rows[-1]) - min(self.grid.gaps) + 1)
        weeks = {gap: self._weeks(rows, gap) for gap in sorted(set(self.grid.gaps))}
        baselines = {gap: fit_baseline(*weeks[gap], self.rules) for gap in weeks}
        drift = self._drift(weeks[min(self.grid.gaps)], baselines[min(self.grid.gaps)])
        parts = [
            self._window(rows, length, baselines[gap], drift)
            for length, gap in zip(self.grid.windows, self.grid.gaps, strict=True)
        ]
        n, comments, expected, variance, p = (np.stack(part) for part in zip(*parts, strict=True))
        nearest = baselines[min(self.grid.gaps)]
        self._mask(rows, p, n, expected)
        used = [baselines[gap] for gap in self.grid.gaps]
        week = self._week_window()
        signals = Signals(
            rows=rows,
            windows=self.grid.windows,
            n=n,
            comments=comments,
            expected=expected,
            variance=variance,
            p=p,
            share=np.stack([b.share for b in used]),
            dispersion=np.stack([b.dispersion for b in used]),
            exposure=np.stack([b.exposure for b in used]),
            weeks=np.stack([b.weeks for b in used]),
            drift=drift,
            baseline_count=nearest.count,
            ready=self._ready(nearest),
            score=_score(p),
            short_score=_score(p[: max(len(p) - 1, 1)]),
            run_score=_score(p[: week + 1]),
            live=is_live(n[week], expected[week], self.rules),
        )
        return self._with_season(signals)

    def _with_season(self, signals: Signals) -> Signals:
        """Where years of weekly counts are known, let a trend and a yearly season explain them first."""
        if self.grid.week != 1 or self.panel.rows < self.rules.season_weeks:
            return signals
        return fit_season(self.panel, signals, self.rules)

    def _week_window(self) -> int:
        return max((i for i, w in enumerate(self.grid.windows) if w <= self.grid.week), default=0)

    def _refresh(self, stop: int) -> None:
        """Sum the weeks without masked days, up to row `stop`; masks that far back are final."""
        length = max(CHUNK_CELLS // max(self.panel.n.shape[1], 1), self.grid.week)
        while self._kept_rows < stop:
            self._refresh_rows(self._kept_rows, min(stop, self._kept_rows + length))

    def _refresh_rows(self, start: int, stop: int) -> None:
        week = self.grid.week
        before = max(start - week + 1, 0)
        keep = ~self.masked[before:stop]
        rows = np.arange(start - before, stop - before)
        n = self.panel.n[before:stop] * keep
        comments = self.panel.total[before:stop][:, self.panel.group] * keep
        self._kept_n[start:stop] = window_sums(cumulate(n), rows, week)
        self._kept_comments[start:stop] = window_sums(cumulate(comments), rows, week)
        self._kept_rows = stop

    def _drift(self, weeks: tuple[Floats, Floats], baseline: Baseline) -> Floats:
        """Allow each series the drift that its kind, segments or whole, shows on that day."""
        drift = np.empty(baseline.share.shape)
        kinds = ((self._parent, self.rules.parent_drift), (~self._parent, self.rules.drift))
        for series, usual in kinds:
            if series.any():
                n, comments = (values[:, :, series] for values in weeks)
                spread = baseline.dispersion[:, series] * independence(baseline.share[:, series])
                pooled = pool_drift(n, comments, spread, usual)
                drift[:, series] = pooled[:, None]
        return drift

    def _weeks(self, rows: Ints, gap: int) -> tuple[Floats, Floats]:
        """Give complaints and comments of each baseline week: (rows, weeks, series), latest first."""
        week = self.grid.week
        ends = rows[:, None] - gap - week * np.arange(self.rules.baseline_weeks)[None, :]
        # A week that began before the first counts is not a week.
        known = (ends + 1 - week >= max(self.panel.origin, 0))[:, :, None]
        at = np.maximum(ends, 0)
        n, comments = self._kept_n[at] * known, self._kept_comments[at] * known
        all_comments = (self._totals[at + 1] - self._totals[np.maximum(at + 1 - week, 0)]) * known
        share_kept = comments.sum(axis=1) / np.maximum(all_comments.sum(axis=1)[:, self.panel.group], 1.0)
        ignored = share_kept < 1 - self.rules.mask_share
        if ignored.any():
            raw_n = (self._sums[at + 1] - self._sums[np.maximum(at + 1 - week, 0)]) * known
            n = np.where(ignored[:, None, :], raw_n, n)
            comments = np.where(ignored[:, None, :], all_comments[:, :, self.panel.group], comments)
        return n, comments

    def _ready(self, baseline: Baseline) -> Bools:
        enough = baseline.weeks >= self.rules.min_baseline_weeks
        return np.asarray(enough & (baseline.exposure >= self.rules.min_baseline_comments))

    def _window(self, rows: Ints, length: int, baseline: Baseline, drift: Floats) -> tuple[Floats, ...]:
        n = window_sums(self._sums, rows, length)
        comments = window_sums(self._totals, rows, length)[:, self.panel.group]
        expected = baseline.share * comments
        usual = baseline.exposure / (self.grid.week * np.maximum(baseline.weeks, 1.0))
        growth = (comments / length) / np.maximum(usual, 1e-9)
        noise = independence(baseline.share) * (1 + (baseline.dispersion - 1) * growth) * expected
        unsure = 1 + comments / np.maximum(baseline.exposure, 1.0)
        variance = noise * unsure + (drift * expected) ** 2
        judged = self._ready(baseline) & (n >= self.rules.min_count) & (n >= self._min_ratio * expected)
        p = np.ones(n.shape)
        p[judged] = tail_probability(n[judged], expected[judged], variance[judged])
        return n, comments, expected, variance, p

    def _mask(self, rows: Ints, p: Floats, n: Floats, expected: Floats) -> None:
        for place, length in enumerate(self.grid.windows):
            if length > self.grid.mask_length:
                continue
            unusual = (p[place] < self.rules.mask_p) & (n[place] >= self.rules.mask_ratio * expected[place])
            for day, series in zip(*np.nonzero(unusual), strict=True):
                row = int(rows[day])
                self.masked[max(row + 1 - length, 0) : row + 1, series] = True


def is_live(n: Floats, expected: Floats, rules: AlertRules) -> Bools:
    """Say of each (series,) whether the complaints of the last week are above the expected ones."""
    return np.asarray((n > 0) & (n >= rules.live_ratio * expected))


def _score(p: Floats) -> Floats:
    smallest = np.minimum(1.0, len(p) * p.min(axis=0))
    return np.asarray(np.round(-np.log10(np.maximum(smallest, MIN_P)), SCORE_DECIMALS) + 0.0)
