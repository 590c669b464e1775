"""DOCUMENTS, ASPECTS, MEMBERS -> COUNTS: complaints per issue, segment and day, the input of detection."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ALL, COUNTS, EMPLOYEE, OTHER
from reports.detection.panel import Ints
from reports.facts.complaints import Comments, Mentions, encode, once_per_copy, read_comments, read_mentions


@dataclass(frozen=True)
class CountRules:
    """What section [counts] of the settings holds.

    Attributes:
        dimensions: columns of DOCUMENTS that cut the comments into segments; absent ones are skipped.
        min_segment_comments: dated comments below which a value of a dimension is left out.
        max_segment_share: share of all dated comments above which a value says the same as the whole.
        max_segments: values kept per dimension, those with most comments.
        min_issue_complaints: complaints below which an issue is left out of a segment.
        history_days: days before the day of the report that are counted; older ones are history, not alerts.
    """

    dimensions: tuple[str, ...]
    min_segment_comments: int
    max_segment_share: float
    max_segments: int
    min_issue_complaints: int
    history_days: int


def count_issues(
    documents: pa.Table,
    aspects: pa.Table,
    members: pa.Table,
    *,
    rules: CountRules,
    sentiments: pa.Table | None = None,
) -> pa.Table:
    """Count the comments that complain of each category and topic, per segment and day.

    A comment complains of a category when one of its segments is negative about it, or when it complains as a
    whole and is not positive about it; of a topic when the segment in that topic is negative, or the comment
    complains and the segment is not positive. It counts once per issue; copies of one text once a day.
    Customers and employees are counted apart: what staff say of their work is the segment
    `source_kind=employee` and in no other, unless nobody else speaks. `other` is no issue to act on.

    Args:
        documents: DOCUMENTS, n rows; comments without a date, and of competitors' customers, are left out.
        aspects: ASPECTS.
        members: MEMBERS.
        rules: section [counts].
        sentiments: SENTIMENTS, to know how a segment in a topic feels; without it the comment's sentiment
            stands in.

    Returns:
        COUNTS, sorted by issue, segment, date; every day with comments in a segment has at least one row of
        that segment, so that its total is known even when nobody complained.
    """
    named = aspects.filter(pc.not_equal(aspects["category"], OTHER))
    of_segments = (named, members, sentiments)
    dated = documents.filter(pc.and_(pc.is_valid(documents["created_at"]), documents["is_own"]))
    is_employee = pc.equal(dated["source_kind"], EMPLOYEE)
    customers, employees = dated.filter(pc.invert(is_employee)), dated.filter(is_employee)
    if not customers.num_rows:
        return COUNTS.to_arrow(_count_group(employees, of_segments, ALL, rules=rules))
    watched = replace(rules, dimensions=())
    staff = _count_group(employees, of_segments, f"source_kind={EMPLOYEE}", rules=watched)
    return COUNTS.to_arrow(pa.concat_tables([_count_group(customers, of_segments, ALL, rules=rules), staff]))


def _count_group(
    dated: pa.Table,
    of_segments: tuple[pa.Table, pa.Table, pa.Table | None],
    whole: str,
    *,
    rules: CountRules,
) -> pa.Table:
    """Count comments of one audience: all of them as the segment `whole`, and every watched value."""
    comments = read_comments(dated)
    mentions = read_mentions(comments, *of_segments)
    parts = [_count(comments, mentions, (np.zeros(len(comments.day), dtype=np.int64), [whole]), rules)]
    for name in sorted({name for name in rules.dimensions if name in dated.column_names}):
        parts.append(_count(comments, mentions, _segments(name, dated[name], rules), rules))
    return pa.concat_tables(parts)


def _segments(name: str, values: pa.ChunkedArray, rules: CountRules) -> tuple[Ints, list[str]]:
    """Choose the values worth watching: code per comment (-1: none), and their names."""
    trimmed = pc.utf8_trim_whitespace(values.cast(pa.string()))
    code, names = encode(pc.if_else(pc.equal(trimmed, ""), None, trimmed))
    sizes = np.bincount(code[code >= 0], minlength=len(names))
    enough = (sizes >= rules.min_segment_comments) & (sizes <= rules.max_segment_share * len(code))
    # Sizes first, then names, which are sorted already: the same values whatever the order of the rows.
    chosen = np.sort([one for one in np.argsort(-sizes, kind="stable") if enough[one]][: rules.max_segments])
    place = np.full(len(names) + 1, -1, dtype=np.int64)
    place[chosen.astype(np.int64)] = np.arange(len(chosen))
    return place[code], [f"{name}={names[int(one)].as_py()}" for one in chosen]


def _count(
    comments: Comments, mentions: Mentions, segments: tuple[Ints, Sequence[str]], rules: CountRules
) -> pa.Table:
    """Count one way of cutting the comments into segments."""
    segment, names = segments
    inside = segment >= 0
    if not inside.any() or not len(mentions.issue):
        return COUNTS.empty()
    first = int(comments.day.min())
    days = int(comments.day.max()) - first + 1
    cell = segment * days + comments.day - first
    # A text that a thousand accounts repeat is one comment here as there: else praise would drown complaints.
    total = np.bincount(once_per_copy(cell[inside], comments.copy[inside]), minlength=len(names) * days)
    cells = len(total)
    there = inside[mentions.comment]
    comment, issue = mentions.comment[there], mentions.issue[there]
    key = once_per_copy(issue * cells + cell[comment], comments.copy[comment])
    keys, n = np.unique(key, return_counts=True)
    issue, where = keys // cells, keys % cells
    series = issue * len(names) + where // days
    complaints = np.bincount(series, weights=n, minlength=len(mentions.issues) * len(names))
    kept = complaints[series] >= rules.min_issue_complaints
    issue, where, n = issue[kept], where[kept], n[kept]
    silent = _silent_cells(total, where, days)
    # The total of a day without complaints hangs on one issue of the segment, whichever.
    carrier = np.full(len(names), -1, dtype=np.int64)
    carrier[where // days] = issue
    silent = silent[carrier[silent // days] >= 0]
    issue = np.concatenate([issue, carrier[silent // days]])
    where, n = np.concatenate([where, silent]), np.concatenate([n, np.zeros(len(silent), dtype=np.int64)])
    columns = [
        pa.array(where % days + first, pa.int32()).cast(pa.date32()),
        mentions.issues.take(pa.array(issue)),
        pa.array(names, pa.string()).take(pa.array(where // days)),
        pa.array(n, pa.int64()),
        pa.array(total[where], pa.int64()),
    ]
    return pa.table(columns, names=COUNTS.columns.names).cast(COUNTS.columns)


def _silent_cells(total: Ints, where: Ints, days: int) -> Ints:
    spoken = np.zeros(len(total), dtype=bool)
    spoken[where] = True
    return np.flatnonzero((total > 0) & ~spoken)
