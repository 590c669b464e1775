"""DOCUMENTS -> SCORE_SUMMARY: volume, sentiment mix and survey scores per period, kind and segment."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import SCORE_SUMMARY
from reports.facts import intervals
from reports.metrics.comments import MILLI, describe_comments, open_database
from reports.metrics.groups import as_arrow, group_columns, keep_groups, missing_as_null
from reports.rules import SummaryRules

FAVOURABLE = 4 * MILLI  # of 5: the upper two answers, as in CSAT and in the favourable share of employees
SCALES = {"rating": (1.0, 5.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0)}

SUMS = f"""
    count(*) FILTER (negative) AS negative, count(*) FILTER (positive) AS positive,
    count(*) FILTER (answered) AS answers, count(*) FILTER (promoter) AS promoters,
    count(*) FILTER (detractor) AS detractors, count(rating) AS ratings,
    coalesce(sum(rating), 0)::BIGINT AS rating_sum,
    coalesce(sum(rating * rating), 0)::BIGINT AS rating_squares,
    count(*) FILTER (rating >= {FAVOURABLE}) AS favourable,
    count(csat) AS csats, coalesce(sum(csat), 0)::BIGINT AS csat_sum,
    coalesce(sum(csat * csat), 0)::BIGINT AS csat_squares,
    count(*) FILTER (csat >= {FAVOURABLE}) AS satisfied,
    count(ces) AS ceses, coalesce(sum(ces), 0)::BIGINT AS ces_sum,
    coalesce(sum(ces * ces), 0)::BIGINT AS ces_squares"""


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
    columns = group_columns(frame, comments) | _sentiment(frame) | _net_promoter(frame)
    columns |= (
        _mean(frame, "rating", "ratings") | _mean(frame, "csat", "csats") | _mean(frame, "ces", "ceses")
    )
    columns |= _top(frame, "favourable", "ratings") | _top(frame, "satisfied", "csats")
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


def _mean(frame: pd.DataFrame, name: str, counted: str) -> dict[str, object]:
    """Give count, mean, deviation and the interval of the mean."""
    count = frame[counted].to_numpy(dtype=np.float64)
    average = _ratio(frame[f"{name}_sum"], frame[counted]) / MILLI
    squares = _ratio(frame[f"{name}_squares"], frame[counted]) / MILLI**2
    with np.errstate(divide="ignore", invalid="ignore"):
        variance = np.maximum(squares - average**2, 0) * np.where(count >= 2, count / (count - 1), np.nan)
    low, high = intervals.mean_on_scale(average, np.sqrt(variance), count, scale=SCALES[name])
    return {
        f"{name}_count": frame[counted],
        f"{name}_mean": missing_as_null(average),
        f"{name}_deviation": missing_as_null(np.sqrt(variance)),
        f"{name}_low": missing_as_null(low),
        f"{name}_high": missing_as_null(high),
    }


def _top(frame: pd.DataFrame, name: str, counted: str) -> dict[str, object]:
    low, high = intervals.wilson(frame[name], frame[counted])
    return {
        f"{name}_count": frame[name],
        f"{name}_share": missing_as_null(_ratio(frame[name], frame[counted])),
        f"{name}_share_low": missing_as_null(low),
        f"{name}_share_high": missing_as_null(high),
    }


def _ratio(top: pd.Series, bottom: pd.Series) -> np.ndarray:
    above, below = top.to_numpy(dtype=np.float64), bottom.to_numpy(dtype=np.float64)
    with np.errstate(divide="ignore", invalid="ignore"):
        return np.asarray(np.where(below > 0, above / below, np.nan))
