"""What few employees share is not kept beside their comments, whatever batch it comes in."""

import csv
from datetime import date

import pandas as pd
import pytest

from data.cleaning.groups import check_group, count_common, without_small_groups
from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.schema import FEEDBACK
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run


def test_common_values_are_counted_over_all_batches_and_once_per_record():
    batches = [
        pd.DataFrame({"row": [1, 1, 2], "region": ["N", "N", "N"], "input_team": ["a", "a", "b"]}),
        pd.DataFrame({"row": [3, 4], "region": ["N", "S"], "input_team": ["a", None]}),
    ]
    assert count_common(batches, (), 2) == {"region": frozenset("N"), "input_team": frozenset("a")}
    assert "input_text" not in count_common(
        [pd.DataFrame({"row": [1], "input_text": ["x"]})], ["input_text"], 1
    )


def test_rare_values_are_left_out():
    feedback = pd.DataFrame({"region": ["North", "South"], "input_team": ["A", "B"], "text": ["x", "y"]})
    raw = pd.DataFrame({"region": ["north", "south"], "input_team": ["a", "b"]})
    kept = without_small_groups(
        feedback, raw, {"region": frozenset(["north"]), "input_team": frozenset(["b"])}
    )
    assert kept["region"].tolist()[0] == "North"
    assert kept[["region", "input_team"]].isna().values.tolist() == [[False, True], [True, False]]
    assert kept["text"].tolist() == ["x", "y"]


def test_a_smaller_least_group_than_the_tables_allow_is_refused(settings):
    check_group(settings["clean"])
    with pytest.raises(ValueError, match="min_group = 2"):
        check_group(type("Rules", (), {"min_group": 2})())


def test_a_department_of_two_is_not_stored(tmp_path, settings):
    path = tmp_path / "engagement.csv"
    with path.open("w", newline="", encoding="utf-8") as handle:
        rows = [["response id", "date", "employee comment", "department", "country"]]
        for n in range(20):
            team = "Legal" if n < 2 else "Sales"
            comment = f"My manager never has time for number {n} of us"
            rows.append([f"r{n}", "2026-03-04", comment, team, "Italy"])
        csv.writer(handle).writerows(rows)
    changed = dict(settings.sections)
    changed["sources"] = type(settings["sources"])(kind="employee")
    store = Store(str(tmp_path / "out"))
    run = Run(store=store, settings=type(settings)(changed), inputs=[], as_of=None)
    ingest(expand_inputs([str(path)]), store, plan=ingest_plan(run, latest=date(2026, 11, 20)))
    kept = store.read_all(FEEDBACK, store.finished_parts()).to_pandas()
    assert kept["input_department"].isna().sum() == 2
    assert set(kept["input_department"].dropna()) == {"Sales"}
    assert len(kept) == 20
