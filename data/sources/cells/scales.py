"""Cells of a score column -> numbers on one scale: rating and CSAT 1 to 5, effort 1 to 7, NPS 0 to 10."""

from __future__ import annotations

import re
import tomllib
from collections import Counter
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa

from data.sources.cells.columns import normal_name

TARGETS = {"rating": (1.0, 5.0), "csat": (1.0, 5.0), "ces": (1.0, 7.0), "nps": (0.0, 10.0)}
TOPS = (5.0, 7.0, 10.0, 100.0)
MAX_DISTINCT = 5_000
STARS = re.compile(r"([★⭐🌟]{1,10})([☆✩]{0,10})\ufe0f?")
SCORE = re.compile(
    r"(?P<value>[-+]?\d{1,9}(?:[.,]\d{1,9})?)\s*"
    r"(?:(?:/|out of|of|su|na|von|de|sur|z|من|分制)\s*(?P<top>\d{1,3})|(?P<percent>%))?"
    r"\s*(?:\(?(?:stars?|stelle|stella|gwiazd\w{0,4}|estrellas?|sterne?|etoiles?|étoiles?|estrelas?|نجوم|نجمة|星|分|points?|pts)\)?)?",
    re.I,
)
LABELLED = re.compile(r"(\d{1,2})\s*[-–—:.)(]\s*[^\W\d_].{0,80}")  # "5 - Very satisfied"
LABELLED_LAST = re.compile(
    r"(?:[^\W\d_]{1,20} ){0,4}[^\W\d_]{1,20}\s*[-–—:(]\s*(\d{1,2})\)?"
)  # "Extremely likely - 10"


def load_words() -> dict[str, tuple[float, float]]:
    """Read scales.toml: words of a scale, normalised -> their value and the best one."""
    scales = tomllib.loads(Path(__file__).with_name("scales.toml").read_text(encoding="utf-8"))
    words: dict[str, tuple[float, float]] = {}
    for levels in scales.values():
        for value, names in levels.items():
            for name in names:
                words.setdefault(normal_name(name) or name, (float(value), float(len(levels))))
    return words


LIKERT = load_words()


@dataclass(frozen=True)
class Scale:
    """From `low` to `high` in the file; `why` in words."""

    low: float
    high: float
    why: str
    off_count: int = 0  # cells that lie outside, or are no number
    is_reversed: bool = False  # the lowest value is the best


def read_score(cell: str) -> tuple[float, float | None] | None:
    """Read one cell: its number and, where the cell states it, the best possible; None if it is no score."""
    bare = cell.strip()[:100]
    match = SCORE.fullmatch(bare)
    if match:
        value = float(match["value"].replace(",", "."))
        top = 100.0 if match["percent"] else float(match["top"]) if match["top"] else None
        return value, top
    stars = STARS.fullmatch(bare)
    if stars:
        return float(len(stars[1])), float(max(5, len(stars[1]) + len(stars[2])))
    labelled = LABELLED.fullmatch(bare) or LABELLED_LAST.fullmatch(bare)
    if labelled:
        return float(labelled[1]), None
    return LIKERT.get(normal_name(bare) or bare)


class ScoreSurvey:
    """Counts the distinct cells of a score column before any is read."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()

    def add(self, cells: pa.ChunkedArray) -> None:
        """Take the cells of some records."""
        for entry in cells.value_counts().to_pylist():
            cell = entry["values"]
            if (
                cell is not None
                and cell.strip()
                and (cell in self._counts or len(self._counts) < MAX_DISTINCT)
            ):
                self._counts[cell] += entry["counts"]

    def decide(
        self,
        role: str,
        *,
        stated_top: float | None,
        outlier_share: float,
        known: tuple[float, float] | None = None,
    ) -> Scale:
        """Tell the scale of the column from all of its cells, unless the source knows it."""
        low, high = known or TARGETS[role]
        read = [(read_score(cell), count) for cell, count in self._counts.items()]
        unread = sum(count for score, count in read if score is None)
        values: Counter[float] = Counter()
        for score, count in read:
            if score is not None and score[1] is None:
                values[score[0]] += count
        top, why = (high, "the tool's scale") if known else _top(values, role, stated_top, outlier_share)
        bottom = low if known else _bottom(values, role, top)
        off = sum(count for value, count in values.items() if not bottom <= value <= top)
        return (
            Scale(bottom, top, why, off + unread)
            if values
            else Scale(low, high, "every cell states it", unread)
        )


def _bottom(values: Counter[float], role: str, top: float) -> float:
    if role == "nps" or top == 100:
        return 0.0
    # Zero is "no rating" where the best is 5, and the worst where it is 10.
    return 0.0 if top >= 10 and values[0.0] else 1.0


def _top(values: Counter[float], role: str, stated: float | None, outlier_share: float) -> tuple[float, str]:
    if role == "nps":
        return 10.0, "likelihood to recommend is 0 to 10"
    if stated:
        return stated, "named in the settings"
    total = sum(count for value, count in values.items() if value >= 0)  # no scale begins below
    for top in TOPS:
        above = {value: count for value, count in values.items() if value > top}
        if not above:
            return top, "no score is higher"
        # Three different scores between 5 and 10 are a longer scale; a few stray ones are errors.
        longer = {value for value in values if 5 < value <= 10}
        near = sum(count for value, count in above.items() if value <= 10)
        errors = sum(above.values())
        # A score just above may be of a longer scale; one far above is no score of any scale near this one.
        if near <= outlier_share * total and errors <= 2 * outlier_share * total and len(longer) < 3:
            return top, f"{errors} of {total} scores are higher: errors"
        if top == 10 and errors <= 2 * outlier_share * total:
            return top, f"{errors} of {total} scores are higher: errors"
    return TARGETS[role][1], "no known scale fits"


def score_cells(cells: pa.ChunkedArray, role: str, scale: Scale) -> tuple[np.ndarray, np.ndarray]:
    """Read a score column, every distinct cell once.

    Returns:
        (n,) float64 on the scale of `role`, nan where absent or off the scale, and (n,) as the file has it.
    """
    encoded = pa.chunked_array(cells).combine_chunks().dictionary_encode()
    read = [read_score(cell) for cell in encoded.dictionary.to_pylist()]
    scaled = np.array([_rescale(score, role, scale) for score in read] + [np.nan])
    original = np.array([score[0] if score else np.nan for score in read] + [np.nan])
    places = encoded.indices.fill_null(len(read)).to_numpy(zero_copy_only=False)
    return scaled[places], original[places]


def _rescale(score: tuple[float, float | None] | None, role: str, scale: Scale) -> float:
    value = _on_scale(score, role, scale)
    return sum(TARGETS[role]) - value if scale.is_reversed else value


def _on_scale(score: tuple[float, float | None] | None, role: str, scale: Scale) -> float:
    if score is None:
        return np.nan
    value, own_top = score
    low, high = (scale.low, scale.high) if own_top is None else (0.0 if own_top == 100 else 1.0, own_top)
    bottom, top = TARGETS[role]
    if role == "nps":
        low = 0.0
    if not low <= value <= high or high <= low:
        return np.nan
    if (low, high) == (bottom, top):
        return value if role != "nps" or value == int(value) else np.nan
    return bottom + (value - low) / (high - low) * (top - bottom)


AMOUNT = re.compile(r"[^\d,.\-]*(-?[\d.,'\u00a0\u202f ]*\d)[^\d]*")


def read_amounts(cells: pa.ChunkedArray) -> np.ndarray:
    """Read a column of amounts of money, with either decimal sign: (n,) float64, nan where there is none."""
    encoded = pa.chunked_array(cells).combine_chunks().dictionary_encode()
    distinct = encoded.dictionary.to_pylist()
    # A comma with one or two digits behind it is a decimal sign, and then a dot sets thousands apart.
    has_comma = any(re.search(r",\d{1,2}(?!\d)", cell[:40]) for cell in distinct)
    values = np.array([_amount(cell[:40], has_comma) for cell in distinct] + [np.nan])
    places = encoded.indices.fill_null(len(distinct)).to_numpy(zero_copy_only=False)
    return np.asarray(values[places])


def _amount(cell: str, has_decimal_comma: bool) -> float:
    match = AMOUNT.fullmatch(cell.strip())
    if not match:
        return np.nan
    digits = re.sub(r"['\u00a0\u202f ]", "", match[1])
    decimal = "," if has_decimal_comma and digits.rfind(",") > digits.rfind(".") else "."
    if has_decimal_comma and "," not in digits and re.fullmatch(r"-?\d{1,3}(\.\d{3})+", digits):
        decimal = ","  # 1.234 in a column of decimal commas
    digits = digits.replace("." if decimal == "," else ",", "").replace(",", ".")
    try:
        return float(digits)
    except ValueError:
        return np.nan
