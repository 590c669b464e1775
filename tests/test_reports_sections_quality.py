"""What the page says of the joins to orders, tickets and customers."""

import pyarrow as pa
import pytest
from report_world import AS_OF, NAMES, make_world
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from data.schema import JOINS
from reports.page import PageOptions, draw_report


@pytest.fixture(scope="module")
def quality(settings):
    def draw(joins):
        options = PageOptions(as_of=AS_OF, rules=settings["page"], categories=NAMES, facts={})
        page = draw_report(make_world() | {"joins": joins}, options=options).page
        return HTMLParser(page).css_first("#quality").text(separator=" ")

    return draw


def test_the_joined_share_stands_on_the_page(quality):
    row = {"comment_count": 4000, "with_id_count": 2345, "joined_count": 1000, "joined_share": 0.25}
    rows = [{"source": source, "operation": "orders", **row} for source in ("all", "a.csv")]
    text = quality(JOINS.to_arrow(pa.Table.from_pylist(rows, schema=JOINS.columns)))
    assert "Comments that find" in text
    assert text.count("2,345") == 1
    assert "25" in text


def test_without_operations_nothing_is_said_of_joins(quality):
    assert "Comments that find" not in quality(JOINS.empty())
