"""FEEDBACK -> SEGMENTS: one clause or sentence per row, with its offsets."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.schema import UNDETERMINED
from nlp.protocols import LanguageDetector, Splitter
from nlp.text.clauses import Span
from nlp.text.scripts import SCRIPTS, count_scripts


@dataclass(frozen=True)
class SegmentRules:
    """How comments are cut, and when a comment is taken to hold several languages.

    Attributes:
        splitter: name in SPLITTERS of nlp/models/splitters.py.
        pipelines: language -> installed spaCy pipeline that finds its sentences.
        max_segments: the last of so many segments holds the rest of the comment.
        long_characters: a comment of more characters may change its language on the way.
        mixed_share: a second script with this share of the letters makes a comment mixed.
        sure_score: from this confidence on, a segment of a mixed comment gets a language of its own.
    """

    splitter: str
    pipelines: Mapping[str, str]
    max_segments: int
    long_characters: int
    mixed_share: float
    sure_score: float


def cut_segments(
    feedback: pd.DataFrame,
    languages: pd.DataFrame,
    *,
    splitter: Splitter,
    detector: LanguageDetector,
    rules: SegmentRules,
) -> pd.DataFrame:
    """Cut every comment into clauses; together they cover all of it that is not blank.

    Args:
        feedback: FEEDBACK, n rows.
        languages: LANGUAGES, n rows, aligned with `feedback`.
        splitter: finds the clauses.
        detector: says in which language a clause of a mixed comment is.
        rules: limits.

    Returns:
        SEGMENTS, in the order of `feedback` and, within a comment, of the text.
    """
    texts = feedback["text"].tolist()
    codes = languages["language"].tolist()
    found = [_cap(spans, rules.max_segments) for spans in splitter.split(texts, codes)]
    counts = np.fromiter(map(len, found), dtype=np.int64, count=len(found))
    rows = np.repeat(np.arange(len(texts)), counts)
    spans = np.array([span for one in found for span in one], dtype=np.int32).reshape(-1, 2)
    cut = [text[start:end] for text, one in zip(texts, found, strict=True) for start, end in one]
    is_mixed = (counts > 1) & _is_mixed(texts, codes, detector, rules)
    segment_codes = _segment_languages(
        cut, np.array(codes, dtype=object)[rows], is_mixed[rows], detector, rules
    )
    ids = feedback["feedback_id"].to_numpy(dtype=object)[rows]
    positions = np.arange(len(rows)) - np.repeat(np.cumsum(counts) - counts, counts)
    return pd.DataFrame(
        {
            "segment_id": _text_column(f"{one}:{place}" for one, place in zip(ids, positions, strict=True)),
            "feedback_id": _text_column(ids),
            "position": positions.astype(np.int32),
            "start": spans[:, 0],
            "end": spans[:, 1],
            "text": _text_column(cut),
            "language": _text_column(segment_codes),
            "text_id": _text_column(map(make_text_id, cut, segment_codes)),
        }
    )


def make_text_id(text: str, language: str) -> str:
    """Hash a text and its language to 32 hexadecimal digits, the same on every machine."""
    content = f"{language}\0{text}".encode("utf-8", "surrogatepass")
    return hashlib.blake2b(content, digest_size=16).hexdigest()


def _cap(spans: list[Span], most: int) -> list[Span]:
    if len(spans) <= most:
        return spans
    return [*spans[: most - 1], (spans[most - 1][0], spans[-1][1])]


def _is_mixed(
    texts: Sequence[str], codes: Sequence[str], detector: LanguageDetector, rules: SegmentRules
) -> np.ndarray:
    """Tell which comments may hold several languages: two scripts, none found, or another one at the end."""
    counts = count_scripts(texts, 4 * rules.long_characters)
    total = np.maximum(counts.sum(axis=1), 1)
    second = np.partition(counts, len(SCRIPTS) - 2, axis=1)[:, -2]
    is_mixed = (second >= rules.mixed_share * total) | (np.array(codes, dtype=object) == UNDETERMINED)
    long_rows = [
        row for row, text in enumerate(texts) if len(text) > rules.long_characters and not is_mixed[row]
    ]
    tails = [texts[row][-rules.long_characters // 2 :] for row in long_rows]
    for row, code, score in zip(long_rows, *detector.detect(tails), strict=True):
        is_mixed[row] = code != codes[row] and score >= rules.sure_score
    return np.asarray(is_mixed, dtype=bool)


def _segment_languages(
    cut: list[str], codes: np.ndarray, is_mixed: np.ndarray, detector: LanguageDetector, rules: SegmentRules
) -> np.ndarray:
    """Give every segment the language of its comment, but its own where the comment is mixed."""
    codes = codes.copy()
    places = np.flatnonzero(is_mixed)
    found, scores = detector.detect([cut[place] for place in places])
    is_sure = scores >= rules.sure_score
    codes[places[is_sure]] = np.array(found, dtype=object)[is_sure]
    return codes


def _text_column(values: object) -> pd.Series:
    return pd.Series(list(values), dtype="str")  # type: ignore[call-overload]
