"""Cells that no spreadsheet runs."""

import pytest

from reports.drawing.spreadsheet import plain_cell, safe_cell


@pytest.mark.parametrize(
    "value",
    [
        "=1+1",
        "+cmd",
        "-2+3",
        "@SUM(A1)",
        "\t=1",
        "\r=1",
        "\n=1",
        " =1",
        "＝1+1",
        '=HYPERLINK("http://x")',
        "\ufeff=1",
    ],
)
def test_safe_cell_neutralises(value):
    assert safe_cell(value) == "'" + value
    assert plain_cell(safe_cell(value)) == value


@pytest.mark.parametrize("value", ["good", "-5", "+3.5", "-1,5%", "a=b", "'=1", ""])
def test_safe_cell_leaves(value):
    assert safe_cell(value) == value


def test_safe_cell_twice_is_safe_cell_once():
    assert safe_cell(safe_cell("=1")) == "'=1"
