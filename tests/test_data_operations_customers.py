"""RAW customers -> CUSTOMERS."""

import pytest
from source_reading import read_export

from data.operations import Keying, build_operations, condense
from data.schema import CUSTOMERS


@pytest.fixture
def build(settings, tmp_path):
    def build_it(text):
        path = tmp_path / "customers.csv"
        path.write_text(text, encoding="utf-8")
        found = read_export(path, settings)
        assert (found.export.content, found.export.source_kind) == ("customers", None)
        rows, _ = build_operations(
            condense(found.comments), content="customers", keying=Keying(str.upper, list)
        )
        return CUSTOMERS.to_arrow(rows).to_pandas().set_index("customer_key")

    return build_it


def test_customers_fill_their_table(build):
    table = build(
        "customer_id,lifetime_value,customer_since,segment,country,churn_date,order_count\n"
        "c1,1200.50,2019-05-01,gold,IT,,14\nc2,80,2024-02-10,basic,PL,2026-01-05,1\n"
    )
    assert table.loc["C1", ["value", "segment", "region", "order_count"]].tolist() == [
        1200.5,
        "gold",
        "IT",
        14,
    ]
    assert str(table.loc["C2", "churned_date"]) == "2026-01-05"
    assert (table.loc["C2", "is_churned"], table.loc["C1", "is_churned"]) == (True, None)


@pytest.mark.parametrize(
    ("header", "cell", "gone"),
    [
        ("churned", "yes", True),
        ("churned", "0", False),
        ("is_active", "true", False),
        ("is_active", "no", True),
        ("customer_status", "Attrited Customer", True),
        ("customer_status", "Existing Customer", False),
        ("customer_status", "odszedł", True),
        ("customer_status", "whatever", None),
    ],
)
def test_who_has_gone_is_read_from_words(build, header, cell, gone):
    table = build(f"customer_id,{header},segment\nc1,{cell},gold\nc2,{cell},basic\n")
    assert table["is_churned"].tolist() == [gone, gone]


def test_tenure_is_brought_to_days_by_the_unit_in_its_name(build):
    assert build("customer_id,tenure_months,segment\nc1,12,gold\nc2,24,basic\n")[
        "tenure_days"
    ].round().tolist() == [365, 730]


def test_one_person_may_have_several_ids(build):
    table = build("customer_id,customer_unique_id,customer_state\na1,p1,SP\na2,p1,SP\n")
    assert table["person_key"].tolist() == ["P1", "P1"]


def test_last_word_on_a_customer_counts_and_case_tells_no_ids_apart(build):
    others = "".join(f"k{n},x,1\n" for n in range(20))
    table = build("customer_id,segment,lifetime_value\n" + others + "c1,gold,10\nC1,,12\n")
    assert table.loc["C1", ["segment", "value"]].tolist() == ["gold", 12.0]
