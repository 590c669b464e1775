"""What an archive may hold: numbers, and what its members may be called."""

from __future__ import annotations

import posixpath
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import BinaryIO, Protocol

from data.cleaning.text import clean_text

MEGABYTE = 1 << 20
HEAD_BYTES = 4096
MAX_NAME = 200  # characters of a member's name that are shown


class ArchiveError(OSError):
    """An archive, or one member of it, is not read; the message says what was found and what to do."""


@dataclass(frozen=True)
class ArchiveRules:
    """Section [archives] of the settings.

    Attributes:
        max_depth: archives inside archives.
        max_members: members of one archive, all levels together.
        max_total_mb: of all members together, unpacked.
        max_member_mb: of one member, unpacked: it is held in memory while it is read.
        max_ratio: unpacked size over packed size.
        ratio_from_mb: unpacked sizes below are too small to harm, whatever their ratio.
    """

    max_depth: int
    max_members: int
    max_total_mb: int
    max_member_mb: int
    max_ratio: float
    ratio_from_mb: int


@dataclass(frozen=True)
class Member:
    """One file inside an archive.

    Attributes:
        name: as the archive has it, without what steers a terminal.
        problem: why it is not read; empty if it is.
        head: its first bytes, HEAD_BYTES at most.
        stored: opens its bytes.
    """

    name: str
    problem: str
    head: bytes
    stored: Callable[[], BinaryIO]


class Closable(Protocol):
    """Something that holds memory and can give it back."""

    def close(self) -> None:
        """Give the memory back."""
        ...


@dataclass
class Opened:
    """The archives of one tree that are open: the ones used last; others give their memory back."""

    most: int
    _open: list[Closable] = field(default_factory=list)

    def touch(self, archive: Closable) -> None:
        """Note that an archive is used."""
        self._open = [*(one for one in self._open if one is not archive), archive]
        while len(self._open) > self.most:
            self._open.pop(0).close()


@dataclass
class Budget:
    """What is left of an archive's limits, over all its levels."""

    rules: ArchiveRules
    members: int = 0
    size: int = 0
    is_spent: bool = field(default=False, init=False)

    def pass_over(self) -> None:
        """Count what is no export, as a folder.

        Raises:
            ArchiveError: there are too many of them.
        """
        self.members += 1
        if self.members > self.rules.max_members:
            raise ArchiveError(self._too_many)

    @property
    def _too_many(self) -> str:
        most = self.rules.max_members
        return f"more than {most:,} members; unpack the archive, or raise [archives] max_members"

    def why_refused(self, name: str, size: int, packed: int | None) -> str:
        """Take one member into account.

        Args:
            name: of the member.
            size: unpacked bytes.
            packed: packed bytes, where the archive tells them member by member.

        Returns:
            Why it must not be read; empty if it may.
        """
        rules = self.rules
        self.members += 1
        if self.members > rules.max_members:
            self.is_spent = True
            return self._too_many
        if leads_out(name):
            return "its name leads out of the archive; pack it again without '..' and without a leading slash"
        if size > rules.max_member_mb * MEGABYTE:
            found = f"unpacks to {size // MEGABYTE:,} MB, more than {rules.max_member_mb:,} MB"
            return f"{found}; unpack it, or raise [archives] max_member_mb"
        if is_bomb(size, packed, rules):
            return f"unpacks to more than {rules.max_ratio:g} times its size, as no export does"
        self.size += size
        if self.size > rules.max_total_mb * MEGABYTE:
            self.is_spent = True
            return f"all members unpack to more than {rules.max_total_mb:,} MB; unpack the archive"
        return ""


def is_bomb(size: int, packed: int | None, rules: ArchiveRules) -> bool:
    """Tell whether so many bytes out of so few can only be meant to do harm."""
    return (
        packed is not None
        and size > rules.ratio_from_mb * MEGABYTE
        and size > rules.max_ratio * max(packed, 1)
    )


def leads_out(name: str) -> bool:
    """Tell whether a name points out of the archive: nothing is unpacked, but nobody writes such a name."""
    bare = name.replace("\\", "/")
    return bare.startswith("/") or ".." in bare.split("/") or (len(bare) > 1 and bare[1] == ":")


def shown_name(name: str) -> str:
    """Give a member's name as it may be shown."""
    shown = " ".join(clean_text(name.replace("\x00", "")).split()) or "(no name)"
    return shown if len(shown) <= MAX_NAME else f"{shown[:MAX_NAME]}…"


def is_wanted(name: str) -> bool:
    """Tell exports from what systems put beside them."""
    base = posixpath.basename(name.replace("\\", "/"))
    return bool(base) and not base.startswith((".", "~$")) and "__MACOSX/" not in name
