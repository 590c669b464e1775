"""DOCUMENTS and what they speak of -> DRIVERS: what each subject does to each score."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from data.schema import DRIVERS, NAMES
from reports.drivers.impact import Impacts, measure_impacts
from reports.drivers.regression import Effects, fit_effects
from reports.facts.subjects import CATEGORY, TOPIC, Subjects
from reports.facts.worth import Worth
from reports.metrics.comments import encode
from reports.metrics.groups import missing_as_null

Numbers = npt.NDArray[np.float64]
SCORES = ("nps", "csat", "ces", "rating")
STANCES = ("any", "negative", "positive")
CONTROLS = ("source_kind", "language")  # scores differ by them whatever people speak of


@dataclass(frozen=True)
class DriverRules:
    """What section [drivers] of the settings holds.

    Attributes:
        days: days before the day of the report whose comments count; half a year.
        min_answers: comments with a score below which nothing is said of that score.
        min_comments: comments on a subject, with a score, below which the subject is left out.
        max_topics: topics that are weighed together, those with most comments.
        ridge: comments' worth of evidence that a subject does nothing.
        examples: comments named behind each row.
        example_length: characters from which, and up to which, a comment makes a good example.
    """

    days: int
    min_answers: int
    min_comments: int
    max_topics: int
    ridge: float
    examples: int
    example_length: tuple[int, int]


@dataclass(frozen=True)
class _Answers:
    """The comments that carry one score."""

    name: str
    score: Numbers
    subjects: Subjects
    worth: Worth
    controls: sparse.csr_array
    author: npt.NDArray[np.int64]


def find_drivers(documents: pa.Table, subjects: Subjects, worth: Worth, *, rules: DriverRules) -> pa.Table:
    """Measure what speaking of each category and topic does to each score that people gave.

    Two answers stand side by side. The impact is the published one: the score of all comments minus the
    score without the theme; themes that travel together each bear the whole blame there. The effect comes
    from a regression with all categories (or all topics) together, blame and praise apart, so that each
    counts only for what the others do not explain. NPS counts 100 for a promoter, 0, -100 for a detractor.

    Args:
        documents: DOCUMENTS, n rows: our own customers', of the days that count.
        subjects: what they speak of, n comments.
        worth: who is behind them, n comments.
        rules: section [drivers].

    Returns:
        DRIVERS, by score, issue and stance.
    """
    parts = []
    for name in SCORES:
        answers = _answers(name, documents, subjects, worth, rules)
        if answers is not None:
            parts += [_family(answers, family, rules) for family in (CATEGORY, TOPIC)]
    return DRIVERS.to_arrow(pa.concat_tables(parts) if parts else DRIVERS.empty())


def _answers(
    name: str, documents: pa.Table, subjects: Subjects, worth: Worth, rules: DriverRules
) -> _Answers | None:
    given = np.asarray(pc.is_valid(documents[name]))
    if given.sum() < rules.min_answers:
        return None
    some = documents.filter(pa.array(given))
    score = np.asarray(some[name].cast(pa.float64()), dtype=np.float64)
    if name == "nps":
        score = np.where(score >= 9, 100.0, np.where(score <= 6, -100.0, 0.0))
    author, _ = encode(pc.coalesce(some["customer_key"], some["author_key"]))
    alone = np.arange(len(author)) + author.max(initial=-1) + 1
    _, who = np.unique(np.where(author >= 0, author, alone), return_inverse=True)
    return _Answers(name, score, subjects.of(given), worth.of(given), _controls(some, rules), who)


def _controls(documents: pa.Table, rules: DriverRules) -> sparse.csr_array:
    """Give one column per frequent kind of feedback and language, but the most frequent of each."""
    columns = []
    for name in CONTROLS:
        codes, names = encode(documents[name])
        sizes = np.bincount(codes[codes >= 0], minlength=len(names))
        order = np.argsort(-sizes, kind="stable")[1:]
        columns += [codes == code for code in order if sizes[code] >= rules.min_comments]
    if not columns:
        return sparse.csr_array((documents.num_rows, 0), dtype=np.float64)
    return sparse.csr_array(np.column_stack(columns).astype(np.float64))


def _family(answers: _Answers, family: str, rules: DriverRules) -> pa.Table:
    """Measure all categories, or all topics: those spoken of together are weighed together."""
    subjects = answers.subjects
    spoken = np.asarray(subjects.speaks.sum(axis=0)).ravel()
    named = np.array([issue.startswith(family) for issue in subjects.issues], dtype=bool)
    chosen = np.flatnonzero(named & (spoken >= rules.min_comments))
    if family == TOPIC:
        chosen = np.sort(chosen[np.argsort(-spoken[chosen], kind="stable")][: rules.max_topics])
    if not len(chosen):
        return DRIVERS.empty()
    by_stance = dict(zip(STANCES, (subjects.speaks, subjects.complains, subjects.praises), strict=True))
    told = [by_stance[stance][:, chosen] for stance in STANCES[1:]]
    effects = fit_effects(
        sparse.csr_array(sparse.hstack(told, format="csr")), answers.controls, answers.score,
        ridge=rules.ridge, author=answers.author,
    )  # fmt: skip
    issues = [subjects.issues[place] for place in chosen]
    firmness = sparse.csr_array(subjects.firmness[:, chosen])
    tables = []
    for position, stance in enumerate(STANCES):
        mentioned = sparse.csr_array(by_stance[stance][:, chosen])
        impacts = measure_impacts(mentioned, answers.score)
        part = _part(effects, position - 1, len(chosen)) if position else None
        frame = _columns(answers, mentioned, impacts, part) | {
            "issue": pa.array(issues),
            "stance": pa.array([stance] * len(issues)),
            "example_ids": pa.array(
                subjects.examples(mentioned, limit=rules.examples, firmness=firmness), NAMES
            ),
        }
        table = pa.table(frame).select(DRIVERS.columns.names)
        tables.append(table.filter(pa.array(impacts.count >= rules.min_comments)).cast(DRIVERS.columns))
    return pa.concat_tables(tables)


def _part(effects: Effects, position: int, width: int) -> Effects:
    cut = slice(position * width, (position + 1) * width)
    return Effects(effects.value[cut], effects.low[cut], effects.high[cut])


def _columns(
    answers: _Answers, mentioned: sparse.csr_array, impacts: Impacts, effects: Effects | None
) -> dict[str, pa.Array]:
    n, rows = len(answers.score), len(impacts.count)
    nothing = np.full(rows, np.nan)
    effects = effects or Effects(nothing, nothing, nothing)
    customers, value = answers.worth.at_stake(mentioned)
    return {
        "score": pa.array([answers.name] * rows),
        "comment_count": pa.array(impacts.count.astype(np.int64)),
        "total_count": pa.array(np.full(rows, n, dtype=np.int64)),
        "share": missing_as_null(impacts.count / n),
        "score_all": missing_as_null(np.full(rows, answers.score.mean())),
        "score_with": missing_as_null(impacts.score_with),
        "score_without": missing_as_null(impacts.score_without),
        "impact": missing_as_null(impacts.impact),
        "impact_low": missing_as_null(impacts.low),
        "impact_high": missing_as_null(impacts.high),
        "effect": missing_as_null(effects.value),
        "effect_low": missing_as_null(effects.low),
        "effect_high": missing_as_null(effects.high),
        "contribution": missing_as_null(effects.value * impacts.count / n),
        "customer_count": pa.array(customers.astype(np.int64)),
        "value_at_stake": pa.array(value, pa.float64(), from_pandas=True),
    }
