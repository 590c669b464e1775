"""What somebody should be told of an ingest: files that lost most of their rows, columns that no file has."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable

import pandas as pd

from data.sources.cells.columns import normal_name
from data.sources.names import shown_names
from data.sources.raw import SourceError, SourceOptions, SourceRules

# Much of a help desk's export is its agents' words, and of a thread what was deleted: that is no loss.
EXPECTED = frozenset({"agent_text", "internal_note", "older_version", "deleted", "automatic", "no_review"})


WHOLE_SOURCE_ROW = 0


def whole_source(source: str, input_hash: str, reason: str, detail: str) -> pd.DataFrame:
    """Give the one REJECTED row of a source that cannot be read, or not to its end."""
    row = {"row": [WHOLE_SOURCE_ROW], "reason": [reason], "detail": [detail]}
    return pd.DataFrame(row).assign(source=source, input_hash=input_hash)


def find_loss(name: str, rejected: Iterable[pd.DataFrame], read_count: int, rules: SourceRules) -> str | None:
    """Say that one reason took all of a file's records, or most of many; None if it did not.

    Args:
        name: what people call the file.
        rejected: its REJECTED rows.
        read_count: records read of it.
        rules: `loss_rows` and `loss_share`.
    """
    counts = Counter(reason for frame in rejected for reason in frame["reason"].tolist())
    reasons = [(count, reason) for reason, count in counts.items() if reason not in EXPECTED]
    lost, reason = max(reasons, default=(0, ""))
    is_most = read_count >= rules.loss_rows and lost > rules.loss_share * read_count
    if not lost or not (is_most or lost >= read_count):
        return None
    return f"{lost:,} of {read_count:,} records were set aside as {reason}; see: voc inspect {name}"


class StatedColumns:
    """Whether the columns that the settings name were found in any of the files."""

    def __init__(self, options: SourceOptions) -> None:
        self._wanted = {
            role: [stated] if isinstance(stated, str) else list(stated)
            for role, stated in options.columns.items()
        }
        self._found: dict[str, None] = {}

    def see(self, names: Iterable[str]) -> None:
        """Take in the columns of one file."""
        self._found.update(dict.fromkeys(names))

    def check(self) -> None:
        """Refuse a column that no file has.

        Raises:
            SourceError: naming the role, the column and the columns that there are.
        """
        here = set(map(normal_name, self._found))
        for role, wanted in self._wanted.items():
            if self._found and not any(normal_name(one) in here for one in wanted):
                raise SourceError(
                    f"[sources.columns] {role} = '{', '.join(wanted)}': no input has such a column; "
                    f"columns found: {shown_names(tuple(self._found))}"
                )
