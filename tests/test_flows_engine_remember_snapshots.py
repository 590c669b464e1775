"""What runs remember: a snapshot counts when it is whole, and the last few are kept."""

import pandas as pd
import pytest

from data.schema import LANGUAGES
from data.store import Store
from flows.engine.remember.snapshots import Snapshots


@pytest.fixture
def snapshots(tmp_path):
    return Snapshots(Store(str(tmp_path)), "words", (LANGUAGES,))


def tables(code):
    return {"languages": pd.DataFrame({"feedback_id": ["a"], "language": code, "language_score": 1.0})}


def test_latest_is_none_at_the_start(snapshots):
    assert snapshots.latest() is None


def test_latest_gives_tables_and_notes(snapshots):
    snapshots.save("0001", tables("en"), {"size": 1})
    found = snapshots.latest()
    assert (found.key, found.notes) == ("0001", {"size": 1})
    assert found.tables["languages"]["language"].to_pylist() == ["en"]


def test_latest_before_a_key_leaves_the_key_itself_out(snapshots):
    snapshots.save("0001", tables("en"), {})
    snapshots.save("0002", tables("it"), {})
    assert snapshots.latest(before="0002").key == "0001"


def test_a_snapshot_without_its_last_file_does_not_count(snapshots, tmp_path):
    snapshots.save("0001", tables("en"), {})
    snapshots.save("0002", tables("it"), {})
    (tmp_path / "state/words/0002/done").unlink()
    assert snapshots.latest().key == "0001"


def test_only_the_last_three_are_kept(snapshots):
    for number in range(1, 6):
        snapshots.save(f"000{number}", tables("en"), {})
    assert snapshots.keys() == ["0003", "0004", "0005"]
