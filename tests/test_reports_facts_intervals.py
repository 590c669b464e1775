"""Intervals against published examples, hand calculations and simulated coverage."""

import math

import numpy as np
import pytest

from reports.facts import intervals


def test_wilson_gives_newcombes_published_example():
    low, high = intervals.wilson([81], [263])  # Newcombe 1998, table I, method 3
    assert (round(low[0], 4), round(high[0], 4)) == (0.2553, 0.3662)


def test_wilson_equals_the_formula_by_hand():
    # 2 of 10: (0.2 + 3.8415/20 +- 1.96 sqrt(0.2 x 0.8 / 10 + 3.8415/400)) / (1 + 3.8415/10)
    low, high = intervals.wilson([2], [10])
    z2 = 1.959963984540054**2
    half = math.sqrt(z2) * math.sqrt(0.016 + z2 / 400)
    assert low[0] == pytest.approx((0.2 + z2 / 20 - half) / (1 + z2 / 10))
    assert high[0] == pytest.approx((0.2 + z2 / 20 + half) / (1 + z2 / 10))


@pytest.mark.parametrize(("successes", "end"), [(0, "low"), (10, "high")])
def test_wilson_reaches_the_edge_exactly(successes, end):
    low, high = intervals.wilson([successes], [10])
    assert (low[0] == 0.0) if end == "low" else (high[0] == 1.0)


def test_wilson_of_nothing_is_unknown():
    low, high = intervals.wilson([0], [0])
    assert np.isnan(low[0])
    assert np.isnan(high[0])


def test_newcombe_gives_his_published_example():
    low, high = intervals.newcombe(([56], [70]), ([48], [80]))  # Newcombe 1998, table II (a), method 10
    assert (round(low[0], 4), round(high[0], 4)) == (0.0524, 0.3339)


def test_newcombe_turns_round_with_its_groups():
    low, high = intervals.newcombe(([9], [40]), ([22], [50]))
    back_low, back_high = intervals.newcombe(([22], [50]), ([9], [40]))
    assert (low[0], high[0]) == pytest.approx((-back_high[0], -back_low[0]))


def test_newcombe_without_a_past_is_unknown():
    assert np.isnan(intervals.newcombe(([3], [10]), ([0], [0]))[0][0])


def test_net_promoter_gives_tangos_interval_for_paired_shares():
    # Airway reactivity, 1 against 7 of 21 pairs (Fagerland, Lydersen and Laake 2014): Tango -0.517 to -0.026.
    low, high = intervals.net_promoter([1], [7], [21])
    assert (round(low[0], 3), round(high[0], 3)) == (-0.517, -0.026)


def test_net_promoter_ends_solve_the_score_equation():
    low, high = intervals.net_promoter([40], [20], [100])
    for end in (low[0], high[0]):  # both ends of one interval
        # likeliest detractors when the score is `end`: 200 q^2 + b q + c = 0
        b, c = -60 + (200 - 20) * end, -20 * end * (1 - end)
        q = (math.sqrt(b * b - 4 * 200 * c) - b) / 400
        statistic = (20 - 100 * end) / math.sqrt(100 * (2 * q + end * (1 - end)))
        assert abs(statistic) == pytest.approx(1.959963984540054, abs=1e-6)


@pytest.mark.parametrize(("up", "down", "n"), [(10, 0, 10), (0, 10, 10), (0, 0, 10), (1, 0, 1)])
def test_net_promoter_stays_within_its_scale(up, down, n):
    low, high = intervals.net_promoter([up], [down], [n])
    assert -1 <= low[0] <= (up - down) / n <= high[0] <= 1


def test_net_promoter_of_nobody_is_unknown():
    assert np.isnan(intervals.net_promoter([0], [0], [0])[0][0])


def test_mean_is_students_interval():
    low, high = intervals.mean([3.0], [1.0], [10])  # t(0.975; 9) = 2.262157
    assert (low[0], high[0]) == pytest.approx(
        (3 - 2.262157 / math.sqrt(10), 3 + 2.262157 / math.sqrt(10)), abs=1e-6
    )


def test_mean_of_one_value_is_unknown():
    assert np.isnan(intervals.mean([3.0], [0.0], [1])[0][0])


@pytest.mark.parametrize("answer", [1.0, 5.0])
def test_mean_of_answers_that_all_agree_still_has_a_width(answer):
    low, high = intervals.mean_on_scale([answer], [0.0], [9], scale=(1, 5))
    assert high[0] - low[0] > 0.5
    assert low[0] <= answer <= high[0]


def test_mean_on_scale_by_hand():
    # 5, 5, 4 and half an answer at 1 and 5: mean 17 / 4, squares 66 + 13, variance (79 / 4 - 4.25**2) x 4 / 3
    low, high = intervals.mean_on_scale([14 / 3], [math.sqrt(1 / 3)], [3], scale=(1, 5))
    half = 3.182446 * math.sqrt((79 / 4 - 4.25**2) * 4 / 3 / 4)  # Student's t with 3 degrees of freedom
    assert (low[0], high[0]) == (pytest.approx(4.25 - half, abs=1e-5), 5)


def test_mean_on_scale_of_one_answer_is_unknown():
    assert np.isnan(intervals.mean_on_scale([3.0], [0.0], [1], scale=(1, 5))[0][0])


@pytest.mark.parametrize("stars", [[0.05, 0.05, 0.1, 0.2, 0.6], [0.35, 0.05, 0.05, 0.1, 0.45]])
@pytest.mark.parametrize(("n", "most"), [(10, 1.0), (30, 0.97), (100, 0.97)])
def test_mean_on_scale_covers_the_truth_as_often_as_it_says(stars, n, most):
    drawn = np.random.default_rng(5).choice(np.arange(1, 6), (20_000, n), p=stars)
    ends = intervals.mean_on_scale(
        drawn.mean(axis=1), drawn.std(axis=1, ddof=1), np.full(len(drawn), n), scale=(1, 5)
    )
    truth = np.dot(stars, np.arange(1, 6))
    assert 0.93 <= np.mean((ends[0] <= truth) & (truth <= ends[1])) <= most  # of ten answers, more often


def test_quantile_shares_confidence_among_comparisons():
    assert intervals.quantile(0.95) == pytest.approx(1.959964, abs=1e-6)
    assert intervals.quantile(0.95, comparisons=25) == pytest.approx(3.090232, abs=1e-6)  # 1 - 0.05/50


def test_intervals_take_an_empty_column():
    assert all(len(end) == 0 for end in intervals.net_promoter([], [], []))
    assert all(len(end) == 0 for end in intervals.wilson([], []))


@pytest.mark.parametrize(("share", "n"), [(0.03, 200), (0.1, 80), (0.35, 120), (0.5, 30)])
def test_wilson_covers_the_truth_as_often_as_it_says(share, n):
    drawn = np.random.default_rng(1).binomial(n, share, 40_000)
    low, high = intervals.wilson(drawn, np.full(len(drawn), n))
    assert 0.93 <= np.mean((low <= share) & (share <= high)) <= 0.97


@pytest.mark.parametrize(
    ("one", "two", "n1", "n2"), [(0.1, 0.1, 150, 120), (0.3, 0.2, 80, 200), (0.05, 0.12, 300, 300)]
)
def test_newcombe_covers_the_truth_as_often_as_it_says(one, two, n1, n2):
    rng = np.random.default_rng(2)
    x, y = rng.binomial(n1, one, 40_000), rng.binomial(n2, two, 40_000)
    low, high = intervals.newcombe((x, np.full(len(x), n1)), (y, np.full(len(y), n2)))
    assert 0.93 <= np.mean((low <= one - two) & (one - two <= high)) <= 0.97


@pytest.mark.parametrize(
    ("promoters", "detractors", "n"), [(0.45, 0.2, 50), (0.3, 0.3, 150), (0.7, 0.05, 80), (0.1, 0.6, 60)]
)
def test_net_promoter_covers_the_truth_as_often_as_it_says(promoters, detractors, n):
    shares = [promoters, detractors, 1 - promoters - detractors]
    drawn = np.random.default_rng(3).multinomial(n, shares, 20_000)
    low, high = intervals.net_promoter(drawn[:, 0], drawn[:, 1], np.full(len(drawn), n))
    truth = promoters - detractors
    assert 0.93 <= np.mean((low <= truth) & (truth <= high)) <= 0.97


def test_recovered_difference_of_scores_covers_the_truth_as_often_as_it_says():
    rng = np.random.default_rng(4)
    now = rng.multinomial(120, [0.5, 0.2, 0.3], 20_000)
    before = rng.multinomial(90, [0.4, 0.3, 0.3], 20_000)
    ends = [intervals.net_promoter(x[:, 0], x[:, 1], x.sum(axis=1)) for x in (now, before)]
    scores = [(x[:, 0] - x[:, 1]) / x.sum(axis=1) for x in (now, before)]
    low, high = intervals.recovered(scores[0], ends[0], scores[1], ends[1])
    assert 0.93 <= np.mean((low <= 0.2) & (high >= 0.2)) <= 0.97
