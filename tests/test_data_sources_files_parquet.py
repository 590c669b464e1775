"""data/sources/files/parquet.py: Parquet."""

from datetime import datetime

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
from source_reading import read_export

ROWS = [[i, datetime(2026, 3, i + 1, 9, 30), 4, f"the parcel number {i} came late, again"] for i in range(12)]  # noqa: DTZ001
HEADER = ["id", "date", "rating", "comment"]


def test_parquet_keeps_types_as_text(tmp_path, settings):
    table = pa.table(
        {
            "id": pa.array(range(12)),
            "created": pa.array([row[1] for row in ROWS], pa.timestamp("us", tz="UTC")),
            "score": pa.array([1.0, None, 3.0] * 4),
            "comment": pa.array([row[3] for row in ROWS]).dictionary_encode(),
            "who": pa.array([{"name": "a", "tags": ["x", "y"]}] * 12),
            "raw": pa.array([b"ab"] * 12),
        }
    )
    path = tmp_path / "export.parquet"
    pq.write_table(table, path)
    found = read_export(path, settings, rows=5)
    assert found.texts == [row[3] for row in ROWS]
    assert found.comments["created_at"].iloc[1] == pd.Timestamp("2026-03-02 09:30", tz="UTC")
    assert found.comments["input_score"].tolist()[:1] == ["1"]
    assert found.comments["input_who.tags"].iloc[0] == "x; y"
    assert found.comments["row"].tolist() == list(range(1, 13))


def test_empty_parquet_gives_no_comments(tmp_path, settings):
    path = tmp_path / "export.parquet"
    pq.write_table(pa.table({"comment": pa.array([], pa.string())}), path)
    assert len(read_export(path, settings).comments) == 0


def test_damaged_parquet_gives_what_came_before(tmp_path, settings):
    texts = [f"the parcel number {i} came late, again" for i in range(20_000)]
    path = tmp_path / "export.parquet"
    pq.write_table(pa.table({"comment": texts}), path, row_group_size=5_000, compression="snappy")
    data = bytearray(path.read_bytes())
    middle = len(data) // 2
    data[middle : middle + 4_000] = bytes(4_000)
    path.write_bytes(data)
    found = read_export(path, settings, rows=1_000)
    assert len(found.comments) >= 5_000
    assert found.rejected["reason"].tolist() == ["cut"]
    assert len(found.comments) + 1 == found.export.record_count


def test_parquet_text_that_is_no_utf8_is_repaired(tmp_path, settings):
    words = pa.array([b"the parcel was caf\xe9 brown", b"the parcel came late"], pa.binary())
    path = tmp_path / "export.parquet"
    pq.write_table(pa.table({"comment": pa.Array.from_buffers(pa.string(), 2, words.buffers())}), path)
    assert read_export(path, settings).texts == ["the parcel was caf\ufffd brown", "the parcel came late"]
