"""DOCUMENTS of several brands and what they speak of -> COMPETITORS: the same categories side by side."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import numpy.typing as npt
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from data.schema import ALL, COMPETITORS, EMPLOYEE, NAMES
from reports.facts import intervals
from reports.facts.subjects import CATEGORY, Subjects
from reports.metrics.groups import missing_as_null

Numbers = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]
EVERYTHING = "all"


@dataclass(frozen=True)
class CompetitorRules:
    """What section [competitors] of the settings holds.

    Attributes:
        days: days before the day of the report whose comments count.
        min_comments: comments of each side on a kind of feedback, below which it is left out.
        examples: comments of the other brand's customers named behind each row.
    """

    days: int
    min_comments: int
    examples: int


@dataclass(frozen=True)
class _Side:
    """Complaints by category, and comments, of one brand's customers in one kind of feedback."""

    counts: Numbers
    total: int


@dataclass(frozen=True)
class _Told:
    """What all pairs of brands share: kind and complaints of each comment, names of the columns."""

    kinds: npt.NDArray[np.object_]
    complains: sparse.csr_array
    names: list[str]
    subjects: Subjects


def compare_brands(documents: pa.Table, subjects: Subjects, *, rules: CompetitorRules) -> pa.Table:
    """Compare the share of complaints about each category with that of each other brand.

    Only like is compared with like: people write otherwise in a review than in a survey, so kinds of feedback
    are compared one by one, and put together with the weights that make the difference surest
    (Mantel-Haenszel). A kind of feedback that only one side has says nothing.

    Args:
        documents: DOCUMENTS, n rows: of the days that count, our own customers' and others'.
        subjects: what they speak of, n comments.
        rules: section [competitors].

    Returns:
        COMPETITORS, sorted by its key; `all` in `category` is any complaint, in `source_kind` all kinds.

    Source:
        Yan and Su 2010, Statistics in Medicine 29:1240 (stratified Newcombe interval).
    """
    columns = [place for place, issue in enumerate(subjects.issues) if issue.startswith(CATEGORY)]
    names = [EVERYTHING, *(subjects.issues[place].removeprefix(CATEGORY) for place in columns)]
    each = sparse.csr_array(subjects.complains[:, columns])
    anything = sparse.csr_array((np.asarray(each.sum(axis=1)).ravel() > 0).astype(float)[:, None])
    complains = sparse.csr_array(sparse.hstack([anything, each], format="csr"))
    kinds = np.asarray(documents["source_kind"].to_pandas())
    told = _Told(kinds, complains, names, subjects)
    own = np.asarray(documents["is_own"]) & (kinds != EMPLOYEE)
    brands = np.asarray(pc.fill_null(documents["brand"], "").to_pandas())
    parts = []
    for brand in sorted({str(one) for one in brands[~own & (kinds != EMPLOYEE)]} - {""}):
        theirs = (brands == brand) & ~np.asarray(documents["is_own"]) & (kinds != EMPLOYEE)
        parts += _against(brand, (own, theirs), told, rules=rules)
    return COMPETITORS.to_arrow(pa.concat_tables(parts) if parts else COMPETITORS.empty())


def _against(
    brand: str, masks: tuple[Bools, Bools], told: _Told, *, rules: CompetitorRules
) -> list[pa.Table]:
    kinds, complains = told.kinds, told.complains
    strata: dict[str, tuple[_Side, _Side]] = {}
    for kind in sorted(set(kinds[masks[1]])):
        ours, theirs = (_side(complains, mask & (kinds == kind)) for mask in masks)
        if min(ours.total, theirs.total) >= rules.min_comments:
            strata[str(kind)] = (ours, theirs)
    if not strata:
        return []
    shown = masks[1] & np.isin(kinds, list(strata))
    at = np.flatnonzero(shown)
    examples = told.subjects.of(at).examples(sparse.csr_array(complains[at]), limit=rules.examples)
    tables = [_rows(brand, kind, [sides], told.names, examples) for kind, sides in strata.items()]
    return [*tables, _rows(brand, ALL, list(strata.values()), told.names, examples)]


def _side(complains: sparse.csr_array, mask: npt.NDArray[np.bool_]) -> _Side:
    some = complains[np.flatnonzero(mask)]
    return _Side(np.asarray(some.sum(axis=0)).ravel(), int(mask.sum()))


def _rows(
    brand: str, kind: str, strata: list[tuple[_Side, _Side]], names: list[str], examples: list[list[str]]
) -> pa.Table:
    weights = np.array([a.total * b.total / (a.total + b.total) for a, b in strata])
    weights = weights / weights.sum()
    ours = sum(w * a.counts / a.total for w, (a, _) in zip(weights, strata, strict=True))
    theirs = sum(w * b.counts / b.total for w, (_, b) in zip(weights, strata, strict=True))
    below, above = np.zeros(len(names)), np.zeros(len(names))
    for weight, (a, b) in zip(weights, strata, strict=True):
        low, high = intervals.newcombe((a.counts, a.total), (b.counts, b.total))
        difference = a.counts / a.total - b.counts / b.total
        below += (weight * (difference - low)) ** 2
        above += (weight * (high - difference)) ** 2
    gap = np.asarray(ours - theirs)
    size = len(names)
    return pa.table(
        {
            "brand": pa.array([brand] * size),
            "source_kind": pa.array([kind] * size),
            "category": pa.array(names),
            "own_count": pa.array(sum(a.counts for a, _ in strata).astype(np.int64)),  # type: ignore[union-attr]
            "own_total": pa.array([sum(a.total for a, _ in strata)] * size),
            "own_share": missing_as_null(np.asarray(ours)),
            "brand_count": pa.array(sum(b.counts for _, b in strata).astype(np.int64)),  # type: ignore[union-attr]
            "brand_total": pa.array([sum(b.total for _, b in strata)] * size),
            "brand_share": missing_as_null(np.asarray(theirs)),
            "difference": missing_as_null(gap),
            "difference_low": missing_as_null(gap - np.sqrt(below)),
            "difference_high": missing_as_null(gap + np.sqrt(above)),
            "example_ids": pa.array(examples, NAMES),
        }
    ).select(COMPETITORS.columns.names)
