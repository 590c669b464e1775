"""data/sources/files/grids.py: spreadsheets and Parquet."""

from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from source_reading import read_export

from data.sources.raw import SourceError

ROWS = [[i, datetime(2026, 3, i + 1, 9, 30), 4, f"the parcel number {i} came late, again"] for i in range(12)]  # noqa: DTZ001
HEADER = ["id", "date", "rating", "comment"]


@pytest.fixture
def book(tmp_path):
    """Write sheets (name -> rows) and give the path."""

    def write(sheets):
        workbook = openpyxl.Workbook()
        workbook.remove(workbook.active)
        for name, rows in sheets.items():
            sheet = workbook.create_sheet(name)
            for row in rows:
                sheet.append(row)
        path = tmp_path / "export.xlsx"
        workbook.save(path)
        return path

    return write


def test_sheet_gives_numbers_dates_and_texts(book, settings):
    found = read_export(book({"Answers": [HEADER, *ROWS]}), settings)
    assert found.export.source_format == "xlsx"
    assert found.comments["own_id"].tolist() == [str(i) for i in range(12)]
    assert found.comments["created_at"].iloc[0] == pd.Timestamp("2026-03-01 09:30", tz="UTC")
    assert found.comments["rating"].tolist() == [4.0] * 12


def test_empty_sheets_are_passed_over(book, settings):
    found = read_export(book({"Cover": [], "Answers": [HEADER, *ROWS], "Notes": []}), settings)
    assert len(found.comments) == 12


def test_sheets_with_the_same_columns_are_read_together(book, settings):
    found = read_export(book({"January": [HEADER, *ROWS[:5]], "February": [HEADER, *ROWS[5:]]}), settings)
    assert found.texts == [row[3] for row in ROWS]
    assert found.comments["row"].tolist() == list(range(1, 13))


def test_sheets_with_other_columns_are_named(book, settings):
    found = read_export(
        book({"Answers": [HEADER, *ROWS], "Legend": [["code", "meaning"], ["1", "bad"]]}), settings
    )
    assert "sheets with other columns were not read: Legend" in found.warnings


def test_sheet_can_be_named(book, settings):
    path = book({"Answers": [HEADER, *ROWS], "Late": [HEADER, *ROWS[:2]]})
    assert len(read_export(path, settings, sheet="Late").comments) == 2


def test_unknown_sheet_is_an_error_with_the_known_ones(book, settings):
    with pytest.raises(SourceError, match="it has: Answers"):
        read_export(book({"Answers": [HEADER, *ROWS]}), settings, sheet="Other")


def test_title_rows_and_merged_cells_do_not_hide_the_header(tmp_path, settings):
    workbook = openpyxl.Workbook()
    sheet = workbook.active
    sheet.append(["Survey results of March"])
    sheet.merge_cells("A1:D1")
    sheet.append([])
    for row in [HEADER, *ROWS]:
        sheet.append(row)
    sheet.merge_cells("C4:C6")
    path = tmp_path / "merged.xlsx"
    workbook.save(path)
    found = read_export(path, settings)
    assert len(found.comments) == 12
    assert found.comments["rating"].isna().sum() == 2


def test_formulas_give_no_code(book, settings):
    rows = [[*row[:3], '=HYPERLINK("http://x","y")' if row[0] == 3 else row[3]] for row in ROWS]
    found = read_export(book({"Answers": [HEADER, *rows]}), settings)
    assert not any("HYPERLINK" in (text or "") for text in found.comments["text"].dropna())


def test_booleans_and_days_become_text(book, settings):
    rows = [[True, date(2026, 3, 1), f"the parcel number {i} came late"] for i in range(5)]
    found = read_export(book({"A": [["resolved", "date", "comment"], *rows]}), settings)
    assert found.comments["input_resolved"].tolist() == ["true"] * 5
    assert found.comments["input_date"].iloc[0].startswith("2026-03-01")


def test_empty_workbook_gives_no_comments(book, settings):
    assert len(read_export(book({"Sheet": []}), settings).comments) == 0


def test_workbook_that_unpacks_to_too_much_is_refused(book, settings):
    path = book({"Answers": [HEADER, *ROWS]})
    small = {**settings.sections, "reading": replace(settings["reading"], max_unpacked_mb=0)}
    with pytest.raises(SourceError, match="unpacks to 0 MB, more than 0 MB"):
        read_export(path, small)


def test_damaged_workbook_is_refused(tmp_path, settings):
    import zipfile

    path = tmp_path / "bad.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("xl/workbook.xml", "<broken")
    with pytest.raises(SourceError, match="cannot be opened as a spreadsheet"):
        read_export(path, settings)


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
