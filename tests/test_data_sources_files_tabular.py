"""data/sources/files: delimited text, its dialects, its header, its broken lines."""

import csv
import io
from dataclasses import replace

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st
from source_reading import read_export

from data.sources.files.decode import Content
from data.sources.files.header import find_header
from data.sources.files.tabular import open_delimited
from data.sources.names import unique_names
from data.sources.raw import SourceError, SourceOptions

NAMES = ["id", "comment", "city"]
WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]), max_size=30)
CELLS = st.lists(
    st.sampled_from([" ", ",", ";", "\t", "|", '"', "'", "\n", "é", "word", "的", "5"]), max_size=6
)
ROWS = st.lists(st.tuples(WORDS, CELLS.map("".join)), min_size=1, max_size=12)


@pytest.fixture
def read(settings, tmp_path):
    def read_it(data, **options):
        path = tmp_path / "export"
        path.write_bytes(data if isinstance(data, bytes) else data.encode())
        return read_export(path, settings, **options)

    return read_it


def records_of(data, settings, tmp_path):
    path = tmp_path / "export"
    path.write_bytes(data)
    records = open_delimited(
        Content(str(path), settings["reading"]), options=SourceOptions(), rules=settings["reading"]
    )
    chunks = list(records.chunks(5))
    rows = [tuple(row.values()) for chunk in chunks for row in chunk.values.to_pylist()]
    return records, rows, [entry for chunk in chunks for entry in chunk.rejected]


DIALECTS = st.fixed_dictionaries(
    {
        "delimiter": st.sampled_from([",", ";", "\t", "|"]),
        "quoting": st.sampled_from([csv.QUOTE_MINIMAL, csv.QUOTE_ALL, csv.QUOTE_NONNUMERIC]),
        "lineterminator": st.sampled_from(["\r\n", "\n", "\r"]),
    }
)


@hypothesis_settings(
    max_examples=120,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture],
    derandomize=True,
)
@given(rows=ROWS, dialect=DIALECTS)
def test_what_any_dialect_wrote_is_read_back(settings, tmp_path, rows, dialect):
    stream = io.StringIO()
    writer = csv.writer(stream, **dialect)
    # csv leaves a lone \n unquoted where \r ends the lines: nobody could tell it from a line end.
    alone = dialect["lineterminator"] == "\r"
    written = [(f"r{i}", t, c.replace("\n", " ") if alone else c) for i, (t, c) in enumerate(rows)]
    writer.writerow(NAMES)
    writer.writerows(written)
    records, read, rejected = records_of(stream.getvalue().encode(), settings, tmp_path)
    assert records.names == tuple(NAMES)
    assert (read, rejected) == (written, [])


@pytest.mark.parametrize(
    "dialect",
    [
        {"doublequote": False, "escapechar": "\\"},
        {"quoting": csv.QUOTE_NONE, "escapechar": "\\"},
        {"quotechar": "'"},
        {"quotechar": "'", "doublequote": False, "escapechar": "\\"},
    ],
)
def test_escapes_and_single_quotes_are_read_back(settings, tmp_path, dialect):
    stream = io.StringIO()
    writer = csv.writer(stream, **dialect)
    written = [(f"r{i}", f'it\'s "{i}", really, a parcel', "Rome, Italy") for i in range(12)]
    writer.writerow(NAMES)
    writer.writerows(written)
    _, read, rejected = records_of(stream.getvalue().encode(), settings, tmp_path)
    assert (read, rejected) == (written, [])


def test_line_breaks_inside_quotes_belong_to_the_comment(read):
    found = read('id,comment\n1,"first line of it\n\nthird line"\n2,"one\r\ntwo three four"\n')
    assert found.texts == ["first line of it\n\nthird line", "one\r\ntwo three four"]


def test_stray_quote_costs_one_record(read):
    lines = [f"{i},the parcel came late again,{i}" for i in range(50)]
    lines[7] = '7,"the parcel came late,7'
    found = read("id,comment,floor\n" + "\n".join(lines) + "\n")
    assert found.rejected[["row", "reason"]].values.tolist() == [[8, "quote"]]
    assert len(found.comments) == 49


def test_stray_quote_before_quoted_lines_costs_one_record(read):
    lines = [f'{i},"the parcel, again, came late",{i}' for i in range(50)]
    lines[7] = '7,"the parcel came late,7'
    found = read("id,comment,floor\n" + "\n".join(lines) + "\n")
    assert found.rejected["row"].tolist() == [8]
    assert len(found.comments) == 49


def test_file_of_stray_quotes_costs_linear_time(settings, tmp_path):
    data = b"id,comment\n" + b'"a","b\n' * 20_000
    _, rows, rejected = records_of(data, settings, tmp_path)
    assert len(rows) + len(rejected) >= 1


def test_record_longer_than_any_real_one_is_a_stray_quote(settings, tmp_path):
    rules = replace(settings["reading"], max_record_lines=50)
    path = tmp_path / "export"
    path.write_text('id,comment\n1,fine and good\n2,"never closed\n' + "3,also fine\n" * 200)
    records = open_delimited(Content(str(path), rules), options=SourceOptions(), rules=rules)
    chunks = list(records.chunks(1000))
    assert sum(len(chunk.numbers) for chunk in chunks) == 201
    assert [entry[:2] for chunk in chunks for entry in chunk.rejected] == [(2, "quote")]


def test_lines_about_the_export_are_passed_over(read):
    found = read(
        "Report:,Mentions\nFrom:,2026-01-01\n\nTo:,2026-02-01\n\n"
        "Query Id,Date,Full Text,Author\n"
        "1,2026-01-03,the queue was far too long,ann\n2,2026-01-04,very kind people here,bob\n"
    )
    assert found.texts == ["the queue was far too long", "very kind people here"]
    assert found.export.decisions["header_row"]["value"] == 4


def test_file_without_header_keeps_its_first_record(read):
    found = read("1,2026-01-03,the queue was far too long\n2,2026-01-04,very kind people in this shop\n")
    assert len(found.comments) == 2
    assert "no header row was found" in found.warnings


def test_comments_line_by_line_without_header_are_read(read):
    found = read("The parcel came late.\nThe shop was very nice, and cheap.\nNobody answered my call.\n")
    assert found.texts[0] == "The parcel came late."


@pytest.mark.parametrize(
    "first", ["the parcel came two days late", "ann@example.org,5,very kind people work here"]
)
def test_personal_first_record_does_not_become_column_names(read, first):
    found = read(f"{first}\n" * 3)
    assert found.export.decisions["header_row"]["value"] == 0
    assert len(found.comments) == 3


@pytest.mark.parametrize("name", ["Customer comments of this month", "What could we do better for you?"])
def test_long_name_of_the_only_column_is_a_name(read, name):
    found = read(f"{name}\nthe parcel came two days late\nthe shop was very nice to us\n")
    assert len(found.comments) == 2


def test_one_column_of_comments_with_commas_is_one_column(read):
    found = read(
        "comment\nlate, wet, and broken\nall good here\nnice, but too dear\n\nnever, ever, ever again\n"
    )
    assert found.texts == [
        "late, wet, and broken",
        "all good here",
        "nice, but too dear",
        "never, ever, ever again",
    ]


def test_stated_header_row_and_separator_win(read):
    found = read("x;y\nid;comment\n1;the parcel came late\n", header_row=2, separator=";")
    assert found.texts == ["the parcel came late"]


def test_stated_absence_of_a_header_wins(read):
    found = read("id,comment\n1,the parcel came late\n", header_row=0, columns={"text": "column_2"})
    assert found.texts == ["comment", "the parcel came late"]


def test_long_separator_is_refused(read):
    with pytest.raises(SourceError, match="one character, or tab"):
        read("id,comment\n", separator="::")


def test_repeated_and_missing_names_are_made_distinct(read):
    found = read("comment,comment,,id\nthe parcel came late,x,y,1\nthe shop was very nice,x,y,2\n")
    assert list(found.comments.columns)[-4:] == [
        "input_comment",
        "input_comment_2",
        "input_column_3",
        "input_id",
    ]
    assert "columns of the same name were numbered: comment" in found.warnings


def test_unique_names_never_collide():
    assert unique_names(["a", "a", "a_2", "", "a"]) == ["a", "a_3", "a_2", "column_4", "a_4"]


def test_surplus_empty_cells_are_no_fault(read):
    found = read("id,comment\n1,the parcel came late,\n2,the shop was very nice,,\n")
    assert len(found.comments) == 2


def test_records_of_empty_cells_are_set_aside(read):
    found = read("id,comment\n1,the parcel came late\n,\n\n2,the shop was very nice\n")
    assert found.rejected[["row", "reason"]].values.tolist() == [[2, "empty"]]
    assert found.comments["row"].tolist() == [1, 3]


def test_blank_cell_is_a_comment_without_text(read):
    found = read("id,comment\n1,the parcel came late\n2,  \n")
    assert found.comments["text"].isna().tolist() == [False, True]


def test_last_record_cut_inside_a_quote_is_set_aside(read):
    found = read('id,comment\n1,"the parcel, it came late"\n2,"the shop, it')
    assert found.texts == ["the parcel, it came late"]
    assert found.rejected["reason"].tolist() == ["quote"]


def test_find_header_of_nothing_is_empty():
    assert find_header([], stated=None, search_rows=40).names == ()


def test_chunk_ends_early_when_its_cells_are_long(settings, tmp_path):
    rules = replace(settings["reading"], batch_mb=1)
    path = tmp_path / "export"
    path.write_text("id,comment\n" + "".join(f"{i},{'long ' * 60_000}\n" for i in range(10)))
    records = open_delimited(Content(str(path), rules), options=SourceOptions(), rules=rules)
    sizes = [len(chunk.numbers) for chunk in records.chunks(1000)]
    assert sum(sizes) == 10
    assert max(sizes) < 10
