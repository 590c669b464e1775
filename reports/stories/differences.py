"""What sets the complaints behind an alert apart from the other comments of its segment."""

from __future__ import annotations

import math
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import EMPLOYEE
from reports.detection.panel import Floats, to_number
from reports.facts import intervals
from reports.facts.complaints import Bools, Ints, encode
from reports.stories.evidence import USUAL_DAYS, Evidence, Row, Speakers, window_of
from reports.stories.rules import StoryRules

# Columns of DOCUMENTS that say who speaks and of what; input_<column> are added to them.
ASKED = ("source", "source_kind", "language", "product", "region", "channel", "brand", "location")
CONFIDENCE = 0.95
MOST_POINTS = 10
SAME_SHARE = 0.9  # a language stated by the export and the one found differ now and then
HALF = 0.5  # added to every count, so that a value never seen before has a finite lift


@dataclass(frozen=True)
class Columns:
    """The columns of the comments whose values are groups, as codes (-1: not stated)."""

    documents: pa.Table
    max_values: int

    @cached_property
    def coded(self) -> dict[str, tuple[Ints, list[str]]]:
        """Give codes and names of each column."""
        coded: dict[str, tuple[Ints, list[str]]] = {}
        for name in self.documents.column_names:
            if name not in ASKED and not name.startswith("input_"):
                continue
            codes, found = encode(self.documents[name])
            values = found.to_pylist()
            if 1 < len(values) <= self.max_values and not (name.startswith("input_") and _is_score(values)):
                coded[name] = (codes, values)
        declared = {name: coded[name] for name in coded if name in ASKED}
        for name in [name for name in coded if name not in declared]:
            if any(_says_the_same(coded[name], other) for other in declared.values()):
                del coded[name]
        return coded


def _is_score(values: Sequence[str]) -> bool:
    """Say whether these are marks that people gave: an outcome, not a group."""
    return all(value.isdecimal() and len(value) <= 2 and int(value) <= MOST_POINTS for value in values)


def _says_the_same(one: tuple[Ints, list[str]], other: tuple[Ints, list[str]]) -> bool:
    """Say whether two columns hold the same values: the export's own column, and what was read from it."""
    both = (one[0] >= 0) & (other[0] >= 0)
    if not both.any():
        return False
    names = np.array([value.strip().casefold() for value in one[1]], dtype=object)
    others = np.array([value.strip().casefold() for value in other[1]], dtype=object)
    return bool((names[one[0][both]] == others[other[0][both]]).mean() >= SAME_SHARE)


def find_differences(
    alerts: Sequence[Row], speakers: Speakers, evidence: Evidence, *, rules: StoryRules
) -> list[list[dict[str, Any]]]:
    """Compare the complaints in each alert's window with the other comments of its segment.

    Args:
        alerts: n rows of ALERTS.
        speakers: all comments.
        evidence: the complaints of the alerts, in the same order.
        rules: what is told.

    Returns:
        n lists, the clearest difference first: column, value, now_share, usual_share, lift, low, high
        (interval of the lift at 95 %, shared out over all values looked at).
    """
    columns = Columns(speakers.documents, rules.max_values)
    inside = {segment: speakers.inside(segment) for segment in sorted({row["segment"] for row in alerts})}
    is_staff = pc.equal(speakers.documents["source_kind"], EMPLOYEE).to_numpy(zero_copy_only=False)
    found: list[list[dict[str, Any]]] = []
    for place, row in enumerate(alerts):
        last = to_number(window_of(row)[1])
        others = inside[row["segment"]] & (speakers.comments.day <= last)
        others &= speakers.comments.day > last - USUAL_DAYS
        now = evidence.ids(place)
        others[now] = False
        if is_staff[now].any() and len(now) < rules.min_group * rules.min_group:
            found.append([])  # a few employees with a value in common could be named by it
            continue
        told = list(_compare(columns, (now, others), row["segment"].partition("=")[0], rules))
        told.sort(key=lambda one: (-one["low"], one["column"], one["value"]))
        found.append(told[: rules.differences])
    return found


def _compare(
    columns: Columns, groups: tuple[Ints, Bools], own: str, rules: StoryRules
) -> Iterator[dict[str, Any]]:
    now, others = groups
    tested = sum(len(names) for _, names in columns.coded.values())
    z = intervals.quantile(CONFIDENCE, comparisons=tested)
    for name, (codes, values) in columns.coded.items():
        if name == own:
            continue
        stated, usual = codes[now][codes[now] >= 0], codes[others & (codes >= 0)]
        a = np.bincount(stated, minlength=len(values)).astype(np.float64)
        b = np.bincount(usual, minlength=len(values)).astype(np.float64)
        lift, low, high = _lifts(a, b, z)
        for code in np.flatnonzero((a >= rules.min_difference_count) & (low >= rules.min_lift)).tolist():
            yield {
                "column": name, "value": values[code], "count": int(a[code]),
                "now_share": a[code] / len(stated), "usual_share": b[code] / max(len(usual), 1),
                "lift": float(lift[code]), "low": float(low[code]), "high": float(high[code]),
            }  # fmt: skip


def _lifts(a: Floats, b: Floats, z: float) -> tuple[Floats, Floats, Floats]:
    """Give the ratios of shares with their intervals.

    Source:
        Katz et al. 1978, Biometrics 34:469 (log method), halves added after Walter 1976.
    """
    n, m = max(a.sum(), 1.0), max(b.sum(), 1.0)
    lift = ((a + HALF) / (n + HALF)) / ((b + HALF) / (m + HALF))
    spread = 1 / (a + HALF) - 1 / (n + HALF) + 1 / (b + HALF) - 1 / (m + HALF)
    width = np.exp(z * np.sqrt(np.maximum(spread, 0.0)))
    return lift, lift / width, lift * np.minimum(width, math.exp(700))
