"""What the user named -> the files to read: folders, globs and URLs opened up, in a fixed order."""

from __future__ import annotations

import hashlib
import posixpath
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import BinaryIO

import fsspec

from data.disk.files import guarded
from data.sources.database.address import Address, AddressError, is_database, parse_address, scheme_of

# A folder of exports also holds what people keep beside them. Named one by one, these are read all the same.
_NOT_EXPORTS = (
    *(".md", ".pdf", ".png", ".jpg", ".jpeg", ".gif", ".svg", ".docx", ".pptx"),
    *(".html", ".py", ".log", ".toml", ".ini"),
)
_BLOCK_BYTES = 1 << 20


class InputError(ValueError):
    """An input does not exist or cannot be opened; the message names it and says what to do."""


@dataclass(frozen=True)
class IngestRules:
    """Section [ingest] of the settings.

    Attributes:
        chunk_rows: comments of one part.
        schemes: schemes of URLs that may be opened, "file" for paths.
    """

    chunk_rows: int
    schemes: tuple[str, ...]


@dataclass(frozen=True)
class Input:
    """One file or query to read: a short name for people, unique in the run, and where it lies.

    Attributes:
        stored: opens the bytes of what is no file of its own, as a member of an archive.
        problem: why it is not read, where that is known already; empty otherwise.
    """

    name: str
    path: str
    database: Address | None = None
    stored: Callable[[], BinaryIO] | None = field(default=None, compare=False, repr=False)
    problem: str = ""


def expand_inputs(inputs: Sequence[str], *, schemes: Sequence[str] = ("file",)) -> list[Input]:
    """Open up files, folders, globs, fsspec URLs and database URLs.

    Args:
        inputs: what the user named.
        schemes: schemes of URLs that may be opened.

    Returns:
        Every file and query once, ordered by name, whatever the order of `inputs`.

    Raises:
        InputError: naming every input that matches nothing; a URL that is not allowed or holds a password.
    """
    check_schemes(inputs, schemes)
    databases = sorted({given for given in inputs if is_database(given)})
    paths: set[str] = set()
    missing = []
    for given in (one for one in inputs if one not in databases):
        found = _files_of(given)
        if not found:
            missing.append(given)
        paths.update(found)
    if missing:
        raise InputError(
            "no such file, folder or pattern, or nothing to read in it: "
            + ", ".join(missing)
            + "; name exports as CSV, TSV, XLSX, JSON, JSON Lines or Parquet"
        )
    named = [*_with_names(sorted(paths)), *map(_query, databases)]
    return sorted(named, key=lambda i: (i.name, i.path))


def check_schemes(inputs: Sequence[str], schemes: Sequence[str]) -> None:
    """Refuse URLs that the settings do not allow; a chained URL is as allowed as the least of its links.

    Raises:
        InputError: naming the scheme and the setting.
    """
    for given in inputs:
        links = [given] if is_database(given) else given.split("::")
        for scheme in filter(None, map(scheme_of, links)):
            if scheme not in schemes:
                raise InputError(
                    f"{scheme}:// inputs are not allowed; allowed: {', '.join(schemes)}. "
                    f'Add "{scheme}" to ingest.schemes in the settings'
                )


def _query(given: str) -> Input:
    try:
        address = parse_address(given)
    except AddressError as error:
        raise InputError(str(error)) from None
    return Input(address.name, address.name, address)


def hash_input(path: str, stored: Callable[[], BinaryIO] | None = None) -> str:
    """Give the SHA-256 of a file's bytes, or of those that `stored` opens, read in blocks.

    Raises:
        InputError: it cannot be read.
    """
    digest = hashlib.sha256()
    try:
        with stored() if stored else fsspec.open(path, "rb") as handle:
            while block := handle.read(_BLOCK_BYTES):
                digest.update(block)
    except OSError as error:
        raise InputError(f"cannot read {path}: {error.strerror or error}") from None
    return digest.hexdigest()


def no_content(one: Input) -> str:
    """Stand for the content of a query or a member of an archive that cannot be read."""
    return hashlib.sha256(f"{one.name}\n{one.problem}".encode("utf-8", "replace")).hexdigest()


def hash_or_problem(one: Input) -> tuple[Input, str | None]:
    """Hash a file or a member of an archive.

    Returns:
        The input and its hash. What proves unreadable has its problem set: a file has no hash then, as it may
        be readable the next time; a member has one that changes with the problem.
    """
    try:
        return one, no_content(one) if one.problem else hash_input(one.path, one.stored)
    except InputError as error:
        broken = replace(one, problem=str(error))
        return broken, no_content(broken) if one.stored else None


def _files_of(given: str) -> list[str]:
    try:
        fs, path = fsspec.core.url_to_fs(given)
    except (ValueError, ImportError) as error:
        raise InputError(f"cannot open {given.split('://')[0]}:// inputs: {error}") from None
    with guarded("read", given):
        if fs.isfile(path):
            return [fs.unstrip_protocol(path) if "://" in given else path]
        found = fs.find(path) if fs.isdir(path) else fs.glob(path)
        kept = [f for f in found if _is_export(str(f)) and fs.isfile(f)]
    return [fs.unstrip_protocol(f) if "://" in given else f for f in kept]


def _is_export(path: str) -> bool:
    name = posixpath.basename(path)
    return not name.startswith((".", "~$")) and not name.lower().endswith(_NOT_EXPORTS)


def _with_names(paths: list[str]) -> list[Input]:
    inputs = []
    for path in paths:
        pieces = path.split("/")
        names = ("/".join(pieces[-length:]) for length in range(1, len(pieces) + 1))
        name = next((n for n in names if sum(p == n or p.endswith(f"/{n}") for p in paths) == 1), path)
        inputs.append(Input(name, path))
    return inputs
