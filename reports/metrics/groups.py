"""Counting inside DuckDB: how rows are rolled up by period, kind of feedback and segment.

Every aggregate is a sum or a maximum of whole numbers, so the threads may finish in any order.
"""

from __future__ import annotations

from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import ALL, EMPLOYEE, PERIODS
from reports.metrics.anonymity import hidden_groups
from reports.metrics.comments import Comments
from reports.rules import SummaryRules

ALL_CODE = -1  # stands for `all` in every grouping column
STEPS = {"day": "1 DAY", "week": "7 DAY", "month": "1 MONTH", "ever": "0 DAY"}
GROUP = "period, start, kind, dimension, value"


@dataclass(frozen=True)
class Cut:
    """One way to cut the comments: by a period, and by the values of a dimension (or none)."""

    period: str
    dimension: int  # position among the dimensions, or ALL_CODE

    @property
    def value(self) -> str:
        """Give the column with the dimension's value."""
        return "-1" if self.dimension == ALL_CODE else f"dim_{self.dimension}"

    @property
    def where(self) -> str:
        """Give the condition that keeps the comments which have such a period."""
        return "true" if self.period == "ever" else "day IS NOT NULL"


def cuts(comments: Comments, rules: SummaryRules) -> list[Cut]:
    """List every cut that the rules ask for."""
    whole = [Cut(period, ALL_CODE) for period in PERIODS]
    periods = [p for p in PERIODS if p != "day" or rules.days_by_dimension]
    return whole + [Cut(period, position) for position in range(len(comments.values)) for period in periods]


def rolled_up(cut: Cut, *, table: str, sums: str, by: tuple[str, ...] = ()) -> str:
    """Write the SQL that counts `table` for one cut: each kind of feedback, and all kinds of customers.

    Args:
        cut: the period and dimension.
        table: name of the table or subquery with the columns of Comments.rows.
        sums: aggregates, each with its name.
        by: further grouping columns.
    """
    further = "".join(f", {name}" for name in by)
    return f"""
        SELECT '{cut.period}' AS period, start,
            CASE WHEN grouping(of_kind) = 0 THEN of_kind ELSE -1 END AS kind,
            {cut.dimension} AS dimension, value{further}, {sums}
        FROM (
            SELECT *, kind AS of_kind, {cut.period} AS start, {cut.value} AS value FROM {table}
            WHERE {cut.where})
        GROUP BY GROUPING SETS ((start, value, of_kind{further}), (start, value, is_customer{further}))
        HAVING grouping(of_kind) = 0 OR is_customer"""


def keep_groups(
    database: duckdb.DuckDBPyConnection, comments: Comments, *, sums: str, rules: SummaryRules
) -> None:
    """Make the table `groups`: every group that may be shown, with `n` comments and the `sums`.

    Employee groups under the minimum size are left out, and with them every day of employees: the days of
    a week, subtracted from the week, would tell what single people said.
    """
    database.register("comments", comments.rows)
    parts = [rolled_up(cut, table="comments", sums=f"count(*) AS n, {sums}") for cut in cuts(comments, rules)]
    database.execute("CREATE TABLE counted AS " + "\nUNION ALL\n".join(parts))
    employee = comments.kinds.index(EMPLOYEE) if EMPLOYEE in comments.kinds else ALL_CODE - 1
    of_employees = database.execute(
        """SELECT period, start, dimension, value, n FROM counted
        WHERE kind = ? AND period <> 'day' ORDER BY ALL""",
        [employee],
    ).df()
    hidden = of_employees[hidden_groups(of_employees, min_group=rules.min_group)].copy()
    hidden["start"] = pd.to_datetime(hidden["start"]).dt.date
    database.register("hidden", pa.Table.from_pandas(hidden, schema=_HIDDEN, preserve_index=False))
    database.execute(f"""
        CREATE TABLE groups AS
        SELECT c.*, {_start_before()} AS start_before FROM counted c
        WHERE c.kind <> {employee} OR (c.period <> 'day' AND NOT EXISTS (
            SELECT 1 FROM hidden h WHERE h.period = c.period AND h.dimension = c.dimension
            AND h.value = c.value AND h.start IS NOT DISTINCT FROM c.start))""")


def group_columns(frame: pd.DataFrame, comments: Comments) -> dict[str, object]:
    """Give the grouping columns their names back.

    Args:
        frame: period, start, kind, dimension and value as codes; n rows.
        comments: what the codes stand for.

    Returns:
        period, period_start, source_kind, dimension, value; n rows each.
    """
    dimensions = list(comments.values)
    names = [name for values in comments.values.values() for name in values]
    firsts = np.cumsum([0, *(len(values) for values in comments.values.values())])
    dimension, value = frame["dimension"].to_numpy(), frame["value"].to_numpy()
    place = np.where(dimension == ALL_CODE, len(names), firsts[np.maximum(dimension, 0)] + value)
    return {
        "period": pa.array(frame["period"]),
        "period_start": pa.Array.from_pandas(frame["start"]).cast(pa.date32()),
        "source_kind": named(frame["kind"], comments.kinds),
        "dimension": named(frame["dimension"], dimensions),
        "value": pa.array([*names, ALL], pa.string()).take(pa.array(place)),
    }


def named(codes: pd.Series, names: list[str] | tuple[str, ...]) -> pa.Array:
    """Turn codes into names; ALL_CODE into `all`."""
    places = codes.to_numpy()
    return pa.array([*names, ALL], pa.string()).take(
        pa.array(np.where(places == ALL_CODE, len(names), places))
    )


def as_arrow(frame: pa.Table | pd.DataFrame) -> pa.Table:
    """Take a table in either form."""
    return frame if isinstance(frame, pa.Table) else pa.Table.from_pandas(frame, preserve_index=False)


def missing_as_null(values: np.ndarray) -> pa.Array:
    """Turn numbers into a float32 column in which NaN is null."""
    return pa.array(np.asarray(values, dtype=np.float64), from_pandas=True).cast(pa.float32())


_HIDDEN = pa.schema(
    [
        pa.field("period", pa.string()),
        pa.field("start", pa.date32()),
        pa.field("dimension", pa.int32()),
        pa.field("value", pa.int32()),
        pa.field("n", pa.int64()),
    ]
)


def _start_before() -> str:
    steps = " ".join(f"WHEN '{period}' THEN c.start - INTERVAL {step}" for period, step in STEPS.items())
    return f"CAST(CASE c.period {steps} END AS DATE)"
