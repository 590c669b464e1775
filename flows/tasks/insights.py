"""Task: what is understood and what the company knows -> the tables that a manager acts on."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any

import pyarrow as pa

from data.schema import (
    ACTION_WEEKS,
    ACTIONS,
    CASES,
    CHURN_MODELS,
    COMPETITORS,
    CUSTOMERS,
    CUSTOMERS_AT_RISK,
    DRIVERS,
    JOURNEY,
    LOYALTY,
    ORDERS,
    SEGMENT_LIFT,
    SERVICE,
    TICKETS,
    Table,
)
from flows.engine.clock import today
from flows.engine.run import Run
from flows.engine.working.stages import stage
from flows.models import taxonomy
from flows.tasks.cases import make_cases, unread_edits
from flows.tasks.material import OWN_FILES, Material
from flows.tasks.tables import stamp_of_everything
from reports.actions import judge_actions
from reports.competitors import compare_brands
from reports.drivers import find_drivers
from reports.journey import follow_journey
from reports.loyalty import measure_loyalty
from reports.risk import find_customers_at_risk
from reports.segments import customer_columns, find_lift
from reports.service import measure_service


def _drivers(material: Material) -> Sequence[pa.Table]:
    rules = material.run.settings["drivers"]
    rows = material.of_customers(rules.days)
    some = material.documents.filter(pa.array(rows))
    return (find_drivers(some, material.subjects.of(rows), material.worth.of(rows), rules=rules),)


def _actions(material: Material) -> Sequence[pa.Table]:
    rows = material.of_customers()
    return judge_actions(
        material.actions, material.documents.filter(pa.array(rows)), material.subjects.of(rows),
        as_of=material.as_of or today(), rules=material.run.settings["actions"],
    )  # fmt: skip


def _journey(material: Material) -> Sequence[pa.Table]:
    rules = material.run.settings["summaries"]
    stages = {category.id: category.journey_stage for category in taxonomy(material.run)}
    return (follow_journey(material.documents, material.aspects, stages=stages, rules=rules),)


def _service(material: Material) -> Sequence[pa.Table]:
    return (measure_service(material.tickets, rules=material.run.settings["service"]),)


def _segments(material: Material) -> Sequence[pa.Table]:
    settings = material.run.settings
    rules, dimensions = settings["segments"], settings["summaries"].dimensions
    rows = material.of_customers(rules.days)
    known = customer_columns(material.documents, material.worth, material.customers)
    named = [name for name in known.column_names if name.startswith("customer_") and name != "customer_key"]
    some, subjects = known.filter(pa.array(rows)), material.subjects.of(rows)
    return (find_lift(some, subjects, dimensions=[*dimensions, *named], rules=rules),)


def _loyalty(material: Material) -> Sequence[pa.Table]:
    rows = material.of_customers()
    told = (material.subjects.of(rows), material.worth.of(rows))
    as_of, rules = material.as_of or today(), material.run.settings["loyalty"]
    return (measure_loyalty(material.customers, material.orders, told, as_of=as_of, rules=rules),)


def _competitors(material: Material) -> Sequence[pa.Table]:
    rules = material.run.settings["competitors"]
    rows = material.since(rules.days)
    some = material.documents.filter(pa.array(rows))
    return (compare_brands(some, material.subjects.of(rows), rules=rules),)


def _risk(material: Material) -> Sequence[pa.Table]:
    rows = material.of_customers()
    about = (material.subjects.of(rows), material.worth.of(rows))
    operations = (material.customers, material.orders, material.tickets)
    rules, as_of = material.run.settings["risk"], material.as_of or today()
    some = material.documents.filter(pa.array(rows))
    return find_customers_at_risk(some, about, operations, as_of=as_of, rules=rules)


# tables -> what makes them together, in the same order; a company adds its own here
_MAKERS: dict[tuple[Table, ...], Callable[[Material], Sequence[pa.Table]]] = {
    (DRIVERS,): _drivers,
    (ACTIONS, ACTION_WEEKS): _actions,
    (CASES,): make_cases,
    (JOURNEY,): _journey,
    (SERVICE,): _service,
    (SEGMENT_LIFT,): _segments,
    (LOYALTY,): _loyalty,
    (COMPETITORS,): _competitors,
    (CHURN_MODELS, CUSTOMERS_AT_RISK): _risk,
}
FAMILIES = tuple(table for tables in _MAKERS for table in tables)
_SECTIONS = (
    "summaries",
    "drivers",
    "actions",
    "cases",
    "service",
    "segments",
    "loyalty",
    "competitors",
    "risk",
)


@stage("Working out what moves the scores, and what to do")
def insights(run: Run) -> dict[str, Any] | None:
    """Write what a manager acts on: DOCUMENTS and all that is known of them -> summaries/*.parquet."""
    operations = [
        run.store.stamp(table, part)
        for table in (ORDERS, TICKETS, CUSTOMERS)
        for part in run.store.parts(table)
    ]
    made_from = (
        str(run.as_of),
        str(operations),
        *(run.store.read_text(name) or "" for name in OWN_FILES),
        unread_edits(run),
    )
    stamp = stamp_of_everything(run, "insights", _SECTIONS, *made_from)
    if all(run.store.file_stamp(insight_path(table)) == stamp for table in FAMILIES):
        return None
    material = Material(run)
    counts = {}
    for tables, make in _MAKERS.items():
        for table, made in zip(tables, make(material), strict=True):
            run.store.write_file(insight_path(table), table, made, stamp=stamp)
            counts[f"{table.name}_rows"] = made.num_rows
    return counts


def insight_path(table: Table) -> str:
    """Give where a table of insights lies in the output."""
    return f"summaries/{table.name}.parquet"
