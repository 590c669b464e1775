"""One run: where it writes, what it was asked for, what it has loaded, what it has done so far."""

from __future__ import annotations

import dataclasses
import hashlib
import json
import threading
from collections.abc import Callable, Sequence
from datetime import date
from functools import cached_property
from importlib.metadata import version
from pathlib import Path
from typing import Any

import data
import nlp
import reports
from data.disk.vectors import VectorReader
from data.intake.inputs import Input
from data.store import Store, stamp_of
from flows.engine.working.line import Line
from flows.engine.working.progress import Progress
from flows.engine.working.record import RunRecord, open_record
from flows.settings import Settings

_CODE = {".py", ".toml", ".html", ".css", ".js"}


class Run:
    """What the tasks of one flow run share. Tables travel through `store`, never through this object."""

    def __init__(self, *, store: Store, settings: Settings, inputs: list[Input], as_of: date | None) -> None:
        """Open a run; nothing is read or loaded yet."""
        self.store = store
        self.settings = settings
        self.inputs = inputs
        self.asked_as_of = as_of
        self.as_of: date | None = as_of
        self.record: RunRecord = open_record()
        self.progress = Progress(is_shown=False)
        self.vectors = VectorReader(store)
        self.line = Line()
        self.has_news = threading.Event()  # ingest has met something that it has not read before
        self._loaded: dict[str, Any] = {}
        self._loading: dict[str, threading.Lock] = {}
        self._locks = threading.Lock()

    def __str__(self) -> str:
        """Give the day, as task names show it."""
        return self.as_of.isoformat() if self.as_of else "today"

    @cached_property
    def code(self) -> str:
        """Hash of the code and word lists that stages are made of: they run again when it changes."""
        digest = hashlib.blake2b(version("voc").encode(), digest_size=16)
        folders = [Path(str(package.__file__)).parent for package in (data, nlp, reports)]
        for folder in (*folders, Path(__file__).parents[1] / "tasks"):
            for path in sorted(p for p in folder.rglob("*") if p.suffix in _CODE):
                digest.update(path.relative_to(folder).as_posix().encode() + path.read_bytes())
        return digest.hexdigest()

    def stamp(self, stage: str, sections: tuple[str, ...], *ingredients: object) -> str:
        """Hash what a stage works from: code, its settings, and the stamps of its tables."""
        chosen = {name: dataclasses.asdict(self.settings[name]) for name in sections}
        return stamp_of(stage, self.code, chosen, ingredients)

    def model(self, name: str, load: Callable[[], Any]) -> Any:  # noqa: ANN401 - each protocol its own type
        """Give a model, loading it at its first use, once, whichever thread asks first."""
        with self._locks:
            loading = self._loading.setdefault(name, threading.Lock())
        with loading:
            if name not in self._loaded:
                self._loaded[name] = load()
            return self._loaded[name]

    def form_line(self, stages: Sequence[str]) -> Line:
        """Let these stages follow each other part by part."""
        self.record.announce(stages)
        self.line = Line(stages)
        return self.line

    def parts(self) -> list[str]:
        """List all parts of comments, oldest first."""
        return self.store.finished_parts()


def write_record(run: Run) -> str:
    """Write runs/<run id>.json and give its path."""
    relative = f"runs/{run.record.run_id}.json"
    text = json.dumps(run.record.as_dict(), ensure_ascii=False, indent=1, default=str)
    run.store.write_text(relative, text + "\n")
    return run.store.full_path(relative)
