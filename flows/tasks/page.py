"""Task: all tables -> the page."""

from __future__ import annotations

from importlib.metadata import version
from typing import Any

import pyarrow as pa

from data.schema import ASPECTS, COUNTS, INPUTS, MEMBERS, REJECTED, TOPICS
from flows.engine.clock import today
from flows.engine.run import Run
from flows.engine.stages import stage
from flows.tasks.display import category_names
from flows.tasks.insights import FAMILIES, insight_path
from flows.tasks.tables import read_documents, stamp_of_everything, whole_table
from reports.page import PageOptions, draw_page

PAGE = "report/index.html"
_PAGE_STAMP = "state/report.stamp"


@stage("Drawing the report")
def report(run: Run) -> dict[str, Any] | None:
    """Draw the page: all tables -> report/index.html."""
    made_from = (str(run.as_of), _alert_stamp(run), _insight_stamps(run))
    stamp = stamp_of_everything(run, "report", ("page", "summaries", "alerts", "counts"), *made_from)
    if run.store.read_text(_PAGE_STAMP) == stamp and run.store.read_text(PAGE) is not None:
        return None
    options = PageOptions(
        as_of=run.as_of or today(),
        rules=run.settings["page"],
        categories=category_names(run, run.settings["page"].language),
        facts=_run_facts(run),
    )
    page = draw_page(_page_tables(run), options=options)
    run.store.write_text(PAGE, page)
    run.store.write_text(_PAGE_STAMP, stamp)
    return {"page_bytes": len(page.encode())}


def _page_tables(run: Run) -> dict[str, pa.Table]:
    parts = run.parts()
    return {
        "documents": read_documents(run, run.settings["counts"].dimensions),
        "aspects": run.store.read_all(ASPECTS, parts),
        "members": run.store.read_all(MEMBERS, parts),
        "topics": run.store.read(TOPICS),
        "friction_summary": run.store.read_file("summaries/friction_summary.parquet"),
        "score_summary": run.store.read_file("summaries/score_summary.parquet"),
        "counts": run.store.read(COUNTS),
        "alerts": run.store.read_file("alerts.parquet"),
        "inputs": whole_table(run, INPUTS),
        "rejected": whole_table(run, REJECTED),
        **_insights(run),
    }


def _insights(run: Run) -> dict[str, pa.Table]:
    """Read the insights that this output has."""
    paths = {table.name: insight_path(table) for table in FAMILIES}
    return {name: run.store.read_file(path) for name, path in paths.items() if run.store.file_stamp(path)}


def _alert_stamp(run: Run) -> str:
    return run.store.file_stamp("alerts.parquet") or ""


def _insight_stamps(run: Run) -> str:
    return " ".join(run.store.file_stamp(insight_path(table)) or "" for table in FAMILIES)


def _run_facts(run: Run) -> dict[str, str]:
    return {"voc": version("voc")}
