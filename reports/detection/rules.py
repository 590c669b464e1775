"""Every number of detection, as the settings give it; the reasons stand in settings.toml."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True)
class AlertRules:
    """What section [alerts] of the settings holds.

    Attributes:
        windows: lengths of the scanned windows in days, ascending.
        weekly_windows: the same in weeks, for weekly counts.
        baseline_weeks: weeks that the expected share is learned from.
        gap_days: days between the baseline and the day judged.
        long_window_days: windows at least this long use `long_gap_days` instead.
        long_gap_days: their gap.
        min_baseline_weeks: with fewer weeks the segment is warming up and silent.
        min_baseline_comments: with fewer comments in the baseline, likewise.
        mask_p: a short window with a smaller tail probability is kept out of later baselines ...
        mask_ratio: ... when it also holds this many times the expected complaints.
        mask_share: a mask over more than this share of the baseline's comments is ignored.
        outlier: Anscombe residual above which a baseline week weighs less.
        pool_weight: weeks of evidence that the pooled dispersion counts for.
        drift: standard deviation of the slow change of a share that is nobody's fault.
        parent_drift: the same for an issue over all segments.
        min_count: complaints in the window below which nothing is raised.
        min_ratio: times the expected below which nothing is raised.
        parent_min_ratio: the same for an issue over all segments.
        season_weeks: history from which a yearly season and a trend are fitted.
        season_max_weeks: the longest history used for it.
        season_gap_weeks: weeks before the day judged that the fit leaves out.
        season_windows: windows in weeks when the season is fitted to weekly counts.
        season_min_ratio: times the expected below which nothing is raised there.
        open_score: score that opens an alert as long as nothing is known of the false ones.
        min_open_score: the budget never lowers it further.
        max_open_score: the budget never raises it further.
        budget: false alerts per 100 series and week that the threshold is set to.
        most_per_week: alerts a week, on average, that the threshold rises for; 0 for no limit.
        budget_weeks: weeks that are replayed for both.
        ongoing_score: score that keeps an open alert going.
        live_ratio: times the expected in the last week for evidence to be of now.
        quiet_days: days without evidence after which an alert is resolved, or a run of evidence ends.
        reopen_days: within these days after it was resolved, the same alert is reopened.
        new_max_baseline: complaints in the baseline up to which an issue is new.
        persistent_days: days an alert must be open to be persistent ...
        persistent_p: ... with the tail probability of the longest window at most this.
        run_score: short-window score that makes a run of evidence.
        recurring_scores: short-window score of an activation ...
        recurring_counts: ... and how many of them make an issue recurring; pairs with recurring_scores.
        recurring_days: days within which they lie.
        recurring_gap_days: days between the onsets of two activations.
        holidays: countries whose public holidays are left out, as IT or DE-BY.
        separate_ratio: a child whose ratio is this many times its parent's stands on its own.
    """

    windows: tuple[int, ...]
    weekly_windows: tuple[int, ...]
    baseline_weeks: int
    gap_days: int
    long_window_days: int
    long_gap_days: int
    min_baseline_weeks: int
    min_baseline_comments: int
    mask_p: float
    mask_ratio: float
    mask_share: float
    outlier: float
    pool_weight: float
    drift: float
    parent_drift: float
    min_count: int
    min_ratio: float
    parent_min_ratio: float
    season_weeks: int
    season_max_weeks: int
    season_gap_weeks: int
    season_windows: tuple[int, ...]
    season_min_ratio: float
    open_score: float
    min_open_score: float
    max_open_score: float
    budget: float
    most_per_week: float
    budget_weeks: int
    ongoing_score: float
    live_ratio: float
    quiet_days: int
    reopen_days: int
    new_max_baseline: int
    persistent_days: int
    persistent_p: float
    run_score: float
    recurring_scores: tuple[float, ...]
    recurring_counts: tuple[int, ...]
    recurring_days: int
    recurring_gap_days: int
    holidays: tuple[str, ...]
    separate_ratio: float
