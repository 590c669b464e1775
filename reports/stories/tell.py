"""ALERTS and their comments -> ALERTS as people read them: stories, with all that is known of each."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ALERTS, EMPLOYEE
from reports.explain import NO_NAMES, DisplayNames, shorten
from reports.metrics.comments import telling_order
from reports.sections.shared.words import Words
from reports.stories.answers import Answers, answer_columns, is_quiet
from reports.stories.bands import INFO, Levels, find_levels
from reports.stories.differences import find_differences
from reports.stories.evidence import Evidence, Row, Speakers, find_evidence
from reports.stories.group import RESOLVED, common_shares, group_stories, story_severities
from reports.stories.rules import StoryRules
from reports.stories.sentence import tell
from reports.stories.stakes import find_stakes

STAKES = ("customer_count", "customer_value", "order_count", "nps_points", "csat_points")
RATES = ("orders", "active_customers", "rate", "usual_rate", "share", "usual_share")


@dataclass(frozen=True)
class Context:
    """What telling needs to know beside the alerts and the comments.

    Attributes:
        as_of: the last judged day.
        language: language of the sentences.
        names: what issues are called.
        answers: what people said.
        operations: ORDERS and CUSTOMERS; None when the company gave none.
        currency: ISO 4217 code of the amounts; empty where it is not known.
    """

    as_of: date
    language: str
    names: DisplayNames = NO_NAMES
    answers: Answers = field(default_factory=Answers)
    operations: tuple[pa.Table, pa.Table] | None = None
    currency: str = ""


def tell_stories(alerts: pa.Table, speakers: Speakers, *, rules: StoryRules, context: Context) -> pa.Table:
    """Group alerts into stories and add what the comments say about each.

    Args:
        alerts: ALERTS as detection gives them, n rows.
        speakers: all comments, and who complains of what.
        rules: section [stories].
        context: day, language, names, answers, operations.

    Returns:
        ALERTS, n rows.
    """
    rows: list[Row] = alerts.to_pylist()
    evidence = find_evidence(rows, speakers)
    parents = group_stories(rows, evidence, rules=rules)
    severities = story_severities(rows, parents)
    leads = [parent is None for parent in parents]
    levels = find_levels(rows, leads, severities, until=context.as_of, rules=rules)
    told = [row | {"parent_alert_id": parent} for row, parent in zip(rows, parents, strict=True)]
    _add(told, answer_columns(rows, context.answers))
    _add(told, _bands(told, severities, levels, context.as_of))
    stakes = find_stakes(rows, speakers, evidence, context.operations)
    _add(told, [{name: one[name] for name in STAKES} for one in stakes])
    _add(told, [{"example_ids": ids} for ids in _examples(speakers, evidence, rules)])
    details = _details(told, speakers, evidence, rules)
    for one, stake in zip(details, stakes, strict=True):
        one |= {name: stake[name] for name in RATES if name in stake}
    words = Words(context.language, currency=context.currency)
    for row, one in zip(told, details, strict=True):
        row["details"] = json.dumps(shorten(one), ensure_ascii=False, sort_keys=True)
        row["explanation"] = tell(row, one, words=words, names=context.names)
    return ALERTS.to_arrow(pa.Table.from_pylist(told, schema=ALERTS.columns))


def _add(rows: Sequence[Row], more: Sequence[Row]) -> None:
    for row, values in zip(rows, more, strict=True):
        row.update(values)


def _bands(rows: Sequence[Row], severities: Sequence[float], levels: Levels, day: date) -> list[Row]:
    """Give every alert the severity and the band of its story; what people keep quiet is for information."""
    by_id = {row["alert_id"]: i for i, row in enumerate(rows)}
    found = []
    for place, row in enumerate(rows):
        lead = by_id.get(row["parent_alert_id"], place)
        band = INFO if is_quiet(rows[lead], day) else levels.band(severities[lead])
        found.append({"severity": severities[place], "band": band})
    return found


def _examples(speakers: Speakers, evidence: Evidence, rules: StoryRules) -> list[list[str]]:
    """Choose the most telling complaints of each window, each text once, employees only in company."""
    order = telling_order(speakers.documents, speakers.comments.copy, rules.example_length)
    place = np.empty(len(order), dtype=np.int64)
    place[order] = np.arange(len(order))
    is_staff = pc.equal(speakers.documents["source_kind"], EMPLOYEE).to_numpy(zero_copy_only=False)
    chosen = []
    for row in range(evidence.now.shape[0]):
        ids = evidence.ids(row)
        if is_staff[ids].sum() < rules.min_group:
            ids = ids[~is_staff[ids]]
        ids = ids[np.argsort(-place[ids])]
        _, first = np.unique(speakers.comments.copy[ids], return_index=True)
        kept = ids[np.sort(first)][: rules.examples]
        chosen.append(speakers.comments.ids.take(pa.array(kept)).to_pylist())
    return chosen


def _details(
    rows: Sequence[Row], speakers: Speakers, evidence: Evidence, rules: StoryRules
) -> list[dict[str, Any]]:
    differs = find_differences(rows, speakers, evidence, rules=rules)
    related = _related(rows, common_shares(evidence), rules)
    return [
        {
            "differs": differs[place],
            "related": related[place],
            "under_it": [one["alert_id"] for one in rows if one["parent_alert_id"] == row["alert_id"]],
            "earlier": _earlier(row, rows),
            "first_seen": row["began_date"].isoformat(),
            "last_seen": row["last_active_date"].isoformat(),
            "raised_by": "share",
        }
        for place, row in enumerate(rows)
    ]


def _earlier(row: Row, rows: Sequence[Row]) -> list[dict[str, Any]]:
    """List earlier episodes of the same issue in the same segment, oldest first."""
    same = [
        one
        for one in rows
        if (one["issue"], one["segment"]) == (row["issue"], row["segment"])
        and one["opened_date"] < row["opened_date"]
    ]
    return [
        {
            "alert_id": one["alert_id"],
            "opened": one["opened_date"].isoformat(),
            "settled": None if one["resolved_date"] is None else one["resolved_date"].isoformat(),
            "n": one["n"],
            "expected": one["expected"],
        }
        for one in sorted(same, key=lambda one: (one["opened_date"], one["alert_id"]))
    ]


def _related(rows: Sequence[Row], common: Any, rules: StoryRules) -> list[list[str]]:  # noqa: ANN401 - a matrix
    """Name other stories, as unsettled, that have many complaints in common with this one."""
    leads = [i for i, row in enumerate(rows) if row["parent_alert_id"] is None and row["status"] != RESOLVED]
    found = []
    for place in range(len(rows)):
        near = [other for other in leads if other != place and common[place, other] >= rules.related_share]
        found.append([rows[other]["alert_id"] for other in near] if place in leads else [])
    return found
