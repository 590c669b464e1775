"""data/sources/names.py: names of columns, distinct and harmless."""

import pytest

from data.sources.names import MAX_SHOWN_LENGTH, MAX_SHOWN_NAMES, shown_names, unique_names


def test_shown_names_lists_what_is_short():
    assert shown_names(["sku", "stock"]) == "sku, stock"


def test_shown_names_cuts_a_name_that_may_be_a_comment():
    shown = shown_names(["x" * 10_000_000])
    assert shown == "x" * MAX_SHOWN_LENGTH + "…"


def test_shown_names_says_that_there_are_more():
    shown = shown_names([f"c{i}" for i in range(1000)]).split(", ")
    assert (len(shown), shown[-1]) == (MAX_SHOWN_NAMES + 1, "...")


@pytest.mark.parametrize(
    ("names", "expected"),
    [
        (["a", "a", "b"], ["a", "a_2", "b"]),
        (["", "b"], ["column_1", "b"]),
        (["a", "a", "a_2"], ["a", "a_3", "a_2"]),
        (["two\nlines\x00", "b"], ["two lines", "b"]),
    ],
    ids=["repeated", "empty", "taken", "broken"],
)
def test_unique_names_are_distinct_and_on_one_line(names, expected):
    assert unique_names(names) == expected


def test_a_name_that_holds_an_address_or_a_number_is_shown_by_its_place():
    assert (
        shown_names(["id", "write to ann@example.com", "call 347 123 4567"]) == "id, (column 2), (column 3)"
    )
