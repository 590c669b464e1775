"""The invented company of report_world, with customers, orders, tickets, a rival and two actions."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pyarrow as pa
from report_world import AS_OF, documents_table, filled, make_world, rules
from subject_worlds import read, worth_of

from data.schema import ASPECTS, CASES, CUSTOMERS, EMPLOYEE, ORDERS, TICKETS
from reports.actions import judge_actions, read_actions
from reports.cases import draft_replies, find_cases, keep_cases, rank_cases, read_templates
from reports.competitors import compare_brands
from reports.drivers import find_drivers
from reports.journey import follow_journey
from reports.loyalty import measure_loyalty
from reports.risk import find_customers_at_risk
from reports.segments import customer_columns, find_lift
from reports.service import measure_service

STAGES = {
    "website_app": "discovery", "ordering_checkout": "purchase", "price_value": "purchase",
    "shipping": "fulfilment", "product_quality": "use", "customer_service": "support",
}  # fmt: skip
ACTIONS = """
[[actions]]
date = 2026-10-19
category = "ordering_checkout"
note = "The basket is <b>kept</b>"

[[actions]]
date = 2026-11-12
category = "shipping"
segments = { region = "North" }
note = "A second courier"
"""
RIVAL = "Rival <i>Ltd</i>"


def told():
    """Give the comments of our customers and of a rival's, and what they speak of."""
    world = make_world()
    rows = world["documents"].to_pylist()
    service = {r["feedback_id"] for r in world["aspects"].to_pylist() if r["category"] == "customer_service"}
    for place, row in enumerate(rows):
        row["region"] = "West" if row["feedback_id"] in service and place % 2 else row["region"]
        row["customer_key"] = f"k{place % 900}"
        row["customer_key"] = None if row["source_kind"] == EMPLOYEE else row["customer_key"]
        row["csat"], row["ces"] = (
            (float(1 + place % 5), float(1 + place % 7)) if place % 3 == 0 else (None, None)
        )
    said = [row for row in rows if row["source_kind"] in ("review", "survey")][:900]
    theirs = [row | {"feedback_id": f"rival-{row['feedback_id']}", "is_own": False, "brand": RIVAL,
                     "customer_key": None} for row in said]  # fmt: skip
    documents = documents_table([*rows, *theirs])
    aspects = world["aspects"].to_pylist()
    mine = {row["feedback_id"] for row in said}
    copies = [
        row | {"feedback_id": f"rival-{row['feedback_id']}", "segment_id": f"rival-{row['segment_id']}"}
        for place, row in enumerate(aspects)
        if row["feedback_id"] in mine and not (row["category"] == "shipping" and place % 2)
    ]
    return documents, ASPECTS.to_arrow(pa.Table.from_pylist([*aspects, *copies], schema=ASPECTS.columns))


def operations():
    """Give customers, orders and tickets; who complained of service leaves more often."""
    rng = np.random.default_rng(3)
    customers, orders, tickets = [], [], []
    for place in range(900):
        left = AS_OF - timedelta(days=int(rng.integers(1, 330))) if rng.random() < 0.4 else None
        customers.append({
            "customer_key": f"k{place}", "value": float(50 + place), "order_count": 1 + place % 3,
            "segment": ["gold", "<b>blue</b>"][place % 2], "churned_date": left,
            "is_churned": left is not None, "since_date": date(2024, 1, 1),
            "region": ["North", "South"][place % 2],
        })  # fmt: skip
        moment = datetime(2025, 3, 1, 12, tzinfo=UTC) + timedelta(days=int(rng.integers(0, 600)))
        orders.append(
            {"order_key": f"o{place}", "customer_key": f"k{place}", "value": 40.0, "ordered_at": moment}
        )
        asked = datetime(2026, 8, 1, 12, tzinfo=UTC) + timedelta(days=place % 90)
        tickets.append({
            "ticket_key": f"t{place}", "customer_key": f"k{(place * 7) % 900}", "created_at": asked,
            "first_response_at": asked + timedelta(hours=1 + place % 9), "channel": "phone",
            "resolved_at": asked + timedelta(hours=10 + place % 50), "reopened_count": int(place % 10 == 0),
        })  # fmt: skip
    return filled(CUSTOMERS, customers), filled(ORDERS, orders), filled(TICKETS, tickets)


def _subset(documents, subjects, worth, mask):
    return documents.filter(pa.array(mask)), subjects.of(mask), worth.of(mask)


@cache
def insight_tables(settings):
    """Make every table of insights by the shipped settings."""
    documents, aspects = told()
    customers, orders, tickets = operations()
    subjects, worth = read(documents, aspects), worth_of(documents, orders, customers)
    own = np.asarray(documents["is_own"]) & (np.asarray(documents["source_kind"].to_pandas()) != EMPLOYEE)
    ours = _subset(documents, subjects, worth, own)
    issues = [f"category:{name}" for name in STAGES]
    planned = read_actions(ACTIONS, issues=issues, columns=["region"])
    actions, weeks = judge_actions(planned, ours[0], ours[1], as_of=AS_OF, rules=settings["actions"])
    found = find_cases(documents, subjects, worth, as_of=AS_OF, rules=settings["cases"])
    kept = keep_cases(found, CASES.empty(), tickets, edits=(), as_of=AS_OF)
    cases = rank_cases(kept, as_of=AS_OF, rules=settings["cases"])
    names = {"en": {"shipping": "Delivery"}}
    cases = draft_replies(cases, templates=read_templates(""), names=names, signature="Alba & Norn")
    known = customer_columns(ours[0], ours[2], customers)
    dimensions = ["region", "product", "language", "customer_type", "customer_segment"]
    anybody = replace(settings["risk"], min_auc=0.0)  # who left here left by chance: list them all the same
    models, listed = find_customers_at_risk(
        ours[0], ours[1:], (customers, orders, tickets), as_of=AS_OF, rules=anybody
    )
    return {
        "drivers": find_drivers(*ours, rules=settings["drivers"]),
        "actions": actions, "action_weeks": weeks, "cases": cases,
        "journey": follow_journey(documents, aspects, stages=STAGES, rules=rules()),
        "service": measure_service(tickets, rules=settings["service"]),
        "segment_lift": find_lift(known, ours[1], dimensions=dimensions, rules=settings["segments"]),
        "loyalty": measure_loyalty(customers, orders, ours[1:], as_of=AS_OF, rules=settings["loyalty"]),
        "competitors": compare_brands(documents, subjects, rules=settings["competitors"]),
        "churn_models": models, "customers_at_risk": listed, "documents": documents, "aspects": aspects,
    }  # fmt: skip
