"""Records and the plan for them -> RAW comments or RAW operations."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.sources.cells.columns import normal_name
from data.sources.cells.dates import DateReading, parse_dates
from data.sources.cells.scales import TARGETS, read_amounts, score_cells
from data.sources.raw import (
    COMMENT_DATES,
    RAW_COLUMNS,
    RAW_TEXTS,
    Answer,
    Chunk,
    Plan,
    RawBatch,
)
from data.sources.readings import Readings
from data.sources.tables import OPERATION_SHAPES

NOTHING = pa.array(
    ["null", "none", "nan", "n/a", "na", "nil", "<na>", "#n/a", "nat", "-", "--"], pa.large_string()
)
# stems of column names, in nine languages -> days
UNITS = (
    (("month", "mes", "mies", "monat", "mois", "شهر", "شهور", "أشهر", "月"), 365.25 / 12),
    (("year", "ann", "lat", "rok", "jahr", "anos", "سن", "年"), 365.25),
    (("week", "settiman", "tygod", "woche", "semain", "seman", "أسبوع", "周"), 7.0),
)
SENTENCE_ENDS = (".", "!", "?", "…", "。", "！", "？", "؟", ":", "：", ";")
IDEOGRAPHS = ("\u3040", "\u9fff")


def shape_batch(chunk: Chunk, plan: Plan, readings: Readings) -> RawBatch:
    """Bring one chunk to the RAW shape that its plan asks for."""
    read = _comments if plan.content == "comments" else _operations
    frame = read(chunk, plan, readings)
    rejected = pd.DataFrame(chunk.rejected, columns=["row", "reason", "detail"]).astype(
        {"row": "int64", "reason": "str", "detail": "str"}
    )
    rows = {*chunk.numbers.tolist(), *(row for row, _, _ in chunk.rejected)}
    return RawBatch(frame, rejected, len(rows))


def _comments(chunk: Chunk, plan: Plan, readings: Readings) -> pd.DataFrame:
    texts = {role: _constant(_label(chunk, plan.roles.get(role)), plan, role) for role in RAW_TEXTS}
    numbers = _numbers(chunk, plan, readings)
    moments = {
        role: _moments(chunk, plan.roles.get(role), readings.dates.get(role)) for role in COMMENT_DATES
    }
    issue = moments["created_at"][1]
    places, texts["text"], texts["question"], suffixes = _answers(chunk, plan)
    texts["created_issue"] = pa.array(issue, pa.large_string())
    inputs = {f"input_{name}": chunk.values[name] for name in chunk.values.column_names}
    one_to_one = len(plan.answers) <= 1
    data = {name: _taken(array, places, one_to_one or name in ("text", "question"))
            for name, array in {**texts, **inputs}.items()}  # fmt: skip
    if suffixes is not None:
        suffixed = pc.binary_join_element_wise(data["own_id"], suffixes, pa.scalar(":", pa.large_string()))
        data["own_id"] = pc.if_else(pc.equal(suffixes, ""), data["own_id"], suffixed)
    frame: pd.DataFrame = pa.table(data).to_pandas()
    frame.insert(0, "row", chunk.numbers[places])
    for role, (values, _) in moments.items():
        frame[role] = pd.DatetimeIndex(values[places]).tz_localize("UTC")
    for name, values in numbers.items():
        frame[name] = values[places]
    return frame.loc[:, [*RAW_COLUMNS, *inputs]]


def _taken(array: pa.ChunkedArray, places: np.ndarray, as_it_stands: bool) -> pa.ChunkedArray:
    return array if as_it_stands else array.take(pa.array(places))


def _blank(size: int) -> pa.Array:
    return pa.nulls(size, pa.large_string())


def _label(chunk: Chunk, column: str | None) -> pa.ChunkedArray:
    """Give a column of ids or labels: trimmed, null where it says nothing."""
    if column is None:
        return _blank(len(chunk.numbers))
    trimmed = pc.utf8_trim_whitespace(chunk.values[column])
    says_nothing = pc.or_(pc.equal(trimmed, ""), pc.is_in(pc.utf8_lower(trimmed), NOTHING))
    return pc.if_else(says_nothing, None, trimmed)


def _constant(labels: pa.ChunkedArray, plan: Plan, role: str) -> pa.ChunkedArray:
    """Fill in what holds for the whole file where a comment's own cell says nothing."""
    if role not in plan.constants:
        return labels
    return pc.fill_null(labels, pa.scalar(plan.constants[role], pa.large_string()))


def _numbers(chunk: Chunk, plan: Plan, readings: Readings) -> dict[str, np.ndarray]:
    missing = np.full(len(chunk.numbers), np.nan)
    numbers = dict.fromkeys(("rating", "rating_original", "nps", "csat", "ces"), missing)
    for role in TARGETS:
        if role in plan.roles:
            scaled, original = score_cells(chunk.values[plan.roles[role]], role, readings.scales[role])
            numbers[role] = scaled
            if role == "rating":
                numbers["rating_original"] = original
    return numbers


def _moments(chunk: Chunk, column: str | None, reading: DateReading | None) -> tuple[np.ndarray, np.ndarray]:
    if column is None or reading is None:
        size = len(chunk.numbers)
        return np.full(size, "NaT", dtype="datetime64[us]"), np.full(size, "absent", dtype=object)
    return parse_dates(chunk.values[column], reading)


def _answers(chunk: Chunk, plan: Plan) -> tuple[np.ndarray, pa.Array, pa.Array, pa.Array | None]:
    """Give, for every comment, the record it stands in, its text, its question, and the suffix of its id.

    A record that answers nothing keeps one row, without text, so that it is counted and set aside later.
    """
    size = len(chunk.numbers)
    if not plan.answers:
        return np.arange(size), _blank(size), _label(chunk, plan.roles.get("question")), None
    columns = [_answer_text(chunk, plan, answer) for answer in plan.answers]
    asked = _label(chunk, plan.roles.get("question"))
    if len(columns) == 1:
        question = plan.answers[0].question
        return np.arange(size), columns[0], pc.fill_null(asked, question) if question else asked, None
    filled = np.stack([column.is_valid().to_numpy(zero_copy_only=False) for column in columns], axis=1)
    filled[~filled.any(axis=1), 0] = True
    places, which = np.nonzero(filled)
    whole = pa.concat_arrays([column.combine_chunks() for column in map(_chunked, columns)])
    text = whole.take(pa.array(which * size + places))
    questions = pa.array([a.question for a in plan.answers], pa.large_string()).take(pa.array(which))
    suffixes = pa.array([a.suffix for a in plan.answers], pa.large_string()).take(pa.array(which))
    return places, text, pc.coalesce(questions, asked.take(pa.array(places))), suffixes


def _chunked(array: pa.Array | pa.ChunkedArray) -> pa.ChunkedArray:
    return array if isinstance(array, pa.ChunkedArray) else pa.chunked_array([array])


def _answer_text(chunk: Chunk, plan: Plan, answer: Answer) -> pa.ChunkedArray:
    """Give the answers as they stand, null where blank; the title stands before the main text."""
    column = chunk.values[answer.column]
    is_blank = pc.equal(pc.utf8_trim_whitespace(column), "")
    text = pc.if_else(is_blank, None, column)
    title = plan.roles.get("title")
    if title is None or answer.suffix:
        return text
    joined = map(join_title, _label(chunk, title).to_pylist(), text.to_pylist())
    return pa.chunked_array([pa.array(list(joined), pa.large_string())])


def join_title(title: str | None, body: str | None) -> str | None:
    """Put a title before its text as a sentence of its own; once, if the text begins with it."""
    if not title or not body:
        return body or title
    start = body.lstrip()[: len(title)].casefold()
    if start.startswith(title.rstrip(" .…").casefold()):
        return body
    if title.endswith(SENTENCE_ENDS):
        return f"{title} {body}"
    stop = "。" if IDEOGRAPHS[0] <= title[-1] <= IDEOGRAPHS[1] else ". "
    return f"{title}{stop}{body}"


def _operations(chunk: Chunk, plan: Plan, readings: Readings) -> pd.DataFrame:
    shape = OPERATION_SHAPES[plan.content]
    inputs: Sequence[str] = chunk.values.column_names
    texts = {role: _label(chunk, plan.roles.get(role)) for role in shape.texts}
    frame: pd.DataFrame = pa.table(
        {**texts, **{f"input_{name}": chunk.values[name] for name in inputs}}
    ).to_pandas()
    frame["row"] = chunk.numbers
    for role in shape.dates:
        moments, _ = _moments(chunk, plan.roles.get(role), readings.dates.get(role))
        frame[role] = pd.DatetimeIndex(moments).tz_localize("UTC")
    for role in shape.amounts:
        column = plan.roles.get(role)
        frame[role] = read_amounts(chunk.values[column]) if column else np.nan
        if role == "tenure" and column:
            frame[role] *= days_of_unit(column)
    return frame.loc[:, [*shape.columns, *(f"input_{name}" for name in inputs)]]


def days_of_unit(name: str) -> float:
    """Give the days of the unit that a column name states, as "tenure_months"; days where it states none."""
    words = normal_name(name).split()
    return next((days for stems, days in UNITS if any(word.startswith(stems) for word in words)), 1.0)
