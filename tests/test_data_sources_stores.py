"""data/sources/stores: one review in several files of a store is one comment, its newest version."""

from datetime import date

import pytest
from exported.sample import as_csv, as_json
from exported.stores import API, CONSOLE, FIRST, LATER, console_row

from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.schema import FEEDBACK
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run

OLD = console_row("gp%3Aone", "1", "", "It takes ages to log in", submitted=FIRST)
NEW = console_row("gp%3Aone", "5", "", "Much better since the last version", submitted=FIRST, updated=LATER)


@pytest.fixture
def kept(settings, tmp_path):
    def read_files(*files):
        folder, store = tmp_path / "in", Store(str(tmp_path / "out"))
        folder.mkdir()
        for number, data in enumerate(files):
            (folder / f"{number}.export").write_bytes(data)
        plan = ingest_plan(
            Run(store=store, settings=settings, inputs=[], as_of=None), latest=date(2026, 11, 20)
        )
        ingest(expand_inputs([str(folder)]), store, plan=plan)
        return store.read_all(FEEDBACK, store.finished_parts(), ["feedback_id", "text", "rating"]).to_pylist()

    return read_files


@pytest.mark.parametrize("order", [(0, 1), (1, 0)], ids=["older first", "newer first"])
def test_changed_review_replaces_its_older_version_in_any_order_of_files(kept, order):
    files = [as_csv([CONSOLE, OLD], encoding="utf-16"), as_csv([CONSOLE, NEW], encoding="utf-16")]
    assert kept(*(files[place] for place in order)) == [
        {"feedback_id": "gp:one", "text": "Much better since the last version", "rating": 5}
    ]


def test_review_in_the_consoles_csv_and_the_apis_json_is_one_comment(kept):
    row = console_row("gp%3AAOqpTOE_one", "2", "Slow", "It takes ages to log in", submitted=FIRST)
    found = kept(as_csv([CONSOLE, row]), as_json(API))
    assert sorted(one["feedback_id"] for one in found) == ["gp:AOqpTOE_one", "gp:AOqpTOE_two"]
