"""The weekly flow: topics found anew under their old ids, then everything that counts them again."""

# No `from __future__ import annotations` here: Prefect reads the types of the flow's parameters where it runs
# them, and cannot look the names up there.

from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run

from data.intake.inputs import InputError
from data.store import Store
from flows import tasks
from flows.daily import recorded
from flows.engine.clock import newest_day
from flows.engine.lock import locked
from flows.engine.run import Run
from flows.engine.working.progress import Progress
from flows.settings import Own

_SHOWN = ("kept", "born", "split", "merged", "died", "refused")


def _run_name() -> str:
    return f"refit of {str(flow_run.parameters.get('out', '')).rstrip('/').rpartition('/')[2]}"


@flow(name="refit-topics", flow_run_name=_run_name, persist_result=False)
def refit(
    out: str, is_forced: bool = False, settings: Path | None = None, changes: list[str] | None = None
) -> dict[str, Any]:
    """Find topics anew and match them with the old ones; refused when too many comments would move.

    Args:
        out: folder or fsspec URL of an earlier run.
        is_forced: take over what the refit finds, however much it moves.
        settings: a company's own settings file.
        changes: single settings as section.key=value.

    Returns:
        moved_share, is_refused, events by kind, and the warnings.

    Raises:
        InputError: the folder holds no run, or its topics are not those of its newest comments.
    """
    store, own = Store(out), Own(settings, tuple(changes or ()))
    if not store.ledger():
        raise InputError(f"{out} holds no run of voc; make one with: voc run INPUT... --out {out}")
    run = Run(store=store, settings=own.load(), inputs=[], as_of=newest_day(store))
    run.progress = Progress()
    with locked(store), recorded(run):
        tasks.refit(run, is_forced=is_forced)
        if store.read_text(tasks.PAGE) is not None:  # the state of `voc topics` has nothing but topics
            for stage in (tasks.metrics, tasks.alerts, tasks.insights, tasks.report, tasks.topic_map):
                stage(run)
        facts = summarise_refit(run)
        words = "\n".join(f"- {name}: {value}" for name, value in facts.items() if name != "warnings")
        create_markdown_artifact(words, key="voc-refit", description="What became of the topics")
    return facts


def summarise_refit(run: Run) -> dict[str, Any]:
    """Give the facts of a refit; no customer text."""
    told = run.record.facts["refit"]
    return {
        "topics": run.record.facts.get("topic_count", 0),
        "moved_share": told["moved_share"],
        "is_refused": "refused" in told["events"],
        **{event: told["events"].get(event, 0) for event in _SHOWN if event != "refused"},
        "events": run.store.full_path("tables/topic_events"),
        "warnings": run.record.warnings,
    }
