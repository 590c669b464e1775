"""Actions and the comments around them -> ACTIONS, ACTION_WEEKS: did it help?"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ACTION_WEEKS, ACTIONS
from reports.actions.plan import Action
from reports.actions.series import Change, Weeks, measure_change
from reports.facts.subjects import Subjects

WEEK = 7
SHOWN_CONFIDENCE = 0.95
WORKED, WORSE, NO_SIGN, TOO_EARLY, TOO_FEW = "worked", "worse", "no_sign", "too_early", "too_few"

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class ActionRules:
    """What section [actions] of the settings holds.

    Attributes:
        before_weeks: weeks before the day that tell what to expect.
        min_before_weeks: fewer say nothing of a trend.
        min_complaints: complaints before the day below which nothing can be seen to fall.
        looks: weeks after the day at which it is judged; the last one settles it.
        look_confidence: confidence asked at each look, so that all looks together err 5 times of 100.
        min_control: complaints elsewhere, before the day, for elsewhere to serve as a control.
        drift: usual drift of log rates in a week, alone and against elsewhere (standard deviation).
        examples: complaints since the day that are named.
    """

    before_weeks: int
    min_before_weeks: int
    min_complaints: int
    looks: tuple[int, ...]
    look_confidence: float
    min_control: int
    drift: tuple[float, float]
    examples: int


@dataclass(frozen=True)
class _Verdict:
    word: str
    settled_week: int | None


def judge_actions(
    actions: Sequence[Action], documents: pa.Table, subjects: Subjects, *, as_of: date, rules: ActionRules
) -> tuple[pa.Table, pa.Table]:
    """Say of each action whether the complaints that it was meant for fell.

    It is judged at fixed weeks after the day, at a confidence that pays for looking more than once, so that
    an action which did nothing is called a success 5 times of 100 at most. In between the verdict stays.

    Args:
        actions: what was done.
        documents: DOCUMENTS, n rows: our own customers'.
        subjects: what they speak of, n comments.
        as_of: day of the report; whole weeks up to it count.
        rules: section [actions].

    Returns:
        ACTIONS and ACTION_WEEKS, by action_id.
    """
    day = documents["created_at"].cast(pa.timestamp("us")).cast(pa.date32(), safe=False).cast(pa.int32())
    days = np.asarray(pc.fill_null(day, -1), dtype=np.int64)
    rows, weekly = [], []
    for action in actions:
        at = _first_days(days, action, as_of, rules)
        inside = _inside(documents, action)
        weeks, complaints = _weeks(at, inside, subjects, action, rules)
        row, expected = _judge(weeks, action, as_of, rules)
        since = np.flatnonzero(complaints & inside & (at >= 0) & (days >= 0))
        since = since[np.argsort(-subjects.place[since], kind="stable")][: rules.examples]
        row["example_ids"] = subjects.ids.take(pa.array(since)).to_pylist()
        rows.append(row)
        weekly += _week_rows(action, weeks, expected)
    return (
        ACTIONS.to_arrow(pa.Table.from_pylist(rows, schema=ACTIONS.columns)),
        ACTION_WEEKS.to_arrow(pa.Table.from_pylist(weekly, schema=ACTION_WEEKS.columns)),
    )


OUTSIDE = -(10**6)  # of the weeks looked at


def _first_days(days: Ints, action: Action, as_of: date, rules: ActionRules) -> Ints:
    """Give the week of each comment, 0 the first after the day; OUTSIDE where it does not count."""
    since = days - (action.day - date(1970, 1, 1)).days
    week = since // WEEK
    whole = ((as_of - action.day).days + 1) // WEEK
    counts = (days >= 0) & (week >= -rules.before_weeks) & (week < min(whole, max(rules.looks)))
    return np.where(counts, week, OUTSIDE)


def _inside(documents: pa.Table, action: Action) -> Bools:
    inside = np.ones(documents.num_rows, dtype=bool)
    for name, values in action.segments.items():
        if name not in documents.column_names:
            return np.zeros(documents.num_rows, dtype=bool)
        inside &= np.asarray(pc.is_in(documents[name], value_set=pa.array(values, pa.string())))
    return inside


def _weeks(
    week: Ints, inside: Bools, subjects: Subjects, action: Action, rules: ActionRules
) -> tuple[Weeks, Bools]:
    complaints = np.zeros(len(week), dtype=bool)
    if action.issue in subjects.issues:
        column = subjects.complains[:, [subjects.issues.index(action.issue)]]
        complaints = np.asarray(column.toarray()).ravel() > 0
    counted = week > OUTSIDE
    first, last = -rules.before_weeks, int(week.max(initial=OUTSIDE))
    width = max(last - first + 1, 0)
    here, there = inside & counted, ~inside & counted

    def tally(mask: Bools) -> npt.NDArray[np.float64]:
        return np.bincount(week[mask] - first, minlength=width)[:width].astype(float)

    weeks = Weeks(
        np.arange(first, first + width, dtype=float),
        tally(here & complaints), tally(here), tally(there & complaints), tally(there),
    )  # fmt: skip
    kept = weeks.total > 0
    if action.segments and weeks.control_count[weeks.time < 0].sum() >= rules.min_control:
        kept &= weeks.control_total > 0
    else:
        weeks = weeks.without_control()
    return Weeks(*(part[kept] for part in (
        weeks.time, weeks.count, weeks.total, weeks.control_count, weeks.control_total
    ))), complaints  # fmt: skip


def _judge(
    weeks: Weeks, action: Action, as_of: date, rules: ActionRules
) -> tuple[dict[str, object], npt.NDArray[np.float64]]:
    after = int(min(max(((as_of - action.day).days + 1) // WEEK, 0), max(rules.looks)))
    change = (
        measure_change(weeks, confidence=SHOWN_CONFIDENCE, drift=rules.drift)
        if _is_measurable(weeks, rules)
        else None
    )
    verdict = _verdict(weeks, after, rules)
    settled = (
        None if verdict.settled_week is None else action.day + timedelta(days=WEEK * verdict.settled_week - 1)
    )
    row = _sums(weeks) | _change_columns(change) | {
        "action_id": action.action_id, "action_date": action.day, "issue": action.issue,
        "segment": action.where, "note": action.note, "weeks_after": after, "verdict": verdict.word,
        "is_settled": settled is not None, "settled_date": settled,
        "next_look_date": _next_look(action, after, rules) if settled is None else None,
    }  # fmt: skip
    return row, change.expected if change else np.full(len(weeks.time), np.nan)


def _is_measurable(weeks: Weeks, rules: ActionRules) -> bool:
    before = weeks.time < 0
    enough = before.sum() >= rules.min_before_weeks and weeks.count[before].sum() >= rules.min_complaints
    return bool(enough and (~before).any())


def _verdict(weeks: Weeks, after: int, rules: ActionRules) -> _Verdict:
    """Judge at each look that has come; the first clear answer stands."""
    past = [look for look in sorted(rules.looks) if look <= after]
    if not past:
        return _Verdict(TOO_EARLY, None)
    for look in past:
        some = weeks.until(look)
        if not _is_measurable(some, rules):
            continue
        change = measure_change(some, confidence=rules.look_confidence, drift=rules.drift)
        if change.ratio_high < 1:
            return _Verdict(WORKED, look)
        if change.ratio_low > 1:
            return _Verdict(WORSE, look)
    word = NO_SIGN if _is_measurable(weeks, rules) else TOO_FEW
    return _Verdict(word, past[-1] if past[-1] == max(rules.looks) else None)


def _next_look(action: Action, after: int, rules: ActionRules) -> date | None:
    coming = [look for look in sorted(rules.looks) if look > after]
    return action.day + timedelta(days=WEEK * coming[0]) if coming else None


def _sums(weeks: Weeks) -> dict[str, object]:
    found: dict[str, object] = {"has_control": bool(weeks.control_count.sum() > 0)}
    for name, mask in (("before", weeks.time < 0), ("after", weeks.time >= 0)):
        count, total = int(weeks.count[mask].sum()), int(weeks.total[mask].sum())
        elsewhere, all_elsewhere = weeks.control_count[mask].sum(), weeks.control_total[mask].sum()
        found |= {
            f"{name}_count": count, f"{name}_total": total,
            f"{name}_share": count / total if total else None,
            f"control_{name}_share": float(elsewhere / all_elsewhere) if all_elsewhere else None,
        }  # fmt: skip
    return found


def _change_columns(change: Change | None) -> dict[str, object]:
    names = ("effect", "effect_low", "effect_high", "ratio", "ratio_low", "ratio_high")
    if change is None:
        return dict.fromkeys(names)
    values = (change.effect, change.low, change.high, change.ratio, change.ratio_low, change.ratio_high)
    return dict(zip(names, values, strict=True))


def _week_rows(action: Action, weeks: Weeks, expected: npt.NDArray[np.float64]) -> list[dict[str, object]]:
    return [
        {
            "action_id": action.action_id,
            "week_start": action.day + timedelta(days=WEEK * int(time)),
            "is_after": bool(time >= 0),
            "count": int(count),
            "total": int(total),
            "control_share": float(there / everyone) if everyone else None,
            "expected_share": None if np.isnan(share) else float(share),
        }
        for time, count, total, there, everyone, share in zip(
            weeks.time,
            weeks.count,
            weeks.total,
            weeks.control_count,
            weeks.control_total,
            expected,
            strict=True,
        )
    ]
