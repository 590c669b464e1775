"""What people said about alerts (owner, mute, not an issue, note), put into the rows of ALERTS."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date

from reports.stories.evidence import Row

WORSE = 1.5  # times the ratio it had when it was dismissed: what was no issue then may be one now


@dataclass(frozen=True)
class Answer:
    """What people said about one alert.

    Attributes:
        alert_id: ALERTS.alert_id.
        issue: ALERTS.issue, so that "not an issue" also holds for the next episode.
        segment: ALERTS.segment.
        owner: who looks after it.
        acknowledged: day somebody took it on.
        muted_until: last day on which it is kept quiet.
        not_an_issue: whether somebody dismissed it.
        ratio: ALERTS.ratio when it was dismissed.
        note: what else there is to say.
    """

    alert_id: str
    issue: str = ""
    segment: str = ""
    owner: str = ""
    acknowledged: date | None = None
    muted_until: date | None = None
    not_an_issue: bool = False
    ratio: float = 0.0
    note: str = ""


@dataclass(frozen=True)
class Answers:
    """All that people said, by alert."""

    by_alert: dict[str, Answer] = field(default_factory=dict)

    def of(self, row: Row) -> Answer:
        """Give what holds for a row of ALERTS: its own answer, else a dismissal of an earlier episode."""
        own = self.by_alert.get(row["alert_id"])
        if own is not None:
            return own
        dismissed = [
            one
            for one in self.by_alert.values()
            if one.not_an_issue
            and (one.issue, one.segment) == (row["issue"], row["segment"])
            and row["ratio"] <= WORSE * one.ratio
        ]
        if not dismissed:
            return Answer(row["alert_id"])
        latest = max(dismissed, key=lambda one: (one.ratio, one.alert_id))
        return Answer(row["alert_id"], not_an_issue=True, note=latest.note)


def answer_columns(rows: Sequence[Row], answers: Answers) -> list[Row]:
    """Give the columns of ALERTS that people fill, for every row.

    Args:
        rows: n rows of ALERTS.
        answers: what people said.

    Returns:
        n dicts: owner, acknowledged_date, muted_until, is_dismissed, note.
    """
    found = [answers.of(row) for row in rows]
    return [
        {
            "owner": one.owner or None,
            "acknowledged_date": one.acknowledged,
            "muted_until": one.muted_until,
            "is_dismissed": one.not_an_issue,
            "note": one.note or None,
        }
        for one in found
    ]


def is_quiet(row: Row, day: date) -> bool:
    """Say whether nobody wants to hear of an alert on a day: muted, or not an issue."""
    muted = row["muted_until"]
    return bool(row["is_dismissed"]) or (muted is not None and day <= muted)
