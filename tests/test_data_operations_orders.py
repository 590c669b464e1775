"""RAW orders -> ORDERS: each order once, its amounts added, its facts merged."""

import hashlib

import pandas as pd
import pytest
from source_reading import read_export

from data.operations import Keying, build_operations, condense
from data.schema import ORDERS


def key(value):
    return hashlib.sha256(value.encode()).hexdigest()[:12]


@pytest.fixture
def build(settings, tmp_path):
    def build_it(text):
        path = tmp_path / "orders.csv"
        path.write_text(text)
        found = read_export(path, settings)
        assert found.export.content == "orders"
        keying = Keying(key, list)
        return build_operations(condense(found.comments), content="orders", keying=keying)

    return build_it


HEADER = "order_id,customer_id,order_status,order_date,promised_date,delivered_date,order_value,country\n"


def test_orders_fill_their_table(build):
    orders, rejected = build(
        HEADER
        + "o1,k1,delivered,2026-03-01,2026-03-05,2026-03-07,12.5,IT\n"
        + "o2,,,2026-03-02,2026-03-06,,,\n"
        + "o3,k3,Cancelled by shop,2026-03-03,2026-03-07,,7,PL\n"
    )
    table = ORDERS.to_arrow(orders).to_pandas().set_index("order_key")
    assert table.loc[key("o1"), "value"] == 12.5
    assert str(table.loc[key("o1"), "delivered_date"]) == "2026-03-07"
    assert table.loc[key("o3"), "is_cancelled"] is True
    assert table.loc[key("o2"), "is_cancelled"] is None
    assert len(rejected) == 0


def test_ids_are_hashed(build):
    orders, _ = build(HEADER + "o1,k1,delivered,2026-03-01,2026-03-05,2026-03-07,12.5,IT\n")
    assert orders[["order_key", "customer_key"]].values.tolist() == [[key("o1"), key("k1")]]


def test_later_facts_of_an_order_win(build):
    orders, _ = build(
        HEADER
        + "o1,k1,shipped,2026-03-01,2026-03-05,,12.5,IT\n"
        + "o1,k1,delivered,2026-03-01,2026-03-05,2026-03-09,12.5,\n"
    )
    row = ORDERS.to_arrow(orders).to_pylist()[0]
    assert (str(row["delivered_date"]), row["value"], row["region"]) == ("2026-03-09", 12.5, "IT")
    assert row["is_cancelled"] is False


def test_values_of_the_lines_of_an_order_add_up(build):
    orders, _ = build(
        "order_id,order_item_id,order_date,order_status,price\n"
        "o1,1,2026-03-01,shipped,10\no1,2,2026-03-01,shipped,5.5\no1,2,2026-03-01,shipped,5.5\n"
    )
    assert orders["value"].tolist() == [15.5]


def test_records_without_order_id_are_set_aside(build):
    orders, rejected = build(
        HEADER + ",k1,shipped,2026-03-01,2026-03-05,,1,\no2,k1,shipped,2026-03-01,,,1,\n"
    )
    assert len(orders) == 1
    assert rejected[["row", "reason"]].values.tolist() == [[1, "no_order_id"]]


def test_no_orders_give_an_empty_table(build, settings):
    orders, _ = build(HEADER)
    assert ORDERS.to_arrow(orders).num_rows == 0


@pytest.mark.parametrize(
    ("status", "cancelled"),
    [
        ("annullato", True),
        ("anulowane", True),
        ("ملغي", True),
        ("已取消", True),
        ("storniert", True),
        ("paid", False),
    ],
)
def test_cancelled_is_known_in_many_languages(build, status, cancelled):
    orders, _ = build(HEADER + f"o1,k1,{status},2026-03-01,2026-03-05,,1,IT\n")
    assert orders["is_cancelled"].tolist() == [cancelled]


def test_orders_do_not_depend_on_the_order_of_the_file(build):
    lines = [f"o{i},k{i},shipped,2026-03-0{i + 1},2026-03-09,,1,IT\n" for i in range(5)]
    forward, _ = build(HEADER + "".join(lines))
    backward, _ = build(HEADER + "".join(reversed(lines)))
    pd.testing.assert_frame_equal(forward, backward)


def test_delay_counts_days_from_the_promise(build):
    orders, _ = build(
        HEADER
        + "o1,k1,delivered,2026-03-01,2026-03-05,2026-03-07,1,IT\n"
        + "o2,k1,delivered,2026-03-01,2026-03-05,2026-03-04,1,IT\n"
        + "o3,k1,shipped,2026-03-01,2026-03-05,,1,IT\n"
    )
    table = ORDERS.to_arrow(orders).to_pandas().set_index("order_key")
    assert [table.loc[key(one), "delay_days"] for one in ("o1", "o2")] == [2, -1]
    assert pd.isna(table.loc[key("o3"), "delay_days"])


def test_freight_and_seller_are_read(build):
    orders, _ = build(
        "order_id,order_item_id,seller_id,price,freight_value\no1,1,s9,10,2.5\no1,2,s9,10,2.5\n"
    )
    assert orders[["freight", "seller"]].values.tolist() == [[5.0, "s9"]]
