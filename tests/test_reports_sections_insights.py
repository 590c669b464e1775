"""Sections that say what to do: numbers are those of the tables, five languages, hostile names harmless."""

import dataclasses

import pyarrow as pa
import pytest
from insight_world import RIVAL, insight_tables
from report_world import AS_OF, NAMES, make_world, rules
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from reports.metrics import summarise_scores
from reports.page import PageOptions, draw_report

SHOWN = (
    "cases", "drivers", "actions", "journey", "segments", "loyalty", "risk", "competitors", "scores",
    "service",
    "employees",
)  # fmt: skip


def drawn(settings, language="en", **changes):
    page = dataclasses.replace(settings["page"], sections=SHOWN, language=language, **changes)
    tables = make_world() | insight_tables_of(settings)
    tables["score_summary"] = summarise_scores(tables["documents"], rules=rules())
    return draw_report(tables, options=PageOptions(as_of=AS_OF, rules=page, categories=NAMES)).page


def insight_tables_of(settings):
    return insight_tables(Frozen(settings))


class Frozen:
    """Settings that a cache can hold: there is one set of them."""

    def __init__(self, settings):
        self.settings = settings

    def __getitem__(self, name):
        return self.settings[name]

    def __hash__(self):
        return 0

    def __eq__(self, other):
        return isinstance(other, Frozen)


@pytest.fixture(scope="module")
def tables(settings):
    return insight_tables_of(settings)


@pytest.fixture(scope="module")
def tree(settings):
    return HTMLParser(drawn(settings))


def text(tree, selector):
    return " ".join(" ".join(node.text(separator=" ").split()) for node in tree.css(selector))


def test_every_section_is_shown(tree):
    assert [node.attributes["id"] for node in tree.css("main > section")] == list(SHOWN)


def test_drivers_lead_with_what_costs_most(tree, tables):
    rows = [r for r in tables["drivers"].to_pylist() if r["score"] == "nps" and r["stance"] == "negative"]
    worst = min((r for r in rows if r["issue"].startswith("category:")), key=lambda r: r["contribution"])
    first = tree.css("#drivers table tbody")[0].text(separator=" ")
    assert NAMES[worst["issue"].partition(":")[2]] in first
    assert f"{abs(worst['effect']):.1f}" in first
    assert f"{abs(worst['impact']):.1f}" in first
    assert f"{worst['value_at_stake']:,.0f}" in first


def test_actions_tell_verdict_and_shares(tree, tables):
    row = next(r for r in tables["actions"].to_pylist() if r["issue"] == "category:ordering_checkout")
    card = next(c for c in tree.css("#actions .card") if "Ordering and checkout" in c.css_first("h3").text())
    assert row["verdict"] == "worked"
    assert "Worked" in card.text()
    assert f"{100 * row['before_share']:.1f}%" in card.text()
    assert f"{100 * row['after_share']:.1f}%" in card.text()
    assert "You told us about Ordering and checkout" in card.text()
    assert "The basket is <b>kept</b>" in card.text()


def test_actions_wait_for_their_first_look(tree):
    card = next(c for c in tree.css("#actions .card") if "Delivery" in c.css_first("h3").text())
    assert "Too early to tell" in card.text()
    assert "on Dec 10, 2026" in card.text()


def test_cases_come_most_pressing_first_with_a_draft(tree, tables, settings):
    open_cases = [r for r in tables["cases"].to_pylist() if r["state"] in ("open", "working")]
    assert f"{len(open_cases)} customers wait." in text(tree, "#cases > p")
    shown = tree.css("#cases table tbody")
    assert len(shown) == settings["page"].cases
    assert open_cases[0]["case_id"] in shown[0].text()
    draft = shown[0].css_first("p.draft")
    assert draft.attributes["lang"] == open_cases[0]["reply_language"]
    assert draft.attributes["dir"] == "auto"


def test_journey_goes_along_the_way(tree):
    stages = [node.text().strip() for node in tree.css("#journey tbody th")]
    assert stages[:5] == ["Discovery", "Purchase", "Fulfilment", "Use", "Support"]


def test_segments_show_the_planted_region(tree):
    first = tree.css("#segments table tbody")[0].text(separator=" ")
    assert "West" in first
    assert "Customer service" in first


def test_segments_leave_what_was_read_weakly_to_the_table(settings, tables):
    weak = tables["segment_lift"]
    place = weak.schema.get_field_index("firmness")
    weak = weak.set_column(place, "firmness", pa.array([0.1] * len(weak), weak.schema.field(place).type))
    page = dataclasses.replace(settings["page"], sections=("segments",), letter_sections=())
    options = PageOptions(as_of=AS_OF, rules=page, categories=NAMES)
    shown = text(
        HTMLParser(draw_report(make_world() | tables | {"segment_lift": weak}, options=options).page),
        "#segments",
    )
    assert "No segment complains of anything by more than chance explains" in shown


def test_loyalty_sets_complainers_beside_the_others(tree, tables):
    whole = next(r for r in tables["loyalty"].to_pylist() if r["dimension"] == "all")
    shown = text(tree, "#loyalty")
    assert f"{100 * whole['churn_share']:.1f}%" in shown
    assert "Complained of anything" in shown
    assert "<b>blue</b>" in shown


def test_competitors_are_compared_on_what_both_have(tree, tables):
    row = next(
        r for r in tables["competitors"].to_pylist() if (r["source_kind"], r["category"]) == ("all", "all")
    )
    first = tree.css("#competitors table tbody")[0].text(separator=" ")
    assert f"{row['own_count']:,} of {row['own_total']:,}" in first
    assert f"{100 * row['brand_share']:.1f}%" in first
    assert RIVAL in text(tree, "#competitors caption")


def test_risk_says_how_it_was_tested(tree, tables):
    model = next(r for r in tables["churn_models"].to_pylist() if r["model"] == "with_text")
    shown = text(tree, "#risk")
    assert f"the higher risk {model['auc']:.2f} times of 1" in shown
    first = tables["customers_at_risk"].sort_by("rank").to_pylist()[0]
    row = tree.css("#risk table tbody")[0].text(separator=" ")
    assert row.split()[0] == first["customer_key"][:10]
    assert f"{100 * first['risk']:.0f}%" in row


def test_risk_lists_nobody_when_the_forecast_is_weak(settings, tables):
    page = dataclasses.replace(settings["page"], sections=("risk",), letter_sections=())
    weak = make_world() | tables | {"customers_at_risk": tables["customers_at_risk"].slice(0, 0)}
    drawn_page = draw_report(weak, options=PageOptions(as_of=AS_OF, rules=page, categories=NAMES)).page
    assert "too weak to list anybody" in text(HTMLParser(drawn_page), "#risk")


def test_service_shows_months_and_channels(tree, tables):
    row = max(
        (r for r in tables["service"].to_pylist() if r["period"] == "month" and r["dimension"] == "all"),
        key=lambda r: r["period_start"],
    )
    first = tree.css("#service table tbody")[0].text(separator=" ")
    assert "October 2026" in first
    assert f"{row['response_hours']:.1f}" in first


def test_scores_have_intervals(tree):
    rows = [node.text(separator=" ") for node in tree.css("#scores table tbody")[:7]]
    assert any("Satisfied (4 or 5), CSAT" in row and " to " in row for row in rows)
    assert any("Ease" in row and " to " in row for row in rows)


def test_employees_stand_beside_customers(tree):
    assert "customers beside employees" in text(tree, "#employees caption")


@pytest.mark.parametrize("language", ["ar", "zh"])
def test_sections_speak_every_language(settings, language):
    tree = HTMLParser(drawn(settings, language))
    assert len(tree.css("main > section")) == len(SHOWN)
    assert not tree.css("b, i, img")


def test_sections_without_tables_are_left_out(settings):
    page = dataclasses.replace(settings["page"], sections=(*SHOWN, "quality"))
    tree = HTMLParser(draw_report(make_world(), options=PageOptions(as_of=AS_OF, rules=page)).page)
    assert [node.attributes["id"] for node in tree.css("main > section")] == [
        "scores",
        "employees",
        "quality",
    ]
