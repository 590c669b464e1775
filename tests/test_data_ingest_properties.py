"""Whatever the files, their order and number: each comment once, each row kept, known or set aside."""

import csv
import tempfile
from datetime import date
from pathlib import Path

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as examples
from hypothesis import strategies as st

from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.schema import FEEDBACK, REJECTED
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run

HEAD = ["review_id", "date", "review", "author", "rating"]
TEXTS = [
    "n/a",
    "",
    "The kettle arrived dented and late",
    "Consegna lenta ma gentili",
    "服务很好,下次再来",
    "ok ok",
]
# a comment of one id and version says one thing at one time, wherever it is exported
ROWS = st.tuples(st.integers(1, 8), st.integers(0, 3))
FILES = st.lists(st.lists(ROWS, max_size=6), min_size=1, max_size=3)
FEW = examples(
    max_examples=8,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)


def cells(number, version):
    text = TEXTS[(number * 5 + version) % len(TEXTS)]
    said = f"{text} (number {number}, said {version} times)" if len(text) > 5 else text
    return [f"r{number}", f"2026-03-{version + 1:02d} 10:00", said, f"u{number}", str(version + 1)]


@pytest.fixture
def read(settings):
    def read_days(days):
        """Read one folder of files per day into one output; give it and the facts of each day."""
        folder = Path(tempfile.mkdtemp())
        store, facts = Store(str(folder / "out")), []
        for number, files in enumerate(days):
            place = folder / f"day{number}"
            place.mkdir()
            for name, rows in files:
                with (place / name).open("w", newline="", encoding="utf-8") as handle:
                    csv.writer(handle).writerows([HEAD, *(cells(*row) for row in rows)])
            plan = ingest_plan(
                Run(store=store, settings=settings, inputs=[], as_of=None), latest=date(2026, 11, 20)
            )
            facts.append(ingest(expand_inputs([str(place)]), store, plan=plan))
        return store, facts

    return read_days


def comments(store):
    found = {}
    for part in store.scan(FEEDBACK, store.finished_parts(), ["feedback_id", "text", "rating", "created_at"]):
        for row in part.to_pylist():
            assert row["feedback_id"] not in found
            found[row["feedback_id"]] = (row["text"], row["rating"], row["created_at"])
    return found


def named(files, order):
    return [(f"{'abc'[place]}.csv", files[which]) for place, which in enumerate(order)]


@FEW
@given(files=FILES, seed=st.randoms(use_true_random=False))
def test_the_order_of_files_does_not_matter(read, files, seed):
    order = list(range(len(files)))
    seed.shuffle(order)
    one, _ = read([named(files, range(len(files)))])
    other, _ = read([named(files, order)])
    assert comments(one) == comments(other)


@FEW
@given(files=FILES)
def test_kept_known_and_set_aside_add_up_to_read(read, files):
    for day in read([named(files, range(len(files)))] * 2)[1]:
        for row in day.read:
            parts = row["kept_count"] + row["known_count"] + row["rejected_count"]
            assert parts == row["read_count"] == row["record_count"]


@FEW
@given(first=st.lists(ROWS, max_size=5), more=st.lists(ROWS, max_size=5))
def test_the_files_of_the_day_before_grown_and_again_add_only_what_is_new(read, first, more):
    grown = [("a.csv", first + more), ("b.csv", first)]
    by_days, _ = read([[("a.csv", first)], grown, grown])
    at_once, _ = read([[("a.csv", first + more)]])
    assert comments(by_days) == comments(at_once)


def test_late_rows_land_on_their_own_day(read):
    store, _ = read([[("a.csv", [(1, 3)])], [("b.csv", [(1, 3), (8, 0)])]])
    days = {created.day for _, _, created in comments(store).values()}
    assert days == {1, 4}
    assert store.read(REJECTED, store.ledger()[-1]["ingest"]).num_rows == 0
