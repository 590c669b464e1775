"""DOCUMENTS and what they speak of -> SEGMENT_LIFT: which segments complain of what more than the others."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pandas as pd
import pyarrow as pa
from scipy import sparse, stats

from data.schema import NAMES, SEGMENT_LIFT
from reports.facts import intervals
from reports.facts.subjects import Subjects
from reports.facts.worth import Worth
from reports.metrics.comments import encode
from reports.metrics.groups import missing_as_null

NEW, RETURNING = "new", "returning"
Numbers = npt.NDArray[np.float64]


@dataclass(frozen=True)
class LiftRules:
    """What section [segments] of the settings holds.

    Attributes:
        days: days before the day of the report whose comments count.
        min_comments: comments of a segment, and of all others, below which it is left out.
        min_complaints: complaints of a subject, anywhere, below which it is left out.
        max_values: values of a column looked at, those with most comments.
        max_error: false findings expected among those called clear, as a share (false discovery rate).
        examples: comments named behind each clear finding.
    """

    days: int
    min_comments: int
    min_complaints: int
    max_values: int
    max_error: float
    examples: int


def customer_columns(documents: pa.Table, worth: Worth, customers: pa.Table) -> pa.Table:
    """Add what CUSTOMERS says of who wrote: customer_type (new, returning) and customer_segment (tier).

    Args:
        documents: DOCUMENTS, n rows.
        worth: who is behind them, n comments.
        customers: CUSTOMERS; may be empty.

    Returns:
        DOCUMENTS, n rows, with the columns that the company knows anything for.
    """
    if not customers.num_rows or not worth.keys:
        return documents
    facts = customers.select(["customer_key", "order_count", "segment"]).to_pandas().set_index("customer_key")
    facts = facts.reindex([key or "" for key in worth.keys])
    orders = facts["order_count"].astype("Float64")
    kind = pd.Series(pd.NA, index=facts.index, dtype="str")
    kind[(orders >= 2).fillna(False)], kind[(orders < 2).fillna(False)] = RETURNING, NEW
    at = pa.array(worth.customer, mask=worth.customer < 0)
    for name, values in (("customer_type", kind), ("customer_segment", facts["segment"])):
        column = pa.Array.from_pandas(values.reset_index(drop=True), type=pa.string()).take(at)
        if column.null_count < len(column):
            documents = documents.append_column(name, column)
    return documents


def find_lift(
    documents: pa.Table, subjects: Subjects, *, dimensions: Sequence[str], rules: LiftRules
) -> pa.Table:
    """Compare the share of complaints about each subject in each segment with the share among all others.

    Args:
        documents: DOCUMENTS, n rows: our own customers', of the days that count.
        subjects: what they speak of, n comments.
        dimensions: columns to look at; absent ones are skipped.
        rules: section [segments].

    Returns:
        SEGMENT_LIFT, sorted by its key.

    Source:
        Test: "N - 1" chi-square, Campbell 2007, Statistics in Medicine 26:3661.
        Many comparisons: Benjamini and Hochberg 1995, J R Stat Soc B 57:289, over all rows of the table.
    """
    totals = np.asarray(subjects.complains.sum(axis=0)).ravel()
    kept = np.flatnonzero(totals >= rules.min_complaints)
    complains = sparse.csr_array(subjects.complains[:, kept])
    firmness = sparse.csr_array(subjects.firmness[:, kept])
    parts = []
    for name in dimensions:
        if name in documents.column_names:
            parts += _compare(name, documents[name], subjects, (complains, firmness), rules)
    if not parts or not len(kept):
        return SEGMENT_LIFT.to_arrow(SEGMENT_LIFT.empty())
    issues = [subjects.issues[place] for place in kept]
    frame = pd.concat(parts, ignore_index=True)
    frame["issue"] = pd.Series(issues, dtype="str").take(frame["place"].to_numpy()).to_numpy()
    return SEGMENT_LIFT.to_arrow(_judged(frame, rules))


def _compare(
    name: str,
    values: pa.ChunkedArray,
    subjects: Subjects,
    read: tuple[sparse.csr_array, sparse.csr_array],
    rules: LiftRules,
) -> list[pd.DataFrame]:
    complains, firmness = read
    codes, names = encode(values)
    sizes = np.bincount(codes[codes >= 0], minlength=len(names))
    stated = int(sizes.sum())
    order = np.argsort(-sizes, kind="stable")[: rules.max_values]
    known = sparse.csr_array(complains[np.flatnonzero(codes >= 0)])
    everyone = np.asarray(known.sum(axis=0)).ravel()
    parts = []
    for code in order:
        if min(sizes[code], stated - sizes[code]) < rules.min_comments:
            continue
        inside = np.flatnonzero(codes == code)
        mine = sparse.csr_array(complains[inside])
        count = np.asarray(mine.sum(axis=0)).ravel()
        firm = sparse.csr_array(firmness[inside])
        examples = subjects.of(inside).examples(mine, limit=rules.examples, firmness=firm)
        firmly = np.asarray(firm.multiply(mine).sum(axis=0)).ravel() / np.maximum(count, 1)
        parts.append(pd.DataFrame({
            "dimension": name, "value": names[code], "place": np.arange(len(count)), "count": count,
            "firmness": firmly, "total": sizes[code],
            "other_count": everyone - count, "other_total": stated - sizes[code],
            "example_ids": pd.Series(examples, dtype=object),
        }))  # fmt: skip
    return parts


def _judged(frame: pd.DataFrame, rules: LiftRules) -> pa.Table:
    count, total = frame["count"].to_numpy(float), frame["total"].to_numpy(float)
    other, rest = frame["other_count"].to_numpy(float), frame["other_total"].to_numpy(float)
    low, high = intervals.ratio((count, total), (other, rest))
    p = _chance(count, total, other, rest)
    q = stats.false_discovery_control(p)
    share, elsewhere = count / total, other / rest
    with np.errstate(divide="ignore", invalid="ignore"):
        lift = share / elsewhere
    clear = q <= rules.max_error
    return pa.table(
        {
            "dimension": pa.array(frame["dimension"], pa.string()),
            "value": pa.array(frame["value"], pa.string()),
            "issue": pa.array(frame["issue"], pa.string()),
            "complaint_count": pa.array(count.astype(np.int64)),
            "comment_count": pa.array(total.astype(np.int64)),
            "share": missing_as_null(share),
            "other_share": missing_as_null(elsewhere),
            "lift": missing_as_null(np.where(other > 0, lift, np.nan)),
            "lift_low": missing_as_null(low),
            "lift_high": missing_as_null(np.where(np.isfinite(high), high, np.nan)),
            "p_value": pa.array(p),
            "q_value": pa.array(q),
            "is_clear": pa.array(clear),
            "firmness": pa.array(np.clip(frame["firmness"].to_numpy(float), 0, 1)),
            "example_ids": pa.array(frame["example_ids"].where(clear, pd.Series([[]] * len(frame))), NAMES),
        }
    )


def _chance(count: Numbers, total: Numbers, other: Numbers, rest: Numbers) -> Numbers:
    """Give the probability of a difference at least as large by chance alone."""
    n = total + rest
    pooled = (count + other) / n
    spread = pooled * (1 - pooled) * (1 / total + 1 / rest) * n / (n - 1)
    with np.errstate(divide="ignore", invalid="ignore"):
        z = np.where(spread > 0, (count / total - other / rest) / np.sqrt(spread), 0.0)
    return np.asarray(2 * stats.norm.sf(np.abs(z)))
