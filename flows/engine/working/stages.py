"""How every stage runs: timed, shown, skipped when nothing changed, its errors free of customer text."""

from __future__ import annotations

import traceback
from collections.abc import Callable, Mapping
from functools import wraps
from typing import Any, Concatenate, ParamSpec

import pandas as pd
import pyarrow as pa
from prefect import task
from prefect.cache_policies import NO_CACHE
from prefect.client.schemas.objects import State
from prefect.states import Completed

from data.disk.files import UnreachableError
from data.table import Table
from flows.engine.errors import READABLE, StageError
from flows.engine.run import Run

P = ParamSpec("P")
StageFunction = Callable[Concatenate[Run, P], dict[str, Any] | None]

_RETRIES = 3
_RETRY_SECONDS = [2.0, 10.0, 30.0]


def is_outside_fault(error: BaseException | None) -> bool:
    """Say whether waiting may help: with the network or a database, not with bad data or a full disk."""
    while error is not None:
        if isinstance(error, ConnectionError | TimeoutError | UnreachableError):
            return True
        error = error.__cause__
    return False


async def _may_retry(_task: object, _task_run: object, state: State[Any]) -> bool:
    try:
        await state.aresult()
    except BaseException as error:  # noqa: BLE001 - any failure is judged, none is swallowed
        return is_outside_fault(error)
    return False


def stage(words: str) -> Callable[[StageFunction[P]], Any]:
    """Make a Prefect task of a stage.

    The stage returns its counts for the run record, or None when there was nothing to do: the task then ends
    in a state named Skipped.

    Args:
        words: what a person sees while it runs.
    """

    def decorate(work: StageFunction[P]) -> Any:  # noqa: ANN401 - Prefect keeps no signature through its decorator
        name = work.__name__

        @wraps(work)
        def guarded(run: Run, *args: P.args, **kwargs: P.kwargs) -> State[Any]:
            with (
                run.progress.stage(words),
                run.record.stage(name, waited=lambda: run.line.waited(name)) as entry,
            ):
                try:
                    counts = work(run, *args, **kwargs)
                except READABLE:
                    raise
                except Exception as error:
                    raise _without_text(name, error, entry) from (error if is_outside_fault(error) else None)
                entry["is_skipped"] = counts is None
                entry.update(counts or {})
            run.progress.done(words, entry["seconds"])
            return Completed(name="Skipped", message="nothing new") if counts is None else Completed()

        return task(
            name=name,
            task_run_name=f"{name}-{{run}}",
            cache_policy=NO_CACHE,
            persist_result=False,
            retries=_RETRIES,
            retry_delay_seconds=_RETRY_SECONDS,
            retry_condition_fn=_may_retry,
        )(guarded)

    return decorate


def fill_parts(
    run: Run,
    *,
    outputs: tuple[Table, ...],
    stamp: Callable[[str], str],
    make: Callable[[str], Mapping[str, pd.DataFrame | pa.Table]],
    name: str = "",
) -> dict[str, Any] | None:
    """Compute the parts of per-comment tables that are missing or were made from something else.

    Args:
        run: the run.
        outputs: the tables that `make` fills.
        stamp: part -> stamp of its ingredients.
        make: part -> frames by table name.
        name: of the stage, where it stands in a line.

    Returns:
        Counts of parts and rows; None when every part was there.
    """
    parts = run.parts()
    made, rows = 0, 0
    for number, part in enumerate(run.line.parts(name, parts), start=1):
        wanted = stamp(part)
        if all(run.store.has(table, part, wanted) for table in outputs):
            continue
        frames = make(part)
        for table in outputs:
            rows += run.store.write(table, frames[table.name], part=part, stamp=wanted)
        made += 1
        run.progress.tell(f"{name or outputs[0].name}: part {number} of {len(parts)}")
    return {"parts": made, "rows": rows} if made else None


def _without_text(name: str, error: Exception, entry: dict[str, Any]) -> StageError:
    """Keep where it broke, not what the library said: its words may quote a comment."""
    frames = traceback.extract_tb(error.__traceback__)
    entry["fault"] = {
        "kind": type(error).__name__,
        "where": [f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames[-8:]],
    }
    last = frames[-1]
    return StageError(
        f"stage '{name}' broke: {type(error).__name__} at {last.filename}:{last.lineno}; "
        "finished parts are kept, run again to go on; if it stays, report the 'fault' of the run record"
    )
