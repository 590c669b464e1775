"""Sends what is due, and writes down each step before the next: a killed run never says a thing twice."""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

import pyarrow as pa

from data.schema import OUTBOX, TOPICS
from data.store import Store
from flows.engine.people.answers import read_answers
from reports.notify import outbox as box
from reports.notify.message import Message, fill, write_message
from reports.notify.rules import NotifyRules, Route
from reports.notify.send import DeliveryError, send_message, send_ticket
from reports.sections.shared.words import Words
from reports.stories.answers import answer_columns, is_quiet

Row = dict[str, Any]
_Tables = tuple[dict[str, Row], Mapping[str, Row]]  # OUTBOX and ALERTS by id
_BLOCK = "block:"


@dataclass
class Delivery:
    """One round of sending.

    Attributes:
        store: the output.
        rules: section [notify].
        language: language of the messages.
        clock: gives the moment, UTC.
        wait: waits some seconds.
        warnings: what somebody should know of.
    """

    store: Store
    rules: NotifyRules
    language: str
    clock: Callable[[], datetime]
    wait: Callable[[float], None] = time.sleep
    warnings: list[str] = field(default_factory=list)

    def deliver(self) -> dict[str, int]:
        """Plan what is new, send what is due.

        Returns:
            Messages sent, waiting, failed (tried again later), given up.
        """
        if not self.rules.routes:
            return {}
        alerts, quiet = self._alerts()
        addresses = {route.name: self._addresses(route) for route in self.rules.routes}
        targets = {name: len(found) for name, found in addresses.items()}
        now = self.clock()
        rows = box.take_up(self.store.read(OUTBOX).to_pylist(), quiet, now)
        self._tell_unsure(rows)
        stories = box.find_stories(list(alerts.values()), self._categories(), now.date())
        rows = box.plan(rows, stories, targets, now=now, rules=self.rules)
        known = {row["message_id"]: row for row in rows}
        self._keep(known)
        for route in self.rules.routes:
            for group in box.due(rows, route, now):
                wanted = [row for row in group if row["alert_id"] in alerts]
                if wanted and wanted[0]["target"] < targets[route.name]:
                    self._send(route, addresses[route.name][wanted[0]["target"]], wanted, (known, alerts))
        states = [row["status"] for row in known.values()]
        return {name: states.count(name) for name in (box.SENT, box.WAITING, box.FAILED, box.GIVEN_UP)}

    def _send(
        self,
        route: Route,
        address: str,
        group: Sequence[Row],
        tables: _Tables,
    ) -> None:
        known, alerts = tables
        for row in group:
            known[row["message_id"]] = row | {"status": box.SENDING}
        self._keep(known)
        message = write_message(group, alerts, words=Words(self.language), report_url=self.rules.report_url)
        fault = self._try(route, address, message, alerts[group[0]["alert_id"]])
        now = self.clock()
        for row in group:
            if fault is None:
                done = row | {"status": box.SENT, "finished_at": now, "fault": None}
            else:
                done = box.after_failure(row, fault, now=now, rules=self.rules)
            known[row["message_id"]] = done
            if done["status"] == box.GIVEN_UP:
                self.warnings.append(
                    f"alert {row['alert_id'][:8]} could not be told on route '{route.name}' after "
                    f"{done['attempts']} runs and is given up: {fault}"
                )
        self._keep(known)

    def _try(self, route: Route, address: str, message: Message, alert: Row) -> str | None:
        """Try some times; give the last fault, None when it was taken."""
        fault: str | None = None
        for attempt in range(self.rules.tries):
            if attempt:
                waits = self.rules.wait_seconds
                self.wait(waits[min(attempt - 1, len(waits) - 1)] if waits else 0.0)
            try:
                if route.ticket:
                    headers = {name: _secret(kept) or "" for name, kept in route.headers.items()}
                    send_ticket(address, fill(route.ticket, alert, message), headers=headers, key=message.key)
                else:
                    send_message(address, message)
            except DeliveryError as error:
                fault = str(error)
            else:
                return None
        return fault

    def _alerts(self) -> tuple[dict[str, Row], set[str]]:
        rows = self.store.read_file("alerts.parquet").to_pylist()
        said = answer_columns(rows, read_answers(self.store))
        known = {row["alert_id"]: row | one for row, one in zip(rows, said, strict=True)}
        today = self.clock().date()
        return known, {alert_id for alert_id, row in known.items() if is_quiet(row, today)}

    def _categories(self) -> dict[str, str]:
        topics = self.store.read(TOPICS, columns=["topic_id", "category"])
        return dict(zip(topics["topic_id"].to_pylist(), topics["category"].to_pylist(), strict=True))

    def _addresses(self, route: Route) -> list[str]:
        found = (_secret(route.secret) or "").split()
        if not found:
            self.warnings.append(
                f"route '{route.name}' has no address: {route.secret} is not set; nothing was sent there"
            )
        return found

    def _tell_unsure(self, rows: Sequence[Row]) -> None:
        now = self.clock()
        for row in rows:
            if row["status"] == box.UNSURE and row["finished_at"] == now:
                self.warnings.append(
                    f"alert {row['alert_id'][:8]} may or may not have arrived on route '{row['route']}': the "
                    "run before ended while it was being sent; it is not sent again"
                )

    def _keep(self, known: Mapping[str, Row]) -> None:
        self.store.write(OUTBOX, pa.Table.from_pylist(list(known.values()), schema=OUTBOX.columns))


def _secret(kept: str) -> str | None:
    """Read an address or a header from where it is kept; None when there is nothing."""
    if not kept.startswith(_BLOCK):
        return os.environ.get(kept)
    from prefect.blocks.system import Secret  # noqa: PLC0415 - only where a route uses a block

    try:
        return str(Secret.load(kept.removeprefix(_BLOCK), _sync=True).get())  # type: ignore[call-arg, union-attr]
    except ValueError:  # Prefect's own words name the block, which we do better
        return None
