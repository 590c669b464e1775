"""The questions of a survey -> which were answered in words, which hold the scores, which the segments."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pyarrow as pa

from data.cleaning.answers import asks_for_faults
from data.privacy.columns import kind_of_header
from data.sources.cells.answers import is_answer, is_prose, is_texty, suffix_of
from data.sources.cells.columns import Look, Match, look_at, match_name
from data.sources.cells.roles import fits
from data.sources.cells.scales import read_score
from data.sources.names import shown_names
from data.sources.raw import Answer, SourceRules

SCORES = ("nps", "csat", "ces", "rating")
SEGMENTS = ("product", "region", "channel", "brand", "location", "customer_id", "order_id")
SCALE_CELLS, SCALE_SHARE = 300, 0.8  # cells looked at, share of them that makes a scale
OVERALL = (
    "overall",
    "in general",
    "complessiv",
    "in generale",
    "ogoln",
    "总体",
    "整体",
    "عام",
    "general",
    "insgesamt",
)


@dataclass(frozen=True)
class Question:
    """One column of a survey.

    Attributes:
        column: its name in the records.
        text: what was asked; the name of the column where the file does not say.
        is_open: True if the tool says that it is answered in words, False if it cannot be, None if unknown.
        role: the score that the tool says it is, as nps.
        is_asked: False for embedded data, which nobody was asked.
        key: what sets its answers' ids apart, the same in every layout of the export; the column if empty.
    """

    column: str
    text: str
    is_open: bool | None = None
    role: str = ""
    is_asked: bool = True
    key: str = ""


@dataclass
class Reading:
    """What the questions are.

    Attributes:
        roles: role -> column.
        why: role -> the reason in words.
    """

    answers: tuple[Answer, ...] = ()
    roles: dict[str, str] = field(default_factory=dict)
    why: dict[str, str] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    matches: list[Match] = field(default_factory=list)


def read_questions(questions: Sequence[Question], sample: pa.Table, rules: SourceRules) -> Reading:
    """Tell what each question of a survey is.

    Args:
        questions: in the order of the file, without the tool's own columns.
        sample: the first records.
        rules: numbers of the readers.
    """
    reading = Reading()
    looks = {q.column: look_at(sample[q.column], rules.statistics_values) for q in questions}
    is_open = {q.column: _is_open(q, looks[q.column], sample[q.column], rules) for q in questions}
    _assign_scores([q for q in questions if not is_open[q.column]], sample, looks, reading, rules)
    taken = set(reading.roles.values())
    closed = [q for q in questions if not is_open[q.column] and q.column not in taken]
    _assign_segments(closed, sample, looks, reading, rules)
    asked = [q for q in questions if is_open[q.column]]
    reading.answers = tuple(_answer(q, is_only=len(asked) == 1) for q in asked)
    reading.why["text"] = "questions that were answered in words"
    return reading


def _answer(question: Question, *, is_only: bool) -> Answer:
    says_more = question.text != question.column or not question.text.isascii() or " " in question.text
    asked = question.text if says_more else None
    return Answer(question.column, asked, "" if is_only else suffix_of(question.key or question.column))


def _are_scores(cells: pa.ChunkedArray) -> bool:
    """Tell whether nearly all cells are words of a scale, as "Somewhat satisfied"."""
    filled = [cell for cell in cells.slice(0, SCALE_CELLS).to_pylist() if cell and cell.strip()]
    return len(filled) > 0 and sum(read_score(cell) is not None for cell in filled) >= SCALE_SHARE * len(
        filled
    )


def _is_open(question: Question, look: Look, cells: pa.ChunkedArray, rules: SourceRules) -> bool:
    """Tell whether the cells are a customer's own words: no name, address, number or ticked option."""
    if question.is_open is False or question.role or not question.is_asked:
        return False
    if not is_texty(look) or look.emails >= 0.5 or kind_of_header(question.text):
        return False
    if question.is_open is None and _are_scores(cells):
        return False
    if question.is_open:
        # One word is a job or a town, unless it answers what should be better: "Nothing" is praise there.
        return not look.filled or look.words >= 1.5 or asks_for_faults(question.text)
    return is_answer(look, rules) or is_prose(look, rules)


def _assign_scores(
    questions: Sequence[Question],
    sample: pa.Table,
    looks: Mapping[str, Look],
    reading: Reading,
    rules: SourceRules,
) -> None:
    """Give each kind of score its question: the one that the tool or the words name, best one over all."""
    offers: dict[str, list[tuple[float, int, int, Question]]] = {role: [] for role in SCORES}
    for position, question in enumerate(questions):
        for role in SCORES:
            score = 2.0 if question.role == role else match_name(question.text, role).score
            if question.role and question.role != role:
                continue
            if score >= rules.alias_score and fits(
                role, looks[question.column], sample[question.column], rules
            ):
                is_part = not any(word in question.text.lower() for word in OVERALL)
                offers[role].append((-score, is_part, position, question))
    for role, found in offers.items():
        free = sorted(f for f in found if f[-1].column not in reading.roles.values())
        if not free:
            continue
        reading.roles[role] = free[0][-1].column
        reading.why[role] = "the tool says so" if free[0][0] == -2.0 else "the question's words"
        if len(free) > 1 and role != "rating":
            others = ", ".join(f"'{f[-1].column[:40]}'" for f in free[1:4])
            reading.warnings.append(
                f"more than one question gives {role}; '{reading.roles[role][:40]}' was taken, not {others}. "
                f'[sources.columns] {role} = "..." names another'
            )


def _assign_segments(
    questions: Sequence[Question],
    sample: pa.Table,
    looks: Mapping[str, Look],
    reading: Reading,
    rules: SourceRules,
) -> None:
    """Find product, region, branch and so on among embedded data and ticked options."""
    for role in SEGMENTS:
        offers = []
        for position, question in enumerate(questions):
            match = match_name(question.text, role)
            is_free = question.column not in reading.roles.values() and match.score >= rules.alias_score
            if is_free and fits(role, looks[question.column], sample[question.column], rules):
                offers.append((-match.score, position, question.column, match))
        if offers:
            _, _, column, match = min(offers, key=lambda offer: offer[:2])
            reading.roles[role] = column
            reading.why[role] = f"the name says '{match.alias}'"
            reading.matches.append(match)


def no_answers_message(tool: str, questions: Sequence[str]) -> str:
    """Say that a survey has no question that was answered in words, and the line that helps."""
    return (
        f"this {tool} survey has no question that was answered in words; its columns: "
        f"{shown_names(questions)}. "
        'If one of them is, name it in the settings:\n  [sources.columns]\n  text = "..."'
    )
