"""Writes the generated pages: docs/tables.md, and the table of docs/sources.md."""

from __future__ import annotations

from pathlib import Path

from data.schema import (
    ALERT_DAYS,
    ALERT_EVENTS,
    ALERT_STATE,
    ALERTS,
    FRICTION_SUMMARY,
    INPUTS,
    REJECTED,
    SCORE_SUMMARY,
    TABLES,
    TOPIC_CENTROIDS,
    TOPICS,
)
from data.sources.recognise import SOURCES
from data.table import Table
from flows.tasks.insights import FAMILIES, insight_path

_FOLDER = Path(__file__).parents[2] / "docs"
_PLACES = {
    ALERTS.name: "`alerts.parquet` and `tables/alerts/`",
    ALERT_EVENTS.name: "`alert_events.parquet` and `tables/alert_events/`",
    FRICTION_SUMMARY.name: "`summaries/friction_summary.parquet`",
    SCORE_SUMMARY.name: "`summaries/score_summary.parquet`",
    **{t.name: f"`{insight_path(t)}`" for t in FAMILIES},
    **{t.name: f"`tables/{t.name}/` and `summaries/{t.name}.parquet`" for t in (TOPICS, INPUTS, REJECTED)},
    # What runs remember: see flows/engine/remember/snapshots.py.
    TOPIC_CENTROIDS.name: f"`state/topics/<ingest>/{TOPIC_CENTROIDS.name}.parquet`",
    **{t.name: f"`state/alerts/<day>/{t.name}.parquet`" for t in (ALERT_STATE, ALERT_DAYS)},
}
_HEAD = """# The tables

Generated from `data/schema.py` by `make docs`; a test keeps it true. Every table is plain Parquet: read it
with pandas, DuckDB, Polars, Spark or a BI tool. Times are UTC. `null` says that the value is not known.
A table that has no rows yet is one file without rows, `empty.parquet`.
"""


def describe_tables() -> str:
    """Give docs/tables.md."""
    return "\n".join([_HEAD, *(_describe(table) for table in TABLES)])


def describe_sources(page: str) -> str:
    """Give docs/sources.md with the table of sources as the code has them."""
    head, start, rest = page.partition("<!-- table: made from data/sources by `make docs` -->\n")
    rows = ["| tool | exports | recognised by | kind | what is read |", "|---|---|---|---|---|"]
    for source in SOURCES:
        about = source.about
        cells = (f"**{about.title}** (`{source.name}`)", about.reads, about.signs, about.kind, about.gives)
        rows.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
    return head + start + "\n".join(rows) + "\n" + rest[rest.index("<!-- end -->") :]


def main() -> None:
    """Write the generated pages."""
    (_FOLDER / "tables.md").write_text(describe_tables(), encoding="utf-8")
    page = _FOLDER / "sources.md"
    page.write_text(describe_sources(page.read_text(encoding="utf-8")), encoding="utf-8")


def _describe(table: Table) -> str:
    place = _PLACES.get(table.name, f"`tables/{table.name}/`")
    lines = [f"## {table.name}", "", f"One row: {table.row}. Key: {', '.join(f'`{k}`' for k in table.key)}."]
    lines += [
        f"Written by `{table.written_by}` to {place}.",
        "",
        "| column | type | meaning |",
        "|---|---|---|",
    ]
    for column in table.columns:
        metadata = column.metadata or {}
        meaning = metadata[b"description"].decode()
        if b"one_of" in metadata:
            meaning += f" ({metadata[b'one_of'].decode().replace(',', ' / ')})"
        null = ", null" if column.nullable else ""
        lines.append(f"| `{column.name}` | {column.type}{null} | {meaning} |")
    if table.open_prefix:
        lines.append(f"| `{table.open_prefix}<name>` | string, null | a column of the source, masked |")
    return "\n".join([*lines, ""])


if __name__ == "__main__":
    main()
