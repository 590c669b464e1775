"""Summaries against counts by hand on a few comments, and their rules on larger ones."""

from datetime import UTC, date, datetime

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest
from report_world import aspects_table, documents_table, make_world, members_table, rules

from data.schema import ASPECTS, DOCUMENTS, FRICTION_SUMMARY, MEMBERS, SCORE_SUMMARY
from reports.metrics import summarise_friction, summarise_scores
from reports.metrics.anonymity import hidden_groups


def at(day, hour=12):
    return datetime(2026, 11, day, hour, tzinfo=UTC)


def small_documents():
    """Two weeks: Monday 2 November with four comments, Monday 9 November with five, one without a date."""
    return documents_table(
        [
            {"feedback_id": "a", "created_at": at(2), "sentiment": "negative", "nps": 0, "region": "North"},
            {"feedback_id": "b", "created_at": at(3), "sentiment": "positive", "nps": 10, "region": "North"},
            {"feedback_id": "c", "created_at": at(4), "sentiment": "positive", "nps": 9, "region": "South"},
            {
                "feedback_id": "d",
                "created_at": at(8),
                "sentiment": "neutral",
                "rating": 3.0,
                "region": "South",
            },
            {"feedback_id": "e", "created_at": at(9), "sentiment": "negative", "nps": 6, "region": "North"},
            {"feedback_id": "f", "created_at": at(9), "sentiment": "negative", "nps": 7, "region": "North"},
            {
                "feedback_id": "g",
                "created_at": at(10),
                "sentiment": "negative",
                "rating": 1.0,
                "region": None,
            },
            {
                "feedback_id": "h",
                "created_at": at(15),
                "sentiment": "positive",
                "rating": 4.0,
                "region": "South",
            },
            {"feedback_id": "i", "created_at": at(15), "sentiment": "positive", "source_kind": "social"},
            {"feedback_id": "j", "created_at": None, "sentiment": "negative"},
        ]
    )


def small_aspects():
    return aspects_table(
        [
            ("a:0", "shipping", "negative"),
            (
                "a:1",
                "shipping",
                "positive",
            ),  # the same comment praises and blames it: it counts once, as negative
            ("b:0", "shipping", "positive"),
            ("c:0", "price_value", "neutral"),
            ("e:0", "shipping", "negative"),
            ("e:1", "price_value", "positive"),
            ("f:0", "shipping", "negative"),
            ("g:0", "shipping", "neutral"),
            ("j:0", "shipping", "negative"),
        ]
    )


def small_members():
    return members_table([("a:0", "t1"), ("b:0", "t1"), ("e:0", "t1"), ("e:1", None), ("h:0", "t2")])


@pytest.fixture(scope="module")
def friction():
    return summarise_friction(small_documents(), small_aspects(), small_members(), rules=rules()).to_pandas()


@pytest.fixture(scope="module")
def scores():
    return summarise_scores(small_documents(), rules=rules()).to_pandas()


@pytest.fixture(scope="module")
def world():
    return make_world()


def cell(frame, **wanted):
    keys = {"period": "week", "source_kind": "all", "dimension": "all", "value": "all", **wanted}
    if "category" in frame:
        keys = {"category": "all", "topic_id": "all"} | keys
    mask = np.logical_and.reduce([frame[name] == value for name, value in keys.items()])
    rows = frame[mask]
    assert len(rows) == 1, f"{len(rows)} rows of {keys}"
    return rows.iloc[0]


FIRST, SECOND = date(2026, 11, 2), date(2026, 11, 9)


def test_scores_equal_a_hand_calculation(scores):
    row = cell(scores, period_start=FIRST)
    assert (row["comment_count"], row["negative_count"], row["neutral_count"], row["positive_count"]) == (
        4,
        1,
        1,
        2,
    )
    assert (row["nps_count"], row["promoter_count"], row["detractor_count"]) == (3, 2, 1)
    assert row["nps"] == pytest.approx(100 / 3)
    assert (row["rating_count"], row["rating_mean"]) == (1, 3.0)
    assert pd.isna(row["rating_deviation"])
    assert pd.isna(row["previous_comment_count"])


def test_scores_carry_the_week_before(scores):
    row = cell(scores, period_start=SECOND)
    assert (row["comment_count"], row["previous_comment_count"]) == (5, 4)
    assert row["previous_negative_share"] == pytest.approx(0.25)
    assert row["previous_nps"] == pytest.approx(100 / 3)
    assert row["nps"] == pytest.approx(-50)  # one detractor, one passive
    assert row["rating_mean"] == pytest.approx(2.5)
    assert row["rating_deviation"] == pytest.approx(np.std([1, 4], ddof=1))


def test_scores_of_ever_include_what_has_no_date(scores):
    row = cell(scores[scores["period"] == "ever"], period="ever")
    assert row["comment_count"] == 10
    assert row["period_start"] is None


def test_scores_cut_by_day_week_and_month(scores):
    whole = scores[(scores["source_kind"] == "all") & (scores["dimension"] == "all")]
    assert whole.groupby("period")["comment_count"].sum().to_dict() == {
        "day": 9,
        "ever": 10,
        "month": 9,
        "week": 9,
    }
    assert whole[whole["period"] == "month"]["period_start"].tolist() == [date(2026, 11, 1)]


def test_scores_name_values_not_stated(scores):
    row = cell(scores, period_start=SECOND, dimension="region", value="(not stated)")
    assert row["comment_count"] == 2


def test_scores_keep_kinds_apart(scores):
    assert cell(scores, period_start=SECOND, source_kind="social")["comment_count"] == 1


def test_friction_counts_a_comment_once_and_negative_first(friction):
    row = cell(friction, period_start=FIRST, category="shipping")
    assert (row["comment_count"], row["negative_count"], row["positive_count"]) == (2, 1, 1)
    assert (row["total_count"], row["share"], row["negative_share"]) == (4, 0.5, 0.25)


def test_friction_gives_the_change_and_its_interval(friction):
    row = cell(friction, period_start=SECOND, category="shipping")
    assert (row["negative_count"], row["total_count"]) == (2, 5)
    assert (row["previous_negative_count"], row["previous_total_count"]) == (1, 4)
    assert row["negative_share_change"] == pytest.approx(0.4 - 0.25)
    # Newcombe's method 10 by hand from the Wilson ends of 2 of 5 and 1 of 4
    assert row["negative_share_change_low"] == pytest.approx(
        0.15 - np.hypot(0.4 - 0.11762, 0.69936 - 0.25), abs=1e-4
    )
    assert row["negative_share_change_high"] == pytest.approx(
        0.15 + np.hypot(0.76928 - 0.4, 0.25 - 0.04559), abs=1e-4
    )


def test_friction_reads_an_absent_cell_of_the_week_before_as_zero(friction):
    row = cell(friction, period_start=SECOND, topic_id="t2")
    assert (row["previous_negative_count"], row["previous_total_count"]) == (0, 4)


def test_friction_has_no_past_in_the_first_week(friction):
    row = cell(friction, period_start=FIRST, category="shipping")
    assert pd.isna(row["previous_total_count"])
    assert pd.isna(row["negative_share_change"])


def test_friction_counts_a_theme_without_category_as_other(friction):
    row = cell(friction, period="ever", category="other", topic_id="t2")
    assert (row["comment_count"], row["positive_count"]) == (1, 1)


def test_friction_crosses_categories_with_themes_over_months(friction):
    row = cell(friction, period="month", category="shipping", topic_id="t1")
    assert (row["comment_count"], row["negative_count"]) == (3, 2)
    assert cell(friction, period="month", category="shipping", topic_id="none")["comment_count"] == 3


def test_friction_gives_scores_of_the_comments_that_speak_of_it(friction):
    row = cell(friction, period_start=FIRST, category="shipping")
    assert row["nps"] == 0  # one detractor, one promoter
    assert pd.isna(row["rating_mean"])


def test_friction_counts_segments(friction):
    row = cell(friction, period_start=SECOND, category="shipping", dimension="region", value="North")
    assert (row["negative_count"], row["total_count"]) == (2, 2)


def test_friction_ignores_aspects_of_comments_that_are_gone():
    aspects = aspects_table([("gone:0", "shipping", "negative"), ("a:0", "shipping", "negative")])
    found = summarise_friction(small_documents(), aspects, MEMBERS.empty(), rules=rules()).to_pandas()
    assert cell(found, period="ever", category="shipping")["comment_count"] == 1


def test_friction_takes_frames_of_pandas():
    found = summarise_friction(
        small_documents().to_pandas(), small_aspects().to_pandas(), small_members().to_pandas(), rules=rules()
    )
    assert found.equals(
        summarise_friction(small_documents(), small_aspects(), small_members(), rules=rules())
    )


def test_summaries_of_nothing_are_empty():
    empty = DOCUMENTS.empty()
    assert summarise_scores(empty, rules=rules()).num_rows == 0
    assert summarise_friction(empty, ASPECTS.empty(), MEMBERS.empty(), rules=rules()).num_rows == 0


def test_summaries_refuse_a_column_that_cannot_exist():
    with pytest.raises(ValueError, match="prodcut.*no such column"):
        summarise_scores(small_documents(), rules=rules(dimensions=("prodcut",)))


def test_summaries_skip_an_input_column_that_this_run_lacks():
    found = summarise_scores(small_documents(), rules=rules(dimensions=("input_shop", "region"))).to_pandas()
    assert set(found["dimension"]) == {"all", "region"}


def test_summaries_cut_by_an_input_column():
    documents = documents_table([{"input_shop": "Rome"}, {"input_shop": "Oslo"}, {"input_shop": "Rome"}])
    found = summarise_scores(documents, rules=rules(dimensions=("input_shop",))).to_pandas()
    assert cell(found, period="ever", dimension="input_shop", value="Rome")["comment_count"] == 2


def test_summaries_sum_rare_values_and_lose_none():
    documents = documents_table([{"region": name} for name in "AAABBC"] + [{"region": None}])
    found = summarise_scores(
        documents, rules=rules(dimensions=("region",), values_per_dimension=1)
    ).to_pandas()
    counts = found[found["dimension"] == "region"].groupby("value")["comment_count"].max().to_dict()
    assert counts == {"A": 3, "(other values)": 3, "(not stated)": 1}


def test_summaries_hold_days_and_themes_of_values_when_asked():
    asked = rules(dimensions=("region",), days_by_dimension=True, topics_by_dimension=True)
    found = summarise_friction(small_documents(), small_aspects(), small_members(), rules=asked).to_pandas()
    row = cell(
        found, period="day", period_start=date(2026, 11, 9), dimension="region", value="North", topic_id="t1"
    )
    assert row["negative_count"] == 1


def telling_examples(texts, **changes):
    documents = documents_table(
        [
            {"feedback_id": f"x{i}", "created_at": at(2), "sentiment": "negative", **one}
            for i, one in enumerate(texts)
        ]
    )
    aspects = aspects_table([(f"x{i}:0", "shipping", "negative") for i in range(len(texts))])
    found = summarise_friction(documents, aspects, MEMBERS.empty(), rules=rules(**changes)).to_pandas()
    return list(cell(found, period_start=FIRST, category="shipping")["example_ids"])


def test_examples_prefer_medium_length_and_strong_feeling():
    texts = [
        {"text": "no", "sentiment_score": -0.9},
        {"text": "y" * 200, "sentiment_score": -0.9},
        {"text": "z" * 200, "sentiment_score": -0.1},
        {"text": "w" * 9000, "sentiment_score": -0.9},
    ]
    assert telling_examples(texts) == ["x1", "x2", "x3", "x0"]


def test_examples_count_chinese_characters_as_longer():
    texts = [
        {"text": "快递晚了三天才到，打电话没有人知道包裹在哪。", "language": "zh"},
        {"text": "late by three days here"},
    ]
    assert telling_examples(texts) == ["x0", "x1"]


def test_examples_leave_out_copies_of_one_text():
    texts = [{"text": "a" * 90, "copy_id": "same"} for _ in range(40)] + [
        {"text": "b" * 90, "copy_id": "other"}
    ]
    assert telling_examples(texts) == ["x0", "x40"]


def test_examples_put_complaints_first():
    documents = documents_table(
        [
            {
                "feedback_id": "p",
                "created_at": at(2),
                "sentiment": "positive",
                "text": "p" * 100,
                "sentiment_score": 1.0,
            },
            {
                "feedback_id": "n",
                "created_at": at(2),
                "sentiment": "negative",
                "text": "n",
                "sentiment_score": -0.1,
            },
        ]
    )
    aspects = aspects_table([("p:0", "shipping", "positive"), ("n:0", "shipping", "negative")])
    found = summarise_friction(documents, aspects, MEMBERS.empty(), rules=rules()).to_pandas()
    assert list(cell(found, period_start=FIRST, category="shipping")["example_ids"]) == ["n", "p"]


def test_examples_stop_at_the_limit(world):
    lengths = {len(ids) for ids in world["friction_summary"]["example_ids"].to_pylist()}
    assert max(lengths) == 5


def test_days_have_no_examples(friction):
    assert all(len(ids) == 0 for ids in friction[friction["period"] == "day"]["example_ids"])


def employees(counts):
    """Comments of employees per region, all in one week."""
    rows = [
        {"source_kind": "employee", "region": region, "created_at": at(2)}
        for region, n in counts.items()
        for _ in range(n)
    ]
    return documents_table(rows)


def test_employees_are_never_within_all():
    documents = documents_table([{"source_kind": "employee"}] * 6 + [{"source_kind": "survey"}] * 3)
    documents = documents.set_column(0, "feedback_id", pa.array([f"e{i}" for i in range(9)]))
    found = summarise_scores(documents, rules=rules()).to_pandas()
    assert cell(found, period="ever")["comment_count"] == 3
    assert cell(found, period="ever", source_kind="employee")["comment_count"] == 6


def test_employee_groups_under_the_minimum_are_hidden():
    found = summarise_scores(employees({"A": 4}), rules=rules()).to_pandas()
    assert found.empty


def test_employee_groups_are_hidden_from_subtraction_too():
    found = summarise_scores(
        employees({"A": 30, "B": 6, "C": 3}), rules=rules(dimensions=("region",))
    ).to_pandas()
    week = found[(found["period"] == "week") & (found["dimension"] == "region")]
    assert week["value"].tolist() == ["A"]  # 39 - 30 = 9 of B and C together


def test_employee_days_are_not_told():
    found = summarise_scores(employees({"A": 30}), rules=rules()).to_pandas()
    assert set(found["period"]) == {"ever", "month", "week"}


def test_employee_groups_are_hidden_from_friction_too():
    documents = employees({"A": 30, "B": 6, "C": 3})
    aspects = aspects_table([(f"f{i}:0", "management", "negative") for i in range(39)])
    found = summarise_friction(
        documents, aspects, MEMBERS.empty(), rules=rules(dimensions=("region",))
    ).to_pandas()
    assert set(found[found["dimension"] == "region"]["value"]) == {"A"}


@pytest.mark.parametrize(
    ("sizes", "shown"),
    [
        ([9, 8, 7], [9, 8, 7]),
        ([9, 8, 4], [9]),  # 4 alone could be worked out: the smallest shown goes with it
        ([9, 4, 4], [9]),  # 4 and 4 together cannot be told apart
        ([4], []),
        ([9, 1], []),
    ],
)
def test_hidden_groups_cannot_be_worked_out(sizes, shown):
    groups = pd.DataFrame(
        {
            "period": "week",
            "start": pd.to_datetime(["2026-11-02"] * len(sizes)),
            "dimension": 0,
            "value": range(len(sizes)),
            "n": sizes,
        }
    )
    hidden = hidden_groups(groups, min_group=5)
    assert groups["n"][~hidden].tolist() == shown


def test_hidden_weeks_cannot_be_worked_out_from_the_whole():
    groups = pd.DataFrame(
        {
            "period": "week",
            "start": pd.to_datetime(["2026-11-02", "2026-11-09", "2026-11-16"]),
            "dimension": -1,
            "value": -1,
            "n": [3, 20, 8],
        }
    )
    assert hidden_groups(groups, min_group=5).tolist() == [True, False, True]


def test_summaries_find_the_planted_courier_failure(world):
    rows = world["friction_summary"].to_pandas()
    row = cell(rows, period_start=date(2026, 10, 26), category="shipping", dimension="region", value="North")
    assert row["negative_share_change_low"] > 0


def test_summaries_fit_their_declared_tables(world):
    FRICTION_SUMMARY.to_arrow(world["friction_summary"])
    SCORE_SUMMARY.to_arrow(world["score_summary"])


def test_summaries_are_the_same_bytes_in_any_order_of_rows(world):
    documents, aspects, members = (world[name] for name in ("documents", "aspects", "members"))

    def shuffled(table, seed):
        return table.take(pa.array(np.random.default_rng(seed).permutation(table.num_rows)))

    again = summarise_friction(
        shuffled(documents, 1), shuffled(aspects, 2), shuffled(members, 3), rules=rules()
    )
    assert again.equals(world["friction_summary"])
    assert summarise_scores(shuffled(documents, 4), rules=rules()).equals(world["score_summary"])


def test_weekly_cells_sum_to_the_whole(world):
    rows = (
        world["friction_summary"]
        .to_pandas()
        .query("dimension == 'all' and topic_id == 'all' and source_kind == 'all'")
    )
    sums = rows.groupby(["period", "category"])["negative_count"].sum()
    assert sums["week"].to_dict() == sums["ever"].to_dict()
