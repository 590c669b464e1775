"""The nightly flow: from exports to the report, one task per stage, safe to repeat."""

# No `from __future__ import annotations` here: Prefect reads the types of the flow's parameters where it runs
# them, and cannot look the names up there.

import contextlib
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import Any

from prefect import flow
from prefect.artifacts import create_markdown_artifact
from prefect.runtime import flow_run

from data.intake.inputs import InputError, expand_inputs
from data.schema import LANGUAGES_KNOWN
from data.store import Store
from flows import tasks
from flows.engine.lock import locked
from flows.engine.people.answers import read_answers
from flows.engine.people.wishes import read_wishes
from flows.engine.run import Run, write_record
from flows.engine.working.line import run_in_line
from flows.engine.working.progress import Progress
from flows.engine.working.summary import markdown_summary, summarise_run
from flows.models import warmed_up
from flows.settings import Own, SettingsError


def _run_name() -> str:
    parameters = flow_run.parameters
    inputs = [str(i).rstrip("/").rpartition("/")[2] for i in parameters.get("inputs", [])]
    more = f" and {len(inputs) - 2} more" if len(inputs) > 2 else ""
    day = parameters.get("as_of") or "newest day"
    return f"{day}: {', '.join(inputs[:2])}{more}"


@flow(name="daily-voc", flow_run_name=_run_name, persist_result=False)
def daily(
    inputs: list[str],
    out: str,
    as_of: date | None = None,
    settings: Path | None = None,
    changes: list[str] | None = None,
) -> dict[str, Any]:
    """Run every stage for one day. Safe to repeat: a rerun adds what is new and repeats nothing.

    Args:
        inputs: files, folders, globs or fsspec URLs of exports.
        out: folder or fsspec URL of the output.
        as_of: the day to report on; by default the day of the newest comment.
        settings: a company's own settings file.
        changes: single settings as section.key=value.

    Returns:
        The facts of the run: counts and where things lie; see `summarise_run`.
    """
    return run_stages(open_run(inputs, out, as_of=as_of, own=Own(settings, tuple(changes or ()))))


def open_run(inputs: list[str], out: str, *, as_of: date | None, own: Own) -> Run:
    """Check everything that the user gave, before anything is read or loaded."""
    settings = own.load()
    spoken = settings["run"].language
    if spoken and spoken not in LANGUAGES_KNOWN:
        raise SettingsError(f"no such language: '{spoken}' (--lang); expected {', '.join(LANGUAGES_KNOWN)}")
    found = expand_inputs(inputs, schemes=settings["ingest"].schemes)
    run = Run(store=Store(out), settings=settings, inputs=found, as_of=as_of)
    run.progress = Progress()
    read_answers(run.store)  # a slip in alerts.toml stops a run at its start, not at its last stage
    read_wishes(run.store)  # nor in topics.toml
    return run


def run_stages(run: Run) -> dict[str, Any]:
    """Run the stages in order, holding the output; the run record is written whatever happens."""
    with locked(run.store), recorded(run):
        with warmed_up(run):
            tasks.ingest(run)  # one task: unmasked text never reaches the disk
        _refuse_if_nothing_was_read(run)
        # language, segment, embed, sentiment, category, intent, documents: parts go from one to the next
        line = run.form_line([stage.name for stage in tasks.BY_PART])
        run_in_line(line, (stage.submit(run) for stage in tasks.BY_PART))
        tasks.topics(run)
        tasks.metrics(run)
        tasks.alerts(run)
        tasks.insights(run)
        tasks.report(run)
        tasks.topic_map(run)
        tasks.notify(run)
        run.store.show_empty(tasks.IN_FOLDERS)  # a table that a day leaves empty can be read like any other
        create_markdown_artifact(
            markdown_summary(run), key="voc-run", description="What this run read, found and raised"
        )
    return summarise_run(run)


def _refuse_if_nothing_was_read(run: Run) -> None:
    """A run over nothing but unreadable files is a mistake; beside readable ones they are set aside."""
    refused = run.record.facts["ingest"]["refused"]
    if refused and not run.parts():
        raise InputError("\n".join(f"{name}: {why}" for name, why in refused))


@contextlib.contextmanager
def recorded(run: Run) -> Iterator[None]:
    """Write the run record, whatever happens."""
    try:
        yield
    except BaseException as error:
        run.record.facts |= {"status": "failed", "error": type(error).__name__}
        with contextlib.suppress(Exception):  # the fault itself matters more than that it could not be noted
            write_record(run)
        raise
    run.record.facts["status"] = "completed"
    write_record(run)
