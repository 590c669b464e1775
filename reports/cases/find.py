"""DOCUMENTS -> the comments whose writers should hear from us, most pressing first."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import EMPLOYEE
from reports.facts.subjects import CATEGORY, Subjects
from reports.facts.worth import Worth

LEAVING, DETRACTOR, LOW_RATING = "leaving", "detractor", "low_rating"
REASONS = (LEAVING, DETRACTOR, LOW_RATING)  # the more pressing first


@dataclass(frozen=True)
class CaseRules:
    """What section [cases] of the settings holds.

    Attributes:
        days: days back from the day of the report in which a comment opens a case.
        detractor_nps: highest answer to the recommendation question that opens one.
        low_rating: highest rating (1 to 5) that opens one.
        urgency: how pressing each reason is, 0 to 1.
        due_days: days from its opening until the customer should have heard from us, by reason.
        dear_share: the most valuable customers, as a share of those whose worth is known.
        dear_due_days: days until these should have heard from us, if that is sooner.
        forget_days: days after which a case that nobody touched is left out.
        signature: name under the drafts of replies.
    """

    days: int
    detractor_nps: int
    low_rating: float
    urgency: Mapping[str, float]
    due_days: Mapping[str, int]
    dear_share: float
    dear_due_days: int
    forget_days: int
    signature: str


def find_cases(
    documents: pa.Table, subjects: Subjects, worth: Worth, *, as_of: date, rules: CaseRules
) -> pd.DataFrame:
    """Find the comments of customers who threaten to leave or gave a bad score lately, and whom we can reach.

    Employees and customers of other brands are left out, and so is who left no identity: nobody can call
    them.

    Args:
        documents: DOCUMENTS, n rows.
        subjects: what they speak of, n comments.
        worth: who is behind them, n comments.
        as_of: day of the report.
        rules: section [cases].

    Returns:
        One row per comment, most pressing first, then newest: person (hash of customer, order or author),
        feedback_id, customer_key, source, source_kind, language, comment_date, reason, nps, rating, issue
        (category complained of, or empty), value (NaN if not known), urgency.
    """
    reason = _reasons(documents, as_of, rules)
    at = np.flatnonzero(reason >= 0)
    some = documents.take(pa.array(at))
    columns = ["feedback_id", "source", "source_kind", "language", "nps", "rating", "customer_key"]
    frame = some.select(columns).to_pandas()
    keys = np.array([*worth.keys, None], dtype=object)[worth.customer[at]]
    frame["customer_key"] = frame["customer_key"].where(frame["customer_key"].notna(), keys)
    frame["person"] = _people(some)
    frame["comment_date"] = some["created_at"].to_pandas().dt.date
    frame["reason"] = np.array(REASONS, dtype=object)[reason[at]]
    frame["value"] = worth.by_comment()[at]
    frame["issue"] = _main_complaints(subjects.of(at))
    frame["urgency"] = _urgency(frame, rules)
    frame = frame[frame["person"].notna()]
    order = frame.sort_values(["urgency", "comment_date", "feedback_id"], ascending=[False, False, True])
    found: pd.DataFrame = order.reset_index(drop=True)
    return found


def _people(documents: pa.Table) -> pd.Series:
    """Say who wrote each comment, by the best identity that it carries; missing where it carries none."""
    names = (("c", "customer_key"), ("o", "order_key"), ("a", "author_key"))
    known = [pc.binary_join_element_wise(prefix, documents[name], "") for prefix, name in names]
    people: pd.Series = pc.coalesce(*known).to_pandas()
    return people


def case_id_of(person: str, feedback_id: str) -> str:
    """Give the id of the case that a comment opens."""
    return hashlib.blake2b(f"{person}|{feedback_id}".encode(), digest_size=6).hexdigest()


def _reasons(documents: pa.Table, as_of: date, rules: CaseRules) -> np.ndarray:
    """Give the position in REASONS of each comment that opens a case, else -1."""
    day = documents["created_at"].cast(pa.timestamp("us")).cast(pa.date32(), safe=False)
    first = pa.scalar(as_of - timedelta(days=rules.days), pa.date32())
    recent = pc.and_(pc.greater(day, first), pc.less_equal(day, pa.scalar(as_of, pa.date32())))
    ours = pc.and_(documents["is_own"], pc.not_equal(documents["source_kind"], EMPLOYEE))
    counts = _true(pc.and_(recent, ours))
    reason = np.full(documents.num_rows, -1)
    reason[_true(pc.less_equal(documents["rating"], rules.low_rating))] = REASONS.index(LOW_RATING)
    reason[_true(pc.less_equal(documents["nps"], rules.detractor_nps))] = REASONS.index(DETRACTOR)
    reason[_true(pc.equal(documents["intent"], LEAVING))] = REASONS.index(LEAVING)
    return np.where(counts, reason, -1)


def _main_complaints(subjects: Subjects) -> list[str]:
    """Name for each comment the category it complains of that was read most firmly; of equals, the rarer."""
    names = np.array([issue.startswith(CATEGORY) for issue in subjects.issues], dtype=bool)
    columns = np.flatnonzero(names)
    frequency = np.asarray(subjects.complains[:, columns].sum(axis=0)).ravel()
    columns = columns[np.argsort(frequency, kind="stable")]
    if not len(columns):
        return [""] * subjects.complains.shape[0]
    complains = subjects.complains[:, columns].toarray() > 0
    firmness = np.where(complains, subjects.firmness[:, columns].toarray(), -1.0)
    best = np.argmax(firmness, axis=1)  # the first of equals: the rarest
    found = zip(complains.any(axis=1), columns[best], strict=True)
    return [subjects.issues[column] if any_of_them else "" for any_of_them, column in found]


def _urgency(frame: pd.DataFrame, rules: CaseRules) -> np.ndarray:
    """Start from the reason; the lower the score, the more pressing: a 0 counts half as much again as a 6."""
    base = frame["reason"].map(dict(rules.urgency)).to_numpy(dtype=np.float64)
    low = 1 - frame["nps"].fillna(rules.detractor_nps).clip(upper=rules.detractor_nps) / max(
        rules.detractor_nps, 1
    )
    mild = np.where(frame["reason"] == DETRACTOR, (2 + low.to_numpy(dtype=np.float64)) / 3, 1.0)
    return np.asarray(base * mild)


def _true(values: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.fill_null(values, False), dtype=bool)
