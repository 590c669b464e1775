"""One run at a time over one output: a lock of the system in a folder, a lease in object storage."""

from __future__ import annotations

import json
import threading
import uuid
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from datetime import UTC, datetime, timedelta
from pathlib import Path

from filelock import FileLock, Timeout

from data.disk.files import StoreError, guarded
from data.store import Store

_LOCK = ".voc.lock"
_LEASES = ".voc-leases"
_LASTS = timedelta(minutes=5)  # a killed run blocks the output for so long, and no longer
_RENEW_SECONDS = 60.0  # four renewals may fail before somebody else may take over


class BusyError(RuntimeError):
    """Another run is writing to the same output."""


@contextmanager
def locked(store: Store) -> Iterator[None]:
    """Hold the output for one run.

    Raises:
        BusyError: another run holds it.
        StoreError: nothing can be written there.
    """
    with _locked_folder(store) if store.is_local else _leased(store):
        yield


@contextmanager
def _locked_folder(store: Store) -> Iterator[None]:
    """Hold a folder; a killed run holds nothing, as the system lets go of its lock."""
    folder = Path(store.root)
    lock = FileLock(folder / _LOCK)
    _take(lock, folder)
    try:
        yield
    finally:
        lock.release()


def _take(lock: FileLock, folder: Path) -> None:
    if folder.exists() and not folder.is_dir():
        raise StoreError(f"cannot write to {folder}: it is a file; name a folder")
    try:
        with guarded("write", str(folder)):
            folder.mkdir(parents=True, exist_ok=True)
            _acquire(lock, folder)
    except FileNotFoundError:
        raise StoreError(f"cannot write to {folder}: no folder can be made there") from None


def _acquire(lock: FileLock, folder: Path) -> None:
    try:
        lock.acquire(timeout=0)
    except Timeout:  # a TimeoutError, which would be taken for a network's outside of this function
        raise BusyError(
            f"another run is writing to {folder}; wait until it has ended, or choose another --out"
        ) from None


@contextmanager
def _leased(store: Store) -> Iterator[None]:
    """Hold an object-storage prefix by a lease that is renewed as long as the run lives.

    Leases are numbered objects. Whoever creates the next number owns the output, and storage lets only one
    create it: so two runs that both find an expired lease cannot both take it over.
    """
    name = _take_lease(store)
    is_over = threading.Event()

    def renew() -> None:
        while not is_over.wait(_RENEW_SECONDS):
            with suppress(Exception):  # the next renewal comes in time; the run itself meets lasting faults
                store.write_text(name, _lease(_LASTS))

    keeper = threading.Thread(target=renew, daemon=True)
    keeper.start()
    try:
        yield
    finally:
        is_over.set()
        keeper.join()
        store.write_text(name, _lease(timedelta(0)))


def _take_lease(store: Store) -> str:
    known = store.list_folder(_LEASES)
    if known:
        _refuse_if_held(store, known[-1])
    number = int(known[-1]) + 1 if known else 1
    name = f"{_LEASES}/{number:012d}"
    if not store.create(name, _lease(_LASTS)):
        _refuse(store, "a moment ago")
    for old in known:
        store.remove(f"{_LEASES}/{old}")
    return name


def _refuse_if_held(store: Store, newest: str) -> None:
    text = store.read_text(f"{_LEASES}/{newest}")
    until = datetime.fromisoformat(json.loads(text)["until"]) if text else datetime.now(UTC)
    if until > datetime.now(UTC):
        _refuse(store, f"and holds it until {until:%H:%M:%S} UTC, or longer while it lives")


def _refuse(store: Store, since: str) -> None:
    raise BusyError(
        f"another run is writing to {store.root} {since}; wait until it has ended, or choose another --out"
    )


def _lease(lasts: timedelta) -> str:
    until = datetime.now(UTC) + lasts
    return json.dumps({"until": until.isoformat(), "run": uuid.uuid4().hex}) + "\n"
