"""The run record: what ran, on what, with what, how long, how much memory. It never holds customer text."""

from __future__ import annotations

import platform
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime
from importlib.metadata import version
from typing import Any
from uuid import uuid4

import psutil

_SAMPLE_SECONDS = 0.05
_LIBRARIES = ("prefect", "pandas", "pyarrow", "spacy", "bertopic", "onnxruntime", "duckdb", "scikit-network")


@dataclass
class RunRecord:
    """Grows while a run goes on; written as runs/<run id>.json at its end, good or bad."""

    run_id: str
    started_at: str
    facts: dict[str, Any] = field(default_factory=dict)
    stages: list[dict[str, Any]] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    def announce(self, names: Iterable[str]) -> None:
        """Give stages that begin side by side their places, whichever begins first."""
        self.stages += [{"stage": name} for name in names]

    @contextmanager
    def stage(self, name: str, *, waited: Callable[[], float] = lambda: 0.0) -> Iterator[dict[str, Any]]:
        """Time one stage and watch its memory; the stage adds its own counts to what is given.

        Args:
            name: of the stage.
            waited: seconds that it stood waiting for another stage, which count for that one.
        """
        entry: dict[str, Any] | None = next((one for one in self.stages if one == {"stage": name}), None)
        if entry is None:
            entry = {"stage": name}
            self.stages.append(entry)
        watch = _MemoryWatch()
        # of a stage that is tried again, what it waited before belongs to the entry before
        start, cpu, stood = time.perf_counter(), time.thread_time(), waited()
        try:
            yield entry
        finally:
            entry["seconds"] = round(time.perf_counter() - start - (waited() - stood), 3)
            entry["cpu_seconds"] = round(time.thread_time() - cpu, 3)
            entry["peak_memory_mb"] = watch.stop()

    def as_dict(self) -> dict[str, Any]:
        """Give the record as it is written."""
        return {
            "run_id": self.run_id,
            "started_at": self.started_at,
            "finished_at": _now(),
            "versions": {"voc": version("voc"), "python": platform.python_version()}
            | {name: version(name) for name in _LIBRARIES},
            **self.facts,
            "cpu_seconds": round(time.process_time(), 1),
            "warnings": self.warnings,
            "stages": self.stages,
        }


def open_record() -> RunRecord:
    """Start the record of a run; its id sorts by time."""
    now = datetime.now(UTC)
    return RunRecord(run_id=f"{now:%Y%m%dT%H%M%S}-{uuid4().hex[:6]}", started_at=_now())


class _MemoryWatch:
    """Samples the resident memory of this process; the system's own peak cannot be reset per stage."""

    def __init__(self) -> None:
        self._process = psutil.Process()
        self._peak = self._process.memory_info().rss
        self._done = threading.Event()
        self._thread = threading.Thread(target=self._watch, daemon=True)
        self._thread.start()

    def _watch(self) -> None:
        while not self._done.wait(_SAMPLE_SECONDS):
            self._peak = max(self._peak, self._process.memory_info().rss)

    def stop(self) -> int:
        """Give the peak in MB (10^6 bytes)."""
        self._done.set()
        self._thread.join()
        peak: int = max(self._peak, self._process.memory_info().rss)
        return round(peak / 1_000_000)


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
