"""DOCUMENTS, ASPECTS, MEMBERS -> who speaks of which category and topic, blaming or praising, as matrices.

What moves a score, who speaks of what, what a fix changed: all read these, so that a comment counts in each
of them by the same rule as in the summaries.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from scipy import sparse

from data.schema import OTHER
from reports.facts.complaints import (
    COMPLAINT,
    NEGATIVE,
    POSITIVE,
    Bools,
    Ints,
    equals,
    find_positions,
    is_complaint,
)
from reports.metrics.comments import copies_of, encode, telling_order

CATEGORY, TOPIC = "category:", "topic:"
GRADES = 5  # of firmness: finer ones would put it above how much a comment tells


@dataclass(frozen=True)
class Subjects:
    """What n comments speak of: k issues, each a category or a topic.

    Attributes:
        issues: names as in COUNTS: ``category:shipping``, ``topic:t0001``; ascending.
        speaks: (n, k) 1 where the comment speaks of the issue.
        complains: (n, k) 1 where it complains of it, by reports/facts/complaints.py.
        praises: (n, k) 1 where it praises it and never complains of it.
        firmness: (n, k) how firmly the models read it so: probability of the category times strength of
            feeling, of the firmest mention; 0 to 1.
        place: (n,) the larger, the more telling a comment is as an example.
        copies: (n,) code of the text, equal for copies of one text.
        ids: (n,) feedback_id.
    """

    issues: tuple[str, ...]
    speaks: sparse.csr_array
    complains: sparse.csr_array
    praises: sparse.csr_array
    firmness: sparse.csr_array
    place: Ints
    copies: Ints
    ids: pa.Array

    def of(self, rows: Bools | Ints) -> Subjects:
        """Give the same for some of the comments: a mask or positions."""
        at = np.flatnonzero(rows) if rows.dtype == bool else rows
        return Subjects(
            self.issues, self.speaks[at], self.complains[at], self.praises[at], self.firmness[at],
            self.place[at], self.copies[at], self.ids.take(pa.array(at)),
        )  # fmt: skip

    def examples(
        self, mentioned: sparse.csr_array, *, limit: int, firmness: sparse.csr_array | None = None
    ) -> list[list[str]]:
        """Give for each issue the ids of the most telling comments, each text once.

        Args:
            mentioned: (n, j) 1 where a comment may stand for the issue.
            limit: ids per issue.
            firmness: (n, j) columns of `firmness`: what was read more firmly comes first, in a few grades.
        """
        columns = mentioned.tocsc()
        firm = None if firmness is None else firmness.tocsc()
        found = []
        for issue, (start, end) in enumerate(zip(columns.indptr[:-1], columns.indptr[1:], strict=True)):
            rows = columns.indices[start:end]
            grade = np.zeros(len(rows)) if firm is None else np.round(GRADES * _values_at(firm, issue, rows))
            rows = rows[np.lexsort((-self.place[rows], -grade))]
            _, first = np.unique(self.copies[rows], return_index=True)
            chosen = rows[np.sort(first)[:limit]]
            found.append(self.ids.take(pa.array(chosen)).to_pylist())
        return found


def read_subjects(
    documents: pa.Table, aspects: pa.Table, members: pa.Table, *, example_length: tuple[int, int]
) -> Subjects:
    """Say of each comment what it speaks of and how.

    A segment in a topic and in no category takes the sentiment of its comment, as in FRICTION_SUMMARY.

    Args:
        documents: DOCUMENTS, n rows.
        aspects: ASPECTS; those of other comments are left out, and `other` is no issue.
        members: MEMBERS; segments without a topic are left out.
        example_length: characters from which, and up to which, a comment makes a good example.

    Returns:
        Subjects of n comments, in the order of `documents`.
    """
    ids = documents["feedback_id"].combine_chunks()
    at, names, feelings, firm = _mentions(documents, aspects, members)
    code, issues = encode(names)
    negative, positive = equals(feelings, NEGATIVE), equals(feelings, POSITIVE)
    known = at >= 0
    complaining = np.zeros(len(at), dtype=bool)
    complaining[known] = equals(documents["intent"], COMPLAINT)[at[known]]
    shape = (documents.num_rows, len(issues))
    speaks = _matrix(at[known], code[known], shape)
    blames = known & is_complaint(negative, positive, complaining)
    complains = _matrix(at[blames], code[blames], shape)
    likes = known & positive
    praises = _matrix(at[likes], code[likes], shape)
    praises = sparse.csr_array((praises - praises.multiply(complains)).astype(np.float64))
    praises.eliminate_zeros()
    firmness = _matrix(at[known], code[known], shape, firm[known])
    copies = copies_of(documents)
    place = np.empty(documents.num_rows, dtype=np.int64)
    place[telling_order(documents, copies, example_length)] = np.arange(documents.num_rows)
    return Subjects(issues, speaks, complains, praises, firmness, place, copies, ids)


def _mentions(
    documents: pa.Table, aspects: pa.Table, members: pa.Table
) -> tuple[Ints, pa.ChunkedArray, pa.ChunkedArray, np.ndarray]:
    """Give of each category and topic of a segment: place of its comment (or -1), name, feeling, firmness."""
    ids = documents["feedback_id"].combine_chunks()
    named = aspects.filter(pc.not_equal(aspects["category"], OTHER))
    themed = members.filter(pc.is_valid(members["topic_id"]))
    mood = pc.index_in(themed["segment_id"], value_set=aspects["segment_id"].combine_chunks())
    at_topic, at_category = (find_positions(one["feedback_id"], ids) for one in (themed, named))
    of_comment = documents["sentiment"].take(pa.array(at_topic, mask=at_topic < 0))
    felt = pc.coalesce(aspects["sentiment"].take(mood), of_comment)
    categories = pc.binary_join_element_wise(CATEGORY, named["category"], "")
    topics = pc.binary_join_element_wise(TOPIC, themed["topic_id"], "")
    names = [*categories.chunks, *topics.chunks]
    feelings = [*named["sentiment"].chunks, *felt.chunks]
    at = np.concatenate([at_category, at_topic])
    strength = pc.coalesce(
        aspects["sentiment_score"].take(mood),
        documents["sentiment_score"].take(pa.array(at_topic, mask=at_topic < 0)),
    )
    of_categories = _numbers(named["category_score"]) * np.abs(_numbers(named["sentiment_score"]))
    firm = np.concatenate([of_categories, np.abs(_numbers(strength))])
    return at, pa.chunked_array(names, pa.string()), pa.chunked_array(feelings, pa.string()), firm


def _numbers(values: pa.ChunkedArray) -> np.ndarray:
    return np.asarray(pc.fill_null(values, 0).to_numpy(), dtype=np.float64)


def _matrix(
    rows: Ints, columns: np.ndarray, shape: tuple[int, int], values: np.ndarray | None = None
) -> sparse.csr_array:
    """Give 1, or the largest of the values, at every place that is named."""
    width = max(shape[1], 1)
    keys, where = np.unique(rows * width + columns, return_inverse=True)
    found = np.ones(len(keys), dtype=np.float64)
    if values is not None:
        found[:] = 0.0
        np.maximum.at(found, where, values)
    return sparse.csr_array((found, (keys // width, keys % width)), shape=shape)


def _values_at(matrix: sparse.csc_array, column: int, rows: np.ndarray) -> np.ndarray:
    """Give the values of one column at some rows, 0 where it has none."""
    here = slice(matrix.indptr[column], matrix.indptr[column + 1])
    order = np.argsort(matrix.indices[here], kind="stable")
    known, values = matrix.indices[here][order], matrix.data[here][order]
    if not len(known):
        return np.zeros(len(rows))
    at = np.minimum(np.searchsorted(known, rows), len(known) - 1)
    return np.where(known[at] == rows, values[at], 0.0)
