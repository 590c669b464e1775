"""Sentences and records behind alerts."""

from datetime import date

import pytest
from scipy.stats import nbinom

from reports.explain import (
    DisplayNames,
    explain,
    read_calculation,
    severity_of,
    shorten,
    window_dates,
    write_calculation,
)
from reports.lifecycle import replay
from tests.alert_counts import make_counts

RECORD = {
    "window_days": 7,
    "window_end": "2026-03-09",
    "n": 41,
    "expected": 12.1,
    "variance": 20.0,
    "baseline_n": 200,
    "baseline_weeks": 26,
}
NAMES = DisplayNames({"category:shipping": "Shipping"}, {"region=Lombardy": "region Lombardy"})
BEGAN = date(2026, 3, 3)


def test_explain_says_what_was_found_expected_and_since_when():
    sentence = explain(("category:shipping", "region=Lombardy"), RECORD, BEGAN, names=NAMES)
    assert sentence == (
        "Shipping complaints in region Lombardy: 41 in the 7 days to 9 March 2026, about 12 expected, "
        "3.4 times as many; began on Tuesday 3 March."
    )


def test_explain_leaves_out_the_segment_of_the_whole():
    assert explain(("category:shipping", "all"), RECORD, BEGAN, names=NAMES).startswith(
        "Shipping complaints: 41"
    )


def test_explain_says_that_a_new_issue_was_never_seen():
    sentence = explain(("category:shipping", "all"), {**RECORD, "baseline_n": 0}, BEGAN, names=NAMES)
    assert "none in the 26 weeks it is compared with" in sentence


@pytest.mark.parametrize(
    ("expected", "said"),
    [(3.0, "about 3 expected, 14 times"), (3.25, "about 3.2 expected"), (0.012, "about 0.012 expected")],
)
def test_explain_rounds_to_what_can_be_checked(expected, said):
    record = {**RECORD, "expected": expected}
    assert said in explain(("category:shipping", "all"), record, BEGAN, names=NAMES)


@pytest.mark.parametrize(
    ("issue", "name"),
    [("category:waiting_time", "Waiting time"), ("topic:t17", "topic t17"), ("anything", "anything")],
)
def test_display_names_read_well_without_a_mapping(issue, name):
    assert DisplayNames().issue(issue) == name


@pytest.mark.parametrize(
    ("segment", "name"),
    [("region=Lombardy", "region Lombardy"), ("input_shop=x=y", "shop x=y"), ("all", "all")],
)
def test_display_names_read_segments(segment, name):
    assert DisplayNames().segment(segment) == name


def test_severity_grows_with_the_excess():
    larger = {**RECORD, "n": 80}
    low, high = (severity_of(r, is_recurring=False, is_persistent=False) for r in (RECORD, larger))
    assert 0 < low < high


@pytest.mark.parametrize(("recurring", "persistent", "factor"), [(True, False, 1.25), (True, True, 1.5)])
def test_severity_grows_with_what_comes_back_and_stays(recurring, persistent, factor):
    plain = severity_of(RECORD, is_recurring=False, is_persistent=False)
    assert severity_of(RECORD, is_recurring=recurring, is_persistent=persistent) == pytest.approx(
        factor * plain
    )


def test_severity_of_what_may_be_chance_is_nothing():
    assert severity_of({**RECORD, "n": 13}, is_recurring=False, is_persistent=False) == 0


def test_severity_of_no_complaints_is_nothing():
    assert severity_of({**RECORD, "n": 0}, is_recurring=False, is_persistent=False) == 0


def test_write_calculation_can_be_read_back():
    assert read_calculation(write_calculation(RECORD)) == RECORD


def test_shorten_rounds_floats_at_every_depth():
    assert shorten({"a": [1 / 3], "b": 2}) == {"a": [0.3333333333], "b": 2}


def test_window_dates_are_inclusive():
    assert window_dates(date(2026, 3, 9), 7) == ("2026-03-03", "2026-03-09")


def test_calculation_can_be_done_again_by_hand(settings):
    counts = make_counts(plants=[(1, 250, 254, 9)])
    row = replay(counts, rules=settings["alerts"]).alerts.to_pylist()[0]
    record = read_calculation(row["calculation"])
    window = counts[
        (counts["issue"] == row["issue"])
        & (counts["date"] >= date.fromisoformat(record["window_start"]))
        & (counts["date"] <= date.fromisoformat(record["window_end"]))
    ]
    assert window["n"].sum() == record["n"]
    assert window["total"].sum() == record["comments"]
    mean = record["usual_share"] * record["comments"]
    assert mean == pytest.approx(record["expected"])
    usual = record["baseline_comments"] / (7 * record["baseline_weeks"])
    growth = record["comments"] / record["window_days"] / usual
    noise = (
        (1 + (record["dispersion"] - 1) * growth)
        * (1 - record["usual_share"])
        * mean
        * (1 + record["comments"] / record["baseline_comments"])
    )
    assert noise + (record["drift"] * mean) ** 2 == pytest.approx(record["variance"])
    size = mean**2 / (record["variance"] - mean)
    law = nbinom(size, size / (size + mean))
    p = law.sf(record["n"]) + law.pmf(record["n"]) / 2
    assert min(w["p"] for w in record["windows"]) == pytest.approx(p, rel=1e-6)
