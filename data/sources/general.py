"""The general source: any table with any column names -> which column means what, by names and by content."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa
import pyarrow.compute as pc

from data.sources.cells.answers import find_answers, is_texty
from data.sources.cells.columns import Look, Match, look_at, match_name, normal_name
from data.sources.cells.kinds import day_first_hints, guess_kind
from data.sources.cells.scales import read_score
from data.sources.raw import (
    COMMENT_ROLES,
    ORDER_ROLES,
    ROLES,
    About,
    Answer,
    Plan,
    Records,
    SourceError,
    SourceOptions,
    SourceRules,
    shown_names,
)

SHORT_LABEL_WORDS = 12


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

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Assign roles to columns.

        Raises:
            SourceError: no column can be the comment, or the settings name an unknown role.
        """
        unknown = sorted(set(options.columns) - set(ROLES))
        if unknown:
            raise SourceError(f"[sources.columns] has no role '{unknown[0]}'; known: {', '.join(ROLES)}")
        looks = {name: look_at(sample[name], rules.statistics_values) for name in records.names}
        guess = Guess(records, sample, looks, options, rules)
        orders = self._orders(guess)
        if options.content == "orders" or (options.content is None and orders.confidence >= 0.9):
            return orders
        return self._comments(guess, orders)

    def _comments(self, guess: Guess, orders: Plan) -> Plan:
        assign_roles(guess, COMMENT_ROLES)
        found = find_answers(
            guess.sample,
            guess.looks,
            guess.roles,
            replies=guess.replies,
            options=guess.options,
            rules=guess.rules,
        )
        if not found.answers and guess.options.content is None and orders.confidence >= 0.5:
            return orders
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

    def _orders(self, guess: Guess) -> Plan:
        """Read the file as a table of orders; the confidence says how well that goes."""
        own = Guess(guess.records, guess.sample, guess.looks, guess.options, guess.rules)
        assign_roles(own, ORDER_ROLES)
        if "order_id" not in own.roles:
            if guess.options.content == "orders":
                found = shown_names(guess.records.names)
                raise SourceError(
                    f'no column holds the order id; found: {found}. Set [sources.columns] order_id = "..."'
                )
            return _orders_plan(self.name, own, 0.0)
        facts = sum(role in own.roles for role in ("ordered_at", "promised", "delivered", "value", "status"))
        has_text = any(
            is_texty(look) and match_name(name, "text").score >= guess.rules.alias_score
            for name, look in guess.looks.items()
        )
        has_score = any(
            match_name(name, role).score >= 0.9 for name in guess.looks for role in ("rating", "nps")
        )
        confidence = 0.0 if not facts else 0.5 if has_text or has_score or facts < 3 else 0.9
        return _orders_plan(self.name, own, confidence)


def _orders_plan(source: str, guess: Guess, confidence: float) -> Plan:
    why = {**guess.why, "content": "an order id with dates, value or status, and no comment"}
    hints = day_first_hints(guess.matches.values(), guess.records, guess.sample, ())
    return Plan(source, confidence, "orders", None, guess.roles, (), why, hints, tuple(guess.warnings))


def no_text_message(names: Sequence[str]) -> str:
    """Say that no column holds comments, which columns there are, and the line that helps."""
    return (
        f"no column looks like comments; columns found: {shown_names(names)}. "
        "Name the right one in the settings:\n"
        '  [sources.columns]\n  text = "..."'
    )


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
    if role in ("created_at", "ordered_at", "promised", "delivered"):
        return _is_dated(look, rules)
    if role in ("rating", "csat", "ces"):
        return _is_scored(cells, rules)
    if role == "nps":
        return look.numbers >= 0.6 and look.integers >= 0.6 and look.high > 1  # 0 and 1 are no and yes
    if role == "value":
        return look.numbers >= 0.3 or (look.words <= 2 and look.letters < 0.6)
    if role in ("title", "pros", "cons"):
        return is_texty(look)
    return _is_label(role, look)


def _is_label(role: str, look: Look) -> bool:
    if role == "own_id":
        return look.words <= 2 and look.distinct >= 0.5 and look.dates < 0.5
    if role == "declared_language":
        return look.languages >= 0.8
    if role in ("customer_id", "order_id"):
        return look.words <= 3 and look.dates < 0.5
    if role == "question":
        return look.letters >= 0.3 and look.distinct <= 0.5 and look.words >= 2
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


def role_columns(plan: Plan, answers: Sequence[Answer]) -> dict[str, str]:
    """Give every role's column, the answers included, for the record of decisions."""
    return {**plan.roles, **({"text": ", ".join(a.column for a in answers)} if answers else {})}
