"""What a person sees while a run goes on: one line per stage on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager

from rich.console import Console
from rich.status import Status


class Progress:
    """Shows stages as they run. Standard error only, so that answers on standard output stay clean."""

    def __init__(self, *, is_shown: bool | None = None) -> None:
        """Show on a terminal; `is_shown` overrides what is found."""
        self._is_shown = sys.stderr.isatty() if is_shown is None else is_shown
        self._console = Console(stderr=True, highlight=False)
        self._status: Status | None = None
        self._running: list[str] = []
        self._lock = threading.RLock()  # stages of a line run side by side

    @contextmanager
    def stage(self, words: str) -> Iterator[None]:
        """Show that a stage is running."""
        if not self._is_shown:
            yield
            return
        self._begin(words)
        try:
            yield
        finally:
            self._end(words)

    def done(self, words: str, seconds: float) -> None:
        """Show what a stage took."""
        if self._is_shown:
            self._console.print(f"  [green]✓[/] {words} [dim]{seconds:.1f} s[/]")

    def tell(self, words: str) -> None:
        """Say how far the running stage is."""
        with self._lock:
            if self._status is not None:
                self._status.update(words)

    def _begin(self, words: str) -> None:
        with self._lock:
            self._running.append(words)
            if self._status is None:
                self._status = self._console.status(words)
                self._status.start()

    def _end(self, words: str) -> None:
        with self._lock:
            self._running.remove(words)
            if self._status is not None and self._running:
                self._status.update(self._running[-1])
            elif self._status is not None:
                self._status.stop()
                self._status = None
