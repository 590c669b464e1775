import csv
import hashlib
import io
import json
import zipfile
from collections import Counter
from datetime import timedelta
from pathlib import Path

import numpy as np
import openpyxl
import pytest

from data.sample.exports import EMPLOYEE_HEADER, MARKETPLACE_HEADER, POLISH_HEADER, SURVEY_HEADER
from data.sample.generate import DEMO_SEED, LAST_DAY, ORDERS_FILE, write_sample
from data.sample.texts import LANGUAGES, fill, load_comments, load_phrases, load_plants
from data.sample.world import load_world
from data.sample.xlsx import write_xlsx

CUSTOMER_CATEGORIES = {
    "shipping",
    "packaging",
    "product_quality",
    "customer_service",
    "returns_refunds",
    "price_value",
    "ordering_checkout",
    "payment_billing",
    "availability",
    "website_app",
    "account_access",
    "information",
    "waiting_time",
    "cleanliness",
    "comfort_facilities",
    "location_access",
    "privacy_security",
    "loyalty_program",
    "other",
}
EMPLOYEE_CATEGORIES = {
    "management",
    "culture",
    "pay_benefits",
    "workload",
    "career_growth",
    "tools_processes",
}
README = Path(__file__).parent.parent / "data" / "sample" / "README.md"


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return tmp_path_factory.mktemp("sample")


@pytest.fixture(scope="module")
def facts(folder):
    return write_sample(folder, seed=DEMO_SEED)


@pytest.fixture(scope="module")
def rows(facts):
    return [true.row for true in facts.truth]


def digests(folder):
    return {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in folder.iterdir()}


def per_day(rows, days, wanted):
    counts = Counter(row.created_at.date() for row in rows if wanted(row))
    return np.array([counts[day] for day in days])


# The written part


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_at_least_ninety_distinct_per_language(language):
    texts = {comment.text for comment in load_comments() if comment.language == language}
    assert len(texts) >= 90


def test_comments_at_least_450_distinct_and_none_written_twice():
    texts = [comment.text for comment in load_comments()]
    assert len(set(texts)) == len(texts) >= 450


@pytest.mark.parametrize("language", LANGUAGES)
def test_comments_cover_every_category_in_every_language(language):
    found = {comment.category for comment in load_comments() if comment.language == language}
    assert found == CUSTOMER_CATEGORIES | EMPLOYEE_CATEGORIES


def test_comments_of_employees_speak_of_work_and_others_do_not():
    mixed = [c for c in load_comments() if ("employee" in c.kinds) != (c.category in EMPLOYEE_CATEGORIES)]
    assert not mixed


def test_comments_tags_are_events_and_each_language_has_the_global_ones():
    events = {event.name for event in load_world().events}
    tags = {(c.language, tag) for c in load_comments() for tag in c.tags}
    assert {tag for _, tag in tags} == events
    assert {(lang, event) for lang in LANGUAGES for event in events - {"courier_failure"}} <= tags


def test_comments_fit_products_that_exist():
    known = {name for p in load_world().products for name in (p.key, *p.groups)}
    assert {name for c in load_comments() for name in c.products} <= known


def test_comments_of_the_batch_defect_are_a_new_kind_of_complaint():
    lids = ("lid", "coperchi", "pokrywk", "غطا", "盖")
    ordinary = [c.text.lower() for c in load_comments() if "batch_defect" not in c.tags]
    defect = [c.text.lower() for c in load_comments() if "batch_defect" in c.tags]
    assert all(any(word in text for word in lids) for text in defect)
    assert not [text for text in ordinary if any(f" {word}" in f" {text}" for word in lids)]


def test_phrases_exist_for_every_language():
    assert tuple(load_phrases()) == LANGUAGES


def test_plants_cover_what_exports_bring_along():
    assert {plant.reason for plant in load_plants()} >= {
        "empty_answer",
        "personal_data",
        "html",
        "rtl_override",
        "formula",
    }


@pytest.mark.parametrize(
    ("template", "expected"),
    [
        ("no slots", "no slots"),
        ("late by {n} days", "late by 4 days"),
        ("{same|same}!", "same!"),
        ("{in {city}|in {city}}", "in Leeds"),
        ("really{|}", "really"),
    ],
)
def test_fill_replaces_slots_and_choices(template, expected):
    assert fill(template, {"n": "4", "city": "Leeds"}, np.random.default_rng(0)) == expected


def test_fill_refuses_an_unknown_slot():
    with pytest.raises(KeyError):
        fill("{colour}", {}, np.random.default_rng(0))


def test_fill_leaves_no_template_marks_in_any_row(rows):
    assert not [row.text for row in rows if not row.plant and ("{" in row.text or "|" in row.text)]


# The files


def test_write_sample_same_seed_same_bytes(folder, facts, tmp_path):
    write_sample(tmp_path, seed=facts.seed)
    assert digests(tmp_path) == digests(folder)


def test_write_sample_other_seed_other_rows(folder, facts, tmp_path):
    other = write_sample(tmp_path, seed=facts.seed + 1)
    assert not set(digests(tmp_path).items()) & set(digests(folder).items())
    assert other.comment_count >= 5000


def test_write_sample_counts_are_those_of_the_files(facts):
    assert sum(file.record_count for file in facts.files) == facts.comment_count == len(facts.truth)
    assert 5500 <= facts.comment_count <= 7000
    assert facts.written_count >= 450


def test_write_sample_survey_opens_as_its_tool_writes_it(folder, facts):
    data = (folder / "survey_nps.csv").read_bytes()
    assert data.startswith(b"\xef\xbb\xbf")
    records = list(csv.reader(io.StringIO(data.decode("utf-8-sig")), delimiter=";"))
    assert tuple(records[4]) == SURVEY_HEADER
    assert len(records) - 5 == facts.files[0].record_count
    assert {len(record) for record in records[5:]} == {len(SURVEY_HEADER)}


def test_write_sample_polish_survey_is_windows_1250(folder):
    text = (folder / "ankieta_nps_pl.csv").read_bytes().decode("cp1250")
    records = list(csv.reader(io.StringIO(text), delimiter=";"))
    assert tuple(records[0]) == POLISH_HEADER
    assert {record[5] for record in records[1:]} == {"sklep", "aplikacja", "www", "telefon"}


def test_write_sample_employees_is_utf_16_with_tabs(folder):
    text = (folder / "employee_pulse.tsv").read_bytes().decode("utf-16")
    records = list(csv.reader(io.StringIO(text), delimiter="\t"))
    assert tuple(records[0]) == EMPLOYEE_HEADER
    assert all(bool(record[-2]) != bool(record[-1]) for record in records[1:])


def test_write_sample_reviews_are_json_lines(folder):
    reviews = [json.loads(line) for line in (folder / "product_reviews.jsonl").read_text().splitlines()]
    assert {review["stars"] for review in reviews} == {1, 2, 3, 4, 5}


def test_write_sample_mentions_are_one_document(folder):
    document = json.loads((folder / "social_mentions.json").read_text())
    assert document["meta"]["result_count"] == len(document["data"])
    assert all(mention["author_handle"].startswith("@") for mention in document["data"])


def test_write_sample_marketplace_opens_in_a_spreadsheet(folder, facts):
    sheet = openpyxl.load_workbook(folder / "marketplace_reviews.xlsx").active
    records = list(sheet.iter_rows(values_only=True))
    assert records[0] == MARKETPLACE_HEADER
    dates = [record[1].date() for record in records[1:]]
    assert min(dates) >= facts.first_day
    assert max(dates) <= facts.last_day


def test_write_sample_orders_belong_to_their_customers(folder, rows):
    with (folder / ORDERS_FILE).open(newline="", encoding="utf-8") as file:
        orders = {order["order_id"]: order for order in csv.DictReader(file)}
    named = [row for row in rows if row.order]
    assert len(named) > 2000
    assert all(
        orders[row.order]["customer_id"] == row.customer for row in named if row.plant != "copied_text"
    )


def test_write_xlsx_keeps_formulas_as_text_and_drops_what_xml_forbids(tmp_path):
    write_xlsx(tmp_path / "book.xlsx", sheet="A & B", rows=[["=1+1", "a\x00b", "<b>&", 3]])
    sheet = openpyxl.load_workbook(tmp_path / "book.xlsx").active
    assert [cell.value for cell in sheet[1]] == ["=1+1", "ab", "<b>&", 3]
    assert sheet["A1"].data_type != "f"


def test_write_xlsx_holds_no_clock(tmp_path):
    write_xlsx(tmp_path / "book.xlsx", sheet="A", rows=[["x"]])
    with zipfile.ZipFile(tmp_path / "book.xlsx") as archive:
        assert {entry.date_time[:3] for entry in archive.infolist()} == {(2026, 11, 15)}


# The rows


def test_rows_few_repeat_another_exactly(rows):
    repeated = len(rows) - len({row.text for row in rows})
    assert 0 < repeated / len(rows) < 0.08


@pytest.mark.parametrize(
    "reason", ["exported_twice", "copied_text", "near_repeat", "personal_data", "empty_answer"]
)
def test_rows_hold_every_plant(facts, reason):
    assert facts.plant_counts[reason] >= 10


@pytest.mark.parametrize("language", LANGUAGES)
def test_rows_share_of_each_language_is_as_declared(facts, language):
    share = facts.language_counts[language] / facts.comment_count
    assert share == pytest.approx(load_world().languages[language], abs=0.03)


def test_rows_are_short(rows):
    words = [len(row.text.split()) for row in rows if row.language != "zh"]
    assert 12 <= np.mean(words) <= 25
    assert max(words) <= 70


def test_rows_stay_within_the_forty_weeks(facts, rows):
    days = {row.created_at.date() for row in rows}
    assert (min(days), max(days)) == (facts.first_day, facts.last_day)
    assert (facts.last_day - facts.first_day).days + 1 == 280
    assert facts.last_day == LAST_DAY
    assert facts.last_day.weekday() == 6


@pytest.mark.parametrize(
    ("kind", "sentiment", "low", "high"),
    [
        ("survey", "negative", 0, 6),
        ("survey", "positive", 8, 10),
        ("review", "negative", 1, 2),
        ("review", "neutral", 3, 3),
        ("review", "positive", 4, 5),
        ("employee", "positive", 4, 5),
        ("social", "negative", 0, 0),
    ],
)
def test_rows_scores_follow_the_sentiment(rows, kind, sentiment, low, high):
    scores = {row.score for row in rows if (row.kind, row.sentiment) == (kind, sentiment)}
    assert scores == set(range(low, high + 1))


def test_rows_volume_grows_and_falls_at_weekends(facts, rows):
    counts = per_day(rows, load_world().days(), lambda row: not row.event).reshape(40, 7)
    assert counts[30:].sum() > 1.08 * counts[:10].sum()
    assert counts[:, 6].sum() < 0.8 * counts[:, 0].sum()


# The events


def test_event_courier_failure_floods_lombardia_with_shipping_complaints(facts, rows):
    first, last = facts.events[0].spans[0]

    def complains(row):
        return (row.region, row.category, row.sentiment) == ("Lombardia", "shipping", "negative")

    inside = sum(complains(row) for row in rows if first <= row.created_at.date() <= last)
    before = sum(
        complains(row) for row in rows if first - timedelta(weeks=20) <= row.created_at.date() < first
    )
    assert inside >= 20
    assert inside / 2 > 8 * before / 20


def test_event_courier_failure_shows_in_the_orders(facts):
    assert facts.late_share_before < 0.35
    assert facts.late_share_in_failure == 1.0


def test_event_batch_defect_is_about_one_product_and_lasts_to_the_end(facts, rows):
    defect = [row for row in rows if row.event == "batch_defect"]
    assert {row.product for row in defect} == {"Norn Kettle 2"}
    assert {row.language for row in defect} == set(LANGUAGES)
    assert max(row.created_at.date() for row in defect) >= facts.last_day - timedelta(days=2)


def test_event_checkout_change_rises_slowly(rows):
    days = load_world().days()
    weekly = per_day(rows, days, lambda row: row.event == "checkout_change").reshape(40, 7).sum(axis=1)
    assert weekly[:30].sum() == 0
    assert 0 < weekly[30:33].sum() < weekly[33:37].sum()
    assert weekly[37:].sum() > 3 * weekly[30:33].sum()


def test_event_login_outages_come_back_every_five_weeks(facts, rows):
    spans = next(event.spans for event in facts.events if event.name == "recurring_app_login")
    starts = [first for first, _ in spans]
    gaps = [(later - earlier).days for earlier, later in zip(starts, starts[1:], strict=False)]
    counts = [
        sum(row.event == "recurring_app_login" for row in rows if first <= row.created_at.date() <= last)
        for first, last in spans
    ]
    assert len(spans) >= 5
    assert all(33 <= gap <= 37 for gap in gaps)
    assert min(counts) >= 8


def test_surge_triples_the_volume_and_keeps_the_mix(facts, rows):
    surge = facts.surge
    week = [row for row in rows if surge.first_day <= row.created_at.date() <= surge.last_day]
    around = [
        row
        for row in rows
        if surge.first_day - timedelta(weeks=4) <= row.created_at.date() < surge.first_day and not row.event
    ]
    shares = [np.mean([row.sentiment == "negative" for row in found]) for found in (week, around)]
    assert 2.6 < len(week) / (len(around) / 4) < 3.4
    assert abs(shares[0] - shares[1]) < 0.06
    assert not [row for row in week if row.event]


def test_facts_expected_alerts_name_every_event_after_the_warm_up(facts):
    events = {alert.event for alert in facts.expected_alerts}
    assert events == {event.name for event in facts.events}
    assert all(alert.first_day <= alert.until <= facts.last_day for alert in facts.expected_alerts)
    assert {a.event for a in facts.expected_alerts if a.is_open_at_end} == {"batch_defect", "checkout_change"}


def test_facts_baseline_of_each_event_segment_is_large_enough(facts, rows):
    for alert in facts.expected_alerts:
        dimension, _, value = alert.segment.partition("=")
        window = [
            r for r in rows if alert.first_day - timedelta(weeks=12) <= r.created_at.date() < alert.first_day
        ]
        baseline = window if not value else [row for row in window if getattr(row, dimension) == value]
        assert len(baseline) >= 50, alert.event


def test_readme_table_tells_the_events_as_they_are(facts):
    text = README.read_text(encoding="utf-8")
    for event in facts.events:
        first, last = event.spans[-1]
        row = next(line for line in text.splitlines() if line.startswith(f"| `{event.name}`"))
        assert f"{first} to {last}" in row
        assert f"| {event.comment_count} |" in row
        assert f"`{event.segment}`" in row
