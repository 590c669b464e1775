"""flows/tasks/insights.py: written once, kept with what people write beside the output, mistakes named."""

import pyarrow.compute as pc
import pytest
from insight_world import operations, told
from report_world import AS_OF, aspects_table, filled, make_world

from data.schema import ASPECTS, CASES, CUSTOMERS, DOCUMENTS, INPUTS, MEMBERS, ORDERS
from data.store import Store
from flows.engine.run import Run
from flows.settings import SettingsError
from flows.tasks.insights import FAMILIES, insight_path, insights
from flows.tasks.tables import latest_rows

PART = "0001-00001"
ACTION = '[[actions]]\ndate = 2026-10-19\ncategory = "shipping"\nnote = "A depot"'


@pytest.fixture(scope="module")
def comments():
    documents, aspects = told()
    return documents.slice(documents.num_rows - 2400, 1800), aspects  # the newest of ours, some of a rival's


@pytest.fixture
def store(tmp_path, comments):
    store = Store(str(tmp_path))
    store.finish_ingest({"ingest": "0001", "parts": [PART]})
    documents, aspects = comments
    for table, frame in ((DOCUMENTS, documents), (ASPECTS, aspects), (MEMBERS, make_world()["members"])):
        store.write(table, frame, part=PART, stamp=table.name)
    customers, orders, _ = operations()
    store.write(CUSTOMERS, customers, part=PART)
    store.write(ORDERS, orders, part=PART)
    store.write(ORDERS, orders.slice(0, 10), part="0002-00001")  # came again
    return store


def again(store, settings):
    """Run the stage as a run of its own; give its state and warnings."""
    run = Run(store=store, settings=settings, inputs=[], as_of=AS_OF)
    return insights.fn(run).name, run.record.warnings


def test_insights_write_every_table_once(store, settings):
    assert again(store, settings)[0] == "Completed"
    for table in FAMILIES:
        table.to_arrow(store.read_file(insight_path(table)))
    assert again(store, settings)[0] == "Skipped"


def test_insights_count_an_order_that_came_twice_once(store, settings):
    again(store, settings)
    loyalty = store.read_file("summaries/loyalty.parquet").to_pylist()
    assert next(r for r in loyalty if r["dimension"] == "all")["order_value_mean"] == pytest.approx(40)


def test_insights_keep_what_people_write_into_the_cases(store, settings):
    again(store, settings)
    text = store.read_text("cases.csv")
    first = store.read(CASES).sort_by("priority").to_pylist()[0]
    line = next(line for line in text.split("\r\n") if line.startswith("1,"))
    store.write_text("cases.csv", text.replace(line, line.replace(",open,,,", ",working,Ada,called,"), 1))
    assert again(store, settings)[0] == "Completed"
    rows = {row["case_id"]: row for row in store.read(CASES).to_pylist()}
    case = rows[first["case_id"]]
    assert (case["state"], case["owner"], case["note"]) == ("working", "Ada", "called")
    assert "Ada" in store.read_text("cases.csv")


def test_insights_warn_of_a_state_that_there_is_not(store, settings):
    again(store, settings)
    text = store.read_text("cases.csv")
    store.write_text("cases.csv", text.replace(",open,,,", ",opne,,,", 1))
    store.write_text("actions.toml", ACTION)
    state, warnings = again(store, settings)
    assert state == "Completed"
    assert any("row 2: no such state" in warning for warning in warnings)


@pytest.mark.parametrize(
    ("name", "text", "told_of"),
    [
        (
            "actions.toml",
            '[[actions]]\ndate = 2026-10-19\ncategory = "shiping"\nnote = "x"',
            "unknown category",
        ),
        ("replies.toml", '[en]\nhello = "x"', "no part 'hello'"),
    ],
)
def test_insights_name_a_mistake_in_a_file_of_people(store, settings, name, text, told_of):
    store.write_text(name, text)
    with pytest.raises(SettingsError, match=told_of):
        again(store, settings)


def test_insights_of_an_action_stand_in_their_table(store, settings):
    store.write_text(
        "actions.toml", '[[actions]]\ndate = 2026-10-19\ncategory = "shipping"\nnote = "A depot"'
    )
    again(store, settings)
    assert store.read_file("summaries/actions.parquet")["note"].to_pylist() == ["A depot"]


def test_insights_never_call_an_employee_or_a_rival_back(store, settings):
    again(store, settings)
    kinds = pc.unique(store.read(CASES)["source_kind"]).to_pylist()
    assert "employee" not in kinds
    assert not [one for one in store.read(CASES)["feedback_id"].to_pylist() if one.startswith("rival-")]


def test_insights_of_nothing_are_empty_tables(tmp_path, settings):
    store = Store(str(tmp_path))
    store.finish_ingest({"ingest": "0001", "parts": [PART]})
    store.write(DOCUMENTS, DOCUMENTS.empty(), part=PART)
    store.write(ASPECTS, aspects_table([]), part=PART)
    run = Run(store=store, settings=settings, inputs=[], as_of=None)
    insights.fn(run)
    assert {store.read_file(insight_path(table)).num_rows for table in FAMILIES} == {0}


def test_a_source_that_is_read_anew_counts_once(store, settings):
    row = {"source": "a.csv", "input_hash": "h", "read_count": 9, "kept_count": 9}
    store.write(INPUTS, filled(INPUTS, [row]), part="0001")
    store.write(INPUTS, filled(INPUTS, [row | {"kept_count": 0}]), part="0002")
    run = Run(store=store, settings=settings, inputs=[], as_of=AS_OF)
    assert latest_rows(run, INPUTS)["kept_count"].to_pylist() == [0]
