"""Whose customers speak."""

import pyarrow as pa
import pytest
from report_world import documents_table, rules

from data.cleaning.brands import ALL_OWN, BrandRules, check_brands, mark_brands
from reports.metrics import summarise_scores


@pytest.mark.parametrize(
    ("rules_", "brand", "is_own"),
    [
        (ALL_OWN, "Acme", True),
        (BrandRules(rivals=("Acme",)), " acme ", False),
        (BrandRules(rivals=("Acme",)), "Ours", True),
        (BrandRules(own=("Ours",)), "Acme", False),
        (BrandRules(own=("Ours",)), "OURS", True),
        (BrandRules(own=("Ours",)), None, True),
    ],
)
def test_a_brand_is_ours_or_a_rivals(rules_, brand, is_own):
    assert mark_brands([brand], "a.csv", rules_)[1] == [is_own]


def test_a_source_may_speak_of_one_brand_where_the_export_names_none():
    one = BrandRules(rivals=("Acme",), sources={"acme_*.csv": "Acme"})
    assert mark_brands([None, "Ours"], "acme_2026.csv", one) == (["Acme", "Ours"], [False, True])
    assert mark_brands([None], "mine.csv", one) == ([None], [True])


def test_a_brand_that_is_both_is_refused():
    with pytest.raises(ValueError, match="both name acme"):
        check_brands(BrandRules(own=("ACME",), rivals=("Acme ",)))


def test_comments_of_rivals_are_in_no_score():
    ours = [{"nps": 10, "is_own": True}] * 4
    theirs = [{"nps": 0, "is_own": False, "sentiment": "negative"}] * 9
    mixed = summarise_scores(documents_table([*ours, *theirs]), rules=rules())
    alone = summarise_scores(documents_table(ours), rules=rules())
    assert mixed.equals(alone)
    assert isinstance(mixed, pa.Table)
