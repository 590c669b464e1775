"""data/sources/cells/scales.py: scores of any scale, amounts of money."""

import numpy as np
import pyarrow as pa
import pytest

from data.sources.cells.scales import Scale, ScoreSurvey, read_amounts, read_score, score_cells


def column(cells):
    return pa.chunked_array([pa.array([None if c is None else str(c) for c in cells], pa.large_string())])


def read(cells, role="rating", *, top=None):
    survey = ScoreSurvey()
    survey.add(column(cells))
    scale = survey.decide(role, stated_top=top, outlier_share=0.1)
    scaled, original = score_cells(column(cells), role, scale)
    return scale, scaled, original


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("4", (4.0, None)),
        ("4,5", (4.5, None)),
        ("4.0", (4.0, None)),
        ("8/10", (8.0, 10.0)),
        ("4 out of 5", (4.0, 5.0)),
        ("4 su 5", (4.0, 5.0)),
        ("80 %", (80.0, 100.0)),
        ("4 stars", (4.0, None)),
        ("4 gwiazdki", (4.0, None)),
        ("5星", (5.0, None)),
        ("★★★☆☆", (3.0, 5.0)),
        ("⭐⭐⭐⭐", (4.0, 5.0)),
        ("5 - Very satisfied", (5.0, None)),
        ("Very satisfied", (5.0, 5.0)),
        ("molto soddisfatto", (5.0, 5.0)),
        ("niezadowolony", (2.0, 5.0)),
        ("非常满意", (5.0, 5.0)),
        ("ممتاز", (5.0, 5.0)),
        ("👎", (1.0, 5.0)),
        ("what a question", None),
        ("", None),
    ],
)
def test_read_score_knows_the_ways_to_write_one(cell, score):
    assert read_score(cell) == score


@pytest.mark.parametrize(
    ("cells", "top", "scaled"),
    [
        ([1, 3, 5], 5, [1, 3, 5]),
        ([1, 4, 7], 7, [1, 3, 5]),
        ([1, 10, 5.5], 10, [1, 5, 3]),
        ([0, 10, 5, 6, 7], 10, [1, 5, 3, 3.4, 3.8]),
        ([0, 50, 100], 100, [1, 3, 5]),
    ],
)
def test_ratings_are_brought_to_one_to_five(cells, top, scaled):
    scale, values, original = read(cells)
    assert scale.high == top
    assert values.tolist() == pytest.approx(scaled)
    assert original.tolist() == pytest.approx(cells)


def test_stray_scores_do_not_stretch_the_scale():
    scale, scaled, original = read([1, 2, 3, 4, 5] * 4 + [7, 99])
    assert scale.high == 5
    assert scale.off_count == 2
    assert np.isnan(scaled[-2:]).all()
    assert original[-2:].tolist() == [7, 99]


def test_many_low_scores_of_ten_stay_on_ten():
    scale, _, _ = read([1, 2, 3] * 40 + [6, 8, 10])
    assert scale.high == 10


def test_zero_is_no_rating_where_five_is_the_best():
    _, scaled, _ = read([0, 1, 5])
    assert np.isnan(scaled[0])


def test_stated_top_wins():
    scale, scaled, _ = read([1, 3, 5], top=10)
    assert scale.why == "named in the settings"
    assert scaled[2] == pytest.approx(1 + 4 / 9 * 4)


def test_nps_is_whole_and_zero_to_ten():
    _, scaled, _ = read([0, 10, 11, 5, 7.5, -1], "nps")
    assert scaled[[0, 1, 3]].tolist() == [0, 10, 5]
    assert np.isnan(scaled[[2, 4, 5]]).all()


def test_effort_of_five_is_brought_to_seven():
    _, scaled, _ = read([1, 3, 5], "ces")
    assert scaled.tolist() == [1, 4, 7]


def test_cells_that_state_their_scale_need_no_column():
    scale, scaled, _ = read(["8/10", "4/5", "100%"])
    assert scale.why == "every cell states it"
    assert scaled.tolist() == pytest.approx([1 + 7 / 9 * 4, 4, 5])


def test_missing_and_unreadable_scores_are_missing():
    scale, scaled, original = read([5, None, "", "dunno", 4])
    assert scale.off_count == 1
    assert np.isnan(scaled[1:4]).all()
    assert np.isnan(original[1:4]).all()


def test_scores_beyond_every_scale_are_missing():
    _, scaled, _ = read([1000, 2000, 3000])
    assert np.isnan(scaled).all()


@pytest.mark.parametrize(
    ("cells", "values"),
    [
        (["12.50", "1,234.50", "$7"], [12.5, 1234.5, 7]),
        (["12,50", "1.234,50", "7 €", "1.234"], [12.5, 1234.5, 7, 1234]),
        (["-3.5", "1 234,50 zł", "free", None], [-3.5, 1234.5, np.nan, np.nan]),
        (["1'234.50", "8.771"], [1234.5, 8.771]),
        (["1.2.3.4"], [np.nan]),
    ],
)
def test_amounts_are_read_with_either_decimal_sign(cells, values):
    assert read_amounts(column(cells)).tolist() == pytest.approx(values, nan_ok=True)


@pytest.mark.parametrize(
    ("cell", "score"),
    [
        ("Somewhat dissatisfied", (2.0, 5.0)),
        ("Extremely likely - 10", (10.0, None)),
        ("0 (Not at all likely)", (0.0, None)),
        ("Extremely difficult", (1.0, 7.0)),
        ("Molto facile", (5.0, 5.0)),
        ("Zdecydowanie się zgadzam", (5.0, 5.0)),
        ("比较满意", (4.0, 5.0)),
        ("راضٍ جداً", (5.0, 5.0)),
        ("Favorable", (5.0, 5.0)),
        ("The parcel was late", None),
    ],
)
def test_words_of_scales_are_scores(cell, score):
    assert read_score(cell) == score


def test_reversed_scale_turns_scores_round():
    scaled, original = score_cells(column(["1", "5", "2"]), "csat", Scale(1, 5, "", is_reversed=True))
    assert (scaled.tolist(), original.tolist()) == ([5, 1, 4], [1, 5, 2])


@pytest.mark.parametrize(
    ("cells", "top"),
    [
        ([5, 1, 4, 2, 47, -3, 3, 1], 5),
        ([5, 4, 3, 5, 100, 55, 1, 2, 4, 5, 3, 2], 5),
        ([9, 10, 7, 8, 6, 2, 4, 55, 10, 9], 10),
        ([1, 2, 3, 4, 5, 6, 7, 4, 3, 2], 7),
        ([0, 50, 100, 3, 5], 100),
    ],
)
def test_the_great_majority_decides_the_scale(cells, top):
    assert read(cells)[0].high == top


def test_strays_are_missing_and_counted():
    scale, scaled, _ = read([5, 1, 4, 2, 47, -3, 3, 1])
    assert scale.off_count == 2
    assert np.isnan(scaled[4:6]).all()
    assert scaled[:2].tolist() == [5, 1]
