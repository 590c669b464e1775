"""ALERTS -> the comments behind each alert: who complained of the issue, in the segment, in its window."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date, timedelta
from typing import Any

import duckdb
import pyarrow as pa

from data.schema import ALL
from reports.facts.complaints import complaint_sql

NEWEST = timedelta(days=27)  # of an alert that has been open for months, the last four weeks are quoted
DOCUMENT_COLUMNS = ["feedback_id", "source_kind", "sentiment", "sentiment_score", "intent", "copy_id"]
WATCHED = pa.schema(
    [
        pa.field("alert_id", pa.string()),
        pa.field("issue", pa.string()),
        pa.field("dimension", pa.string()),
        pa.field("value", pa.string()),
        pa.field("first_day", pa.date32()),
        pa.field("last_day", pa.date32()),
    ]
)

_FELT = "coalesce(a.sentiment, d.sentiment)"  # what has no sentiment of its own feels as its comment does
_TOLD = f"""
    SELECT a.feedback_id, 'category:' || a.category AS issue
    FROM aspects a JOIN documents d ON d.feedback_id = a.feedback_id
    WHERE {complaint_sql("a.sentiment", "d.intent")}
    UNION
    SELECT m.feedback_id, 'topic:' || m.topic_id
    FROM members m JOIN documents d ON d.feedback_id = m.feedback_id
    LEFT JOIN aspects a ON a.segment_id = m.segment_id
    WHERE m.topic_id IS NOT NULL AND {complaint_sql(_FELT, "d.intent")}"""

_BEHIND = """
    WITH behind AS (
        SELECT w.alert_id, d.feedback_id, d.sentiment_score, coalesce(d.copy_id, d.feedback_id) AS said,
            count(*) OVER (PARTITION BY w.alert_id, d.source_kind = 'employee') AS alike,
            d.source_kind = 'employee' AS is_employee
        FROM watched w JOIN ({told}) t ON t.issue = w.issue JOIN documents d ON d.feedback_id = t.feedback_id
        WHERE d.day BETWEEN w.first_day AND w.last_day AND (w.dimension = 'all' OR {value} = w.value)),
    once AS (
        SELECT *,
            row_number() OVER (PARTITION BY alert_id, said ORDER BY sentiment_score, feedback_id) AS copy
        FROM behind WHERE NOT is_employee OR alike >= ?)
    SELECT alert_id, feedback_id,
        row_number() OVER (PARTITION BY alert_id ORDER BY sentiment_score, feedback_id) AS place
    FROM once WHERE copy = 1 QUALIFY place <= ? ORDER BY alert_id, place"""


def behind_alerts(
    alerts: Sequence[dict[str, Any]], tables: Mapping[str, pa.Table], *, limit: int, min_group: int
) -> dict[str, list[str]]:
    """Find the most telling complaints of each alert's window.

    Args:
        alerts: rows of ALERTS.
        tables: documents, aspects and members.
        limit: comments per alert.
        min_group: employee comments are quoted only where at least so many stand behind the alert.

    Returns:
        By alert_id: feedback ids, strongest first, each text once.
    """
    documents = tables["documents"]
    rows = [_watched(alert) for alert in alerts]
    columns = sorted({row["dimension"] for row in rows} & set(documents.column_names))
    values = " ".join(
        f"WHEN '{_quoted(name)}' THEN trim(CAST(d.{_column(name)} AS VARCHAR))" for name in columns
    )
    value = f"CASE w.dimension {values} END" if values else "NULL"
    with duckdb.connect(":memory:", config={"temp_directory": ""}) as database:
        database.register("watched", pa.Table.from_pylist(rows, schema=WATCHED))
        slim = list(dict.fromkeys([*DOCUMENT_COLUMNS, *columns]))
        day = documents["created_at"].cast(pa.date32())
        database.register("documents", documents.select(slim).append_column("day", day))
        database.register(
            "aspects", tables["aspects"].select(["feedback_id", "segment_id", "category", "sentiment"])
        )
        database.register("members", tables["members"].select(["feedback_id", "segment_id", "topic_id"]))
        found = database.execute(_BEHIND.format(told=_TOLD, value=value), [min_group, limit]).fetchall()
    behind: dict[str, list[str]] = {}
    for alert_id, feedback_id, _ in found:
        behind.setdefault(alert_id, []).append(feedback_id)
    return behind


def split_segment(segment: str) -> tuple[str, str]:
    """Give dimension and value of a segment, as ``region=North``; all and all for the whole."""
    dimension, equals, value = segment.partition("=")
    return (dimension, value) if equals else (ALL, ALL)


def _watched(alert: dict[str, Any]) -> dict[str, Any]:
    dimension, value = split_segment(alert["segment"])
    last: date = alert["last_active_date"]
    first = max(min(alert["began_date"], alert["opened_date"]), last - NEWEST)
    return {
        "alert_id": alert["alert_id"], "issue": alert["issue"], "dimension": dimension, "value": value,
        "first_day": min(first, last), "last_day": last,
    }  # fmt: skip


def _quoted(name: str) -> str:
    return name.replace("'", "''")


def _column(name: str) -> str:
    return '"' + name.replace('"', '""') + '"'
