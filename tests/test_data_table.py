"""The check that stands before every write."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from data.table import Least, Table, TableError, column, to_lists, to_matrix

NOTES = Table(
    name="notes",
    row="one note",
    key=("note_id",),
    written_by="tests/test_data_table.py",
    open_prefix="input_",
    sort_by=("note_id",),
    columns=pa.schema(
        [
            column("note_id", pa.string(), "key"),
            column("mood", pa.string(), "how it feels", one_of=("good", "bad")),
            column("size", pa.int32(), "words", nullable=True),
        ]
    ),
)


def notes(**changes):
    return pd.DataFrame({"note_id": ["b", "a"], "mood": ["good", "bad"], "size": [1, None]} | changes)


def test_to_arrow_orders_columns_and_rows():
    arrow = NOTES.to_arrow(notes()[["size", "mood", "note_id"]])
    assert arrow.column_names == ["note_id", "mood", "size"]
    assert arrow["note_id"].to_pylist() == ["a", "b"]


def test_to_arrow_keeps_open_columns_as_strings():
    arrow = NOTES.to_arrow(notes(input_shop=["x", None]))
    assert arrow["input_shop"].type == pa.string()


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_to_arrow_takes_any_number_of_rows(rows):
    assert NOTES.to_arrow(notes().head(rows)).num_rows == rows


def test_to_arrow_names_every_problem_at_once():
    frame = notes(note_id=["a", "a"], mood=["good", "secret words"])
    with pytest.raises(TableError) as caught:
        NOTES.to_arrow(frame)
    message = str(caught.value)
    assert "table 'notes' (one note) was refused" in message
    assert "note_id: 1 repeated, as a" in message
    assert "mood: 1 labels are not among good,bad" in message
    assert "secret words" not in message


def test_to_arrow_names_missing_and_unexpected_columns():
    with pytest.raises(TableError, match=r"missing columns: size\n  unexpected columns: body"):
        NOTES.to_arrow(notes().drop(columns="size").assign(body="x"))


def test_to_arrow_counts_missing_values():
    with pytest.raises(TableError, match="mood: 1 values are missing"):
        NOTES.to_arrow(notes(mood=["good", None]))


def test_to_arrow_does_not_quote_values_of_a_wrong_type():
    with pytest.raises(TableError) as caught:
        NOTES.to_arrow(notes(size=["my card is 4111", "2"]))
    assert "size: values do not fit the type int32" in str(caught.value)
    assert "4111" not in str(caught.value)


@pytest.mark.parametrize("shape", [(0, 0), (1, 3), (4, 2)])
def test_to_matrix_gives_back_what_to_lists_took(shape):
    matrix = np.arange(shape[0] * shape[1], dtype=np.float32).reshape(shape)
    np.testing.assert_array_equal(to_matrix(to_lists(matrix)), matrix)


def test_a_group_too_small_for_its_table_is_refused():
    columns = pa.schema([column("kind", pa.string(), "kind"), column("n", pa.int64(), "people")])
    guarded = Table("t", "a row", ("kind",), "x.py", columns, least=Least("n", "kind", "employee", 5))
    guarded.to_arrow(pd.DataFrame({"kind": ["employee", "survey"], "n": [5, 1]}))
    guarded.to_arrow(pd.DataFrame({"kind": [], "n": []}))
    with pytest.raises(TableError, match="1 rows are of too small groups: n of kind employee is at least 5"):
        guarded.to_arrow(pd.DataFrame({"kind": ["employee", "survey"], "n": [4, 1]}))
