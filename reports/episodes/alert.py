"""One alert while it lives: what it knows, how it is read from ALERTS and written back."""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import Any

from reports.detection.panel import to_day, to_number
from reports.explain import (
    Calculation,
    DisplayNames,
    explain,
    read_calculation,
    severity_of,
    shorten,
    write_calculation,
)

Row = dict[str, Any]

# What counts alone cannot say: filled by reports/stories/ where the comments are known.
NOT_TOLD: Row = {
    "band": "info", "details": "{}", "example_ids": [], "customer_count": None, "customer_value": None,
    "order_count": None, "nps_points": None, "csat_points": None, "owner": None, "acknowledged_date": None,
    "muted_until": None, "is_dismissed": False, "note": None,
}  # fmt: skip


@dataclass
class Alert:
    """One episode; days are day numbers. `calculation` is that of the day with the strongest evidence."""

    alert_id: str
    issue: str
    segment: str
    kind: str
    is_recurring: bool
    status: str
    opened: int
    last_active: int
    resolved: int | None
    began: int
    threshold: float
    reopened_count: int
    parent_alert_id: str | None
    calculation: Calculation

    @property
    def score(self) -> float:
        """Give the strongest evidence so far."""
        return float(self.calculation["score"])

    @property
    def ratio(self) -> float:
        """Give how many times the expected complaints there were."""
        return float(self.calculation["n"] / self.calculation["expected"])

    def take(self, calculation: Calculation) -> None:
        """Take over a calculation, rounded as it will be written, so that a resumed run holds the same."""
        self.calculation = shorten(calculation)


def new_id(issue: str, segment: str, opened: int) -> str:
    """Give the id of the alert of a series that opens on a day."""
    key = "\x1f".join((issue, segment, to_day(opened).isoformat()))
    return hashlib.sha1(key.encode(), usedforsecurity=False).hexdigest()


def to_row(alert: Alert, names: DisplayNames) -> Row:
    """Write an alert as a row of ALERTS."""
    record = alert.calculation
    return {
        "alert_id": alert.alert_id,
        "issue": alert.issue,
        "segment": alert.segment,
        "kind": alert.kind,
        "is_recurring": alert.is_recurring,
        "status": alert.status,
        "opened_date": to_day(alert.opened),
        "last_active_date": to_day(alert.last_active),
        "resolved_date": None if alert.resolved is None else to_day(alert.resolved),
        "began_date": to_day(alert.began),
        "window_days": record["window_days"],
        "n": record["n"],
        "expected": record["expected"],
        "ratio": alert.ratio,
        "excess": record["n"] - record["expected"],
        "severity": severity_of(
            record, is_recurring=alert.is_recurring, is_persistent=alert.kind == "persistent"
        ),
        "score": alert.score,
        "threshold": alert.threshold,
        "reopened_count": alert.reopened_count,
        "parent_alert_id": alert.parent_alert_id,
        "explanation": explain((alert.issue, alert.segment), record, to_day(alert.began), names=names),
        "calculation": write_calculation(record),
    } | NOT_TOLD  # fmt: skip


def from_row(row: Row) -> Alert:
    """Read an alert from a row of ALERTS."""
    resolved = row["resolved_date"]
    return Alert(
        alert_id=row["alert_id"],
        issue=row["issue"],
        segment=row["segment"],
        kind=row["kind"],
        is_recurring=row["is_recurring"],
        status=row["status"],
        opened=to_number(row["opened_date"]),
        last_active=to_number(row["last_active_date"]),
        resolved=None if resolved is None else to_number(resolved),
        began=to_number(row["began_date"]),
        threshold=row["threshold"],
        reopened_count=row["reopened_count"],
        parent_alert_id=row["parent_alert_id"],
        calculation=read_calculation(row["calculation"]),
    )
