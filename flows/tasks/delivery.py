"""Task: alerts -> the people who should hear of them."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

from flows.engine.delivery import Delivery
from flows.engine.run import Run
from flows.engine.working.stages import stage


@stage("Telling people")
def notify(run: Run) -> dict[str, Any] | None:
    """Send what is due on each route of [notify]: ALERTS -> OUTBOX."""
    rules, language = run.settings["notify"], run.settings["page"].language
    delivery = Delivery(run.store, rules, language, clock=lambda: datetime.now(UTC))
    counts = delivery.deliver()
    run.record.warnings += delivery.warnings
    return counts or None
