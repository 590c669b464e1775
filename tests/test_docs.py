"""Generated pages say what the code says."""

from pathlib import Path

import pytest

from data.schema import TABLES
from flows.docs import describe_tables

ROOT = Path(__file__).parent.parent


def test_tables_page_is_generated_from_the_schema():
    assert (ROOT / "docs/tables.md").read_text(encoding="utf-8") == describe_tables(), "run `make docs`"


@pytest.mark.parametrize("table", TABLES, ids=lambda table: table.name)
def test_every_table_names_the_file_that_writes_it(table):
    assert (ROOT / table.written_by).exists()
    assert set(table.key) <= set(table.columns.names)
    assert set(table.sort_by) <= set(table.columns.names)
