"""FEEDBACK, ORDERS, TICKETS, CUSTOMERS -> JOINS: which comments find what the company knows."""

import pandas as pd
import pyarrow as pa
import pytest

from data.operations import count_joins, merge_operations
from data.schema import CUSTOMERS, ORDERS, TICKETS


def table(kind, rows):
    frame = kind.empty().to_pandas().reindex(range(len(rows)))
    for name in {name for row in rows for name in row}:
        frame[name] = [row.get(name) for row in rows]
    return kind.to_arrow(frame)


def comments(*rows, source="a.csv"):
    names = ["customer_key", "order_key"]
    frame = pd.DataFrame(rows, columns=names).assign(source=source)
    schema = pa.schema([("source", pa.string()), *((name, pa.string()) for name in names)])
    return pa.Table.from_pandas(frame, schema=schema, preserve_index=False)


@pytest.fixture
def operations():
    return {
        "orders": table(ORDERS, [{"order_key": "o1", "customer_key": "c1"}, {"order_key": "o2"}]),
        "tickets": table(
            TICKETS, [{"ticket_key": "t1", "customer_key": "c1"}, {"ticket_key": "t2", "order_key": "o2"}]
        ),
        "customers": table(CUSTOMERS, [{"customer_key": "c1"}, {"customer_key": "c2"}]),
    }


def counted(found, source="all"):
    return {
        row["operation"]: (row["comment_count"], row["with_id_count"], row["joined_count"])
        for row in found.to_pylist()
        if row["source"] == source
    }


def test_comments_join_by_their_own_id_or_through_their_order(operations):
    parts = [comments(["c2", None], [None, "o1"], [None, None]), comments([None, "o2"], ["c9", "o9"])]
    assert counted(count_joins(parts, operations)) == {
        "orders": (5, 3, 2),
        "tickets": (5, 4, 2),
        "customers": (5, 3, 2),
    }


def test_every_source_is_counted_by_itself(operations):
    parts = [comments(["c1", None]), comments([None, None], source="b.csv")]
    found = count_joins(parts, operations)
    assert (counted(found, "a.csv")["customers"], counted(found, "b.csv")["customers"]) == (
        (1, 1, 1),
        (1, 0, 0),
    )


def test_nothing_to_join_to_gives_no_rows(operations):
    nothing = {name: one.slice(0, 0) for name, one in operations.items()}
    assert count_joins([comments(["c1", None])], nothing).num_rows == 0
    assert count_joins([], operations).num_rows == 0


def test_facts_of_two_files_are_put_together():
    promised = {"order_key": "o1", "promised_date": pd.Timestamp("2026-03-01").date(), "value": 5.0}
    came = {"order_key": "o1", "delivered_date": pd.Timestamp("2026-03-04").date(), "is_cancelled": False}
    frames = [table(ORDERS, [one]).to_pandas() for one in (promised, came)]
    row = ORDERS.to_arrow(merge_operations("orders", frames)).to_pylist()[0]
    assert (row["delay_days"], row["value"], row["is_cancelled"]) == (3, 5.0, False)


def test_the_last_word_counts_and_silence_says_nothing():
    rows = [{"customer_key": "c1", "segment": "gold", "value": 1.0}, {"customer_key": "c1", "value": 2.0}]
    merged = merge_operations("customers", [table(CUSTOMERS, [row]).to_pandas() for row in rows])
    row = CUSTOMERS.to_arrow(merged).to_pylist()[0]
    assert (row["segment"], row["value"]) == ("gold", 2.0)
