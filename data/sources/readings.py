"""How the date and score columns of one file are read, decided over the whole file before any cell is."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

from data.sources.cells.dates import DateReading
from data.sources.cells.dayorder import DateSurvey
from data.sources.cells.scales import TARGETS, Scale, ScoreSurvey
from data.sources.raw import COMMENT_DATES, Plan, Records, SourceError, SourceOptions, SourceRules
from data.sources.tables import OPERATION_SHAPES


@dataclass(frozen=True)
class Readings:
    """How the date and score columns of one file are read."""

    dates: dict[str, DateReading]  # role -> reading
    scales: dict[str, Scale]  # role -> scale


class Survey:
    """One cheap pass over the date and score columns of the whole file, before any cell is read."""

    def __init__(self, records: Records, plan: Plan, options: SourceOptions, rules: SourceRules) -> None:
        self._records, self._plan, self._rules = records, plan, rules
        self._options = replace(options, timezone=plan.timezone or options.timezone)
        dated = COMMENT_DATES if plan.content == "comments" else OPERATION_SHAPES[plan.content].dates
        self._dates = {role: DateSurvey() for role in dated if role in plan.roles}
        self._scores = {role: ScoreSurvey() for role in TARGETS if role in plan.roles and plan.kind}
        self.record_count = 0
        self.decisions: dict[str, Any] = {"dates": {}, "scales": {}}
        self.warnings: list[str] = []

    def take(self) -> Readings:
        """Look at every record and decide."""
        roles = self._plan.roles
        names = list(dict.fromkeys(roles[role] for role in (*self._dates, *self._scores)))
        for chunk in self._records.chunks(self._rules.batch_rows, names):
            last = (*chunk.numbers[-1:].tolist(), *(row for row, _, _ in chunk.rejected[-1:]))
            self.record_count = max(self.record_count, *last) if last else self.record_count
            for role, dates in self._dates.items():
                dates.add(chunk.values[roles[role]], chunk.numbers)
            for role, scores in self._scores.items():
                scores.add(chunk.values[roles[role]])
        return Readings(self._decide_dates(), self._decide_scales())

    def _decide_dates(self) -> dict[str, Any]:
        readings = {}
        problems: list[str] = []
        for role, dates in self._dates.items():
            dates.learn_from([other for name, other in self._dates.items() if name != role])
            order = dates.decide(
                self._plan.roles[role],
                hints=self._plan.day_first_hints,
                options=self._options,
                rules=self._rules,
                usual=self._plan.usual_order,
            )
            readings[role] = order.reading
            self.decisions["dates"][role] = {"value": dict(order.reading.dayfirst), "why": order.why}
            self.warnings += order.warnings
            problems += order.problems
        if problems:
            raise SourceError("\n  ".join(problems))
        return readings

    def _decide_scales(self) -> dict[str, Any]:
        scales = {}
        for role, scores in self._scores.items():
            stated = self._options.rating_max if role == "rating" else None
            known = None if stated else self._plan.scales.get(role)
            outlier_share = self._rules.rating_outlier_share
            scale = scores.decide(role, stated_top=stated, known=known, outlier_share=outlier_share)
            if role in self._options.reversed:
                scale = replace(
                    scale, is_reversed=True, why=f"{scale.why}; its lowest is the best, say the settings"
                )
            scales[role] = scale
            self.decisions["scales"][role] = {"value": [scale.low, scale.high], "why": scale.why}
            if scale.off_count:
                self.warnings.append(
                    f"{scale.off_count} values of column '{self._plan.roles[role]}' are not on its scale "
                    f"{scale.low:g} to {scale.high:g} and count as missing"
                )
        return scales
