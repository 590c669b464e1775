"""Scores and the checks of counts."""

import dataclasses
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from scipy.stats import binom, nbinom

from data.schema import COUNTS, TableError
from reports.detect import score_counts, validate_counts
from reports.detection.baseline import fit_baseline, pool_drift
from reports.detection.budget import Budget, describe_budget
from reports.detection.calendar import Annotation, leave_out, public_holidays
from reports.detection.recurring import Recurrence
from reports.detection.season import fit_counts, season_terms
from reports.detection.windows import cumulate, make_grid, tail_probability, window_sums
from reports.lifecycle import no_history, replay
from tests.alert_counts import day, make_counts


@pytest.fixture(scope="module")
def rules(settings):
    return settings["alerts"]


def frame(**changes):
    columns = {"date": ["2024-01-01"], "issue": ["a"], "segment": ["all"], "n": [1], "total": [2]}
    return pd.DataFrame({**columns, **changes})


def score_of(scores, issue, when):
    rows = [r for r in scores.to_pylist() if r["issue"] == f"category:{issue}" and r["date"] == when]
    return rows[0]


@pytest.mark.parametrize(
    "dates",
    [
        ["2024-01-01"],
        ["2024-01-01T10:00:00"],
        [date(2024, 1, 1)],
        [pd.Timestamp("2024-01-01 23:00")],
        pd.Categorical(["2024-01-01"]),
    ],
)
def test_validate_counts_reads_days_as_text_dates_and_timestamps(dates):
    assert validate_counts(frame(date=dates))["date"].to_pylist() == [date(2024, 1, 1)]


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"date": ["yesterday"]}, "date: 1 values are not days; write them as 2026-03-01"),
        ({"date": [None]}, "date"),
        ({"date": [17]}, "date: expected days"),
        ({"n": [-1]}, "n, total: 1 rows are negative"),
        ({"n": [3]}, "n: 1 rows are above total"),
        ({"n": [0.5]}, "n: expected whole numbers"),
        ({"n": [None]}, "n: 1 values are missing"),
        ({"n": ["many"]}, "n: expected whole numbers, found the type"),
        ({"total": [1e300]}, "total: expected whole numbers"),
        ({"issue": [None]}, "issue: 1 names are missing or empty"),
        ({"segment": ["  "]}, "segment: 1 names are missing or empty"),
        ({"issue": [["a"]]}, "issue: expected names"),
    ],
)
def test_validate_counts_refuses_with_column_and_reason(changes, message):
    with pytest.raises(TableError, match=message):
        validate_counts(frame(**changes))


def test_validate_counts_names_missing_columns_and_those_found():
    with pytest.raises(TableError, match="missing columns: n, total; found: date, issue, segment"):
        validate_counts(frame()[["date", "issue", "segment"]])


def test_validate_counts_refuses_repeated_rows():
    with pytest.raises(TableError, match="1 repeated"):
        validate_counts(pd.concat([frame(), frame()]))


def test_validate_counts_refuses_totals_that_differ_within_a_day():
    with pytest.raises(TableError, match="total: differs between issues in 1 days"):
        validate_counts(pd.concat([frame(), frame(issue=["b"], total=[9])]))


def test_validate_counts_refuses_mixed_types():
    with pytest.raises(TableError, match="n: "):
        validate_counts(pd.concat([frame(), frame(issue=["b"], n=["x"])]))


@pytest.mark.parametrize("empty", [COUNTS.empty(), COUNTS.empty().to_pandas()])
def test_validate_counts_takes_an_empty_table(empty):
    assert validate_counts(empty).num_rows == 0


def test_score_counts_of_nothing_is_nothing(rules):
    assert score_counts(COUNTS.empty(), rules=rules).num_rows == 0


def test_score_counts_finds_a_planted_spike(rules):
    scores = score_counts(make_counts(plants=[(2, 250, 254, 8)]), rules=rules)
    spiked = score_of(scores, "issue2", day(254))
    assert spiked["score"] > 4
    assert score_of(scores, "issue1", day(254))["score"] < 2
    assert spiked["n"] > 2 * spiked["expected"]


def test_score_counts_takes_a_missing_day_as_no_complaints(rules):
    counts = make_counts()
    without = counts[(counts["n"] > 0) | (counts["issue"] == "category:issue0")]
    assert score_counts(counts, rules=rules).equals(score_counts(without, rules=rules))


def test_score_counts_is_silent_while_warming_up(rules):
    scores = score_counts(make_counts(days=76, plants=[(1, 60, 75, 20)]), rules=rules).to_pandas()
    assert not scores["is_ready"].any()
    assert (scores["score"] == 0).all()


def test_score_counts_starts_where_it_is_asked_to(rules):
    counts = make_counts(plants=[(2, 200, 203, 12)])
    late = score_counts(counts, rules=rules, since=day(280))
    assert late.equals(score_counts(counts, rules=rules).slice(280 * 6))


def test_score_counts_does_not_depend_on_names_or_row_order(rules):
    counts = make_counts(plants=[(2, 250, 254, 8)])
    names = {f"category:issue{i}": f"category:z{(i * 5) % 6}" for i in range(6)}
    renamed = counts.assign(issue=counts["issue"].map(names)).sample(frac=1, random_state=1)
    back = {new: old for old, new in names.items()}
    scores = score_counts(renamed, rules=rules).to_pandas()
    scores = scores.assign(issue=scores["issue"].map(back)).sort_values(["date", "issue"], ignore_index=True)
    pd.testing.assert_frame_equal(scores, score_counts(counts, rules=rules).to_pandas())


def test_score_counts_of_a_cut_history_are_those_of_the_whole(rules):
    counts = make_counts(plants=[(2, 200, 205, 9), (3, 240, 243, 9)])
    cut = score_counts(counts[counts["date"] <= day(230)], rules=rules)
    assert cut.equals(score_counts(counts, rules=rules).slice(0, 231 * 6))


def test_score_counts_judges_weekly_counts(rules):
    weekly = make_counts(days=60, total=700, plants=[(1, 50, 50, 30)])
    weekly["date"] = [day((d - day(0)).days * 7) for d in weekly["date"]]
    scores = score_counts(weekly, rules=rules)
    raised = score_of(scores, "issue1", day(350))
    assert raised["window_days"] == 7
    assert raised["score"] > 3


def seasonal_counts(weeks, *, added):
    rng = np.random.default_rng(3)
    mean = 20 * np.exp(0.8 * np.cos(2 * np.pi * np.arange(weeks) / 52.18))
    n = rng.poisson(mean[:, None], (weeks, 3))
    n[-1, 1] += added
    frame = make_counts(days=weeks, series=3)
    frame["date"] = [day((d - day(0)).days * 7) for d in frame["date"]]
    return frame.assign(n=n.ravel(), total=10_000)


def test_score_counts_learns_the_season_from_years_of_weeks(rules):
    scores = score_counts(seasonal_counts(209, added=0), rules=rules, since=day(120 * 7)).to_pandas()
    short = dataclasses.replace(rules, season_weeks=10_000)
    without = score_counts(seasonal_counts(209, added=0), rules=short, since=day(120 * 7)).to_pandas()
    assert (scores["score"] > 3).mean() < 0.01 < (without["score"] > 3).mean()


def test_score_counts_finds_an_outbreak_on_top_of_the_season(rules):
    scores = score_counts(seasonal_counts(209, added=40), rules=rules, since=day(208 * 7)).to_pandas()
    assert scores["score"].to_numpy()[1] > 3
    assert scores["score"].to_numpy()[[0, 2]].max() < 2


def test_tail_probability_is_that_of_the_negative_binomial():
    n, mean, variance = np.array([7.0]), np.array([3.0]), np.array([6.0])
    size = mean**2 / (variance - mean)
    law = nbinom(size, size / (size + mean))
    assert tail_probability(n, mean, variance) == pytest.approx(law.sf(7) + law.pmf(7) / 2)


def test_tail_probability_below_the_variance_of_a_poisson_is_that_of_the_binomial():
    n, mean, variance = np.array([1.0, 7.0, 20.0]), np.full(3, 6.0), np.full(3, 6.0 * 0.7)
    law = binom(20, 0.3)
    expected = law.sf(n) + law.pmf(n) / 2
    assert tail_probability(n, mean, variance) == pytest.approx(expected, rel=1e-6, abs=1e-15)


def test_tail_probability_of_more_than_the_variance_allows_has_as_many_trials_as_were_counted():
    # Mean 2 and variance 1 are of 4 trials, of which 5 cannot be complaints; 5 were counted, so there were 5.
    law = binom(5, 2 / 5)
    p = tail_probability(np.array([5.0]), np.array([2.0]), np.array([1.0]))
    assert p == pytest.approx(law.pmf(5) / 2, rel=1e-6)


@pytest.mark.parametrize("ratio", [0.3, 0.7, 0.999, 1.0, 1.001, 2.0])
def test_tail_probability_falls_with_the_count_on_both_sides_of_the_support(ratio):
    n, mean = np.arange(1.0, 30.0), np.full(29, 6.0)
    p = tail_probability(n, mean, mean * ratio)
    assert (p > 0).all()
    assert (np.diff(p) < 0).all()


@pytest.mark.parametrize("ratio", [1 - 1e-5, 1 + 1e-5])
def test_tail_probability_goes_over_from_the_binomial_without_a_step(ratio):
    n, mean = np.array([3.0, 9.0]), np.full(2, 4.0)
    assert tail_probability(n, mean, mean * ratio) == pytest.approx(tail_probability(n, mean, mean), rel=1e-3)


def test_window_sums_count_missing_rows_before_the_first_as_none():
    sums = cumulate(np.array([[1], [2], [4]]))
    assert window_sums(sums, np.array([0, 2]), 2).tolist() == [[1.0], [6.0]]


@pytest.mark.parametrize(
    ("step", "windows", "gaps"), [(1, (3, 7, 14, 28), (21, 21, 21, 42)), (7, (1, 2, 4), (3, 3, 6))]
)
def test_make_grid_translates_days_to_rows(rules, step, windows, gaps):
    grid = make_grid(step, rules)
    assert (grid.windows, grid.gaps) == (windows, gaps)


def test_fit_baseline_weighs_an_outbreak_week_less(rules):
    n = np.full((1, 26, 1), 10.0)
    n[0, 3, 0] = 80.0
    fitted = fit_baseline(n, np.full((1, 26, 1), 500.0), rules)
    assert fitted.share[0, 0] == pytest.approx(10 / 500, rel=0.12)


def test_fit_baseline_leaves_out_weeks_without_comments(rules):
    comments = np.full((1, 26, 1), 500.0)
    comments[0, 10:, 0] = 0.0
    assert fit_baseline(np.full((1, 26, 1), 10.0) * (comments > 0), comments, rules).weeks[0, 0] == 10


def test_pool_drift_grows_with_the_drift():
    rng = np.random.default_rng(1)
    comments = np.full((1, 26, 400), 20_000.0)
    walk = np.cumsum(rng.normal(0, 0.12, (1, 26, 400)), axis=1)
    calm, wild = (rng.poisson(400 * np.exp(part)) for part in (walk * 0, walk))
    ones = np.ones((1, 400))
    assert pool_drift(calm, comments, ones, 0.1)[0] == 0.1 < pool_drift(wild, comments, ones, 0.1)[0]


def test_fit_counts_finds_the_trend():
    weeks = np.arange(208, dtype=float)
    n = np.random.default_rng(2).poisson(30 * np.exp(0.2 * (weeks - 208) / 52.18))[:, None].astype(float)
    fit = fit_counts(n, np.ones_like(n), season_terms(weeks, 208.0), 2.58)
    assert fit.beta[0, 1] == pytest.approx(0.2, abs=0.08)


def test_fit_counts_weighs_two_fair_weeks_in_a_row_as_one_outbreak():
    weeks = np.arange(208, dtype=float)
    quiet = np.random.default_rng(3).poisson(30, 208)[:, None].astype(float)
    together, apart = quiet.copy(), quiet.copy()
    for start in range(20, 200, 30):
        together[start : start + 2] = 44
        apart[[start, start + 10]] = 44
    terms, ones = season_terms(weeks, 208.0), np.ones((208, 1))
    usual = [np.exp(terms @ fit_counts(n, ones, terms, 2.58).beta.T).mean() for n in (together, apart)]
    assert abs(usual[0] - 30) < abs(usual[1] - 30)


def test_recurrence_counts_onsets_of_separate_runs(rules):
    recurrence = Recurrence(1, rules)
    strong, none = np.array([3.0]), np.array([0.0])
    became = [bool(recurrence.step(d, *([strong if d % 25 < 3 else none] * 2))[0]) for d in range(80)]
    assert [d for d, it in enumerate(became) if it] == [50, 75]
    assert recurrence.is_recurring(80)[0]
    assert not recurrence.is_recurring(400)[0]


def test_recurrence_takes_one_long_run_as_one_onset(rules):
    recurrence = Recurrence(1, rules)
    assert not any(recurrence.step(d, np.array([3.0]), np.array([3.0]))[0] for d in range(120))


def test_budget_raises_the_threshold_where_runs_are_many(rules):
    calm, noisy = Budget(100, rules), Budget(100, rules)
    rng = np.random.default_rng(1)
    for d in range(180):
        calm.step(d, np.zeros(100), (1, 100))
        noisy.step(d, np.where(rng.random(100) < 0.05, 2.2, 0.0) * (d % 10 == 0), (1, 100))
    assert calm.threshold(180)[0] < noisy.threshold(180)[0]
    assert rules.min_open_score <= calm.threshold(180)[0] <= noisy.threshold(180)[0] <= rules.max_open_score


def test_budget_of_none_raises_the_threshold_to_its_limit(rules):
    budget = Budget(5, dataclasses.replace(rules, budget=0.0))
    assert budget.threshold(0)[0] == rules.max_open_score


def test_budget_of_few_alerts_a_week_raises_the_threshold(rules):
    few = dataclasses.replace(rules, most_per_week=1.0)
    thresholds = []
    for wanted in (rules, few):
        budget, rng = Budget(3000, wanted), np.random.default_rng(1)
        for d in range(180):
            scores = np.where(rng.random(3000) < 0.01, rng.exponential(0.7, 3000) + 1, 0.0)
            budget.step(d, scores * (d % 9 == 0), (1, 3000))
        thresholds.append(budget.threshold(180)[0])
    assert thresholds[0] < thresholds[1]


def test_describe_budget_says_what_is_was_and_would_have_been(rules):
    replayed = replay(make_counts(plants=[(1, 250, 254, 9)]), rules=rules)
    told = describe_budget(replayed.days, rules)
    assert told["open_score"] == rules.open_score
    assert rules.min_open_score <= told["threshold"] <= rules.max_open_score
    assert 20 <= len(told["weeks"]) <= rules.budget_weeks + 1
    rates = list(told["alerts_per_week"].values())
    assert rates == sorted(rates, reverse=True)


def test_describe_budget_before_the_first_day_knows_the_settings_only(rules):
    assert "threshold" not in describe_budget(no_history().days, rules)


def test_score_counts_gives_arrow_of_one_row_per_day_and_series(rules):
    scores = score_counts(pa.Table.from_pandas(make_counts(days=90)), rules=rules)
    assert scores.num_rows == 90 * 6


def test_leave_out_takes_annotated_days_out_of_their_segment():
    counts = validate_counts(pd.concat([frame(), frame(segment=["region=N"]), frame(date=["2024-01-02"])]))
    day_one = date(2024, 1, 1)
    left = leave_out(counts, [Annotation("sale", day_one, day_one, "all")])
    assert left.select(["date", "segment"]).to_pylist() == [
        {"date": date(2024, 1, 2), "segment": "all"},
        {"date": day_one, "segment": "region=N"},
    ]
    assert leave_out(counts, [Annotation("sale", day_one, date(2024, 1, 2))]).num_rows == 0
    assert leave_out(counts, []) is counts


def test_an_annotated_campaign_raises_no_alert(rules):
    counts = make_counts(plants=[(2, 250, 256, 12)])
    campaign = leave_out(validate_counts(counts), [Annotation("campaign", day(250), day(256))])
    raised = [replay(table, rules=rules).alerts["issue"].to_pylist() for table in (counts, campaign)]
    assert ["category:issue2" in issues for issues in raised] == [True, False]


def test_public_holidays_are_those_of_the_countries():
    found = public_holidays(("IT", "DE-BY"), date(2026, 8, 1), date(2026, 12, 25))
    days = {one.first_day for one in found}
    assert {date(2026, 8, 15), date(2026, 10, 3), date(2026, 12, 25)} <= days


def test_public_holidays_of_nowhere_are_refused_readably():
    with pytest.raises(ValueError, match="no public holidays are known for 'XX'"):
        public_holidays(("XX",), date(2026, 1, 1), date(2026, 2, 1))
