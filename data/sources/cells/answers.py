"""Which columns are the customer's own words: one text, or several answers that are comments of their own."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import pyarrow as pa

from data.sources.cells.columns import Look, match_name, normal_name
from data.sources.raw import Answer, SourceOptions, SourceRules

MAX_SUFFIX = 24
MAX_OPTIONS = 10  # a question to tick has rarely more
QUESTION_MARKS = ("?", "？", "؟", ";?")


@dataclass(frozen=True)
class Found:
    """The answers, in the order of the file, and how they were found."""

    answers: tuple[Answer, ...] = ()
    why: str = "no column of comments"
    takes_title: bool = False
    warnings: tuple[str, ...] = ()


def is_texty(look: Look) -> bool:
    """Tell whether the cells can be words at all; an empty column can."""
    if not look.filled:
        return True
    is_shaped = max(look.numbers, look.dates, look.urls, look.emails, look.lists) >= 0.5
    return look.letters >= 0.4 and not is_shaped and not (look.opaque > 0.8 and look.words < 1.5)


def is_prose(look: Look, rules: SourceRules) -> bool:
    """Tell whether the cells are sentences, most of them different."""
    return (
        look.filled > 0
        and is_texty(look)
        and look.words >= rules.prose_words
        and look.distinct >= rules.prose_distinct_share
    )


def is_question(name: str) -> bool:
    """Tell whether a column name is what a customer was asked."""
    is_path = "." in name and " " not in name  # of a JSON value
    return name.rstrip().endswith(QUESTION_MARKS) or (len(normal_name(name).split()) >= 5 and not is_path)


def find_answers(  # noqa: PLR0913 - three views of one file, and what customises the choice
    sample: pa.Table,
    looks: Mapping[str, Look],
    roles: Mapping[str, str],
    *,
    replies: Sequence[str],
    options: SourceOptions,
    rules: SourceRules,
) -> Found:
    """Choose the columns whose cells are comments.

    Args:
        sample: the first records.
        looks: column -> what its cells look like.
        roles: role -> column, as far as it is known.
        replies: columns with what the company answered.
        options: the text column or columns that the settings name.
        rules: what counts as prose.
    """
    stated = options.columns.get("text")
    if stated and "text" in roles:
        return _stated(stated, looks, roles)
    taken = {column for role, column in roles.items() if role not in ("pros", "cons")} | set(replies)
    free = [name for name in looks if name not in taken]
    named = _named_texts(free, looks, rules)
    asked = [n for n in free if n not in named and is_question(n) and is_answer(looks[n], rules)]
    sides = [roles[role] for role in ("pros", "cons") if role in roles]
    if sides:  # who writes pros and cons was asked for more in the same way, as "advice to management"
        asked += [n for n in free if n not in (*named, *asked, *sides) and is_prose(looks[n], rules)]
    chosen = _without_copies([*named, *[c for c in (*asked, *sides) if c not in named]], sample)
    if chosen:
        why = "the name says so and the cells are words" if named else "survey questions answered in words"
        return _several(chosen, looks, why, named[0] if named else None)
    return _by_prose(free, sample, looks, rules)


def _stated(stated: str | list[str], looks: Mapping[str, Look], roles: Mapping[str, str]) -> Found:
    names = {normal_name(n) for n in ([stated] if isinstance(stated, str) else stated)}
    columns = [c for c in looks if normal_name(c) in names] or [roles["text"]]
    return _several(columns, looks, "named in the settings", columns[0] if len(columns) == 1 else None)


def _named_texts(free: Sequence[str], looks: Mapping[str, Look], rules: SourceRules) -> list[str]:
    """Give columns called text, comment, review ..., the best first; weaker ones only if they are prose."""
    scored = [(match_name(name, "text").score, name) for name in free if is_texty(looks[name])]
    fitting = [(score, name) for score, name in scored if score >= rules.alias_score]
    if not fitting:
        return []
    filled = [(score, name) for score, name in fitting if looks[name].filled] or fitting
    # Prose first: a column of labels may be called "feedback" too.
    best = max(filled, key=lambda item: (is_prose(looks[item[1]], rules), item[0]))[1]
    others = [
        n for s, n in sorted(filled, reverse=True) if n != best and is_prose(looks[n], rules) and s >= 0.8
    ]
    return [best, *others]


def is_answer(look: Look, rules: SourceRules) -> bool:
    """Tell whether the cells are free answers rather than ticked options."""
    is_varied = look.distinct >= 0.5 or look.distinct * look.filled > MAX_OPTIONS
    is_worded = look.filled > 0 and is_texty(look) and look.words >= 2
    return is_worded and is_varied and look.distinct >= rules.prose_distinct_share


def _without_copies(names: Sequence[str], sample: pa.Table) -> list[str]:
    """Leave out columns that only repeat a part of one before them, as a snippet of the full text."""
    kept: list[str] = []
    for name in names:
        if not any(_repeats(sample[name].to_pylist(), sample[other].to_pylist()) for other in kept):
            kept.append(name)
    return kept


def _repeats(cells: Sequence[str | None], others: Sequence[str | None]) -> bool:
    pairs = [(a.strip(" .…"), b) for a, b in zip(cells, others, strict=True) if a and b]
    return len(pairs) > 0 and sum(a[:200] in b or b in a for a, b in pairs) >= 0.8 * len(pairs)


def _several(columns: Sequence[str], looks: Mapping[str, Look], why: str, main: str | None) -> Found:
    answers = answers_of([name for name in looks if name in columns], main=main)
    takes_title = main is not None if len(answers) > 1 else answers[0].question is None
    return Found(answers, why, takes_title)


def answers_of(columns: Sequence[str], *, main: str | None = None) -> tuple[Answer, ...]:
    """Make answers of columns whose names are what was asked; `main` is the text, not an answer."""
    if len(columns) == 1:
        return (Answer(columns[0], columns[0] if is_question(columns[0]) else None, ""),)
    return tuple(Answer(n, None if n == main else n, "" if n == main else suffix_of(n)) for n in columns)


def suffix_of(name: str) -> str:
    """Shorten a column name for use in an id; a long one ends in a hash, so that no two are alike."""
    bare = normal_name(name).replace(" ", "_")
    if len(bare) <= MAX_SUFFIX:
        return bare
    return f"{bare[:MAX_SUFFIX]}_{hashlib.sha256(name.encode()).hexdigest()[:6]}"


def _by_prose(free: Sequence[str], sample: pa.Table, looks: Mapping[str, Look], rules: SourceRules) -> Found:
    """Without a name that tells: the columns of sentences, the longest first."""
    prose = sorted((n for n in free if is_prose(looks[n], rules)), key=lambda n: (-looks[n].words, n))
    if not prose:
        return Found()
    chosen = [n for n in prose if looks[n].words >= 0.5 * looks[prose[0]].words]
    found = _several(
        _without_copies(chosen, sample), looks, "the cells are sentences, most of them different", None
    )
    shown = ", ".join(f"'{answer.column}'" for answer in found.answers)
    warning = (
        f'comments were found by their length alone, in {shown}; [sources.columns] text = "..." names others'
    )
    return Found(found.answers, found.why, found.takes_title, (warning,))
