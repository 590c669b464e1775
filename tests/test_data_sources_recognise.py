"""data/sources/recognise.py: any file, good or bad, end to end."""

import csv
import gzip
import io
import json
import random

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from source_reading import read_export

from data.schema import ORDERS
from data.sources.raw import RAW_COLUMNS, SourceError
from data.sources.recognise import open_export
from data.sources.tables import OPERATION_SHAPES

COMMENTS = [
    "The courier left my parcel in the rain, and the box was soaked",
    "Great sound for the price; I would buy it again",
    "Nobody answered the phone for three days",
    "La consegna è arrivata in ritardo, ma il prodotto è ottimo",
    "Świetna obsługa, polecam każdemu kto szuka butów",
    "الخدمة ممتازة لكن السعر مرتفع قليلا",
    "物流太慢了，等了整整两个星期才收到货",
]


def write_csv(path, rows, *, header=("id", "date", "rating", "comment"), encoding="utf-8", **dialect):
    with path.open("w", newline="", encoding=encoding) as stream:
        writer = csv.writer(stream, **dialect)
        writer.writerow(header)
        writer.writerows(rows)
    return path


def usual_rows(count=40):
    return [
        (f"c{i}", f"2026-03-{i % 28 + 1:02d}", i % 5 + 1, f"{COMMENTS[i % len(COMMENTS)]} ({i})")
        for i in range(count)
    ]


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, name="export.csv", **options):
        path = tmp_path / name
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_export(path, settings, **options)

    return read_it


def test_open_export_gives_the_declared_columns_and_every_input_column(settings, tmp_path):
    found = read_export(write_csv(tmp_path / "a.csv", usual_rows()), settings)
    expected = [*RAW_COLUMNS, "input_id", "input_date", "input_rating", "input_comment"]
    assert list(found.comments.columns) == expected


def test_open_export_keeps_the_text_as_it_stands(settings, tmp_path):
    found = read_export(write_csv(tmp_path / "a.csv", usual_rows()), settings)
    assert found.texts == [row[3] for row in usual_rows()]


def test_open_export_numbers_records_from_one(settings, tmp_path):
    found = read_export(write_csv(tmp_path / "a.csv", usual_rows()), settings)
    assert found.comments["row"].tolist() == list(range(1, 41))


@pytest.mark.parametrize("rows", [1, 7, 40, 1000])
def test_batches_of_any_size_give_the_same_comments(settings, tmp_path, rows):
    path = write_csv(tmp_path / "a.csv", usual_rows())
    whole = read_export(path, settings)
    pd.testing.assert_frame_equal(read_export(path, settings, rows=rows).comments, whole.comments)


def test_batches_are_no_larger_than_asked_for(settings, tmp_path):
    path = write_csv(tmp_path / "a.csv", usual_rows())
    export = open_export(str(path), options=settings["sources"], rules=settings["reading"])
    assert [len(batch.comments) for batch in export.batches(15)] == [15, 15, 10]


def test_decisions_are_json(settings, tmp_path):
    found = read_export(write_csv(tmp_path / "a.csv", usual_rows()), settings)
    decisions = json.loads(json.dumps(found.export.decisions))
    assert decisions["columns"]["text"] == {
        "value": "comment",
        "why": "the name says so and the cells are words",
    }


def test_record_count_is_what_is_kept_and_rejected(read):
    found = read("id,comment\n1,all is very well here\n2,too,many,cells\n3,the rest was fine too\n")
    assert found.export.record_count == found.read_count == len(found.comments) + len(found.rejected) == 3


def test_stream_is_shared_by_files_with_the_same_columns(settings, tmp_path):
    first = read_export(write_csv(tmp_path / "a.csv", usual_rows(20)), settings)
    second = read_export(write_csv(tmp_path / "b.csv", usual_rows(30)), settings)
    assert first.export.stream == second.export.stream
    assert first.export.input_hash != second.export.input_hash


def test_stream_of_json_ignores_keys_that_mean_nothing(read):
    records = [{"id": i, "comment": f"{COMMENTS[i % 3]} {i}"} for i in range(9)]
    plain = read(json.dumps(records), "a.json")
    grown = read(json.dumps([{**records[0], "debug": {"x": 1}}, *records[1:]]), "b.json")
    assert plain.export.stream == grown.export.stream


def test_open_export_reads_other_filesystems(settings):
    import fsspec

    with fsspec.filesystem("memory").open("/exports/day.csv", "wb") as stream:
        stream.write(b"id,comment\n1,the parcel came two days late\n")
    found = read_export("memory://exports/day.csv", settings)
    assert found.texts == ["the parcel came two days late"]
    assert found.export.name == "day.csv"


# --- bad input


@pytest.mark.parametrize("data", [b"", b"\n\n", b"\xef\xbb\xbf", b" "])
def test_empty_file_gives_no_comments(read, data):
    found = read(data)
    assert len(found.comments) == found.read_count == 0
    assert set(RAW_COLUMNS) <= set(found.comments.columns)


@pytest.mark.parametrize("data", ["id,date,comment\n", "id;date;comment", "first;second\n", "[]", ""])
def test_header_only_gives_no_comments(read, data):
    found = read(data)
    assert len(found.comments) == found.read_count == 0


def test_missing_file_is_a_readable_error(settings, tmp_path):
    with pytest.raises(SourceError, match="does not exist"):
        read_export(tmp_path / "none.csv", settings)


@pytest.mark.parametrize(
    ("data", "found"),
    [
        (random.Random(1).randbytes(20_000), "binary data"),
        (b"\x89PNG\r\n\x1a\n" + bytes(200), "PNG picture"),
        (b"%PDF-1.7 \n1 0 obj", "PDF document"),
        (b"\x7fELF" + bytes(300), "program"),
    ],
)
def test_binary_file_is_refused_with_what_it_is(read, data, found):
    with pytest.raises(SourceError, match=found):
        read(data)


def test_zip_without_workbook_is_refused(read):
    import zipfile

    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w") as archive:
        archive.writestr("a.csv", "x")
    with pytest.raises(SourceError, match="without a workbook"):
        read(buffer.getvalue())


@pytest.mark.parametrize("cut", ["xlsx", "parquet"])
def test_cut_container_is_refused(read, cut):
    data = b"PK\x03\x04" + bytes(50) if cut == "xlsx" else b"PAR1" + bytes(50)
    with pytest.raises(SourceError, match="damaged or cut"):
        read(data)


def test_comment_of_ten_megabytes_is_read(read):
    long = "a long story about a parcel, " * 350_000
    found = read(
        f'id,comment\n1,short but complete comment here\n2,"{long}"\n3,another comment of some words\n'
    )
    assert found.comments["text"].str.len().tolist() == [31, len(long), 29]


def test_columns_that_nobody_can_guess_are_named_with_the_line_that_helps(read):
    with pytest.raises(SourceError) as error:
        read("a,b,c\n" + "".join(f"{i},{i * 2},x{i}\n" for i in range(30)))
    assert "columns found: a, b, c" in str(error.value)
    assert '[sources.columns]\n  text = "..."' in str(error.value)


def test_named_text_column_is_read_whatever_it_holds(read):
    found = read("a,b\n1,ok\n2,no\n", columns={"text": "b"})
    assert found.texts == ["ok", "no"]


def test_unknown_role_in_the_settings_is_an_error(read):
    with pytest.raises(SourceError, match="no role 'txt'; known: text"):
        read("a,b\n1,ok\n", columns={"txt": "b"})


def test_named_column_that_a_file_lacks_is_a_warning(read):
    found = read("id,comment\n1,the parcel came late\n", columns={"rating": "Stelle"})
    assert "rating = 'Stelle': this file has no such column" in found.warnings


def test_unknown_kind_is_an_error(read):
    with pytest.raises(SourceError, match="known: employee, review"):
        read("id,comment\n1,the parcel came late\n", kind="letters")


@pytest.mark.parametrize(
    "options", [{"timezone": "Mars/Olympus"}, {"timezone": "../x"}, {"content": "letters"}]
)
def test_impossible_settings_are_named(read, options):
    with pytest.raises(SourceError, match="expected"):
        read("id,comment\n1,the parcel came late\n", **options)


def test_null_bytes_stay_inside_their_comment(read):
    found = read(b"id,comment\n1,the \x00parcel came late\n2,nothing wrong with this one\n")
    assert found.texts == ["the \x00parcel came late", "nothing wrong with this one"]


def test_hole_of_null_bytes_at_the_end_is_one_rejected_record(read):
    found = read(b"id,comment\n1,the parcel came very late\n2,nothing is wrong with this\n" + bytes(40))
    assert len(found.comments) == 2
    assert found.rejected["reason"].tolist() == ["ragged"]


@pytest.mark.slow
def test_ragged_rows_of_a_large_file_are_set_aside_one_by_one(settings, tmp_path):
    count = 200_000
    lines = ["id,date,rating,comment"]
    for i in range(count):
        line = f"{i},2026-01-{i % 28 + 1:02d},{i % 5 + 1},the parcel number {i} came late and wet"
        lines.append(line + ",surplus" if i % 100 == 7 else line.rpartition(",")[0] if i % 100 == 9 else line)
    path = tmp_path / "large.csv"
    path.write_text("\n".join(lines) + "\n")
    found = read_export(path, settings)
    assert len(found.comments) == count * 98 // 100
    assert found.rejected["reason"].unique().tolist() == ["ragged"]
    assert found.rejected["row"].head(4).tolist() == [8, 10, 108, 110]


@pytest.fixture(scope="module")
def samples(tmp_path_factory):
    """Whole files in every text format, to be cut."""
    table = io.StringIO()
    writer = csv.writer(table)
    writer.writerow(["id", "date", "comment"])
    records = [
        {"id": i, "date": f"2026-02-{i + 1:02d}", "comment": f'{c}\n"{i}"'} for i, c in enumerate(COMMENTS)
    ]
    writer.writerows([r.values() for r in records])
    text = table.getvalue()
    return {
        "csv": text.encode(),
        "utf16": text.encode("utf-16"),
        "gz": gzip.compress(text.encode(), mtime=0),
        "json": json.dumps({"data": records}, ensure_ascii=False).encode(),
        "jsonl": "\n".join(json.dumps(r) for r in records).encode(),
    }


@pytest.mark.parametrize("name", ["csv", "utf16", "gz", "json", "jsonl"])
@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(data=st.data())
def test_file_cut_at_any_byte_gives_rows_and_rejects_or_a_readable_error(
    samples, settings, tmp_path, name, data
):
    whole = samples[name]
    cut = data.draw(st.integers(0, len(whole)))
    path = tmp_path / f"cut.{name}"
    path.write_bytes(whole[:cut])
    try:
        found = read_export(path, settings)
    except SourceError:
        return
    rows = [*found.comments["row"], *found.rejected["row"]]
    assert len(set(rows)) == found.read_count == found.export.record_count


@hypothesis_settings(
    max_examples=40,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(data=st.binary(max_size=400))
def test_any_bytes_are_read_or_refused(settings, tmp_path, data):
    path = tmp_path / "any.csv"
    path.write_bytes(data)
    try:
        found = read_export(path, settings)
    except SourceError:
        return
    rows = [*found.comments["row"], *found.rejected["row"]]
    assert len(set(rows)) == found.read_count


# --- orders


def orders_csv():
    header = "order_id,customer_id,order_status,order_purchase_timestamp,order_delivered_customer_date,"
    header += "order_estimated_delivery_date,total_price,customer_state\n"
    return header + (
        "o1,k1,delivered,2026-03-01 10:00:00,2026-03-09 12:00:00,2026-03-05 00:00:00,\"1.234,50\",MI\n"
        "o2,k2,canceled,2026-03-02 11:00:00,,2026-03-06 00:00:00,\"20,00\",RM\n"
        "o3,k1,shipped,2026-03-03 11:00:00,,2026-03-07 00:00:00,\"7,25\",\n"
    )  # fmt: skip


def test_table_of_orders_is_recognised(read):
    found = read(orders_csv())
    assert (found.export.content, found.export.source_kind) == ("orders", None)
    columns = list(OPERATION_SHAPES["orders"].columns)
    assert list(found.comments.columns)[: len(columns)] == columns


def test_orders_have_dates_and_amounts(read):
    orders = read(orders_csv()).comments
    assert orders["value"].tolist() == [1234.5, 20.0, 7.25]
    assert orders["delivered"].iloc[0] == pd.Timestamp("2026-03-09 12:00", tz="UTC")
    assert orders["region"].tolist()[:2] == ["MI", "RM"]


def test_reviews_with_an_order_id_are_comments(read):
    found = read("order_id,review_comment_message,review_score\no1,chegou muito tarde e quebrado,1\n")
    assert found.export.content == "comments"
    assert found.comments["order_id"].tolist() == ["o1"]


def test_content_can_be_named(read):
    found = read("order_id,comment\no1,left at the door of a neighbour\n", content="orders")
    assert found.export.content == "orders"


def test_orders_without_order_id_are_refused(read):
    with pytest.raises(SourceError, match="no column holds the order id; found: a, comment"):
        read("a,comment\no1,left at the door of a neighbour\n", content="orders")


def test_ratings_out_of_scale_are_missing_and_kept_as_given(read):
    rows = "".join(
        f"{i},{r},the parcel number {i} came late\n" for i, r in enumerate([5, 4, 99, 1, 2, 3, 5, 5, 4, 4])
    )
    found = read("id,rating,comment\n" + rows)
    assert np.isnan(found.comments["rating"].iloc[2])
    assert found.comments["rating_original"].iloc[2] == 99
    assert "1 values of column 'rating' are not on its scale 1 to 5" in found.warnings


def test_orders_columns_feed_the_declared_table():
    assert {"order_key", "promised_date", "delivered_date"} <= set(ORDERS.columns.names)
