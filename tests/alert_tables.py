"""Small ALERTS for the tests of stories and delivery."""

from datetime import date, timedelta

import pyarrow as pa

from data.schema import ALERTS
from reports.episodes.alert import NOT_TOLD, new_id
from reports.explain import write_calculation

DAY = date(2026, 3, 15)


def alert(issue="category:shipping", segment="all", **changes):
    """Make a row of ALERTS: 41 complaints in the week to 15 March where 12 were expected."""
    days = changes.get("window_days", 7)
    record = {
        "window_start": (DAY - timedelta(days=days - 1)).isoformat(),
        "window_end": DAY.isoformat(),
        "window_days": days,
        "n": 41,
        "expected": 12.0,
        "comments": 400,
    }
    row = {
        "issue": issue, "segment": segment, "kind": "spike", "is_recurring": False, "status": "open",
        "opened_date": DAY - timedelta(days=1), "last_active_date": DAY, "resolved_date": None,
        "began_date": DAY - timedelta(days=5), "window_days": days, "n": 41, "expected": 12.0,
        "ratio": 41 / 12, "excess": 29.0, "severity": 10.0, "score": 6.0, "threshold": 3.0,
        "reopened_count": 0,
        "parent_alert_id": None, "explanation": f"{issue}: 41 complaints.", "calculation": "",
    } | NOT_TOLD | changes  # fmt: skip
    row["alert_id"] = row.get("alert_id") or new_id(issue, segment, row["opened_date"].toordinal() - 719163)
    row["calculation"] = row["calculation"] or write_calculation(
        record | {"n": row["n"], "expected": row["expected"]}
    )
    return row


def alerts_table(rows):
    """Make ALERTS of rows."""
    return ALERTS.to_arrow(pa.Table.from_pylist(rows, schema=ALERTS.columns))
