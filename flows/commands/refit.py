"""What `voc refit` does."""

from __future__ import annotations

import contextlib
from typing import Any

from flows.engine.server import embedded_server
from flows.settings import AS_SHIPPED, Own


def refit_output(out: str, *, force: bool = False, own: Own = AS_SHIPPED) -> dict[str, Any]:
    """Run the refit flow, on the user's Prefect server or on an embedded one.

    Returns:
        The facts of the refit: how much moved, and what became of the topics.
    """
    with embedded_server() as server:
        from flows.refit import refit  # noqa: PLC0415 - Prefect loads while the server starts

        with server.used() if server else contextlib.nullcontext():
            facts: dict[str, Any] = refit(
                out=out, is_forced=force, settings=own.settings, changes=list(own.changes)
            )
    return facts


def refit_as_text(facts: dict[str, Any]) -> str:
    """Say in two lines what a refit did."""
    if facts["is_refused"]:
        return "Refused: topics are as they were"
    told = ", ".join(f"{facts[event]} {event}" for event in ("kept", "born", "split", "merged", "died"))
    return (
        f"{facts['topics']:,} topics: {told}; {facts['moved_share']:.1%} of the clauses moved\n"
        f"Events  {facts['events']}"
    )
