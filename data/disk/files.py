"""Files of one output, in a folder or in object storage: each is written whole or not at all."""

from __future__ import annotations

import errno
import os
import posixpath
from collections.abc import Iterator
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import Any

import fsspec
import pyarrow as pa

_OUT_OF_SPACE = {errno.ENOSPC, errno.EDQUOT}
_NEVER_BETTER = {*_OUT_OF_SPACE, errno.EACCES, errno.EPERM, errno.EROFS}
_NETWORK_NUMBERS = {errno.EIO, errno.ENETDOWN, errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ESTALE}
# Base classes of network faults: Python's, botocore's, aiohttp's, google's and azure's.
_NETWORK_ERRORS = {
    "ConnectionError",
    "TimeoutError",
    "HTTPClientError",
    "ClientConnectionError",
    "TransportError",
    "ServiceRequestError",
    "ServiceResponseError",
}
# Nobody said who asks: botocore's, google's, azure's.
_NO_CREDENTIALS = {
    "NoCredentialsError",
    "PartialCredentialsError",
    "DefaultCredentialsError",
    "ClientAuthenticationError",
}


class StoreError(RuntimeError):
    """The output cannot be read or written; the message says what to do."""


class DamagedError(StoreError):
    """A file is there, but is no Parquet file, or half of one."""


class UnreachableError(StoreError):
    """Storage did not answer: waiting may help."""


class Files:
    """The files of one output folder or object-storage prefix."""

    def __init__(self, root: str) -> None:
        """Open the output; `root` is a folder or any fsspec URL, as s3://bucket/voc.

        Raises:
            StoreError: no library opens such a URL.
        """
        self.root = root
        try:
            self._fs, path = fsspec.core.url_to_fs(root)
        except (ValueError, ImportError) as error:
            raise StoreError(f"cannot write to {root.split('://')[0]}:// URLs: {error}") from None
        self._base = str(path).rstrip("/")
        self._is_local = "file" in (
            self._fs.protocol if isinstance(self._fs.protocol, tuple) else (self._fs.protocol,)
        )

    @property
    def is_local(self) -> bool:
        """Whether the output lies in a folder of this machine."""
        return self._is_local

    def full_path(self, relative: str) -> str:
        """Give the path of a file of this output, as people and tools would open it."""
        return posixpath.join(self.root.rstrip("/"), relative)

    def write_text(self, relative: str, text: str) -> None:
        """Write a text file, whole or not at all."""
        self.write_bytes(relative, text.encode("utf-8"))

    def read_text(self, relative: str) -> str | None:
        """Read a text file; None when it does not exist."""
        if not self.has_file(relative):
            return None
        with self.open_file(relative) as handle:
            return str(handle.read().decode("utf-8"))

    def has_file(self, relative: str) -> bool:
        """Say whether a file is there."""
        with self._guarded("read", relative):
            return bool(self._fs.exists(self._absolute(relative)))

    @contextmanager
    def open_file(self, relative: str) -> Iterator[Any]:
        """Open a file to read its bytes.

        Raises:
            FileNotFoundError: it is not there.
            StoreError: it cannot be read, now or at all.
        """
        with self._guarded("read", relative), self._fs.open(self._absolute(relative), "rb") as handle:
            yield handle

    def list_folder(self, relative: str) -> list[str]:
        """List the names in a folder, ascending; none when it does not exist."""
        with self._guarded("read", relative):
            try:
                found = self._fs.ls(self._absolute(relative), detail=False)
            except FileNotFoundError:
                return []
        return sorted(posixpath.basename(str(name).rstrip("/")) for name in found)

    def create(self, relative: str, text: str) -> bool:
        """Write a text file unless it exists already; of two that try at once, one succeeds.

        Returns:
            Whether it was this call that made it.
        """
        path = self._absolute(relative)
        with self._guarded("write", relative):
            self._fs.makedirs(posixpath.dirname(path), exist_ok=True)
            try:
                self._fs.pipe_file(path, text.encode("utf-8"), mode="create")
            except FileExistsError:
                return False
        return True

    def remove(self, relative: str) -> None:
        """Delete a file; nothing happens when it is not there."""
        if self.has_file(relative):
            with self._guarded("remove", relative):
                self._fs.rm(self._absolute(relative))

    def remove_folder(self, relative: str) -> None:
        """Delete a folder and what is in it."""
        with self._guarded("remove", relative):
            self._fs.rm(self._absolute(relative), recursive=True)

    def _absolute(self, relative: str) -> str:
        return posixpath.join(self._base, relative)

    def write_bytes(self, relative: str, content: bytes | pa.Buffer) -> None:
        """Write a file, whole or not at all."""
        path = self._absolute(relative)
        with self._guarded("write", relative):
            if not self._is_local:  # an object appears when its upload is complete, never half
                with self._fs.open(path, "wb") as handle:
                    handle.write(memoryview(content))
                return
            self._fs.makedirs(posixpath.dirname(path), exist_ok=True)
            target = Path(path)
            waiting = target.with_name(f".{target.name}.{os.getpid()}")
            try:
                with waiting.open("wb") as handle:
                    handle.write(memoryview(content))
                    handle.flush()
                    os.fsync(handle.fileno())
                waiting.replace(target)
            finally:
                waiting.unlink(missing_ok=True)

    def _guarded(self, verb: str, relative: str) -> AbstractContextManager[None]:
        return guarded(verb, self.full_path(relative))


@contextmanager
def guarded(verb: str, path: str) -> Iterator[None]:
    """Turn what the disk or the network says into a message that says what to do.

    Raises:
        UnreachableError: storage did not answer; trying again may help.
        StoreError: any other fault of the place. A file that is not there stays FileNotFoundError.
    """
    try:
        yield
    except (StoreError, FileNotFoundError):
        raise
    except pa.ArrowInvalid:
        raise DamagedError(
            f"{path} is damaged and cannot be read; delete it and run again, it will be made anew"
        ) from None
    except Exception as error:  # each storage library has errors of its own; others pass unchanged
        if _is_unreachable(error):
            raise UnreachableError(
                f"cannot {verb} {path}: no answer ({type(error).__name__}); check the network and run again, "
                "finished parts are kept"
            ) from error
        if type(error).__name__ in _NO_CREDENTIALS:
            raise StoreError(
                f"cannot {verb} {path}: the storage was given no credentials it knows "
                f"({type(error).__name__}); set them in the environment, as AWS_PROFILE or AWS_ACCESS_KEY_ID"
            ) from None
        if isinstance(error, OSError):
            raise StoreError(f"cannot {verb} {path}: {_advice(error)}") from error
        raise


def _is_unreachable(error: Exception) -> bool:
    """Say whether an error is the network's; each storage library has classes of its own."""
    if isinstance(error, OSError) and error.errno in _NEVER_BETTER:
        return False
    names = {kind.__name__ for kind in type(error).__mro__}
    return bool(names & _NETWORK_ERRORS) or (isinstance(error, OSError) and error.errno in _NETWORK_NUMBERS)


def _advice(error: OSError) -> str:
    if error.errno in _OUT_OF_SPACE:
        return "the disk is full; make room and run again, finished parts are kept"
    if isinstance(error, PermissionError):
        return "no permission; choose another --out or change the rights of the folder"
    return f"the system says: {error.strerror or type(error).__name__}"
