"""DOCUMENTS -> what counting needs of each comment: small numbers in place of words, no text."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import duckdb
import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import DOCUMENTS, EMPLOYEE
from reports.facts.complaints import COMPLAINT
from reports.rules import SummaryRules

OTHER_VALUES = "(other values)"
NO_VALUE = "(not stated)"
MILLI = 1000  # ratings are summed as whole thousandths: whole numbers add up to the same in any order
DENSE = ("zh", "ja", "ko", "th")  # one character says about as much as three of an alphabet
DENSE_FACTOR = 3
REPEAT_COST, REPEATS_COUNTED = 0.1, 50


@dataclass(frozen=True)
class Comments:
    """The comments of a run as counting sees them.

    Attributes:
        rows: one row per comment, in the order of DOCUMENTS: doc, feedback_id, day, week, month, kind,
            is_customer, flags, scores, `place` (the larger, the more telling) and one code per dimension.
        kinds: names behind the codes of `kind`.
        values: names behind the codes of each dimension, most telling order not implied.
        ids: feedback_id by doc.
        docs_by_place: doc of the comment with place 1, 2, ...
        copies: code of the text by doc; equal for copies of one text.
    """

    rows: pa.Table
    kinds: tuple[str, ...]
    values: dict[str, tuple[str, ...]]
    ids: pa.Array
    docs_by_place: np.ndarray
    copies: np.ndarray


def open_database() -> duckdb.DuckDBPyConnection:
    """Open a database in memory that touches neither disk nor network."""
    return duckdb.connect(
        ":memory:",
        config={
            "temp_directory": "",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
            "preserve_insertion_order": "false",
        },
    )


def describe_comments(documents: pa.Table, *, rules: SummaryRules) -> Comments:
    """Reduce every comment to what counting needs.

    Args:
        documents: DOCUMENTS; comments of competitors' customers are left out.
        rules: which columns are counted apart, and what a good example is.

    Returns:
        Comments with a row for each of our own, in the order of `documents`.

    Raises:
        ValueError: when the rules name a column that no comment can have.
    """
    documents = documents.filter(documents["is_own"]).combine_chunks()
    columns: dict[str, pa.Array | np.ndarray] = {"doc": np.arange(documents.num_rows, dtype=np.int32)}
    columns["feedback_id"] = documents["feedback_id"]
    columns |= _periods(documents["created_at"])
    kind_codes, kinds = encode(documents["source_kind"])
    columns["kind"] = kind_codes
    columns["is_customer"] = pc.not_equal(documents["source_kind"], EMPLOYEE)
    columns |= _scores(documents)
    copies = copies_of(documents)
    docs_by_place = telling_order(documents, copies, rules.example_length)
    places = np.empty(documents.num_rows, dtype=np.int64)
    places[docs_by_place] = np.arange(1, documents.num_rows + 1)
    columns["place"] = places
    values = {}
    for position, name in enumerate(dimensions_of(documents, rules.dimensions)):
        columns[f"dim_{position}"], values[name] = _values(documents[name], rules.values_per_dimension)
    ids = documents["feedback_id"].combine_chunks()
    return Comments(pa.table(columns), kinds, values, ids, docs_by_place, copies)


def dimensions_of(documents: pa.Table, wanted: Sequence[str]) -> list[str]:
    """Give the wanted columns that this run's comments fill.

    Raises:
        ValueError: naming each column that is neither declared nor an input column.
    """
    allowed = [
        f.name for f in DOCUMENTS.columns if f.type == pa.string() and f.name not in ("feedback_id", "text")
    ]
    unknown = [name for name in wanted if name not in allowed and not name.startswith(DOCUMENTS.open_prefix)]
    if unknown:
        raise ValueError(
            f"the summaries cannot be cut by {', '.join(unknown)}: no such column; "
            f"use {', '.join(allowed)}, or input_<column of your export>"
        )
    present = [name for name in dict.fromkeys(wanted) if name in documents.column_names]
    return [name for name in present if documents[name].null_count < documents.num_rows]


def encode(words: pa.ChunkedArray) -> tuple[np.ndarray, tuple[str, ...]]:
    """Turn words into codes 0, 1, ... in alphabetical order; a missing word is -1."""
    names = pc.array_sort_indices(pc.unique(words).drop_null())
    ordered = pc.unique(words).drop_null().take(names)
    codes = pc.index_in(words, value_set=ordered)
    return np.asarray(pc.fill_null(codes, -1)).astype(np.int32), tuple(ordered.to_pylist())


def _periods(created_at: pa.ChunkedArray) -> dict[str, pa.Array]:
    day = created_at.cast(pa.date32())
    since_monday = pc.day_of_week(day).cast(pa.int32())
    week = pc.subtract(day.cast(pa.int32()), since_monday).cast(pa.date32())
    month = pc.floor_temporal(day, unit="month").cast(pa.date32())
    ever = pa.nulls(len(day), pa.date32())
    return {"day": day, "week": week, "month": month, "ever": ever}


def _scores(documents: pa.Table) -> dict[str, pa.Array]:
    nps = documents["nps"]
    columns = {
        "negative": pc.equal(documents["sentiment"], "negative"),
        "positive": pc.equal(documents["sentiment"], "positive"),
        "complains": pc.equal(documents["intent"], COMPLAINT),
        "answered": nps.is_valid(),
        "promoter": pc.fill_null(pc.greater_equal(nps, 9), False),
        "detractor": pc.fill_null(pc.less_equal(nps, 6), False),
    }
    for name in ("rating", "csat", "ces"):
        thousandths = pc.round(pc.multiply(documents[name].cast(pa.float64()), MILLI))
        columns[name] = thousandths.cast(pa.int64())
    return columns


def copies_of(documents: pa.Table) -> np.ndarray:
    """Give each comment the code of its text: (n,), equal for copies of one text."""
    # A text too short to tell has no copy_id: it stands for itself.
    codes, names = encode(documents["copy_id"])
    alone = np.arange(len(codes), dtype=np.int64) + len(names)
    return np.where(codes >= 0, codes, alone)


def telling_order(documents: pa.Table, copies: np.ndarray, lengths: tuple[int, int]) -> np.ndarray:
    """Order comments from the least to the most telling: strong feeling, medium length, not said before.

    Args:
        documents: DOCUMENTS, n rows.
        copies: (n,) code of the text; equal for copies.
        lengths: characters from which, and up to which, a comment makes a good example.

    Returns:
        (n,) positions, the most telling last.
    """
    characters = np.asarray(pc.utf8_length(documents["text"]), dtype=np.float64)
    dense = np.asarray(pc.is_in(documents["language"], value_set=pa.array(DENSE)))
    characters *= np.where(dense, DENSE_FACTOR, 1)
    shortest, longest = lengths
    fit = np.minimum(np.minimum(characters / shortest, longest / np.maximum(characters, 1)), 1)
    feeling = np.abs(np.asarray(documents["sentiment_score"], dtype=np.float64))
    by_id = (
        pc.rank(documents["feedback_id"], sort_keys="descending", tiebreaker="first")
        .to_numpy()
        .astype(np.int64)
    )
    order = np.lexsort((-by_id, copies))
    repeats = pd.Series(copies[order]).groupby(copies[order]).cumcount().to_numpy()
    said_before = np.empty(len(copies))
    said_before[order] = np.minimum(repeats, REPEATS_COUNTED)
    telling = np.round((0.4 + feeling) * fit - REPEAT_COST * said_before, 6)
    return np.lexsort((by_id, telling))


def _values(words: pa.ChunkedArray, kept: int) -> tuple[np.ndarray, tuple[str, ...]]:
    counts = pc.value_counts(words.drop_null())
    frame = pd.DataFrame(
        {"value": counts.field("values").to_pylist(), "n": counts.field("counts").to_pylist()}
    )
    frame = frame.sort_values(["n", "value"], ascending=[False, True], kind="stable")
    frequent = frame["value"].head(kept).tolist()
    named = pc.if_else(pc.is_in(words, value_set=pa.array(frequent, pa.string())), words, OTHER_VALUES)
    return encode(pc.if_else(words.is_valid(), named, NO_VALUE))
