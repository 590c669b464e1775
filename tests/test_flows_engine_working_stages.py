"""Stages: skipped when nothing changed, retried only for outside faults, silent about customer text."""

import errno
from types import SimpleNamespace

import pandas as pd
import pytest

from data.disk.files import StoreError, guarded
from data.schema import LANGUAGES
from data.store import Store
from flows.engine.run import Run
from flows.engine.working.progress import Progress
from flows.engine.working.record import open_record
from flows.engine.working.stages import StageError, fill_parts, is_outside_fault, stage


def store_error(number):
    try:
        with guarded("write", "x"):
            raise OSError(number, "")
    except StoreError as error:
        return error


@pytest.mark.parametrize(
    ("error", "expected"),
    [
        (ConnectionResetError(), True),
        (TimeoutError(), True),
        (store_error(errno.EIO), True),
        (store_error(errno.ENOSPC), False),
        (store_error(errno.EACCES), False),
        (ValueError("bad data"), False),
    ],
)
def test_only_outside_faults_are_tried_again(error, expected):
    assert is_outside_fault(error) is expected


@pytest.fixture
def run(tmp_path):
    store = Store(str(tmp_path))
    store.finish_ingest({"ingest": "0001", "parts": ["0001-00001", "0001-00002"]})
    return Run(store=store, settings=SimpleNamespace(), inputs=[], as_of=None)


def fill(run, made, stamp="s"):
    def make(part):
        made.append(part)
        return {"languages": pd.DataFrame({"feedback_id": [part], "language": "en", "language_score": 1.0})}

    return fill_parts(run, outputs=(LANGUAGES,), stamp=lambda part: stamp + part, make=make)


def test_fill_parts_makes_what_is_missing_once(run):
    made = []
    assert fill(run, made) == {"parts": 2, "rows": 2}
    assert fill(run, made) is None
    assert made == ["0001-00001", "0001-00002"]


def test_fill_parts_makes_parts_again_when_their_ingredients_change(run):
    made = []
    fill(run, made)
    assert fill(run, made, stamp="t") == {"parts": 2, "rows": 2}


def test_a_stage_without_work_ends_as_skipped(run):
    @stage("Resting")
    def rest(run):
        return None

    assert rest.fn(run).name == "Skipped"
    assert run.record.stages[0]["stage"] == "rest"
    assert run.record.stages[0]["is_skipped"]


def test_an_unforeseen_fault_names_the_place_and_quotes_nothing(run):
    @stage("Breaking")
    def broken(run):
        raise KeyError("my card is 4111 1111 1111 1111")

    with pytest.raises(StageError) as caught:
        broken.fn(run)
    assert "stage 'broken' broke: KeyError at " in str(caught.value)
    assert "4111" not in str(caught.value) + str(run.record.as_dict())
    assert caught.value.__cause__ is None


def test_a_foreseen_error_keeps_its_words(run):
    @stage("Writing")
    def write(run):
        raise StoreError("the disk is full")

    with pytest.raises(StoreError, match="the disk is full"):
        write.fn(run)


@pytest.mark.parametrize(("is_shown", "expected"), [(True, ["✓ Reading 1.5 s"]), (False, [])])
def test_progress_shows_stages_on_a_terminal_only(capsys, is_shown, expected):
    progress = Progress(is_shown=is_shown)
    with progress.stage("Reading"), progress.stage("Cutting"):  # stages of a line run side by side
        progress.tell("part 1 of 2")
    progress.done("Reading", 1.5)
    assert [line.strip() for line in capsys.readouterr().err.splitlines() if "✓" in line] == expected


def test_announced_stages_are_recorded_in_their_order():
    record = open_record()
    record.announce(["cut", "encode"])
    with record.stage("encode"), record.stage("cut"):
        pass
    assert [entry["stage"] for entry in record.stages] == ["cut", "encode"]
    assert all("seconds" in entry for entry in record.stages)


def test_the_record_holds_seconds_memory_and_versions():
    record = open_record()
    with record.stage("nap") as entry:
        entry["rows"] = 3
    written = record.as_dict()
    assert written["stages"][0]["rows"] == 3
    assert written["stages"][0]["peak_memory_mb"] > 10
    assert {"voc", "python", "prefect"} <= set(written["versions"])
