"""What a person sees while a run goes on: one line per stage on a terminal, nothing in a pipe."""

from __future__ import annotations

import sys
import time
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

    @contextmanager
    def stage(self, words: str) -> Iterator[None]:
        """Show that a stage is running, then what it took."""
        if not self._is_shown:
            yield
            return
        start = time.perf_counter()
        with self._console.status(words) as status:
            self._status = status
            yield
        self._status = None
        self._console.print(f"  [green]✓[/] {words} [dim]{time.perf_counter() - start:.1f} s[/]")

    def tell(self, words: str) -> None:
        """Say how far the running stage is."""
        if self._status is not None:
            self._status.update(words)
