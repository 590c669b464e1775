"""cases.csv, the list that people work on: written for a spreadsheet, read back from one."""

from __future__ import annotations

import csv
import io
from dataclasses import dataclass

import pyarrow as pa

from data.schema import CASE_STATES
from reports.drawing.spreadsheet import plain_cell, safe_cell

COLUMNS = (
    "priority",
    "due_date",
    "state",
    "owner",
    "note",
    "reason",
    "issue",
    "value",
    "language",
    "comment",
    "reply",
    "customer_key",
    "source",
    "row",
    "feedback_id",
    "comment_date",
    "case_id",
)
NEEDED = ("case_id", "state", "owner", "note")
MOST_NOTE = 2000  # characters kept of a note
MOST_COMMENT = 1000  # a spreadsheet cell that can still be read; the whole comment is in tables/feedback
SEPARATORS = (",", ";", "\t")


@dataclass(frozen=True)
class Edit:
    """What people wrote about one case."""

    case_id: str
    state: str
    owner: str | None
    note: str | None


def write_desk(cases: pa.Table, comments: pa.Table) -> str:
    """Write CASES as CSV: most pressing first, no cell that a spreadsheet would run.

    Args:
        cases: CASES.
        comments: feedback_id, row and text of FEEDBACK; what is not there stays empty.
    """
    told = {row["feedback_id"]: (row["row"], row["text"]) for row in comments.to_pylist()}
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(COLUMNS)
    for row in cases.sort_by("priority").to_pylist():
        number, text = told.get(row["feedback_id"], (None, ""))
        row |= {"row": number, "comment": text[:MOST_COMMENT]}
        writer.writerow([safe_cell("" if row[name] is None else str(row[name])) for name in COLUMNS])
    return "\ufeff" + out.getvalue()  # the mark tells a spreadsheet that it is UTF-8


def read_desk(text: str) -> tuple[tuple[Edit, ...], tuple[str, ...]]:
    """Read cases.csv back.

    Args:
        text: its content; empty when there is no such file yet.

    Returns:
        The edits, and what could not be read, in words: such rows keep what they had.
    """
    if not text.strip("\ufeff\r\n "):
        return (), ()
    head = text.lstrip("\ufeff").split("\n", 1)[0]
    separator = max(SEPARATORS, key=head.count)
    rows = csv.DictReader(io.StringIO(text.lstrip("\ufeff")), delimiter=separator, restval="")
    absent = [name for name in NEEDED if name not in (rows.fieldnames or ())]
    if absent:
        return (), (
            f"cases.csv has no column {', '.join(absent)}: nothing was taken from it; keep its first line",
        )
    edits, problems = [], []
    for number, row in enumerate(rows, start=2):
        state = (row["state"] or "").strip().lower()
        if state not in CASE_STATES:
            problems.append(f"cases.csv, row {number}: no such state; known: {', '.join(CASE_STATES)}")
        elif row["case_id"]:
            edits.append(Edit(row["case_id"].strip(), state, _plain(row["owner"]), _plain(row["note"])))
    return tuple(edits), tuple(problems)


def _plain(cell: str | None) -> str | None:
    return plain_cell((cell or "").strip())[:MOST_NOTE] or None
