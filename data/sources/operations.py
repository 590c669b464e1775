"""Tables of orders, support cases and customers, recognised like comments: by names and by cells."""

from __future__ import annotations

from dataclasses import replace

from data.sources.cells.answers import is_texty
from data.sources.cells.columns import match_name
from data.sources.cells.kinds import day_first_hints
from data.sources.cells.roles import Guess, assign_roles
from data.sources.names import shown_names
from data.sources.raw import Plan, SourceError
from data.sources.tables import OPERATION_SHAPES, OperationShape

SURE, LIKELY = 0.9, 0.5  # taken before, and only without, a column of comments
NAME = "general"


def plan_operations(guess: Guess) -> Plan:
    """Read a file as a table of operations, whichever fits best; the confidence says how well that goes.

    Args:
        guess: the file, no column assigned yet.

    Raises:
        SourceError: the settings call it one, and no column holds its id.
    """
    asked = guess.options.content
    plans = [
        _plan_as(content, shape, guess)
        for content, shape in OPERATION_SHAPES.items()
        if asked not in OPERATION_SHAPES or content == asked
    ]
    return max(plans, key=lambda plan: (plan.confidence, len(plan.roles)))


def _plan_as(content: str, shape: OperationShape, guess: Guess) -> Plan:
    own = Guess(guess.records, guess.sample, guess.looks, guess.options, guess.rules)
    assign_roles(own, shape.roles)
    if shape.key not in own.roles:
        if guess.options.content == content:
            found, what = shown_names(guess.records.names), shape.key.replace("_", " ")
            raise SourceError(
                f'no column holds the {what}; found: {found}. Set [sources.columns] {shape.key} = "..."'
            )
        confidence = 0.0
    else:
        confidence = _confidence(content, shape, own)
    why = {**own.why, "content": shape.words}
    hints = day_first_hints(own.matches.values(), own.records, own.sample, ())
    plan = Plan(NAME, confidence, content, None, own.roles, (), why, hints, tuple(own.warnings))
    return replace(plan, confidence=1.0) if guess.options.content == content else plan


def _confidence(content: str, shape: OperationShape, guess: Guess) -> float:
    """Say how much of such a table the columns fill; a column of comments speaks against it."""
    facts = sum(role in guess.roles for role in shape.telling)
    if facts < shape.least_facts or not _is_table_of(content, shape, guess):
        return 0.0
    has_text = any(
        is_texty(look) and match_name(name, "text").score >= guess.rules.alias_score
        for name, look in guess.looks.items()
    )
    has_score = any(
        match_name(name, role).score >= SURE for name in guess.looks for role in ("rating", "nps")
    )
    return LIKELY if has_text or has_score or facts < shape.sure_facts else SURE


def _is_table_of(content: str, shape: OperationShape, guess: Guess) -> bool:
    """Orders come line by line, too; a case or a customer has one row, or nearly."""
    return content == "orders" or guess.looks[guess.roles[shape.key]].distinct >= SURE
