"""SENTIMENTS -> SENTIMENTS: a short answer is read together with the question it answers.

"Nothing" is praise where faults were asked for and blame where praise was; "the delivery" says what somebody
likes or dislikes only through its question. A long answer says so itself and stays as it is.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.schema import SENTIMENT_LABELS

FAULTS, PRAISE = -1, 1  # what a question asks for
_SHARES = [f"{label}_share" for label in SENTIMENT_LABELS]
_NEUTRAL = SENTIMENT_LABELS.index("neutral")
_UNSPACED_FROM = "\u2e80"  # from here on two characters carry about as much as a word


@dataclass(frozen=True)
class QuestionRules:
    """Section [questions] of the settings.

    Attributes:
        sure_share: the probability that "nothing" and "everything" give to the side they stand for.
        short_words: an answer of more words is left as it is.
        moved_share: how much of a short answer's neutral share goes to the side that was asked for.
    """

    sure_share: float
    short_words: int
    moved_share: float


def read_with_questions(
    segments: pd.DataFrame, sentiments: pd.DataFrame, answers: pd.DataFrame, *, rules: QuestionRules
) -> pd.DataFrame:
    """Let questions speak where answers are short.

    Args:
        segments: SEGMENTS, m rows.
        sentiments: SENTIMENTS, m rows, aligned with `segments`.
        answers: the comments of these segments: feedback_id, text, side (FAULTS, PRAISE or 0: what the
            question asks for), kind (nothing, everything or empty).
        rules: how much.

    Returns:
        SENTIMENTS, m rows, in the same order.
    """
    asked = answers[answers["side"] != 0]
    words = np.array([count_words(text, rules.short_words) for text in asked["text"]], dtype=np.float64)
    asked = asked.assign(words=words)[words <= rules.short_words].set_index("feedback_id")
    at = asked.index.get_indexer(pd.Index(segments["feedback_id"]))
    rows = np.flatnonzero(at >= 0)
    if not len(rows):
        return sentiments
    found = asked.iloc[at[rows]]
    shares = sentiments[_SHARES].to_numpy(np.float64).copy()
    shares[rows] = _answered(shares[rows], found, rules)
    return sentiments.assign(
        sentiment=np.array(SENTIMENT_LABELS, dtype=object)[shares.argmax(axis=1)],
        sentiment_score=(shares[:, 2] - shares[:, 0]).astype(np.float32),
        **{name: shares[:, place].astype(np.float32) for place, name in enumerate(_SHARES)},
    )


def count_words(text: str, most: int) -> float:
    """Count words, `most` and a bit more at most; a Chinese character is half a word."""
    head = text[: most * 40]
    unspaced = sum(character >= _UNSPACED_FROM for character in head)
    words = len(head.split()) + unspaced / 2
    return words if len(text) <= most * 40 else max(words, most + 1.0)


def _answered(shares: np.ndarray, found: pd.DataFrame, rules: QuestionRules) -> np.ndarray:
    """(k, 3) shares of segments and their answers -> (k, 3) shares, rows sum to 1."""
    side = found["side"].to_numpy(np.int64)
    is_nothing = (found["kind"] == "nothing").to_numpy()
    is_sure = is_nothing | (found["kind"] == "everything").to_numpy()
    towards = np.where(np.where(is_nothing, -side, side) > 0, 2, 0)  # the column of the side it stands for
    place = np.arange(len(shares))
    moved = rules.moved_share * shares[:, _NEUTRAL]
    read = shares.copy()
    read[:, _NEUTRAL] -= moved
    read[place, towards] += moved
    sure = np.full_like(shares, 1.0 - rules.sure_share)
    sure[place, 2 - towards] = 0.0
    sure[place, towards] = rules.sure_share
    return np.asarray(np.where(is_sure[:, None], sure, read))
