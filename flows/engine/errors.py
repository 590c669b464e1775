"""Every error that we foresee as one readable message and an exit code."""

from __future__ import annotations

from data.disk.files import StoreError
from data.intake.inputs import InputError
from data.sources.raw import SourceError
from data.table import TableError
from flows.engine.lock import BusyError
from flows.engine.server import ServerError
from flows.engine.working.line import StoppedError
from flows.settings import SettingsError


class StageError(RuntimeError):
    """A stage broke on something nobody foresaw; the message names the stage and the kind of fault only."""


BAD_INPUT = 2
OUTSIDE_FAULT = 1
_BAD_INPUT_ERRORS = (InputError, SettingsError, SourceError)
_OUTSIDE_ERRORS = (StoreError, BusyError, ServerError, StageError, StoppedError, TableError)
READABLE = (
    *_BAD_INPUT_ERRORS,
    *_OUTSIDE_ERRORS,
)  # our own words, without customer text: may be passed on as they are


def as_message(error: Exception) -> tuple[str, int]:
    """Give the words for a person and the exit code.

    Errors that nobody foresaw are named by kind and place; their own words may quote a comment.
    """
    if isinstance(error, _BAD_INPUT_ERRORS):
        return str(error), BAD_INPUT
    if isinstance(error, _OUTSIDE_ERRORS):
        return str(error), OUTSIDE_FAULT
    place = error.__traceback__
    while place is not None and place.tb_next is not None:
        place = place.tb_next
    where = f" at {place.tb_frame.f_code.co_filename}:{place.tb_lineno}" if place else ""
    return f"broke on something unforeseen: {type(error).__name__}{where}; please report it", OUTSIDE_FAULT
