"""All rows of a comment's segments -> DOCUMENTS: one row per comment again."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from data.schema import DOCUMENTS, INTENT_LABELS, OTHER, SENTIMENT_LABELS

_SCALES = ("urgency_score", "effort_score")
_SHARES = [f"{label}_share" for label in SENTIMENT_LABELS]


@dataclass(frozen=True)
class DocumentRules:
    """How segments add up to a comment; section [documents] of the settings.

    Attributes:
        length_power: a segment weighs its length to this power.
        neutral_weight: what a segment without any feeling weighs against one that is all feeling.
        mixed_margin: praise and blame whose shares differ by less than this make a comment neutral.
        complaint_share: blame that makes up this share of blame and praise makes a comment a complaint.
    """

    length_power: float
    neutral_weight: float
    mixed_margin: float
    complaint_share: float


def make_documents(  # noqa: PLR0913, PLR0917 - a comment is what all stages before found, a table each
    feedback: pd.DataFrame,
    languages: pd.DataFrame,
    segments: pd.DataFrame,
    sentiments: pd.DataFrame,
    aspects: pd.DataFrame,
    intents: pd.DataFrame,
    *,
    rules: DocumentRules,
) -> pd.DataFrame:
    """Put every comment together again.

    The shares of a comment are the mean of its segments', weighted: a longer segment says more, but not in
    proportion, and one that takes no side ("I bought it in May") says little about how the comment feels. So
    one praise and one complaint of equal length give both shares their half, and the comment is neutral.

    Args:
        feedback: FEEDBACK, n rows.
        languages: LANGUAGES, n rows, aligned with `feedback`.
        segments: SEGMENTS of these comments, m rows.
        sentiments: SENTIMENTS, m rows, aligned with `segments`.
        aspects: ASPECTS of these comments.
        intents: INTENTS, m rows, aligned with `segments`.
        rules: weights and margins.

    Returns:
        DOCUMENTS, n rows, in the order of `feedback`; a comment without segments is neutral.
    """
    comments = pd.Index(feedback["feedback_id"])
    rows = comments.get_indexer(pd.Index(segments["feedback_id"]))
    felt = sentiments[_SHARES].to_numpy(dtype=np.float64)
    weights = weigh_segments(segments, felt, rules)
    shares = _mean_shares(rows, felt, weights, len(feedback))
    carried = [name for name in DOCUMENTS.columns.names if name in feedback]
    carried += [name for name in feedback if str(name).startswith(DOCUMENTS.open_prefix)]
    return pd.DataFrame(
        {
            **{name: feedback[name].reset_index(drop=True) for name in carried},
            "language": languages["language"].to_numpy(),
            "language_score": languages["language_score"].to_numpy(),
            "sentiment": _label_sentiment(shares, rules),
            "sentiment_score": (shares[:, 2] - shares[:, 0]).astype(np.float32),
            **{name: shares[:, place].astype(np.float32) for place, name in enumerate(_SHARES)},
            "intent": _lead_intent(rows, intents["intent"], weights, len(feedback), rules),
            **{name: _largest(rows, intents, name, len(feedback)) for name in _SCALES},
            "categories": pd.Series(_list_categories(comments, aspects), dtype="object"),
        }
    )


def weigh_segments(segments: pd.DataFrame, felt: np.ndarray, rules: DocumentRules) -> np.ndarray:
    """Say what each of m segments with (m, 3) shares weighs in its comment."""
    lengths = (segments["end"].to_numpy() - segments["start"].to_numpy()).astype(np.float64)
    decisiveness = 1.0 - felt[:, SENTIMENT_LABELS.index("neutral")]
    return np.asarray(
        np.maximum(lengths, 1.0) ** rules.length_power
        * (rules.neutral_weight + (1.0 - rules.neutral_weight) * decisiveness)
    )


def _mean_shares(rows: np.ndarray, felt: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    """(m, 3) shares of segments -> (n, 3) shares of comments, rows sum to 1."""
    sums = np.stack(
        [np.bincount(rows, weights * felt[:, place], count) for place in range(felt.shape[1])], axis=1
    )
    total = sums.sum(axis=1, keepdims=True)
    return np.asarray(np.where(total > 0, sums / np.where(total > 0, total, 1.0), 1.0 / felt.shape[1]))


def _label_sentiment(shares: np.ndarray, rules: DocumentRules) -> pd.Series:
    best = shares.argmax(axis=1)
    negative, neutral, positive = shares.T
    is_mixed = (np.minimum(negative, positive) > neutral) & (np.abs(positive - negative) < rules.mixed_margin)
    is_even = np.isclose(shares, 1.0 / shares.shape[1]).all(axis=1)
    best = np.where(is_mixed | is_even, SENTIMENT_LABELS.index("neutral"), best)
    return pd.Series(np.array(SENTIMENT_LABELS, dtype=object)[best], dtype="str")


def _lead_intent(
    rows: np.ndarray, intents: pd.Series, weights: np.ndarray, count: int, rules: DocumentRules
) -> pd.Series:
    """Choose what somebody has to act on: who leaves first, then who complains, asks, suggests, praises.

    A word of blame inside a praise is no complaint: it has to weigh `complaint_share` of both.
    """
    codes = pd.Categorical(intents, categories=list(INTENT_LABELS)).codes.astype(np.int64)
    cells = np.bincount(rows * len(INTENT_LABELS) + codes, weights, count * len(INTENT_LABELS))
    weighed = {label: cells[place :: len(INTENT_LABELS)] for place, label in enumerate(INTENT_LABELS)}
    blame, praise = weighed["complaint"], weighed["praise"]
    conditions = [
        weighed["leaving"] > 0,
        (blame > 0) & (blame >= rules.complaint_share * (blame + praise)),
        weighed["question"] > 0,
        weighed["suggestion"] > 0,
        praise > 0,
    ]
    names = ["leaving", "complaint", "question", "suggestion", "praise"]
    return pd.Series(np.select(conditions, names, default="statement"), dtype="str")


def _largest(rows: np.ndarray, intents: pd.DataFrame, name: str, count: int) -> np.ndarray:
    """Give each comment the largest score of its segments; nan where none has one."""
    found = np.full(count, np.nan, np.float32)
    if name in intents:
        np.fmax.at(found, rows, intents[name].to_numpy(np.float32))
    return found


def _list_categories(comments: pd.Index, aspects: pd.DataFrame) -> list[list[str]]:
    """Give every comment its categories, strongest first; `other` only where it stands alone."""
    found = pd.DataFrame(
        {
            "comment": comments.get_indexer(pd.Index(aspects["feedback_id"])),
            "category": aspects["category"].to_numpy(dtype=object),
            "strength": aspects["category_score"].to_numpy(dtype=np.float64),
        }
    )
    summed = found.groupby(["comment", "category"], sort=True, as_index=False)["strength"].sum()
    is_named = summed["category"] != OTHER
    has_name = np.isin(summed["comment"], summed.loc[is_named, "comment"])
    summed = summed[is_named | ~has_name]
    summed = summed.sort_values(["comment", "strength", "category"], ascending=[True, False, True])
    names = summed["category"].tolist()
    ends = np.cumsum(np.bincount(summed["comment"].to_numpy(dtype=np.int64), minlength=len(comments)))
    starts = np.concatenate([[0], ends[:-1]]) if len(ends) else ends
    return [names[start:end] for start, end in zip(starts.tolist(), ends.tolist(), strict=True)]
