"""What is counted: complaints only, once per comment, copies once, totals always."""

import dataclasses
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest

from data.schema import SENTIMENTS
from reports.counts import count_issues

DAY = datetime(2026, 3, 1, 12, tzinfo=UTC)


@pytest.fixture(scope="module")
def rules(settings):
    return dataclasses.replace(settings["counts"], min_segment_comments=1, min_issue_complaints=1)


USUAL = {
    "created_at": DAY,
    "intent": "statement",
    "sentiment": "negative",
    "copy_id": None,
    "is_own": True,
    "source_kind": "review",
    "region": "north",
    "product": None,
}
DOCUMENT_TYPES = {"feedback_id": pa.string(), **dict.fromkeys(USUAL, pa.string())}
DOCUMENT_SCHEMA = pa.schema(
    {**DOCUMENT_TYPES, "created_at": pa.timestamp("us", tz="UTC"), "is_own": pa.bool_()}
)
ASPECT_SCHEMA = pa.schema([(n, pa.string()) for n in ("feedback_id", "segment_id", "category", "sentiment")])


def documents(rows):
    """Make DOCUMENTS' columns that counting reads from (id, changes)."""
    return pa.Table.from_pylist(
        [{"feedback_id": one, **USUAL, **more} for one, more in rows], schema=DOCUMENT_SCHEMA
    )


def aspects(rows):
    """Make ASPECTS' columns that counting reads from (comment, position, category, sentiment)."""
    return pa.Table.from_pylist(
        [dict(zip(ASPECT_SCHEMA.names, (f, f"{f}:{p}", c, s), strict=True)) for f, p, c, s in rows],
        schema=ASPECT_SCHEMA,
    )


def members(rows=()):
    """Make MEMBERS' columns that counting reads from (comment, position, topic)."""
    return pa.Table.from_pylist(
        [{"feedback_id": f, "segment_id": f"{f}:{p}", "topic_id": t} for f, p, t in rows],
        schema=pa.schema([(n, pa.string()) for n in ("feedback_id", "segment_id", "topic_id")]),
    )


def counted(table, segment="all"):
    return {
        (r["issue"], r["date"]): (r["n"], r["total"]) for r in table.to_pylist() if r["segment"] == segment
    }


def test_count_issues_counts_negative_mentions(rules):
    given = documents([("a", {}), ("b", {"sentiment": "positive"})])
    found = count_issues(
        given,
        aspects([("a", 0, "shipping", "negative"), ("b", 0, "shipping", "positive")]),
        members(),
        rules=rules,
    )
    assert counted(found) == {("category:shipping", date(2026, 3, 1)): (1, 2)}


@pytest.mark.parametrize(("sentiment", "n"), [("negative", 1), ("neutral", 1), ("positive", 0)])
def test_count_issues_counts_what_a_complaint_does_not_praise(rules, sentiment, n):
    given = documents([("a", {"intent": "complaint"}), ("b", {})])
    found = count_issues(
        given,
        aspects([("a", 0, "shipping", sentiment), ("b", 0, "other", "negative")]),
        members(),
        rules=rules,
    )
    assert counted(found).get(("category:shipping", date(2026, 3, 1)), (0, 2)) == (n, 2)


def test_count_issues_counts_a_comment_once_per_issue(rules):
    twice = aspects([("a", 0, "shipping", "negative"), ("a", 1, "shipping", "negative")])
    assert counted(count_issues(documents([("a", {})]), twice, members(), rules=rules)) == {
        ("category:shipping", date(2026, 3, 1)): (1, 1)
    }


def test_count_issues_counts_copies_once_a_day(rules):
    other = datetime(2026, 3, 2, tzinfo=UTC)
    given = documents([(i, {"copy_id": "c"}) for i in "abc"] + [("d", {"copy_id": "c", "created_at": other})])
    found = count_issues(
        given, aspects([(i, 0, "shipping", "negative") for i in "abcd"]), members(), rules=rules
    )
    assert counted(found) == {
        ("category:shipping", date(2026, 3, 1)): (1, 1),
        ("category:shipping", date(2026, 3, 2)): (1, 1),
    }


def test_a_storm_of_copies_does_not_drown_complaints(rules):
    storm = [(f"r{i}", {"copy_id": "praise", "intent": "praise", "sentiment": "positive"}) for i in range(50)]
    found = count_issues(
        documents([("a", {}), *storm]), aspects([("a", 0, "shipping", "negative")]), members(), rules=rules
    )
    assert counted(found) == {("category:shipping", date(2026, 3, 1)): (1, 2)}


def test_count_issues_leaves_out_comments_without_a_date(rules):
    given = documents([("a", {}), ("b", {"created_at": None})])
    found = count_issues(
        given, aspects([(i, 0, "shipping", "negative") for i in "ab"]), members(), rules=rules
    )
    assert counted(found) == {("category:shipping", date(2026, 3, 1)): (1, 1)}


def test_count_issues_keeps_the_total_of_days_without_complaints(rules):
    quiet = datetime(2026, 3, 5, tzinfo=UTC)
    given = documents([("a", {}), ("b", {"created_at": quiet, "sentiment": "positive"})])
    found = count_issues(given, aspects([("a", 0, "shipping", "negative")]), members(), rules=rules)
    assert counted(found)[("category:shipping", date(2026, 3, 5))] == (0, 1)


def test_count_issues_cuts_by_dimension(rules):
    given = documents([("a", {}), ("b", {"region": "south"}), ("c", {"region": "south"})])
    found = count_issues(
        given, aspects([(i, 0, "shipping", "negative") for i in "ab"]), members(), rules=rules
    )
    assert counted(found, "region=south") == {("category:shipping", date(2026, 3, 1)): (1, 2)}
    assert counted(found, "region=north") == {("category:shipping", date(2026, 3, 1)): (1, 1)}


@pytest.mark.parametrize(
    "changes",
    [{"min_segment_comments": 2}, {"max_segment_share": 0.3}, {"max_segments": 0}, {"dimensions": ()}],
)
def test_count_issues_leaves_out_values_by_rule(rules, changes):
    given = documents([("a", {}), ("b", {"region": "south"})])
    found = count_issues(
        given,
        aspects([(i, 0, "shipping", "negative") for i in "ab"]),
        members(),
        rules=dataclasses.replace(rules, **changes),
    )
    assert set(found["segment"].to_pylist()) == {"all"}


def test_count_issues_leaves_out_rare_issues(rules):
    given = documents([(i, {}) for i in "abc"])
    rows = [("a", 0, "shipping", "negative"), ("b", 0, "shipping", "negative"), ("c", 0, "other", "negative")]
    strict = dataclasses.replace(rules, min_issue_complaints=2)
    assert set(count_issues(given, aspects(rows), members(), rules=strict)["issue"].to_pylist()) == {
        "category:shipping"
    }


@pytest.mark.parametrize(("sentiment", "n"), [("negative", 1), ("positive", None)])
def test_count_issues_judges_topics_by_the_comment_without_sentiments(rules, sentiment, n):
    given = documents([("a", {"sentiment": sentiment})])
    found = counted(count_issues(given, aspects([]), members([("a", 0, "t1"), ("a", 1, None)]), rules=rules))
    assert found.get(("topic:t1", date(2026, 3, 1)), (None, 1))[0] == n


@pytest.mark.parametrize(
    ("segment", "intent", "n"),
    [
        ("negative", "praise", 1),
        ("positive", "complaint", None),
        ("neutral", "complaint", 1),
        ("neutral", "praise", None),
    ],
)
def test_count_issues_judges_topics_by_their_segment(rules, segment, intent, n):
    row = {
        "segment_id": "a:0", "sentiment": segment, "sentiment_score": 0.0, "negative_share": 0.0,
        "neutral_share": 1.0, "positive_share": 0.0,
    }  # fmt: skip
    sentiments = pa.Table.from_pylist([row], schema=SENTIMENTS.columns)
    given = documents([("a", {"sentiment": "positive", "intent": intent})])
    found = count_issues(given, aspects([]), members([("a", 0, "t1")]), rules=rules, sentiments=sentiments)
    assert counted(found).get(("topic:t1", date(2026, 3, 1)), (None, 1))[0] == n


def test_count_issues_of_nothing_is_nothing(rules):
    assert count_issues(documents([]), aspects([]), members(), rules=rules).num_rows == 0


def test_count_issues_does_not_depend_on_row_order(rules):
    given = documents([(f"f{i:03}", {"region": f"r{i % 3}"}) for i in range(60)])
    said = aspects([(f"f{i:03}", 0, f"c{i % 4}", "negative") for i in range(60)])
    turned = count_issues(
        given.take(list(range(59, -1, -1))), said.take(list(range(59, -1, -1))), members(), rules=rules
    )
    assert turned.equals(count_issues(given, said, members(), rules=rules))


def test_count_issues_reads_utc_days(rules):
    given = documents([("a", {"created_at": datetime(2026, 3, 1, 23, 59, tzinfo=UTC)})])
    found = count_issues(given, aspects([("a", 0, "shipping", "negative")]), members(), rules=rules)
    assert found["date"].to_pylist()[0] == date(2026, 3, 1)


def test_count_issues_counts_employees_apart(rules):
    staff = {"source_kind": "employee"}
    given = documents([("a", {}), ("b", staff), ("c", staff), ("d", {"region": "south"})])
    complaints = aspects([(one, 0, "workload", "negative") for one in "abc"])
    found = count_issues(given, complaints, members(), rules=rules)
    day = ("category:workload", date(2026, 3, 1))
    assert counted(found) == {day: (1, 2)}
    assert counted(found, "source_kind=employee") == {day: (2, 2)}
    assert counted(found, "region=north") == {day: (1, 1)}


def test_count_issues_counts_employees_as_the_whole_when_nobody_else_speaks(rules):
    given = documents([("b", {"source_kind": "employee"})])
    found = count_issues(given, aspects([("b", 0, "workload", "negative")]), members(), rules=rules)
    assert counted(found) == {("category:workload", date(2026, 3, 1)): (1, 1)}


def test_count_issues_leaves_out_other(rules):
    found = count_issues(
        documents([("a", {})]), aspects([("a", 0, "other", "negative")]), members(), rules=rules
    )
    assert found.num_rows == 0


def test_complaints_about_a_rival_are_not_counted(rules):
    given = documents([("a", {}), ("b", {"is_own": False})])
    found = count_issues(
        given,
        aspects([("a", 0, "shipping", "negative"), ("b", 0, "shipping", "negative")]),
        members(),
        rules=rules,
    )
    assert counted(found) == {("category:shipping", date(2026, 3, 1)): (1, 1)}
