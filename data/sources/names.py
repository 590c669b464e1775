"""Names of columns: distinct for us, harmless in messages."""

from __future__ import annotations

import re
from collections.abc import Sequence

MAX_SHOWN_NAMES = 40
_PERSONAL = re.compile(r"@|(?:\d\D{0,3}){7}")  # an address or a number of somebody
MAX_SHOWN_LENGTH = 40  # tells a column of a survey's questions from the others


def shown_names(names: Sequence[str]) -> str:
    """List column names for a message: not all of a thousand, none in full that may be a sentence.

    Where a file has no header, its first record may have been taken for one: then a name is customer text.
    """
    cut = [
        f"(column {place})"
        if _PERSONAL.search(name)
        else name
        if len(name) <= MAX_SHOWN_LENGTH
        else f"{name[:MAX_SHOWN_LENGTH]}…"
        for place, name in enumerate(names[:MAX_SHOWN_NAMES], start=1)
    ]
    return ", ".join([*cut, "..."] if len(names) > MAX_SHOWN_NAMES else cut)


def unique_names(names: Sequence[str]) -> list[str]:
    """Make column names distinct and non-empty, keeping the first of a kind as it stands."""
    taken: set[str] = set()
    given = []
    for position, raw in enumerate(names, start=1):
        # Names go where broken bytes cannot: into files and messages.
        name = (
            " ".join(raw.replace("\x00", "").encode("utf-8", "replace").decode().split())
            or f"column_{position}"
        )
        candidate, number = name, 2
        while candidate in taken or (candidate != name and candidate in names):
            candidate, number = f"{name}_{number}", number + 1
        taken.add(candidate)
        given.append(candidate)
    return given
