"""What every section reads: the tables cut to the weeks of the page, and the page's words."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ALL, EMPLOYEE, NONE, OTHER
from reports.rules import PageRules
from reports.sections.shared.blocks import Comment
from reports.sections.shared.quotes import Quotes
from reports.sections.shared.window import NO_WINDOW, Window, choose_window, levels
from reports.sections.shared.words import Words


@dataclass(frozen=True)
class View:
    """The run as the page sees it.

    Attributes:
        words: the page's language.
        rules: how much is shown.
        tables: every table by name, as Arrow.
        window: the weeks now and before.
        kind: the kind of feedback that the page speaks of: all, or employee when there is nothing else.
        friction: FRICTION_SUMMARY of the page's weeks (of ever, when nothing is dated), dimension all.
        scores: SCORE_SUMMARY of the same weeks, every dimension.
        quotes: comments by id.
        categories: display name of each category.
        as_of: day of the report.
        behind: ids of the comments behind each alert.
        facts: about the run, in words: label and value.
    """

    words: Words
    rules: PageRules
    tables: Mapping[str, pa.Table]
    window: Window
    kind: str
    friction: pd.DataFrame
    scores: pd.DataFrame
    quotes: Quotes
    categories: Mapping[str, str]
    as_of: date
    behind: Mapping[str, list[str]] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)

    def table(self, name: str) -> pd.DataFrame:
        """Give a table as a frame; one without rows or columns when this run has none of that name."""
        found = self.tables.get(name)
        return pd.DataFrame() if found is None else found.to_pandas(date_as_object=True)

    def category_name(self, category: str) -> str:
        """Give a category the name that people read."""
        if category == OTHER and category not in self.categories:
            return self.words("category.other")
        return self.categories.get(category, category.replace("_", " "))

    def kind_name(self, kind: str) -> str:
        """Give a kind of feedback the name that people read."""
        key = f"kind.{kind}"
        return self.words(key) if self.words.has(key) else kind

    def total(self, kind: str, weeks: Sequence[date]) -> int:
        """Count the comments of one kind in some weeks."""
        return int(self._score_rows(kind, weeks)["comment_count"].sum())

    def score_sums(self, kind: str, weeks: Sequence[date]) -> pd.Series:
        """Sum every count of SCORE_SUMMARY over some weeks, all segments together."""
        return self._score_rows(kind, weeks).filter(regex="_count$|_sum$|_squares$").sum()

    def score_weeks(self, kind: str) -> pd.DataFrame:
        """Give SCORE_SUMMARY per week of the trend, weeks without comments as zeros."""
        rows = self._score_rows(kind, self.window.trend).set_index("period_start")
        counts = rows.filter(regex="_count$|_sum$|_squares$")
        return counts.reindex(list(self.window.trend), fill_value=0)

    def friction_rows(self, kind: str, by: str) -> pd.DataFrame:
        """Give the weekly rows of each category (`by` category) or theme (`by` topic_id)."""
        other = "topic_id" if by == "category" else "category"
        rows = self.friction
        return rows[
            (rows["source_kind"] == kind) & (rows[other] == ALL) & (rows[by] != ALL) & (rows[by] != NONE)
        ]

    def compared(self, kind: str, by: str) -> pd.DataFrame:
        """Compare complaints now with before, for each category or theme.

        Returns:
            One row per category or theme, most complaints now first: key, comments, complaints and level
            (of the complaints), examples (ids, newest week first).
        """
        rows = self.friction_rows(kind, by)
        now, before = self._in(rows, self.window.now), self._in(rows, self.window.before)
        sums = now.groupby(by)[["comment_count", "negative_count", "positive_count"]].sum()
        earlier = before.groupby(by)["negative_count"].sum()
        sums = sums.reindex(sorted({*sums.index, *earlier.index}), fill_value=0)
        now_counts = (
            sums["negative_count"].to_numpy(),
            np.full(len(sums), self.total(kind, self.window.now)),
        )
        past = None
        if self.window.before:
            total_before = self.total(kind, self.window.before)
            counts_before = earlier.reindex(sums.index, fill_value=0).to_numpy()
            past = (counts_before, np.full(len(sums), total_before))
        found = levels(now_counts, past, comparisons=len(sums))
        frame = sums.rename_axis("key").reset_index()
        frame["level"] = pd.Series(found, dtype=object)
        frame["examples"] = [self._examples(now, by, key) for key in frame["key"]]
        return frame.sort_values(["negative_count", "key"], ascending=[False, True], ignore_index=True)

    def weekly_shares(self, kind: str, by: str, key: str) -> list[float]:
        """Give the share of complaints in each week of the trend, for one category or theme."""
        rows = self.friction_rows(kind, by)
        counts = rows[rows[by] == key].set_index("period_start")["negative_count"]
        totals = self.score_weeks(kind)["comment_count"]
        counts = counts.reindex(totals.index, fill_value=0)
        return [float(n / t) if t else 0.0 for n, t in zip(counts, totals, strict=True)]

    def comments(
        self, ids: Sequence[str], *, category: str = "", limit: int | None = None
    ) -> tuple[Comment, ...]:
        """Give the comments behind ids, copies left out, evidence of the category marked."""
        return self.quotes.show(ids, category=category, limit=self.rules.comments if limit is None else limit)

    def _score_rows(self, kind: str, weeks: Sequence[date]) -> pd.DataFrame:
        rows = self.scores[(self.scores["source_kind"] == kind) & (self.scores["dimension"] == ALL)]
        return self._in(rows, weeks)

    def _in(self, rows: pd.DataFrame, weeks: Sequence[date]) -> pd.DataFrame:
        if not self.window.weeks:
            return rows  # nothing is dated: the rows are those of ever
        return rows[rows["period_start"].isin(list(weeks))]

    def _examples(self, now: pd.DataFrame, by: str, key: str) -> list[str]:
        lists = now[now[by] == key].sort_values("period_start", ascending=False)["example_ids"].tolist()
        longest = max((len(ids) for ids in lists), default=0)
        return [str(ids[place]) for place in range(longest) for ids in lists if place < len(ids)]


def cut_to_window(
    friction: pa.Table, scores: pa.Table, *, as_of: date, rules: PageRules
) -> tuple[Window, str, pd.DataFrame, pd.DataFrame]:
    """Choose the weeks of the page and keep only their rows.

    Args:
        friction: FRICTION_SUMMARY.
        scores: SCORE_SUMMARY.
        as_of: day of the report.
        rules: how many comments are enough.

    Returns:
        The window, the kind of feedback to speak of, and both tables cut to it.
    """
    kinds = pc.unique(scores["source_kind"]).to_pylist()
    kind = ALL if ALL in kinds or not kinds else EMPLOYEE
    weeks = _frame(scores.filter(pc.equal(scores["period"], "week")))
    whole = weeks[(weeks["source_kind"] == kind) & (weeks["dimension"] == ALL)]
    window = choose_window(
        whole.set_index("period_start")["comment_count"],
        as_of=as_of,
        rules=rules,
    )
    mask = pc.equal(friction["dimension"], ALL)
    return window, kind, _rows_of(friction.filter(mask), window), _rows_of(scores, window)


def _rows_of(table: pa.Table, window: Window) -> pd.DataFrame:
    if window is NO_WINDOW:
        return _frame(table.filter(pc.equal(table["period"], "ever")))
    weeks = sorted({*window.trend, *window.before, *window.now})
    mask = pc.and_(
        pc.equal(table["period"], "week"),
        pc.is_in(table["period_start"], value_set=pa.array(weeks, pa.date32())),
    )
    return _frame(table.filter(mask))


def _frame(table: pa.Table) -> pd.DataFrame:
    frame: pd.DataFrame = table.to_pandas(date_as_object=True)
    for name in ("rating", "csat", "ces"):
        if f"{name}_deviation" not in frame:
            continue
        count, mean = frame[f"{name}_count"].astype(float), frame[f"{name}_mean"].fillna(0).astype(float)
        spread = frame[f"{name}_deviation"].fillna(0).astype(float)
        frame[f"{name}_sum"] = mean * count
        frame[f"{name}_squares"] = spread**2 * (count - 1).clip(lower=0) + mean**2 * count
    return frame
