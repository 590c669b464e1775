"""ALERTS and their complaints -> stories: one alert to read, the others of the same event under it.

One event raises many alerts: the category, its topic, the region, the product, the channel. An alert
belongs under another when the other's complaints account for most of what it has too many of: taken away, it
would be as usual. So do twins: alerts of one product, region or channel that began in the same week and have
complaints in common.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np

from data.schema import ALL
from reports.detection.panel import Bools, Floats
from reports.stories.evidence import Evidence, Row
from reports.stories.rules import StoryRules

RESOLVED = "resolved"
CATEGORY = "category:"
PRIOR_COUNT = 0.5  # of complaints in the half year before, in and out of the other alert's


def group_stories(alerts: Sequence[Row], evidence: Evidence, *, rules: StoryRules) -> list[str | None]:
    """Say under which alert each alert stands.

    Alerts that are not settled lead before settled ones, categories before topics (they have names that
    everybody knows), then the most severe; but what explains a lead of its own rank takes its story over.

    Args:
        alerts: n rows of ALERTS.
        evidence: their complaints, in the same order.
        rules: section [stories].

    Returns:
        n parent ids, None for an alert that leads a story; no parent has a parent.
    """
    is_near = _are_near(alerts, rules)
    explains = (_explains(alerts, evidence, rules) | _are_twins(alerts, evidence, rules)) & is_near
    ranks = [_precedence(row)[:2] for row in alerts]
    order = sorted(range(len(alerts)), key=lambda one: _precedence(alerts[one]))
    parent: dict[int, int] = {}
    for lead in order:
        if lead in parent:
            continue
        parent[lead] = lead
        _gather(lead, order, (explains, is_near), parent)
        for other in [one for one in order if parent.get(one) == one and explains[lead, one]]:
            # A part that is more severe than the whole was taken first; the whole tells both.
            above, below = (lead, other) if ranks[lead] == ranks[other] else (other, lead)
            _move(below, above, is_near, parent)
            if above != lead:
                break
    return [None if parent[one] == one else alerts[parent[one]]["alert_id"] for one in range(len(alerts))]


def story_severities(alerts: Sequence[Row], parents: Sequence[str | None]) -> list[float]:
    """Give every alert its severity, a leading one the largest of its story among those as unsettled."""
    worst: dict[str, float] = {}
    for row, parent in zip(alerts, parents, strict=True):
        if parent is not None and row["status"] != RESOLVED:
            worst[parent] = max(worst.get(parent, 0.0), row["severity"])
    return [max(row["severity"], worst.get(row["alert_id"], 0.0)) for row in alerts]


def common_shares(evidence: Evidence) -> Floats:
    """Give for every two alerts the complaints in common, as a share of the smaller one's: (n, n)."""
    common = (evidence.now @ evidence.now.T).toarray()
    found = np.asarray(evidence.now.sum(axis=1), dtype=np.float64)
    return np.asarray(common / np.maximum(np.minimum(found[:, None], found[None, :]), 1.0))


def _precedence(row: Row) -> tuple[Any, ...]:
    is_category = row["issue"].startswith(CATEGORY)
    return row["status"] == RESOLVED, not is_category, -row["severity"], row["alert_id"]


def _gather(lead: int, order: Sequence[int], ties: tuple[Bools, Bools], parent: dict[int, int]) -> None:
    """Put under a lead what it explains, and what that explains in turn, all of it near the lead in time."""
    explains, is_near = ties
    members = [lead]
    while members:
        member = members.pop(0)
        found = [one for one in order if one not in parent and explains[member, one] and is_near[lead, one]]
        parent.update(dict.fromkeys(found, lead))
        members += found


def _move(below: int, above: int, is_near: Bools, parent: dict[int, int]) -> None:
    """Put one story under the lead of another; what lies too far from it in time stands for itself."""
    members = [one for one, lead in parent.items() if lead == below]
    parent.update({one: above if is_near[above, one] else one for one in members})


def _are_twins(alerts: Sequence[Row], evidence: Evidence, rules: StoryRules) -> Bools:
    """Say which alerts of one segment, not the whole, began together and have complaints in common."""
    segment = np.array([row["segment"] for row in alerts], dtype=object)
    began = _days(alerts, "began_date")
    is_part = (segment[:, None] == segment[None, :]) & (segment != ALL)[:, None]
    together = np.abs(began[:, None] - began[None, :]) <= rules.twin_days
    twins = is_part & together & (common_shares(evidence) >= rules.related_share)
    np.fill_diagonal(twins, val=False)
    return np.asarray(twins, dtype=bool)


def _explains(alerts: Sequence[Row], evidence: Evidence, rules: StoryRules) -> Bools:
    """Say for (a, b) whether the complaints of a account for what b has too many of."""
    size = len(alerts)
    if not size:
        return np.zeros((0, 0), dtype=bool)
    share = _explained_share(alerts, evidence)
    explains = share >= rules.explained_share
    np.fill_diagonal(explains, val=False)
    return np.asarray(explains)


def _are_near(alerts: Sequence[Row], rules: StoryRules) -> Bools:
    """Say which alerts lie near each other in time."""
    first, last = _days(alerts, "began_date"), _days(alerts, "last_active_date")
    apart = np.maximum(first[:, None], first[None, :]) - np.minimum(last[:, None], last[None, :])
    return np.asarray(apart <= rules.apart_days)


def _explained_share(alerts: Sequence[Row], evidence: Evidence) -> Floats:
    """Give for (a, b) the share of b's excess that goes when the complaints of a are taken away."""
    found = np.asarray(evidence.now.sum(axis=1), dtype=np.float64)
    expected = np.array([row["expected"] for row in alerts], dtype=np.float64)
    excess = np.maximum(found - expected, 1e-9)
    common = (evidence.ever @ evidence.now.T).toarray()
    usual = np.asarray(evidence.usual.sum(axis=1), dtype=np.float64)
    usual_common = (evidence.ever @ evidence.usual.T).toarray()
    # Of what b usually gets, the part that a does not hold anyway.
    rest = (usual[None, :] - usual_common + PRIOR_COUNT) / (usual[None, :] + 2 * PRIOR_COUNT)
    left = found[None, :] - common - np.minimum(rest, 1.0) * expected[None, :]
    return np.asarray(np.where(found[None, :] > 0, 1 - left / excess[None, :], 0.0))


def _days(alerts: Sequence[Row], name: str) -> Floats:
    return np.array([row[name].toordinal() for row in alerts], dtype=np.float64)
