"""How the summaries are cut and how much the page shows. The numbers stand in flows/settings.toml."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class SummaryRules:
    """How the summaries are cut.

    Attributes:
        dimensions: columns of DOCUMENTS whose values are counted apart.
        values_per_dimension: most frequent values kept; the rest is counted as (other values).
        topics_by_dimension: whether topics are counted per value too.
        days_by_dimension: whether days are counted per value too.
        min_group: employee groups with fewer comments are not shown.
        examples: example comments per row.
        example_length: characters from which, and up to which, a comment makes a good example.
    """

    dimensions: tuple[str, ...]
    values_per_dimension: int
    topics_by_dimension: bool
    days_by_dimension: bool
    min_group: int
    examples: int
    example_length: tuple[int, int]


@dataclass(frozen=True)
class PageRules:
    """How much the page shows. Section `page` of the settings.

    Attributes:
        language: language of the page's own words.
        currency: ISO 4217 code of the amounts in the exports; empty where they are mixed or not known.
        sections: names of the parts, in order; see reports/sections/.
        open_sections: those that stand open; the others are folded behind their title and a sentence.
        letter_sections: those that the e-mail and the chat edition repeat.
        letter_rows: rows of a table, and alerts, in these editions.
        weeks: length of the period, 1, 4 or 12 weeks; 0 for the shortest with enough comments.
        keep_past: past reports kept beside the newest.
        enough_comments: comments that the weeks compared should hold, before a longer span is taken.
        trend_weeks: weeks drawn over time.
        lead_rows: rows of a long table, and cards, shown before the rest is asked for.
        categories: rows of the friction table.
        topics: rows of the table of themes.
        topics_per_category: themes named behind each category.
        alerts: alerts shown in full.
        headline_complaints: complaints that a change must concern to stand among what is new.
        lead_alerts: those shown before the rest is asked for.
        quiet_alerts: settled alerts listed.
        comments: comments behind a number.
        alert_comments: comments behind an alert.
        comment_length: characters shown of a comment.
        explore_values: values of each segment column that a reader can filter by.
        explore_comments: comments of each category that a reader can leaf through.
        explore_length: characters from which, and up to which, these are preferred.
        cases: customers to call back.
        segments: findings about segments.
        segment_firmness: findings whose complaints were read less firmly are left to the table.
        action_days: days that a settled action stays on the page.
        rejected: rows of the table of set aside records.
        min_group: employee comments that must stand together to be quoted.
    """

    language: str
    currency: str
    sections: tuple[str, ...]
    open_sections: tuple[str, ...]
    letter_sections: tuple[str, ...]
    letter_rows: int
    weeks: Literal[0, 1, 4, 12]
    keep_past: int
    enough_comments: int
    trend_weeks: int
    lead_rows: int
    categories: int
    topics: int
    topics_per_category: int
    alerts: int
    headline_complaints: int
    lead_alerts: int
    quiet_alerts: int
    comments: int
    alert_comments: int
    comment_length: int
    explore_values: int
    explore_comments: int
    explore_length: tuple[int, int]
    cases: int
    segments: int
    segment_firmness: float
    action_days: int
    rejected: int
    min_group: int
