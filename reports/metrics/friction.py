"""DOCUMENTS, ASPECTS, MEMBERS -> FRICTION_SUMMARY: what comments speak of, and how they feel about it."""

from __future__ import annotations

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import FRICTION_SUMMARY, NONE, OTHER
from reports.facts import intervals
from reports.facts.complaints import COMPLAINT, complaint_sql
from reports.metrics.comments import MILLI, Comments, describe_comments, open_database
from reports.metrics.groups import (
    ALL_CODE,
    Cut,
    as_arrow,
    cuts,
    group_columns,
    keep_groups,
    missing_as_null,
    named,
    rolled_up,
)
from reports.rules import SummaryRules

SPARE_EXAMPLES = 3  # taken beyond the wanted ones, since copies of one text are dropped afterwards
CROSSED = ("month", "ever")  # periods long enough for a topic within a category to hold comments
NEGATIVE_FIRST = 1 << 40  # added to the place of a comment that is negative about it: more than any place

SUMS = """
    count(*) AS comments, count(*) FILTER (bad) AS bad_comments,
    count(*) FILTER (good AND NOT bad) AS good_comments,
    count(*) FILTER (answered) AS answers, count(*) FILTER (promoter) AS promoters,
    count(*) FILTER (detractor) AS detractors, count(rating) AS ratings,
    coalesce(sum(rating), 0)::BIGINT AS rating_sum"""


def summarise_friction(
    documents: pa.Table | pd.DataFrame,
    aspects: pa.Table | pd.DataFrame,
    members: pa.Table | pd.DataFrame,
    *,
    rules: SummaryRules,
) -> pa.Table:
    """Count, per period, kind and segment, the comments that speak of each category and topic.

    A comment counts once in a cell, however many of its segments fall there. It is negative there if any
    of them is a complaint (see reports/facts/complaints.py), else positive if any is positive, else neutral.
    A segment with a topic and no category counts as `other`, with the sentiment of its comment. A cell
    without comments has no row: read it as zero of the group's total.

    Args:
        documents: DOCUMENTS, n rows.
        aspects: ASPECTS of these comments.
        members: MEMBERS of these comments; empty while there are no topics.
        rules: how to cut.

    Returns:
        FRICTION_SUMMARY, sorted by its key.
    """
    comments = describe_comments(as_arrow(documents), rules=rules)
    with open_database() as database:
        keep_groups(database, comments, sums="0 AS nothing", rules=rules)
        categories, topics = _mention(database, as_arrow(aspects), as_arrow(members))
        _count_cells(database, comments, rules=rules)
        counted = database.sql(_WITH_BEFORE).to_arrow_table()
    frame = counted.drop_columns(["places"]).to_pandas()
    columns = group_columns(frame, comments)
    columns["category"] = named(frame["category"], categories)
    columns["topic_id"] = named(frame["topic"], topics)
    columns |= _counts(frame) | _changes(frame) | _scores(frame)
    columns["example_ids"] = _examples(counted["places"], comments, wanted=rules.examples)
    return FRICTION_SUMMARY.to_arrow(pa.table(columns))


_MENTIONS = f"""
    CREATE TABLE mentions AS
    SELECT coalesce(a.feedback_id, m.feedback_id) AS feedback_id,
        coalesce(a.category, '{OTHER}') AS category_name,
        coalesce(m.topic_id, '{NONE}') AS topic_name, a.sentiment
    FROM aspects a
    FULL JOIN (SELECT feedback_id, segment_id, topic_id FROM members WHERE topic_id IS NOT NULL) m
        ON m.segment_id = a.segment_id"""

# A segment without a category takes the mood of its comment.
_FELT = """coalesce(m.sentiment,
    CASE WHEN c.negative THEN 'negative' WHEN c.positive THEN 'positive' ELSE 'neutral' END)"""
_WANTED = f"CASE WHEN c.complains THEN '{COMPLAINT}' ELSE '' END"

_CELLS = f"""
    CREATE TABLE cells AS
    SELECT c.*, told.* EXCLUDE (doc) FROM (
        SELECT doc, CASE WHEN grouping(category) = 0 THEN category ELSE -1 END AS category,
            CASE WHEN grouping(topic) = 0 THEN topic ELSE -1 END AS topic,
            bool_or(bad) AS bad, bool_or(good) AS good
        FROM (
            SELECT c.doc, categories.code AS category, topics.code AS topic,
                {complaint_sql(_FELT, _WANTED)} AS bad, {_FELT} = 'positive' AS good
            FROM mentions m JOIN comments c ON c.feedback_id = m.feedback_id
            JOIN categories ON categories.name = m.category_name JOIN topics ON topics.name = m.topic_name)
        GROUP BY GROUPING SETS ((doc, category, topic), (doc, category), (doc, topic), (doc))
    ) told JOIN comments c ON c.doc = told.doc"""

_WITH_BEFORE = """
    SELECT now.*, g.n, before.n AS previous_n,
        CASE WHEN before.n IS NULL THEN NULL ELSE coalesce(earlier.bad_comments, 0) END AS previous_bad
    FROM counted_cells now
    JOIN groups g ON g.period = now.period AND g.start IS NOT DISTINCT FROM now.start AND g.kind = now.kind
        AND g.dimension = now.dimension AND g.value = now.value
    LEFT JOIN groups before ON before.period = now.period AND before.start = g.start_before
        AND before.kind = now.kind AND before.dimension = now.dimension AND before.value = now.value
    LEFT JOIN counted_cells earlier ON earlier.period = now.period AND earlier.start = g.start_before
        AND earlier.kind = now.kind AND earlier.dimension = now.dimension AND earlier.value = now.value
        AND earlier.category = now.category AND earlier.topic = now.topic"""


def _mention(
    database: duckdb.DuckDBPyConnection, aspects: pa.Table, members: pa.Table
) -> tuple[list[str], list[str]]:
    """Make `cells`: one row per comment and cell it counts in. Give the names behind the codes."""
    database.register("aspects", aspects.select(["feedback_id", "segment_id", "category", "sentiment"]))
    database.register("members", members.select(["feedback_id", "segment_id", "topic_id"]))
    database.execute(_MENTIONS)
    names = {}
    for table, column in (("categories", "category_name"), ("topics", "topic_name")):
        database.execute(f"""
            CREATE TABLE {table} AS SELECT name, (row_number() OVER (ORDER BY name) - 1)::INTEGER AS code
            FROM (SELECT DISTINCT {column} AS name FROM mentions)""")
        names[table] = [
            row[0] for row in database.execute(f"SELECT name FROM {table} ORDER BY code").fetchall()
        ]
    database.execute(_CELLS)
    return names["categories"], names["topics"]


def _count_cells(database: duckdb.DuckDBPyConnection, comments: Comments, *, rules: SummaryRules) -> None:
    telling = (
        f"max(place + CASE WHEN bad THEN {NEGATIVE_FIRST} ELSE 0 END, {rules.examples + SPARE_EXAMPLES})"
    )
    parts = []
    for cut in cuts(comments, rules):
        examples = "NULL::BIGINT[]" if cut.period == "day" else telling
        cells = f"(SELECT * FROM cells WHERE {_wanted_cells(cut, rules)})"
        parts.append(
            rolled_up(cut, table=cells, sums=f"{SUMS}, {examples} AS places", by=("category", "topic"))
        )
    database.execute("CREATE TABLE counted_cells AS " + parts[0])
    for part in parts[1:]:  # one after the other: memory holds the groups of one cut at a time
        database.execute("INSERT INTO counted_cells " + part)


def _wanted_cells(cut: Cut, rules: SummaryRules) -> str:
    """Bound the size: each topic within each category for months and ever only, topics without values."""
    if cut.dimension != ALL_CODE and not rules.topics_by_dimension:
        return "topic = -1"
    return "true" if cut.period in CROSSED else "category = -1 OR topic = -1"


def _counts(frame: pd.DataFrame) -> dict[str, object]:
    low, high = intervals.wilson(frame["comments"], frame["n"])
    negative_low, negative_high = intervals.wilson(frame["bad_comments"], frame["n"])
    return {
        "comment_count": frame["comments"],
        "negative_count": frame["bad_comments"],
        "neutral_count": frame["comments"] - frame["bad_comments"] - frame["good_comments"],
        "positive_count": frame["good_comments"],
        "total_count": frame["n"],
        "share": frame["comments"] / frame["n"],
        "share_low": low,
        "share_high": high,
        "negative_share": frame["bad_comments"] / frame["n"],
        "negative_share_low": negative_low,
        "negative_share_high": negative_high,
    }


def _changes(frame: pd.DataFrame) -> dict[str, object]:
    before, total_before = frame["previous_bad"].to_numpy(float), frame["previous_n"].to_numpy(float)
    low, high = intervals.newcombe((frame["bad_comments"], frame["n"]), (before, total_before))
    change = frame["bad_comments"].to_numpy() / frame["n"].to_numpy() - before / total_before
    return {
        "previous_negative_count": pa.array(frame["previous_bad"], pa.int64(), from_pandas=True),
        "previous_total_count": pa.array(frame["previous_n"], pa.int64(), from_pandas=True),
        "negative_share_change": missing_as_null(change),
        "negative_share_change_low": missing_as_null(low),
        "negative_share_change_high": missing_as_null(high),
    }


def _scores(frame: pd.DataFrame) -> dict[str, object]:
    answers, ratings = frame["answers"].to_numpy(float), frame["ratings"].to_numpy(float)
    with np.errstate(divide="ignore", invalid="ignore"):
        nps = 100 * (frame["promoters"] - frame["detractors"]).to_numpy(float) / answers
        rating = frame["rating_sum"].to_numpy(float) / MILLI / ratings
    return {"nps": missing_as_null(nps), "rating_mean": missing_as_null(rating)}


def _examples(places: pa.ChunkedArray, comments: Comments, *, wanted: int) -> pa.Array:
    """Turn the places of the most telling comments into their ids, without copies of one text."""
    lists = places.combine_chunks()
    rows = np.asarray(pc.list_parent_indices(lists))
    docs = comments.docs_by_place[np.asarray(pc.list_flatten(lists)) % NEGATIVE_FIRST - 1]
    found = pd.DataFrame({"row": rows, "copy": comments.copies[docs], "doc": docs})
    found = found[~found.duplicated(["row", "copy"])]
    found = found[found.groupby("row", sort=False).cumcount() < wanted]
    ends = np.cumsum(np.bincount(found["row"], minlength=len(lists)))
    offsets = pa.array(np.concatenate([[0], ends]), pa.int32())
    return pa.ListArray.from_arrays(offsets, comments.ids.take(pa.array(found["doc"])))
