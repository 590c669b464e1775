"""Stages that work part by part stand in a line: each takes a part when the one before has finished it.

Encoding leaves Python's lock free and a core idle now and then; cutting, judging and writing need one core
and the lock. In a line they fill each other's gaps. Why, and what it costs:
docs/decisions/0009-stages-in-a-line.md.
"""

from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from typing import Any, Protocol


class StoppedError(RuntimeError):
    """A stage ended because another one of its line broke; that one's error is the one to read."""


class Pending(Protocol):
    """What a started stage gives back: a future of Prefect's or of Python's own."""

    def result(self) -> Any:  # noqa: ANN401 - a stage's state, of no interest here
        """Wait for the stage; raise what broke it."""

    def add_done_callback(self, fn: Callable[[Any], None], /) -> None:
        """Call when the stage has ended for good, after its retries."""


class Line:
    """Which parts each stage has finished. Stages that stand in no line get their parts at once."""

    def __init__(self, stages: Sequence[str] = ()) -> None:
        """Put stages in a line, in their order."""
        self._before = dict(zip(stages[1:], stages, strict=False))
        self._finished: dict[str, set[str]] = {name: set() for name in stages}
        self._waited: dict[str, float] = dict.fromkeys(stages, 0.0)
        self._is_stopped = False
        self._changed = threading.Condition()

    def parts(self, stage: str, parts: Iterable[str]) -> Iterator[str]:
        """Give a stage its parts, each when the stage before has finished it.

        A part counts as finished when the next one is asked for.

        Raises:
            StoppedError: another stage of the line broke.
        """
        for part in parts:
            self._wait(stage, part)
            yield part
            with self._changed:
                self._finished.get(stage, set()).add(part)
                self._changed.notify_all()

    def waited(self, stage: str) -> float:
        """Give the seconds that a stage has stood waiting for the one before it."""
        return self._waited.get(stage, 0.0)

    def stop(self) -> None:
        """Let every stage end instead of beginning another part."""
        with self._changed:
            self._is_stopped = True
            self._changed.notify_all()

    def _wait(self, stage: str, part: str) -> None:
        before = self._before.get(stage)
        start = time.perf_counter()
        with self._changed:
            self._changed.wait_for(
                lambda: self._is_stopped or before is None or part in self._finished[before]
            )
            if self._is_stopped:
                raise StoppedError(
                    f"stage '{stage}' was stopped: another stage broke; finished parts are kept"
                )
        if stage in self._waited:
            self._waited[stage] += time.perf_counter() - start


def run_in_line(line: Line, begun: Iterable[Pending]) -> None:
    """Begin the stages of a line, and wait until all have ended.

    Args:
        line: stops at the first fault.
        begun: begins a stage as it is asked for the next future.

    Raises:
        Exception: of the first stage that broke by itself.
    """
    pending: list[Pending] = []
    try:
        for future in begun:
            future.add_done_callback(lambda ended: line.stop() if _fault_of(ended) else None)
            pending.append(future)
        faults = [fault for fault in map(_fault_of, pending) if fault]
    except BaseException:  # an interrupted run leaves no stage at work behind it
        line.stop()
        raise
    own = [fault for fault in faults if not isinstance(fault, StoppedError)]
    for fault in own or faults:
        raise fault


def run_in_threads(line: Line, stages: Sequence[Callable[[], object]]) -> None:
    """Run the stages of a line without Prefect."""
    with ThreadPoolExecutor(max(len(stages), 1)) as threads:
        run_in_line(line, (threads.submit(stage) for stage in stages))


def _fault_of(future: Pending) -> Exception | None:
    try:
        future.result()
    except Exception as error:  # noqa: BLE001 - given back, and raised when all have ended
        return error
    return None
