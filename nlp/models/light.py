"""Imports a library without the heavy ones that it loads if installed and does without if not."""

from __future__ import annotations

import sys
import threading
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from types import ModuleType


class _Absent:
    """An import finder to which some modules do not exist, in the thread that made it alone."""

    def __init__(self, names: frozenset[str]) -> None:
        self._names = names
        self._thread = threading.get_ident()

    def find_spec(self, name: str, path: object = None, target: ModuleType | None = None) -> None:
        """Refuse the modules that shall be absent; know nothing of the others."""
        if name in self._names and threading.get_ident() == self._thread:
            raise ModuleNotFoundError(f"'{name}' is left out on purpose", name=name)


@contextmanager
def light_imports(names: frozenset[str]) -> Iterator[None]:
    """Let imports of these modules fail here, as if they were not installed; loaded ones stay loaded."""
    finder = _Absent(names)
    sys.meta_path.insert(0, finder)
    try:
        with warnings.catch_warnings():  # BERTopic silences all warnings of the process when imported
            yield
    finally:
        sys.meta_path.remove(finder)
