"""What detection remembers survives kill -9 at every write, two runs at once, and a restore from a backup."""

import shutil
import subprocess
import sys

import pytest

from data.schema import ALERTS
from flows.engine.lock import BusyError
from flows.engine.remember.alerts import read_replay
from flows.engine.remember.snapshots import Snapshot
from reports.episodes.alert import NOT_TOLD
from reports.lifecycle import no_history
from tests.alert_counts import day, make_counts

_KILLED_AT_EVERY_WRITE = """
import os, shutil, signal, sys
from pathlib import Path
import tomllib
import flows.engine.lock, flows.engine.remember.alerts, flows.settings
from pydantic import TypeAdapter
from data.store import Store
from flows.commands.pipeline import detect_from_counts
from reports.detection.rules import AlertRules

class Own:
    # Only the section that is needed: all of them take a second, in every process.
    def load(self):
        text = Path(flows.settings.__file__).with_name("settings.toml").read_text(encoding="utf-8")
        return {"alerts": TypeAdapter(AlertRules).validate_python(tomllib.loads(text)["alerts"])}

folder = Path(sys.argv[1])

def detect(counts, where):
    detect_from_counts(folder / counts, str(where / "out"), state=str(where / "state"), own=Own())

def apart(work):
    # A process of its own: it may be killed, and starts no thread before the next one is forked.
    pid = os.fork()
    if not pid:
        work()
        os._exit(0)
    return os.waitpid(pid, 0)[1]

def killed_at(number, where):
    seen, write = [0], Store.write_bytes
    def counted(store, relative, content):
        seen[0] += 1
        if seen[0] == number:
            half = Path(store.root) / relative
            half.parent.mkdir(parents=True, exist_ok=True)
            half.with_name(f".{half.name}.999").write_bytes(bytes(content)[:100])
            os.kill(os.getpid(), signal.SIGKILL)
        write(store, relative, content)
    Store.write_bytes = counted
    detect("second.csv", where)

def tables(where):
    return [(where / "out" / name).read_bytes() for name in ("alerts.parquet", "alert_events.parquet")]

start, whole = folder / "start", folder / "whole"
assert apart(lambda: detect("first.csv", start)) == 0
shutil.copytree(start, whole)
assert apart(lambda: detect("second.csv", whole)) == 0
kills = 0
for number in range(1, 40):
    where = folder / f"kill{number}"
    shutil.copytree(start, where)
    if apart(lambda: killed_at(number, where)) == 0:
        break
    kills += 1
    assert apart(lambda: detect("second.csv", where)) == 0
    assert tables(where) == tables(whole), number
print(kills)
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    made = tmp_path_factory.mktemp("memory")
    counts = make_counts(days=120, series=2, plants=[(1, 100, 106, 12)])
    counts[counts["date"] <= day(102)].to_csv(made / "first.csv", index=False)
    counts.to_csv(made / "second.csv", index=False)
    return made


def detect(folder, counts, where):
    from flows.commands.pipeline import detect_from_counts

    return detect_from_counts(folder / counts, str(where / "out"), state=str(where / "state"))


def tables(where):
    return [(where / "out" / name).read_bytes() for name in ("alerts.parquet", "alert_events.parquet")]


@pytest.mark.slow
def test_detection_killed_at_every_write_goes_on_as_if_nothing_happened(folder):
    done = subprocess.run(
        [sys.executable, "-c", _KILLED_AT_EVERY_WRITE, str(folder)],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr[-2000:]
    assert int(done.stdout) >= 7  # four tables and the mark of the snapshot, two answers


def test_detection_restored_from_yesterdays_backup_gives_the_same(folder, tmp_path):
    detect(folder, "first.csv", tmp_path)
    shutil.copytree(tmp_path / "state", tmp_path / "backup")
    detect(folder, "second.csv", tmp_path)
    after = tables(tmp_path)
    shutil.rmtree(tmp_path / "state")
    shutil.move(tmp_path / "backup", tmp_path / "state")
    detect(folder, "second.csv", tmp_path)
    assert tables(tmp_path) == after


def test_detection_of_two_runs_at_once_lets_one_wait_outside(folder, tmp_path):
    from data.store import Store
    from flows.engine.lock import locked

    with locked(Store(str(tmp_path / "state"))), pytest.raises(BusyError):
        detect(folder, "first.csv", tmp_path)
    assert not (tmp_path / "out" / "alerts.parquet").exists()


def test_a_memory_of_an_older_version_gets_the_new_columns():
    tables = {"alerts": ALERTS.empty().drop_columns(list(NOT_TOLD)), "alert_events": None}
    found = read_replay(Snapshot("2026-03-01", {}, tables | {"alert_state": None, "alert_days": None}))
    assert found.alerts.schema.names == no_history().alerts.schema.names


def test_no_memory_is_no_history():
    assert read_replay(None) is None
