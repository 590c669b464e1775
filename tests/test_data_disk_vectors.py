"""Vectors are found again in whichever part holds them, and only the rows that are asked for are read."""

from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pyarrow as pa
import pytest

from data.compact import CompactMap
from data.disk.vectors import VectorReader
from data.schema import EMBEDDINGS, to_lists
from data.store import Store

WIDTH = 4


def write_part(store, part, numbers):
    matrix = np.repeat(np.array(numbers, dtype=np.float32)[:, None], WIDTH, axis=1)
    ids = pa.array([f"t{n}" for n in numbers])
    table = pa.table({"text_id": ids, "vector": to_lists(matrix), "features": to_lists(-matrix)})
    store.write(EMBEDDINGS, table, part=part)


@pytest.fixture
def reader(tmp_path):
    store = Store(str(tmp_path))
    found = VectorReader(store)
    for part, numbers in (("0001-00001", range(1500)), ("0001-00002", range(1500, 2000))):
        write_part(store, part, list(numbers))
        found.add_part(part)
    return found


@pytest.mark.parametrize("wanted", [[3], [1999, 0, 1999, 700, 511, 512, 1499, 1500], [*range(0, 2000, 7)]])
def test_read_gathers_over_parts_in_the_order_asked(reader, wanted):
    vectors, features = reader.read([f"t{n}" for n in wanted], ["vector", "features"])
    assert vectors[:, 0].tolist() == wanted
    assert features[:, 3].tolist() == [-n for n in wanted]
    assert vectors.shape == (len(wanted), WIDTH)


def test_a_text_in_two_parts_is_read_from_the_first(reader, tmp_path):
    write_part(Store(str(tmp_path)), "0001-00003", [5000, 3])
    reader.add_part("0001-00003")
    assert reader.read(["t3", "t5000"], ["vector"])[0][:, 0].tolist() == [3, 5000]
    assert "t5000" in reader
    assert "t5001" not in reader


def test_read_says_which_text_is_unknown(reader):
    with pytest.raises(KeyError, match="no vector of text t9999"):
        reader.read(["t1", "t9999"], ["vector"])


def test_texts_are_found_while_another_thread_adds_parts(reader, tmp_path, monkeypatch):
    write_part(Store(str(tmp_path)), "0001-00003", list(range(2000, 4000)))
    grow = CompactMap._grow

    def grow_slowly(places):
        with pytest.raises(TimeoutError):  # whoever asks now waits until the map is whole again
            looking.append(threads.submit(reader.read, ["t0", "t1999"], ["vector"]))
            looking[-1].result(timeout=0.05)
        grow(places)

    monkeypatch.setattr(CompactMap, "_grow", grow_slowly)
    looking = []
    with ThreadPoolExecutor() as threads:
        reader.add_part("0001-00003")
    assert [found.result()[0][:, 0].tolist() for found in looking] == [[0, 1999]]


def test_read_of_nothing_is_empty(reader):
    assert reader.read([], ["vector"])[0].shape == (0, 0)


def test_read_rows_opens_only_the_groups_that_hold_them(tmp_path, monkeypatch):
    store = Store(str(tmp_path))
    write_part(store, "0001-00001", list(range(2000)))
    opened = []
    original = pa.parquet.ParquetFile.read_row_groups
    monkeypatch.setattr(
        pa.parquet.ParquetFile,
        "read_row_groups",
        lambda self, groups, **given: opened.append(groups) or original(self, groups, **given),
    )
    found = store.read_rows(EMBEDDINGS, "0001-00001", np.array([3, 1999]), ["text_id"])
    assert found["text_id"].to_pylist() == ["t3", "t1999"]
    assert opened == [[0, 3]]
