"""Values that mean the same are counted as one."""

import dataclasses

import pyarrow as pa
import pytest

from reports.facts.aliases import AliasRules, check_aliases, merge_aliases

RULES = AliasRules(
    channel={"app": ("aplikacja",), "shop": ("sklep", "in store")}, columns={"region": {"Lombardy": ("LOM",)}}
)


def merged(**columns):
    return merge_aliases(pa.table({name: pa.array(v) for name, v in columns.items()}), RULES).to_pydict()


@pytest.mark.parametrize(
    ("value", "shown"),
    [
        ("aplikacja", "app"), ("Sklep", "shop"), (" IN  store", "shop"), ("App", "app"), ("fax", "fax"),
        (None, None),
    ],
)  # fmt: skip
def test_a_value_goes_by_its_first_name(value, shown):
    assert merged(channel=["web", value])["channel"] == ["web", shown]


def test_other_columns_have_their_own_names():
    found = merged(region=["lom", "sklep"], channel=["lom", "sklep"])
    assert found == {"region": ["Lombardy", "sklep"], "channel": ["lom", "shop"]}


@pytest.mark.parametrize(
    "columns", [{"text": ["sklep"]}, {"channel": [1.5]}, {"channel": pa.array([], pa.string())}]
)
def test_what_has_no_aliases_stays_as_it_is(columns):
    table = pa.table({name: pa.array(values) for name, values in columns.items()})
    assert merge_aliases(table, RULES).equals(table)


def test_many_chunks_keep_their_order():
    values = pa.chunked_array([["sklep", "web"], ["aplikacja"], []], pa.string())
    table = pa.table({"channel": values, "n": [1, 2, 3]})
    assert merge_aliases(table, RULES).to_pydict() == {"channel": ["shop", "web", "app"], "n": [1, 2, 3]}


def test_a_spelling_under_two_names_is_refused():
    rules = dataclasses.replace(RULES, columns={"region": {"A": ("x",), "B": ("X",)}})
    with pytest.raises(ValueError, match="region: 'x' stands under 2 names"):
        check_aliases(rules)


def test_shipped_aliases_are_consistent(settings):
    check_aliases(settings["aliases"])
    assert "sklep" in settings["aliases"].channel["shop"]
