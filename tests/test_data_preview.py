"""What `voc inspect` shows: what a run would do, masked, cut, and unable to steer a terminal."""

import csv
import json
from datetime import date

import pytest

from data.intake.inputs import Input
from data.preview import preview_export, shown
from data.sources.raw import SourceError
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run

HEAD = ["review_id", "date", "review", "author", "rating"]
ROWS = [
    ["r1", "2026-03-04", "The kettle arrived late and dented, I am not happy", "Ann", "2"],
    ["r2", "2026-03-05", "Call me on +39 333 123 4567 about the broken lamp please", "Bob", "1"],
    ["r3", "2026-03-05", "n/a", "Cy", "5"],
    ["r1", "2026-03-04", "The kettle arrived late and dented, I am not happy", "Ann", "2"],
]


@pytest.fixture
def preview(settings, tmp_path):
    plan = ingest_plan(
        Run(store=Store(str(tmp_path / "out")), settings=settings, inputs=[], as_of=None),
        latest=date(2026, 11, 20),
    )

    def preview_rows(rows, name="a.csv", max_records=1000):
        path = tmp_path / name
        with path.open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows(rows)
        return preview_export(Input(name, str(path)), plan=plan, max_records=max_records)

    return preview_rows


def test_preview_counts_as_a_run_would(preview):
    found = preview([HEAD, *ROWS])
    assert (found.record_count, found.read_count, found.kept_count) == (4, 4, 2)
    assert {one.reason: (one.count, one.rows) for one in found.rejected} == {
        "no_content": (1, (3,)),
        "repeat": (1, (4,)),
    }


def test_preview_names_source_format_and_columns(preview):
    found = preview([HEAD, *ROWS])
    assert (found.source_format, found.source_kind, found.content) == ("csv", "review", "comments")
    assert found.columns["text"] == "review"
    assert 0 < found.confidence <= 1


def test_decisions_are_told_in_words(preview):
    told = {one.what: (one.value, one.why) for one in preview([HEAD, *ROWS]).decisions}
    assert not any(value.startswith(("{", "[")) or value == "{}" for value, _ in told.values())
    assert "confidence" not in told["source"][1]


def test_examples_are_masked(preview):
    texts = json.dumps(preview([HEAD, *ROWS]).as_dict(), default=str)
    assert "333 123" not in texts
    assert "Bob" not in texts
    assert "[PHONE]" in texts


def test_examples_are_few_and_cut(preview):
    rows = [[f"r{n}", "2026-03-04", f"number {n} " + "is a long story " * 50, "Ann", "2"] for n in range(20)]
    found = preview([HEAD, *rows])
    assert len(found.examples) == 5
    assert max(len(row["text"]) for row in found.examples) <= 161


def test_every_decision_that_can_be_changed_names_its_line(preview):
    lines = {one.what: one.change for one in preview([HEAD, *ROWS]).decisions}
    assert lines["kind"] == "--set 'sources.kind=\"survey\"'"
    assert lines["columns: text"] == "--set 'sources.columns={text = \"COLUMN\"}'"
    assert lines["scales: rating"] == "--set 'sources.rating_max=10'"


def test_reading_stops_where_asked(preview, settings):
    rows = [[f"r{n}", "2026-03-04", f"the lamp number {n} is broken", "Ann", "2"] for n in range(30)]
    found = preview([HEAD, *rows], max_records=1)
    assert (found.record_count, found.looked_at) == (30, 30)  # a batch is looked at whole


def test_orders_are_shown_with_hashed_ids(preview):
    head = ["order_id", "customer_id", "order_date", "promised_date", "delivered_date", "value", "status"]
    found = preview([head, ["o1", "ann@example.com", "2026-03-01", "2026-03-05", "2026-03-09", "9", "ok"]])
    assert (found.content, found.source_kind, found.kept_count) == ("orders", None, 1)
    assert found.examples[0]["delay_days"] == 4
    assert "ann@" not in json.dumps(found.as_dict(), default=str)


def test_a_file_without_header_shows_no_customer_text_in_names(preview):
    rows = [
        ["r1", "2026-03-04", f"write to ann.kowalska@example.com about number {n}", "1"] for n in range(9)
    ]
    found = json.dumps(preview(rows).as_dict(), default=str)
    assert "kowalska" not in found


def test_what_is_no_export_is_refused_with_the_line_that_helps(preview):
    with pytest.raises(SourceError, match=r"\[sources.columns\]"):
        preview([["sku", "stock"], ["A1", "3"], ["B2", "4"]])


@pytest.mark.parametrize(
    "evil", ["\x1b[31mred", "\u202egnp.exe", "a\x00b\x07", "\u2066x\u2069", "line\nbreak"]
)
def test_nothing_shown_steers_a_terminal(evil):
    assert not any(ord(one) < 32 or one in "\u202e\u2066\u2069\x7f" for one in shown(evil, 60))


def test_line_that_changes_a_decision_differs_from_it(preview):
    rows = [["id", "Kommentar", "Datum"]]
    rows += [[n, f"Die Lieferung kam {n} Tage zu spät", f"{12 + n}/04/2026"] for n in range(1, 9)]
    lines = {one.what: one.change for one in preview(rows).decisions}
    assert lines["dates: created_at"] == "--set 'sources.dayfirst=false'"
    assert lines["separator"] == "--set 'sources.separator=\";\"'"
