"""Which column means what: names that match, cells that fit, and what the settings say."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from data.sources.cells.answers import is_texty
from data.sources.cells.columns import Look, Match, match_name, normal_name
from data.sources.cells.scales import read_score
from data.sources.raw import COMMENT_DATES, Records, SourceOptions, SourceRules
from data.sources.tables import OPERATION_DATES, OPERATION_SHAPES

SHORT_LABEL_WORDS = 12
ALL_DATES = 0.95
# The day that somebody was born, or that an order is promised for, is not when the comment was written.
OF_PEOPLE = (
    *("birth", "born", "dob", "geburt", "geboren", "nascit", "nato", "urodz", "nacim", "naiss", "nascim"),
    *("expir", "promis", "due", "ablauf", "scaden", "ميلاد", "出生", "生日"),
)
_DATES = frozenset((*COMMENT_DATES, *OPERATION_DATES))
_AMOUNTS = frozenset(role for shape in OPERATION_SHAPES.values() for role in shape.amounts)


@dataclass
class Guess:
    """What is known of a file while its columns are being assigned."""

    records: Records
    sample: pa.Table
    looks: Mapping[str, Look]
    options: SourceOptions
    rules: SourceRules
    roles: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    matches: dict[str, Match] = field(default_factory=dict)
    replies: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)


def assign_roles(guess: Guess, roles: Sequence[str]) -> None:
    """Give each role its best column: what the settings name, then names that match and cells that fit."""
    taken = _assign_stated(guess, roles)
    offers = []
    for position, name in enumerate(guess.records.names):
        matches = {role: match_name(name, role) for role in (*roles, "reply") if role != "text"}
        if _is_reply(matches["reply"], name, matches):
            guess.replies.append(name)
            continue
        offers += [
            (-match.score, position, role, name, match)
            for role, match in matches.items()
            if match.score >= guess.rules.alias_score and role not in guess.roles and name not in taken
        ]
    for _, _, role, name, match in sorted(offers, key=lambda offer: offer[:3]):
        if (
            role in guess.roles
            or name in taken
            or not fits(role, guess.looks[name], guess.sample[name], guess.rules)
        ):
            continue
        # A name that speaks even more for the text, as "review text" next to a title, is left to it.
        if role == "title" and match_name(name, "text").score > match.score:
            continue
        guess.roles[role] = name
        guess.matches[role] = match
        guess.why[role] = f"the name says '{match.alias}'" + (
            "" if match.score >= 0.9 else " among other words"
        )
        taken.add(name)


def find_date(guess: Guess) -> None:
    """Take the first free column whose cells are all dates for the date, where no name tells one."""
    if "created_at" in guess.roles:
        return
    taken = set(guess.roles.values())
    dated = (name for name, look in guess.looks.items() if look.dates >= ALL_DATES and name not in taken)
    name = next((one for one in dated if not any(stem in normal_name(one) for stem in OF_PEOPLE)), None)
    if name is not None:
        guess.roles["created_at"], guess.why["created_at"] = name, "its cells are dates"


def _is_reply(reply: Match, name: str, matches: Mapping[str, Match]) -> bool:
    others = [match.score for role, match in matches.items() if role != "reply"]
    return reply.score >= 0.7 and reply.score >= max([*others, match_name(name, "text").score])


def _assign_stated(guess: Guess, roles: Sequence[str]) -> set[str]:
    by_name = {normal_name(name): name for name in reversed(guess.records.names)}
    taken = set()
    for role, stated in guess.options.columns.items():
        for wanted in [stated] if isinstance(stated, str) else stated:
            name = wanted if wanted in guess.looks else by_name.get(normal_name(wanted))
            if name is None:
                guess.warnings.append(f"[sources.columns] {role} = '{wanted}': this file has no such column")
            elif role in roles:
                guess.roles.setdefault(role, name)
                guess.why[role] = "named in the settings"
                taken.add(name)
    return taken


def fits(  # noqa: PLR0911 - one return per family of roles
    role: str, look: Look, cells: pa.ChunkedArray, rules: SourceRules
) -> bool:
    """Tell whether the cells can mean what the name says; an empty column can mean anything."""
    if not look.filled:
        return True
    if role in _DATES:
        return _is_dated(look, rules)
    if role in ("rating", "csat", "ces"):
        return _is_scored(cells, rules)
    if role == "nps":
        return look.numbers >= 0.6 and look.integers >= 0.6 and look.high > 1  # 0 and 1 are no and yes
    if role in _AMOUNTS:
        return look.numbers >= 0.3 or (look.words <= 2 and look.letters < 0.6)
    if role in ("title", "pros", "cons"):
        return is_texty(look)
    return _is_label(role, look)


def _is_label(role: str, look: Look) -> bool:
    if role == "own_id":
        return look.words <= 2 and look.distinct >= 0.5 and look.dates < 0.5
    if role == "declared_language":
        return look.languages >= 0.8
    if role in ("customer_id", "order_id", "ticket_id", "person_id"):
        return look.words <= 3 and look.dates < 0.5
    if role == "question":
        return look.letters >= 0.3 and look.distinct <= 0.5 and look.words >= 2
    if role in ("reopened", "churned", "active"):  # a count, a yes, or the day it happened
        return look.words <= SHORT_LABEL_WORDS
    return look.words <= SHORT_LABEL_WORDS and look.urls < 0.5 and look.lists < 0.5 and look.dates < 0.5


def _is_dated(look: Look, rules: SourceRules) -> bool:
    is_epoch = look.integers >= 0.8 and look.low >= 19_000_101
    is_day_number = look.numbers >= 0.8 and look.low >= 20_000 and look.high <= 80_000
    return look.dates >= rules.date_share or is_epoch or is_day_number


def _is_scored(cells: pa.ChunkedArray, rules: SourceRules) -> bool:
    text = pc.utf8_trim_whitespace(cells)
    counts = (
        text.filter(pc.fill_null(pc.greater(pc.binary_length(text), 0), False)).value_counts().to_pylist()
    )
    if not counts:
        return True
    scores = [(read_score(entry["values"]), entry["counts"]) for entry in counts[: rules.statistics_values]]
    low_enough = sum(n for score, n in scores if score is not None and abs(score[0]) <= 100)
    return bool(low_enough >= 0.6 * sum(n for _, n in scores))
