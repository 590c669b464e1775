"""Tables on the disk: whole or not at all, in a folder and in object storage."""

import errno
import os
from pathlib import Path

import pandas as pd
import pytest

import data.disk.files
from data.disk.files import StoreError
from data.schema import LANGUAGES, REPLACED
from data.store import Store, stamp_of


def languages(*ids, code="en"):
    return pd.DataFrame({"feedback_id": ids, "language": code, "language_score": 1.0})


@pytest.fixture(params=["folder", "memory"])
def store(request, tmp_path):
    if request.param == "folder":
        return Store(str(tmp_path / "out"))
    return Store(f"memory://{tmp_path.name}")


def test_write_then_read_gives_the_rows_back(store):
    store.write(LANGUAGES, languages("a", "b"), part="0001-00001", stamp="s1")
    assert store.read(LANGUAGES, "0001-00001").to_pandas()["feedback_id"].tolist() == ["a", "b"]
    assert store.parts(LANGUAGES) == ["0001-00001"]


def test_has_is_true_only_for_the_same_stamp(store):
    store.write(LANGUAGES, languages("a"), part="p", stamp="s1")
    assert store.has(LANGUAGES, "p", "s1")
    assert not store.has(LANGUAGES, "p", "s2")
    assert not store.has(LANGUAGES, "q", "s1")


def test_read_of_an_absent_part_is_the_empty_table(store):
    assert store.read(LANGUAGES, "none", ["language"]).num_rows == 0
    assert store.read_all(LANGUAGES, []).num_rows == 0
    assert store.parts(LANGUAGES) == []


def test_a_table_without_parts_shows_its_columns_and_has_no_part(store):
    store.show_empty([LANGUAGES, REPLACED])
    shown = store.read_file("tables/languages/empty.parquet")
    assert shown.schema.names == LANGUAGES.columns.names
    assert shown.num_rows == 0
    assert store.parts(LANGUAGES) == []


def test_a_table_that_got_a_part_shows_only_that(store):
    store.show_empty([LANGUAGES])
    store.write(LANGUAGES, languages("a"), part="0001-00001", stamp="s1")
    store.show_empty([LANGUAGES])
    assert store.list_folder("tables/languages") == ["0001-00001.parquet"]
    assert store.has(LANGUAGES, "0001-00001", "s1")


def test_an_empty_table_is_shown_once(store, monkeypatch):
    store.show_empty([LANGUAGES])
    monkeypatch.setattr(store, "write_bytes", lambda *_: pytest.fail("written again"))
    store.show_empty([LANGUAGES])


def test_scan_leaves_out_comments_with_a_newer_version(store):
    store.write(LANGUAGES, languages("a", "b"), part="0001-00001")
    store.write(LANGUAGES, languages("a", code="it"), part="0002-00001")
    replaced = pd.DataFrame({"feedback_id": ["a"], "part": ["0002-00001"]})
    store.write(REPLACED, replaced, part="0002")
    rows = store.read_all(LANGUAGES, ["0001-00001", "0002-00001"], ["language"]).to_pandas()
    assert rows["language"].tolist() == ["en", "it"]


def test_ledger_lists_only_finished_parts(store):
    store.write(LANGUAGES, languages("a"), part="0001-00001")
    assert store.finished_parts() == []
    store.finish_ingest({"ingest": "0001", "parts": ["0001-00001"]})
    assert store.finished_parts() == ["0001-00001"]


def test_equal_rows_make_equal_bytes(tmp_path):
    for name in ("one", "two"):
        Store(str(tmp_path / name)).write(LANGUAGES, languages("a", "b"), part="p", stamp="s")
    files = [tmp_path / name / "tables/languages/p.parquet" for name in ("one", "two")]
    assert files[0].read_bytes() == files[1].read_bytes()


def test_a_write_that_breaks_off_leaves_the_old_part(tmp_path, monkeypatch):
    store = Store(str(tmp_path))
    store.write(LANGUAGES, languages("old"), part="p")

    def full(_handle):
        raise OSError(errno.ENOSPC, "No space left on device")

    monkeypatch.setattr(data.disk.files.os, "fsync", full)
    with pytest.raises(StoreError, match="the disk is full; make room and run again"):
        store.write(LANGUAGES, languages("new"), part="p")
    assert store.read(LANGUAGES, "p")["feedback_id"].to_pylist() == ["old"]
    assert [f.name for f in (tmp_path / "tables/languages").iterdir()] == ["p.parquet"]


def test_a_really_full_disk_gives_advice():
    full = Path("/dev/full")
    if not full.exists():
        pytest.skip("this system has no /dev/full")
    refused = pytest.raises(StoreError, match="the disk is full")
    with refused, data.disk.files.guarded("write", "x"), full.open("wb", buffering=0) as handle:
        handle.write(b"x")


def test_a_folder_that_may_not_be_written_gives_advice(tmp_path):
    (tmp_path / "tables").write_text("a file stands where the folder should be")
    with pytest.raises(StoreError, match="cannot write .*tables"):
        Store(str(tmp_path)).write(LANGUAGES, languages("a"), part="p")


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_no_permission_gives_advice(tmp_path):
    tmp_path.chmod(0o500)
    with pytest.raises(StoreError, match="no permission; choose another --out"):
        Store(str(tmp_path)).write(LANGUAGES, languages("a"), part="p")


def test_a_damaged_part_is_named(tmp_path):
    store = Store(str(tmp_path))
    store.write(LANGUAGES, languages("a"), part="p", stamp="s")
    (tmp_path / "tables/languages/p.parquet").write_bytes(b"PAR1 rubbish PAR1")
    assert store.stamp(LANGUAGES, "p") is None
    with pytest.raises(StoreError, match=r"p\.parquet is damaged .* delete it and run again"):
        store.read(LANGUAGES, "p")


def test_stamp_of_tells_ingredients_apart():
    assert stamp_of("a", {"x": 1, "y": 2}) == stamp_of("a", {"y": 2, "x": 1})
    assert stamp_of("a", ["b"]) != stamp_of("a", ["c"])
