"""The general source: any table with any column names -> which column means what, by names and by content."""

from __future__ import annotations

from collections.abc import Sequence

import pyarrow as pa

from data.sources.cells.answers import find_answers
from data.sources.cells.columns import look_at
from data.sources.cells.kinds import day_first_hints, guess_kind
from data.sources.cells.roles import Guess, assign_roles, find_date
from data.sources.names import shown_names
from data.sources.operations import LIKELY, SURE, plan_operations
from data.sources.raw import (
    COMMENT_ROLES,
    ROLES,
    About,
    Answer,
    Plan,
    Records,
    SourceError,
    SourceOptions,
    SourceRules,
)
from data.sources.tables import OPERATION_SHAPES


class GeneralSource:
    """Reads what no other source claims."""

    name = "general"
    about = About(
        title="any table",
        reads="CSV, TSV, XLSX, XLS, JSON, JSON Lines, Parquet",
        signs="a column of comments, told by its name in nine languages or by its cells",
        kind="told by the columns",
        gives="what its columns say",
    )

    def plan(self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules) -> Plan:
        """Assign roles to columns.

        Raises:
            SourceError: no column can be the comment, or the settings name an unknown role.
        """
        unknown = sorted(set(options.columns) - set(ROLES))
        if unknown:
            raise SourceError(f"[sources.columns] has no role '{unknown[0]}'; known: {', '.join(ROLES)}")
        looks = {name: look_at(sample[name], rules.statistics_values) for name in records.names}
        guess = Guess(records, sample, looks, options, rules)
        operations = plan_operations(guess)
        if options.content in OPERATION_SHAPES or (options.content is None and operations.confidence >= SURE):
            return operations
        return self._comments(guess, operations)

    def _comments(self, guess: Guess, operations: Plan) -> Plan:
        assign_roles(guess, COMMENT_ROLES)
        if "created_at" not in guess.roles and "updated_at" in guess.roles:  # the only date that there is
            guess.roles["created_at"] = guess.roles.pop("updated_at")
            guess.why["created_at"] = guess.why.pop("updated_at")
        find_date(guess)
        found = find_answers(
            guess.sample,
            guess.looks,
            guess.roles,
            replies=guess.replies,
            options=guess.options,
            rules=guess.rules,
        )
        if not found.answers and guess.options.content is None and operations.confidence >= LIKELY:
            return operations
        if not found.answers and guess.sample.num_rows:
            raise SourceError(no_text_message(guess.records.names))
        kind, kind_why = guess_kind(guess.options.kind, guess.records.names, guess.roles, found.answers)
        roles = {r: c for r, c in guess.roles.items() if r not in ("text", "pros", "cons")}
        if not found.takes_title:
            roles.pop("title", None)
        if kind == "social" and "rating" not in guess.options.columns:
            roles.pop("rating", None)  # the score of a post is its applause
        return Plan(
            source=self.name,
            confidence=0.1,
            content="comments",
            kind=kind,
            roles=roles,
            answers=found.answers,
            why={**{r: guess.why[r] for r in roles}, "text": found.why, "kind": kind_why},
            day_first_hints=day_first_hints(
                guess.matches.values(), guess.records, guess.sample, found.answers
            ),
            warnings=(*guess.warnings, *found.warnings),
        )


def no_text_message(names: Sequence[str]) -> str:
    """Say that no column holds comments, which columns there are, and the line that helps."""
    return (
        f"no column looks like comments; columns found: {shown_names(names)}. "
        "Name the right one in the settings:\n"
        '  [sources.columns]\n  text = "..."'
    )


def role_columns(plan: Plan, answers: Sequence[Answer]) -> dict[str, str]:
    """Give every role's column, the answers included, for the record of decisions."""
    return {**plan.roles, **({"text": ", ".join(a.column for a in answers)} if answers else {})}
