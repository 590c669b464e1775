"""data/sources/files/sheets.py: spreadsheets."""

from dataclasses import replace
from datetime import date, datetime

import openpyxl
import pandas as pd
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
