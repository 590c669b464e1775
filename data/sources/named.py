"""A tool's exports by their column names: what each means is known, so nothing is guessed."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from data.sources.cells.columns import normal_name
from data.sources.files.nested import Leaves, NestedRecords, Problem, all_leaves, records_at
from data.sources.raw import About, Answer, Plan, Records, SourceOptions, SourceRules

Names = tuple[str, ...]  # of one column, the likeliest first; case, accents and underscores do not count
SURE, LIKELY = 0.95, 0.8


def find_columns(names: Sequence[str], wanted: Mapping[str, Names]) -> dict[str, str]:
    """Find the columns of a file by the names that a tool gives them.

    Args:
        names: the columns of the file.
        wanted: role -> its names.

    Returns:
        role -> column, for the roles whose column is there.
    """
    here = {normal_name(name): name for name in reversed(names)}
    found = {}
    for role, aliases in wanted.items():
        column = next((here[key] for alias in aliases if (key := normal_name(alias)) in here), None)
        if column is not None:
            found[role] = column
    return found


def has_columns(names: Sequence[str], signs: Sequence[Names]) -> bool:
    """Tell whether a file has a column of every group of names."""
    here = set(map(normal_name, names))
    return all(any(normal_name(alias) in here for alias in aliases) for aliases in signs)


@dataclass(frozen=True)
class NamedColumns:
    """A source whose exports have columns of known names.

    Attributes:
        signs: groups of names; a file with a column of every group is this tool's. One group at least must
            hold only names that no plain table has: `stars` and `title` are anybody's.
        columns: role -> names of its column; `text` and the roles of `questions` are the comments.
        questions: role of an answer -> what was asked: a comment of its own, beside the text.
        marks: paths of values inside a record (JSON, XML); where a file has them all, its records lie.
        leaves: gives the cells of such a record.
        confidence: see `Source`.
        id_space, timezone, scales, constants: see `Plan`.
    """

    name: str
    about: About
    signs: tuple[Names, ...]
    columns: Mapping[str, Names]
    questions: Mapping[str, str] = field(default_factory=dict)
    marks: tuple[str, ...] = ()
    leaves: Callable[[object], Leaves | Problem] = all_leaves
    confidence: float = LIKELY
    id_space: str | None = None
    timezone: str | None = None
    scales: Mapping[str, tuple[float, float]] = field(default_factory=dict)
    constants: Mapping[str, str] = field(default_factory=dict)

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a file that has the tool's columns."""
        del sample, options, rules  # names settle everything; the settings have the last word afterwards
        if self.marks and isinstance(records, NestedRecords):
            found = records_at(records, *self.marks, leaves=self.leaves)
            if found is None:
                return None
            records = found
        plan = self.plan_of(records) if has_columns(records.names, self.signs) else None
        return plan if plan and plan.answers else None  # without its texts it is not the tool's export

    def plan_of(self, records: Records) -> Plan:
        """Plan records that are known to be the tool's."""
        found = find_columns(records.names, self.columns)
        answers = self._answers(found)
        texts = {"text", *self.questions}
        roles = {role: column for role, column in found.items() if role not in texts}
        return Plan(
            source=self.name,
            confidence=self.confidence,
            content="comments",
            kind=self.about.kind,
            roles=roles,
            answers=answers,
            why={role: f"{self.about.title} calls it so" for role in (*roles, "text", "kind")},
            records=records,
            id_space=self.id_space,
            timezone=self.timezone,
            scales=self.scales,
            constants=self.constants,
        )

    def _answers(self, found: Mapping[str, str]) -> tuple[Answer, ...]:
        texts = [Answer(found["text"], None, "")] if "text" in found else []
        asked = [Answer(found[role], asked, role) for role, asked in self.questions.items() if role in found]
        return (*texts, *asked)
