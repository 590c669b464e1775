"""What the page says of the joins to orders, tickets and customers."""

import pyarrow as pa
import pytest
from report_world import AS_OF, NAMES, make_world
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from data.schema import INPUTS, JOINS
from reports.page import PageOptions, draw_report


@pytest.fixture(scope="module")
def quality(settings):
    def draw(joins):
        options = PageOptions(as_of=AS_OF, rules=settings["page"], categories=NAMES, facts={})
        page = draw_report(make_world() | {"joins": joins}, options=options).page
        return HTMLParser(page).css_first("#quality").text(separator=" ")

    return draw


def test_orders_do_not_count_among_the_comments_read(settings):
    inputs = make_world()["inputs"].to_pylist()
    orders = dict(inputs[0]) | {
        "source": "orders.csv", "source_kind": None, "read_count": 55555, "kept_count": 55555,
        "known_count": 0, "rejected_count": 0, "input_hash": "o",
        "decisions": '{"content": {"value": "orders"}}',
    }  # fmt: skip
    table = pa.Table.from_pylist([*inputs, orders], schema=INPUTS.columns)
    options = PageOptions(as_of=AS_OF, rules=settings["page"], categories=NAMES, facts={})
    tree = HTMLParser(draw_report(make_world() | {"inputs": table}, options=options).page)
    assert "55,555" not in tree.css_first("#quality .tiles").text()
    row = next(row for row in tree.css("#quality tbody") if "orders.csv" in row.text())
    assert "55,555" in row.text()
    assert "orders" in row.css_first(".small").text()


def test_the_joined_share_stands_on_the_page(quality):
    row = {"comment_count": 4000, "with_id_count": 2345, "joined_count": 1000, "joined_share": 0.25}
    rows = [{"source": source, "operation": "orders", **row} for source in ("all", "a.csv")]
    text = quality(JOINS.to_arrow(pa.Table.from_pylist(rows, schema=JOINS.columns)))
    assert "Comments that find" in text
    assert text.count("2,345") == 1
    assert "25" in text


def test_without_operations_nothing_is_said_of_joins(quality):
    assert "Comments that find" not in quality(JOINS.empty())
