"""Stories: which alerts tell one event, what differs, what is at stake, how much attention it asks for."""

import json
from datetime import UTC, date, datetime, timedelta

import numpy as np
import pyarrow as pa
import pytest

from data.schema import ALERTS, ASPECTS, CUSTOMERS, DOCUMENTS, MEMBERS, ORDERS
from reports.explain import DisplayNames
from reports.sections.shared.words import LANGUAGES, Words
from reports.stories.answers import Answer, Answers, answer_columns
from reports.stories.bands import find_levels
from reports.stories.differences import find_differences
from reports.stories.evidence import find_evidence, read_speakers
from reports.stories.group import group_stories, story_severities
from reports.stories.sentence import name_segment, tell
from reports.stories.stakes import find_stakes
from reports.stories.tell import Context, tell_stories
from tests.alert_tables import DAY, alert, alerts_table
from tests.report_world import filled

NORMAL, HALF_YEAR = 3, 210  # complaints of the usual time fall on every third day


@pytest.fixture(scope="module")
def rules(settings):
    return settings["stories"]


def comment(number, days_ago, *categories, **changes):
    """One comment and what it complains of."""
    when = datetime(DAY.year, DAY.month, DAY.day, 12, tzinfo=UTC) - timedelta(days=days_ago)
    row = {
        "feedback_id": f"c{number:04}", "created_at": when, "sentiment": "negative", "sentiment_score": -0.8,
        "intent": "statement", "categories": list(categories), "source_kind": "survey", "language": "en",
        "is_own": True, "text": f"Parcel number {number} came late again, nobody answered the phone at all.",
        "region": "North",
    }  # fmt: skip
    return row | changes


def world(*more, days=HALF_YEAR):
    """Half a year of three comments a day, one in three days about shipping, and `more`."""
    usual = [
        comment(
            n, 8 + n // 3, *(["shipping"] if n % 9 == 0 else []), region=("North", "South", "East")[n % 3]
        )
        for n in range(3 * days)
    ]
    return speakers_of([*usual, *more])


def speakers_of(rows):
    aspects = [
        {
            "feedback_id": r["feedback_id"],
            "segment_id": f"{r['feedback_id']}:{i}",
            "category": c,
            "sentiment": "negative",
        }
        for r in rows
        for i, c in enumerate(r["categories"])
        if not c.startswith("topic:")
    ]
    members = [
        {"feedback_id": r["feedback_id"], "segment_id": f"{r['feedback_id']}:t", "topic_id": c[6:]}
        for r in rows
        for c in r["categories"]
        if c.startswith("topic:")
    ]
    names = [f.name for f in DOCUMENTS.columns]
    extra = sorted({name for row in rows for name in row} - set(names))
    documents = filled(DOCUMENTS, [{k: v for k, v in row.items() if k in names} for row in rows])
    for name in extra:
        documents = documents.append_column(name, pa.array([row.get(name) for row in rows], pa.string()))
    return read_speakers(documents, filled(ASPECTS, aspects), filled(MEMBERS, members))


def burst(count, *categories, first=5000, **changes):
    """Complaints of the last week."""
    return [comment(first + n, n % 6, *(categories or ("shipping",)), **changes) for n in range(count)]


def grouped(rows, speakers, rules):
    return group_stories(rows, find_evidence(rows, speakers), rules=rules)


def test_group_puts_a_region_under_the_whole_that_holds_its_complaints(rules):
    speakers = world(*burst(12), *burst(12, first=6000, region="South"))
    rows = [
        alert(n=24, expected=2.0, severity=9.0),
        alert(segment="region=South", n=12, expected=1.0, severity=4.0),
    ]
    assert grouped(rows, speakers, rules) == [None, rows[0]["alert_id"]]


def test_group_lets_the_region_lead_that_carries_the_whole(rules):
    speakers = world(*burst(20, region="South"))
    rows = [
        alert(n=20, expected=2.0, severity=4.0),
        alert(segment="region=South", n=20, expected=1.0, severity=9.0),
    ]
    assert grouped(rows, speakers, rules) == [rows[1]["alert_id"], None]


def test_group_puts_a_topic_under_its_category(rules):
    speakers = world(*burst(20, "shipping", "topic:t1"))
    rows = [alert("topic:t1", n=20, expected=0.1, severity=9.0), alert(n=20, expected=2.0, severity=4.0)]
    assert grouped(rows, speakers, rules) == [rows[1]["alert_id"], None]


def test_group_keeps_different_events_apart(rules):
    speakers = world(*burst(20), *burst(20, "price_value", first=6000))
    rows = [alert(n=20, expected=2.0), alert("category:price_value", n=20, expected=0.2)]
    assert grouped(rows, speakers, rules) == [None, None]


def test_group_keeps_apart_what_lies_far_apart_in_time(rules):
    speakers = world(*burst(20))
    old = {"began_date": DAY - timedelta(days=90), "last_active_date": DAY - timedelta(days=80)}
    rows = [alert(n=20, expected=2.0), alert(segment="region=North", n=20, expected=1.0, **old)]
    assert grouped(rows, speakers, rules) == [None, None]


def test_group_prefers_what_is_not_settled_as_the_lead(rules):
    speakers = world(*burst(20))
    settled = {"status": "resolved", "resolved_date": DAY, "severity": 50.0}
    rows = [alert(n=20, expected=2.0, **settled), alert(segment="region=North", n=20, expected=1.0)]
    assert grouped(rows, speakers, rules) == [rows[1]["alert_id"], None]


def test_group_lets_the_whole_take_over_a_part_that_is_more_severe(rules):
    speakers = world(*burst(8, region="South"), *burst(16, first=6000, region="North"))
    rows = [
        alert(segment="region=South", n=8, expected=0.1, severity=9.0),
        alert(n=24, expected=6.0, severity=4.0),
    ]
    assert grouped(rows, speakers, rules) == [rows[1]["alert_id"], None]


def twins(apart):
    """Shipping and price of one kettle: 10 complaints each, 3 of them of both, begun `apart` days apart."""
    kettle = {"product": "Kettle"}
    speakers = world(
        *burst(7, **kettle), *burst(7, "price_value", first=6000, **kettle),
        *burst(3, "shipping", "price_value", first=7000, **kettle),
    )  # fmt: skip
    began = DAY - timedelta(days=5 + apart)
    return speakers, [
        alert(segment="product=Kettle", n=10, expected=1.0, severity=9.0),
        alert("category:price_value", "product=Kettle", n=10, expected=1.0, severity=4.0, began_date=began),
    ]


def test_group_joins_two_issues_of_one_product_that_began_together(rules):
    speakers, rows = twins(apart=0)
    assert grouped(rows, speakers, rules) == [None, rows[0]["alert_id"]]


def test_group_keeps_apart_two_issues_of_one_product_that_began_weeks_apart(rules):
    speakers, rows = twins(apart=20)
    assert grouped(rows, speakers, rules) == [None, None]


def test_group_of_nothing_is_nothing(rules):
    assert grouped([], world(), rules) == []


def test_story_severity_is_that_of_its_worst_alert():
    parent = alert(severity=3.0)
    rows = [
        parent,
        alert(segment="region=South", severity=8.0),
        alert(segment="region=East", severity=99.0, status="resolved"),
    ]
    parents = [None, parent["alert_id"], parent["alert_id"]]
    assert story_severities(rows, parents) == [8.0, 8.0, 99.0]


def test_evidence_counts_copies_of_one_text_once_a_day():
    speakers = speakers_of(burst(4, copy_id="same") + burst(2, first=6000))
    evidence = find_evidence([alert()], speakers)
    assert evidence.now.sum() == 6 - 0  # four days of the copy, two of the others
    again = speakers_of([comment(n, 1, "shipping", copy_id="same") for n in range(5)])
    assert find_evidence([alert()], again).now.sum() == 1


def test_evidence_keeps_employees_out_of_the_whole():
    staff = burst(3, first=7000, source_kind="employee")
    evidence = find_evidence([alert(), alert(segment="source_kind=employee")], speakers_of(burst(4) + staff))
    assert np.asarray(evidence.now.sum(axis=1)).tolist() == [4, 3]


def test_evidence_of_a_column_that_is_not_there_is_empty():
    assert find_evidence([alert(segment="input_shop=Rome")], world()).now.sum() == 0


def test_levels_give_the_wanted_number_of_stories_a_week(rules):
    rows = [
        alert(f"category:c{n}", opened_date=DAY - timedelta(days=n), severity=float(n)) for n in range(140)
    ]
    severities = [row["severity"] for row in rows]
    levels = find_levels(rows, [True] * len(rows), severities, until=DAY, rules=rules)
    warnings = sum(levels.band(s) != "info" for s in severities)
    assert warnings == round(rules.per_week * 139 / 7)
    assert sum(levels.band(s) == "critical" for s in severities) == round(rules.critical_per_week * 139 / 7)


def test_levels_of_few_stories_make_all_of_them_warnings(rules):
    rows = [alert(opened_date=DAY - timedelta(days=100), severity=1.0)]
    assert find_levels(rows, [True], [1.0], until=DAY, rules=rules).band(1.0) != "info"


def test_differences_name_what_is_more_frequent_than_usual(rules):
    speakers = world(*burst(15, channel="app", input_version="7.1"), *burst(4, first=6000, channel="web"))
    rows = [alert(n=19, expected=2.0)]
    (found,) = find_differences(rows, speakers, find_evidence(rows, speakers), rules=rules)
    assert all(one["low"] >= rules.min_lift and one["low"] < one["lift"] < one["high"] for one in found)


def test_differences_leave_out_scores_and_what_the_export_repeats(rules):
    usual = [
        comment(
            n,
            8 + n // 3,
            region=("North", "South")[n % 2],
            input_area=("north", "south")[n % 2],
            input_stars=str(1 + n % 5),
        )
        for n in range(300)
    ]
    now = burst(20, region="South", input_area="south", input_stars="1")
    rows = [alert(n=20, expected=1.0)]
    speakers = speakers_of(usual + now)
    (found,) = find_differences(rows, speakers, find_evidence(rows, speakers), rules=rules)
    assert [(one["column"], one["value"]) for one in found] == [("region", "South")]


def test_differences_do_not_single_out_a_few_employees(rules):
    usual = [
        comment(n, 8 + n // 3, source_kind="employee", region=("North", "South")[n % 2]) for n in range(300)
    ]
    speakers = speakers_of(usual + burst(6, source_kind="employee", region="South"))
    rows = [alert(n=6, expected=0.2)]
    assert find_differences(rows, speakers, find_evidence(rows, speakers), rules=rules) == [[]]


def test_stakes_count_customers_their_worth_and_orders():
    rows = [alert(n=4, expected=1.0)]
    speakers = speakers_of(
        [comment(n, 1, "shipping", customer_key=f"k{n % 2}", order_key=f"o{n}") for n in range(4)]
    )
    customers = filled(
        CUSTOMERS, [{"customer_key": "k0", "value": 100.0}, {"customer_key": "k1", "value": 50.0}]
    )
    (found,) = find_stakes(rows, speakers, find_evidence(rows, speakers), (ORDERS.empty(), customers))
    assert (found["customer_count"], found["customer_value"], found["order_count"]) == (2, 150.0, 4)


def test_stakes_tell_complaints_per_thousand_orders():
    record = json.dumps({"window_start": "2026-03-09", "window_end": "2026-03-15", "comments": 40})
    rows = [alert(n=20, expected=2.0, calculation=record)]
    speakers = world(*burst(20))
    moments = [datetime(2026, 3, 15, tzinfo=UTC) - timedelta(days=n // 100) for n in range(25_000)]
    orders = filled(ORDERS, [{"order_key": f"o{i}", "ordered_at": m} for i, m in enumerate(moments)])
    (found,) = find_stakes(rows, speakers, find_evidence(rows, speakers), (orders, CUSTOMERS.empty()))
    assert found["rate"] == pytest.approx(1000 * 20 / 700)
    assert 0 < found["usual_rate"] < found["rate"] / 3


def test_stakes_do_not_tell_a_rate_of_orders_that_are_not_all():
    rows = [alert(n=20, expected=2.0)]
    speakers = world(*burst(20))
    orders = filled(ORDERS, [{"order_key": "o", "ordered_at": datetime(2026, 3, 14, tzinfo=UTC)}])
    (found,) = find_stakes(rows, speakers, find_evidence(rows, speakers), (orders, CUSTOMERS.empty()))
    assert "rate" not in found


def rated(customers, **changes):
    record = {"window_start": "2026-03-09", "window_end": "2026-03-15", "comments": 40, "usual_share": 0.1}
    rows = [alert(n=20, expected=2.0, calculation=json.dumps(record), **changes)]
    speakers = world(*burst(20))
    table = filled(CUSTOMERS, customers)
    (found,) = find_stakes(rows, speakers, find_evidence(rows, speakers), (ORDERS.empty(), table))
    return found


def customers_since(day, count=500, gone=None):
    told = {"since_date": day, "region": "North", "churned_date": gone}
    return [{"customer_key": f"k{day}{n}", **told} for n in range(count)]


def test_stakes_tell_complaints_per_thousand_active_customers():
    gone = customers_since(date(2024, 2, 1), gone=date(2026, 1, 1))
    found = rated([*customers_since(date(2024, 1, 1)), *gone])
    assert (found["active_customers"], found["rate"]) == (500, pytest.approx(1000 * 20 / 500))
    assert found["usual_rate"] == pytest.approx(1000 * 60 * 7 / 182 / 1000, rel=0.1)
    assert (found["share"], found["usual_share"]) == (pytest.approx(0.5), pytest.approx(0.1))


@pytest.mark.parametrize(
    ("since", "segment"),
    [(date(2026, 3, 14), "all"), (None, "all"), (date(2024, 1, 1), "channel=app")],
    ids=["no customers before", "days not known", "segment not known"],
)
def test_stakes_do_not_tell_a_rate_of_customers_that_are_not_known(since, segment):
    assert "rate" not in rated(customers_since(since), segment=segment)


def test_stakes_tell_the_score_points_that_the_complaints_cost():
    happy = [comment(n, 1, nps=10, csat=5.0, sentiment="positive") for n in range(90)]
    rows = [alert(n=10, expected=1.0)]
    speakers = speakers_of(happy + burst(10, nps=0, csat=1.0))
    (found,) = find_stakes(rows, speakers, find_evidence(rows, speakers), None)
    assert found["nps_points"] == pytest.approx(100 - 80)
    assert found["csat_points"] == pytest.approx(5 - 4.6)


def test_stakes_of_few_answers_are_not_known():
    rows = [alert(n=10, expected=1.0)]
    speakers = speakers_of(burst(10, nps=0))
    (found,) = find_stakes(rows, speakers, find_evidence(rows, speakers), None)
    assert (found["nps_points"], found["customer_count"]) == (None, None)


@pytest.mark.parametrize(("ratio", "is_dismissed"), [(3.0, True), (9.0, False)])
def test_a_dismissal_holds_for_later_episodes_that_are_no_worse(ratio, is_dismissed):
    answers = Answers(
        {"x": Answer("x", "category:shipping", "all", not_an_issue=True, ratio=3.0, note="sale")}
    )
    (found,) = answer_columns([alert(ratio=ratio)], answers)
    assert found["is_dismissed"] == is_dismissed


def test_a_dismissal_of_one_segment_says_nothing_of_another():
    answers = Answers({"x": Answer("x", "category:shipping", "all", not_an_issue=True, ratio=3.0)})
    assert not answer_columns([alert(segment="region=North")], answers)[0]["is_dismissed"]


DETAILS = {
    "differs": [
        {"column": "channel", "value": "app", "lift": 3.2},
        {"column": "language", "value": "it", "lift": 2.0},
    ],
    "rate": 28.6,
    "usual_rate": 5.0,
    "orders": 700,
}


@pytest.mark.parametrize("language", LANGUAGES)
def test_tell_puts_every_number_into_words(language):
    row = alert(segment="region=North", customer_count=9, customer_value=1234.0, nps_points=2.4)
    said = tell(row, DETAILS, words=Words(language), names=DisplayNames({"category:shipping": "SHIPPING"}))
    for part in ("SHIPPING", "North", "41", "12", "app", "9", "28"):
        assert part in said
    assert "{" not in said


def test_tell_says_the_rate_the_share_and_which_one_raised_the_alert():
    details = {"differs": [], "active_customers": 500, "rate": 40.0, "usual_rate": 2.3}
    details |= {"share": 0.5, "usual_share": 0.1}
    said = tell(alert(), details, words=Words("en"), names=DisplayNames())
    assert "40.0 complaints per 1,000 active customers, usually 2.3." in said
    assert said.endswith("Raised by its share of the comments: 50.0%, usually 10.0%.")


def test_tell_in_english_reads_well():
    said = tell(alert(), {"differs": []}, words=Words("en"), names=DisplayNames())
    assert said == (
        "Shipping: 41 complaints in 7 days (Mar 9 – Mar 15, 2026), where about 12 were expected: "
        "3.4 times as many. Began Mar 10, 2026."
    )


def test_tell_of_something_new_says_that_it_was_never_there():
    said = tell(alert(kind="new", expected=0.2), {"differs": []}, words=Words("en"), names=DisplayNames())
    assert "none in the half year before" in said


@pytest.mark.parametrize(
    ("segment", "name"),
    [
        ("all", "everywhere"),
        ("language=it", "language Italian"),
        ("source_kind=social", "kind of feedback Social media"),
        ("odd", "\u2068odd\u2069"),
    ],
)
def test_name_segment_names_what_it_can(segment, name):
    assert name_segment(segment, words=Words("en")) == name


def told(rules, answers=None):
    speakers = world(*burst(12), *burst(12, first=6000, region="South"))
    earlier = alert(
        n=5,
        expected=1.0,
        opened_date=date(2025, 12, 1),
        status="resolved",
        resolved_date=date(2025, 12, 9),
        began_date=date(2025, 12, 1),
        last_active_date=date(2025, 12, 2),
    )
    rows = [
        earlier,
        alert(n=24, expected=2.0, severity=9.0),
        alert(segment="region=South", n=12, expected=1.0, severity=4.0),
    ]
    context = Context(as_of=DAY, language="en", answers=answers or Answers())
    found = tell_stories(alerts_table(rows), speakers, rules=rules, context=context)
    return {(row["segment"], row["status"]): row for row in found.to_pylist()}


def test_tell_stories_fills_what_people_read(rules):
    found = told(rules)
    lead, child = found["all", "open"], found["region=South", "open"]
    details = json.loads(lead["details"])
    assert child["parent_alert_id"] == lead["alert_id"]
    assert details["under_it"] == [child["alert_id"]]
    assert [one["n"] for one in details["earlier"]] == [5]
    assert len(lead["example_ids"]) == rules.examples
    assert lead["band"] in ("warning", "critical")
    assert lead["explanation"].startswith("Shipping: 24 complaints")


def test_tell_stories_shows_what_people_said_and_keeps_it_quiet(rules):
    first = told(rules)["all", "open"]
    answer = Answer(first["alert_id"], owner="Ada", muted_until=DAY, note="known")
    row = told(rules, Answers({first["alert_id"]: answer}))["all", "open"]
    assert (row["owner"], row["note"], row["muted_until"], row["band"]) == ("Ada", "known", DAY, "info")


def test_tell_stories_of_no_alerts_is_no_alert(rules):
    context = Context(as_of=DAY, language="en")
    assert tell_stories(ALERTS.empty(), world(), rules=rules, context=context).num_rows == 0
