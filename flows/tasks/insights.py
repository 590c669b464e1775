"""Task: what is understood and what the company knows -> the tables that a manager acts on."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pyarrow as pa

from data.schema import CUSTOMERS, DRIVERS, ORDERS, TICKETS, Table
from flows.engine.run import Run
from flows.engine.stages import stage
from flows.tasks.material import Material
from flows.tasks.tables import stamp_of_everything
from reports.drivers import find_drivers


def _drivers(material: Material) -> pa.Table:
    rules = material.run.settings["drivers"]
    rows = material.of_customers(rules.days)
    some = material.documents.filter(pa.array(rows))
    return find_drivers(some, material.subjects.of(rows), material.worth.of(rows), rules=rules)


# table -> what makes it; a company adds its own here
FAMILIES: dict[Table, Callable[[Material], pa.Table]] = {
    DRIVERS: _drivers,
}
_SECTIONS = ("summaries", "drivers")


@stage("Working out what moves the scores, and what to do")
def insights(run: Run) -> dict[str, Any] | None:
    """Write what a manager acts on: DOCUMENTS and all that is known of them -> summaries/*.parquet."""
    operations = [
        run.store.stamp(table, part)
        for table in (ORDERS, TICKETS, CUSTOMERS)
        for part in run.store.parts(table)
    ]
    stamp = stamp_of_everything(run, "insights", _SECTIONS, str(run.as_of), str(operations))
    if all(run.store.file_stamp(insight_path(table)) == stamp for table in FAMILIES):
        return None
    material = Material(run)
    counts = {}
    for table, make in FAMILIES.items():
        made = make(material)
        run.store.write_file(insight_path(table), table, made, stamp=stamp)
        counts[f"{table.name}_rows"] = made.num_rows
    return counts


def insight_path(table: Table) -> str:
    """Give where a table of insights lies in the output."""
    return f"summaries/{table.name}.parquet"
