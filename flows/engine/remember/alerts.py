"""What detection remembers between runs, as snapshots."""

from __future__ import annotations

import pyarrow as pa

from data.schema import ALERT_DAYS, ALERT_EVENTS, ALERT_STATE, ALERTS
from data.store import Store
from flows.engine.remember.snapshots import Snapshot, Snapshots
from reports.episodes.alert import NOT_TOLD
from reports.lifecycle import Replay


def open_memory(store: Store) -> Snapshots:
    """Open the snapshots of detection; their keys are days."""
    return Snapshots(store, "alerts", (ALERTS, ALERT_EVENTS, ALERT_STATE, ALERT_DAYS))


def read_replay(snapshot: Snapshot | None) -> Replay | None:
    """Give the history that a snapshot holds; None for none."""
    if snapshot is None:
        return None
    tables = snapshot.tables | {"alerts": _with_new_columns(snapshot.tables["alerts"])}
    return Replay(
        alerts=tables["alerts"],
        events=tables["alert_events"],
        state=tables["alert_state"],
        days=tables["alert_days"],
    )


def _with_new_columns(alerts: pa.Table) -> pa.Table:
    """Fill the columns of ALERTS that an older version did not write."""
    for name in ALERTS.columns.names:
        if name not in alerts.column_names:
            field = ALERTS.columns.field(name)
            values = pa.array([NOT_TOLD[name]] * alerts.num_rows, field.type)
            alerts = alerts.append_column(name, values)
    return alerts.select(ALERTS.columns.names)


def as_tables(found: Replay) -> dict[str, pa.Table]:
    """Give the tables of a history by name, as a snapshot takes them."""
    return {
        "alerts": found.alerts,
        "alert_events": found.events,
        "alert_state": found.state,
        "alert_days": found.days,
    }
