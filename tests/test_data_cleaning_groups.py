"""What few employees share is not kept beside their comments, whatever batch it comes in."""

import csv
from datetime import date

import numpy as np
import pandas as pd
import pytest

from data.cleaning.groups import check_group, count_common, without_small_groups
from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.schema import FEEDBACK
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run


def shown(frame, least):
    """Give what is left of the attributes of a frame of employees."""
    common = count_common([frame], (), least)
    return without_small_groups(frame.drop(columns="row"), frame, common)


def test_common_values_are_counted_over_all_batches_and_once_per_record():
    batches = [
        pd.DataFrame({"row": [1, 1, 2], "region": ["N", "N", "N"], "input_text": list("xyz")}),
        pd.DataFrame({"row": [3, 4], "region": ["S", "S"], "input_text": list("xx")}),
    ]
    common = count_common(batches, ["input_text"], 2)
    assert common.rows.tolist() == [1, 2, 3, 4]
    assert {name: kept.tolist() for name, kept in common.kept.items()} == {"region": [True] * 4}
    assert not count_common(batches, ["input_text"], 3).kept["region"].any()


def test_columns_together_single_nobody_out():
    staff = pd.DataFrame(
        {
            "row": range(20),
            "input_country": ["Italy"] * 10 + ["Poland"] * 10,
            "input_team": (["Sales"] * 9 + ["Legal"]) + (["Sales"] * 5 + ["Legal"] * 5),
        }
    )
    left = shown(staff, 5)
    sizes = left.fillna("-").groupby(["input_country", "input_team"]).size()
    assert sizes.min() >= 5
    assert left["input_country"].notna().all()
    assert left["input_team"].tolist()[10:] == ["Sales"] * 5 + ["Legal"] * 5


@pytest.mark.parametrize("seed", range(20))
def test_every_combination_left_is_shared_by_enough(seed):
    random = np.random.default_rng(seed)
    count = int(random.integers(0, 200))
    staff = pd.DataFrame({"row": np.arange(count)})
    for name, values in (("region", 3), ("input_a", 2), ("input_b", 6), ("input_c", 40), ("input_d", 500)):
        cells = random.integers(0, values, count).astype(str).astype(object)
        cells[random.random(count) < 0.1] = None
        staff[name] = cells
    left = shown(staff, 5).fillna("-")
    sizes = left.groupby(list(left.columns)).size()
    assert sizes.empty or sizes.min() >= min(5, count)


def test_employees_that_were_not_counted_keep_nothing():
    staff = pd.DataFrame({"row": [1, 2], "region": ["N", "N"]})
    other = pd.DataFrame({"row": [7], "region": ["N"]})
    assert without_small_groups(other, other, count_common([staff], (), 2))["region"].isna().all()
    assert len(without_small_groups(other, other, count_common([], (), 2))) == 1


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
    assert kept["input_department"].isna().sum() == 5  # with three of Sales, so that empty tells nothing
    assert set(kept["input_department"].dropna()) == {"Sales"}
    assert len(kept) == 20
