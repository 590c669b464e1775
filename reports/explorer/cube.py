"""FRICTION_SUMMARY, SCORE_SUMMARY -> weekly counts per kind, segment and subject, small enough for a page."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import ALL, EMPLOYEE, NONE, OTHER


@dataclass(frozen=True)
class Cube:
    """Counts by week, kind of feedback and segment. Every code is a position in one of the lists.

    Attributes:
        weeks: Mondays, oldest first.
        kinds: kinds of feedback, `all` first.
        segments: (dimension, value), (all, all) first.
        subjects: categories.
        totals: rows of week, kind, segment, comments.
        counts: rows of week, kind, segment, subject, comments, complaints, praising comments.
    """

    weeks: tuple[date, ...]
    kinds: tuple[str, ...]
    segments: tuple[tuple[str, str], ...]
    subjects: tuple[str, ...]
    totals: list[list[int]]
    counts: list[list[int]]


def build_cube(friction: pa.Table, scores: pa.Table, *, weeks: Sequence[date], values: int) -> Cube:
    """Cut the summaries to what a reader may ask of the page.

    Employees are left out: a reader who combines filters could single somebody out.

    Args:
        friction: FRICTION_SUMMARY.
        scores: SCORE_SUMMARY.
        weeks: Mondays of the weeks kept, oldest first.
        values: segments kept of each dimension, those with most comments.

    Returns:
        The cube; empty when there are no weeks.
    """
    totals = _weekly(scores, weeks).to_pandas(date_as_object=True)
    segments = _segments(totals, values)
    kinds = (ALL, *sorted(set(totals["source_kind"]) - {ALL}))
    rows = _weekly(friction, weeks)
    is_subject = pc.and_(
        pc.equal(rows["topic_id"], ALL),
        pc.invert(pc.is_in(rows["category"], value_set=pa.array([ALL, NONE, OTHER]))),
    )
    counts = rows.filter(is_subject).to_pandas(date_as_object=True)
    subjects = tuple(sorted(set(counts["category"])))
    totals = _coded(totals, weeks, kinds, segments)
    counts = _coded(counts, weeks, kinds, segments)
    counts["subject"] = pd.Categorical(counts["category"], subjects).codes
    measures = ["comment_count", "negative_count", "positive_count"]
    return Cube(
        tuple(weeks), kinds, segments, subjects,
        totals[["week", "kind", "segment", "comment_count"]].to_numpy().tolist(),
        counts[["week", "kind", "segment", "subject", *measures]].to_numpy().tolist(),
    )  # fmt: skip


def _weekly(table: pa.Table, weeks: Sequence[date]) -> pa.Table:
    return table.filter(
        pc.and_(
            pc.and_(pc.equal(table["period"], "week"), pc.not_equal(table["source_kind"], EMPLOYEE)),
            pc.is_in(table["period_start"], value_set=pa.array(list(weeks), pa.date32())),
        )
    )


def _segments(totals: pd.DataFrame, values: int) -> tuple[tuple[str, str], ...]:
    rows = totals[(totals["source_kind"] == ALL) & (totals["dimension"] != ALL)]
    sizes = rows.groupby(["dimension", "value"])["comment_count"].sum().rename("size").reset_index()
    sizes = sizes[~sizes["value"].str.startswith("(")]  # (not stated) and (other values) are no segment
    sizes = sizes.sort_values(["dimension", "size", "value"], ascending=[True, False, True])
    kept = sizes.groupby("dimension").head(values)
    return ((ALL, ALL), *zip(kept["dimension"], kept["value"], strict=True))


def _coded(
    rows: pd.DataFrame, weeks: Sequence[date], kinds: Sequence[str], segments: Sequence[tuple[str, str]]
) -> pd.DataFrame:
    place = {segment: number for number, segment in enumerate(segments)}
    pairs = pd.Series(
        list(zip(rows["dimension"], rows["value"], strict=True)), index=rows.index, dtype=object
    )
    coded = rows.assign(
        week=pd.Categorical(rows["period_start"], list(weeks)).codes,
        kind=pd.Categorical(rows["source_kind"], list(kinds)).codes,
        segment=pairs.map(place),
    )
    coded = coded.dropna(subset=["segment"])
    return coded.astype({"segment": int}).sort_values(["week", "kind", "segment"], kind="stable")
