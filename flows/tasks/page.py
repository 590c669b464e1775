"""Task: all tables -> the page."""

from __future__ import annotations

import re
from datetime import date
from importlib.metadata import version
from typing import Any

import pyarrow as pa

from data.schema import ASPECTS, COUNTS, INPUTS, JOINS, MEMBERS, REJECTED, TOPICS
from flows.engine.clock import today
from flows.engine.run import Run
from flows.engine.working.stages import stage
from flows.tasks.display import category_names
from flows.tasks.insights import FAMILIES, insight_path
from flows.tasks.tables import latest_rows, read_documents, stamp_of_everything
from reports.page import PageOptions, draw_past, draw_report

PAGE = "report/index.html"
LETTER = "report/letter.html"
LINES = "report/summary.md"
_PAST = "report/past"
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}\.html")
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
    drawn = draw_report(_page_tables(run), options=options)
    run.store.write_text(LETTER, drawn.letter)
    run.store.write_text(LINES, drawn.lines)
    _keep_past(run, drawn.page, options)
    run.store.write_text(PAGE, drawn.page)
    run.store.write_text(_PAGE_STAMP, stamp)
    return {"page_bytes": len(drawn.page.encode())}


def _keep_past(run: Run, page: str, options: PageOptions) -> None:
    """Keep the page under its day too, and list the days; the oldest beyond the limit go."""
    keep = options.rules.keep_past
    if not keep:
        return
    run.store.write_text(f"{_PAST}/{options.as_of.isoformat()}.html", page)
    days = sorted(name for name in run.store.list_folder(_PAST) if _DAY.fullmatch(name))
    for name in days[:-keep]:
        run.store.remove(f"{_PAST}/{name}")
    kept = {name: date.fromisoformat(name.removesuffix(".html")) for name in days[-keep:]}
    run.store.write_text(f"{_PAST}/index.html", draw_past(kept, language=options.rules.language))


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
        "inputs": latest_rows(run, INPUTS),
        "rejected": latest_rows(run, REJECTED),
        "joins": run.store.read(JOINS),
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
