"""data/intake/rereading.py: an input read anew with other settings replaces what was kept."""

import csv
from dataclasses import replace
from datetime import date

import pytest

from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.schema import FEEDBACK, VERSIONS
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run

HEAD = ["title", "review", "other", "day", "shop"]
ROWS = [
    [f"Short {n}", f"The kettle number {n} leaks from its lid", f"The people of desk {n} were slow to answer",
     f"2026-03-0{n}", f"Shop {n}"]
    for n in range(1, 5)
]  # fmt: skip


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "out"))


@pytest.fixture
def read(store, settings, tmp_path):
    folder = tmp_path / "in"
    folder.mkdir()

    def read_it(columns, *, head=HEAD, rows=ROWS, name="a.csv"):
        with (folder / name).open("w", newline="", encoding="utf-8") as handle:
            csv.writer(handle).writerows([head, *rows])
        plan = ingest_plan(
            Run(store=store, settings=settings, inputs=[], as_of=None), latest=date(2026, 11, 20)
        )
        options = replace(plan.options, columns=columns)
        plan = replace(plan, options=options, reading=f"{plan.reading}{sorted(columns.items())}")
        return ingest(expand_inputs([str(folder)]), store, plan=plan)

    return read_it


def kept(store, column="text"):
    return sorted(store.read_all(FEEDBACK, store.finished_parts(), [column])[column].to_pylist())


def adds_up(facts):
    return all(
        r["kept_count"] + r["known_count"] + r["rejected_count"] == r["read_count"] for r in facts.read
    )


REVIEW, OTHER = {"text": "review"}, {"text": "other"}
OF_OTHER = sorted(row[2] for row in ROWS)


def test_a_corrected_column_replaces_the_comments_of_the_former_reading(store, read):
    read(REVIEW)
    facts = read(OTHER)
    assert adds_up(facts)
    assert [text.split(". ")[-1] for text in kept(store)] == OF_OTHER


def test_the_same_settings_again_read_nothing(store, read):
    read(REVIEW)
    read(OTHER)
    assert read(OTHER).read == []
    assert len(kept(store)) == len(ROWS)


def test_back_to_the_former_settings_brings_the_former_comments_back(store, read):
    read(REVIEW)
    before = kept(store, "feedback_id")
    read(OTHER)
    facts = read(REVIEW)
    assert adds_up(facts)
    assert kept(store, "feedback_id") == before
    read(OTHER)
    assert [text.split(". ")[-1] for text in kept(store)] == OF_OTHER


def test_a_corrected_label_of_rows_with_ids_is_taken_over(store, read):
    head, rows = ["id", *HEAD], [[f"r{n}", *row] for n, row in enumerate(ROWS)]
    read(REVIEW | {"location": "title"}, head=head, rows=rows)
    facts = read(REVIEW | {"location": "shop"}, head=head, rows=rows)
    assert adds_up(facts)
    assert kept(store, "feedback_id") == ["r0", "r1", "r2", "r3"]
    assert kept(store, "location") == ["Shop 1", "Shop 2", "Shop 3", "Shop 4"]
    assert store.parts(VERSIONS) == []


def test_a_reading_that_gives_the_same_rewrites_nothing(store, read):
    read(REVIEW)
    (source,) = read({"text": ["review"]}).read
    assert (source["kept_count"], source["known_count"]) == (0, len(ROWS))


def test_what_other_files_hold_stays(store, read):
    read(REVIEW)
    more = [
        ["More", "The lamp flickers every single evening", "Nobody at the desk could help", "2026-04-01", "X"]
    ]
    read(REVIEW, rows=more, name="b.csv")
    facts = read(OTHER, rows=more, name="b.csv")
    assert adds_up(facts)
    assert len(kept(store)) == len(ROWS) + 1


def test_a_month_under_the_same_name_does_not_take_the_former_month_away(store, read):
    read(REVIEW)
    later = [[*row[:3], row[3].replace("-03-", "-04-"), row[4]] for row in ROWS]
    read(REVIEW, rows=later)
    read(OTHER, rows=later)
    assert len(kept(store)) == 2 * len(ROWS)
