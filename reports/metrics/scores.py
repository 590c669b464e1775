"""DOCUMENTS -> SCORE_SUMMARY: volume, sentiment mix and survey scores per period, kind and segment."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import SCORE_SUMMARY
from reports import intervals
from reports.metrics.comments import MILLI, describe_comments, open_database
from reports.metrics.groups import as_arrow, group_columns, keep_groups, missing_as_null
from reports.rules import SummaryRules

SUMS = """
    count(*) FILTER (negative) AS negative, count(*) FILTER (positive) AS positive,
    count(*) FILTER (answered) AS answers, count(*) FILTER (promoter) AS promoters,
    count(*) FILTER (detractor) AS detractors, count(rating) AS ratings,
    coalesce(sum(rating), 0)::BIGINT AS rating_sum,
    coalesce(sum(rating * rating), 0)::BIGINT AS rating_squares,
    count(csat) AS csats, coalesce(sum(csat), 0)::BIGINT AS csat_sum,
    count(ces) AS ceses, coalesce(sum(ces), 0)::BIGINT AS ces_sum"""


def summarise_scores(documents: pa.Table | pd.DataFrame, *, rules: SummaryRules) -> pa.Table:
    """Count comments, sentiments and survey answers per period, kind of feedback and segment.

    Employees are counted apart, never within `all`, and their groups under the minimum size are left out.
    A group without comments has no row.

    Args:
        documents: DOCUMENTS, n rows.
        rules: how to cut.

    Returns:
        SCORE_SUMMARY, sorted by its key.
    """
    comments = describe_comments(as_arrow(documents), rules=rules)
    with open_database() as database:
        keep_groups(database, comments, sums=SUMS, rules=rules)
        frame = database.execute("""
            SELECT now.*, before.n AS previous_n, before.negative AS previous_negative,
                before.answers AS previous_answers, before.promoters AS previous_promoters,
                before.detractors AS previous_detractors
            FROM groups now LEFT JOIN groups before
                ON before.period = now.period AND before.start = now.start_before AND before.kind = now.kind
                AND before.dimension = now.dimension AND before.value = now.value""").df()
    columns = group_columns(frame, comments) | _sentiment(frame) | _net_promoter(frame) | _means(frame)
    return SCORE_SUMMARY.to_arrow(pa.table(columns))


def _sentiment(frame: pd.DataFrame) -> dict[str, object]:
    low, high = intervals.wilson(frame["negative"], frame["n"])
    return {
        "comment_count": frame["n"],
        "negative_count": frame["negative"],
        "neutral_count": frame["n"] - frame["negative"] - frame["positive"],
        "positive_count": frame["positive"],
        "negative_share": frame["negative"] / frame["n"],
        "negative_share_low": low,
        "negative_share_high": high,
        "previous_comment_count": pa.array(frame["previous_n"], pa.int64(), from_pandas=True),
        "previous_negative_share": missing_as_null(_ratio(frame["previous_negative"], frame["previous_n"])),
    }


def _net_promoter(frame: pd.DataFrame) -> dict[str, object]:
    low, high = intervals.net_promoter(frame["promoters"], frame["detractors"], frame["answers"])
    before = _ratio(frame["previous_promoters"] - frame["previous_detractors"], frame["previous_answers"])
    return {
        "nps_count": frame["answers"],
        "promoter_count": frame["promoters"],
        "detractor_count": frame["detractors"],
        "nps": missing_as_null(100 * _ratio(frame["promoters"] - frame["detractors"], frame["answers"])),
        "nps_low": missing_as_null(100 * low),
        "nps_high": missing_as_null(100 * high),
        "previous_nps": missing_as_null(100 * before),
    }


def _means(frame: pd.DataFrame) -> dict[str, object]:
    count = frame["ratings"].to_numpy(dtype=np.float64)
    average = _ratio(frame["rating_sum"], frame["ratings"]) / MILLI
    squares = _ratio(frame["rating_squares"], frame["ratings"]) / MILLI**2
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.maximum(squares - average**2, 0) * np.where(count >= 2, count / (count - 1), np.nan)
    return {
        "rating_count": frame["ratings"],
        "rating_mean": missing_as_null(average),
        "rating_deviation": missing_as_null(np.sqrt(variance)),
        "csat_count": frame["csats"],
        "csat_mean": missing_as_null(_ratio(frame["csat_sum"], frame["csats"]) / MILLI),
        "ces_count": frame["ceses"],
        "ces_mean": missing_as_null(_ratio(frame["ces_sum"], frame["ceses"]) / MILLI),
    }


def _ratio(top: pd.Series, bottom: pd.Series) -> np.ndarray:
    above, below = top.to_numpy(dtype=np.float64), bottom.to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(below > 0, above / below, np.nan))
