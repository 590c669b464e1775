"""SEGMENTS, SENTIMENTS -> INTENTS: complaint, suggestion, praise, question, leaving or statement."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd

from data.schema import INTENT_LABELS
from nlp.protocols import Classifier, Encoded

# What a statement becomes with the feeling in it.
_FELT = {"complaint": "negative_share", "praise": "positive_share", "statement": "neutral_share"}


def judge_intents(
    segments: pd.DataFrame,
    sentiments: pd.DataFrame,
    encoded: Encoded | None = None,
    *,
    classifier: Classifier,
    scales: Callable[[np.ndarray], np.ndarray] | None = None,
) -> pd.DataFrame:
    """Say what every segment wants.

    A classifier that knows no complaint and no praise leaves them among the statements; there the sentiment
    tells them apart. Nobody who is content is leaving: the share of `leaving` is cut by the positive share.

    Args:
        segments: SEGMENTS, n rows.
        sentiments: SENTIMENTS, n rows, aligned with `segments`.
        encoded: n rows, aligned with `segments`; only a trained head needs them.
        classifier: its labels are among INTENT_LABELS.
        scales: (m, k) features -> (m, 2) urgency and effort; None where the encoder has no such head.

    Returns:
        INTENTS, n rows, in the order of `segments`.

    Raises:
        ValueError: when the classifier has a label that is no intent.
    """
    unknown = sorted(set(classifier.labels) - set(INTENT_LABELS))
    if unknown:
        raise ValueError(
            f"the classifier '{classifier.name}' has labels that are no intents: {', '.join(unknown)}"
        )
    features = encoded.features if encoded is not None else np.zeros((len(segments), 0), np.float32)
    found = classifier.predict(segments["text"].tolist(), segments["language"].tolist(), features)
    shares = np.zeros((len(segments), len(INTENT_LABELS)), dtype=np.float64)
    shares[:, [INTENT_LABELS.index(label) for label in classifier.labels]] = found
    if not {"complaint", "praise"} & set(classifier.labels):
        shares = _add_feeling(shares, sentiments)
    best = shares.argmax(axis=1)
    told = scales(features) if scales and len(segments) else np.full((len(segments), 2), np.nan, np.float32)
    return pd.DataFrame(
        {
            "segment_id": segments["segment_id"].to_numpy(),
            "intent": pd.Series(np.array(INTENT_LABELS, dtype=object)[best], dtype="str"),
            "intent_score": shares.max(axis=1, initial=0.0).astype(np.float32),
            "urgency_score": told[:, 0],
            "effort_score": told[:, 1],
        }
    )


def _add_feeling(shares: np.ndarray, sentiments: pd.DataFrame) -> np.ndarray:
    shares = shares.copy()
    leaving, statement = INTENT_LABELS.index("leaving"), INTENT_LABELS.index("statement")
    content = shares[:, leaving] * sentiments["positive_share"].to_numpy()
    shares[:, leaving] -= content
    rest = shares[:, statement] + content
    for label, share in _FELT.items():
        shares[:, INTENT_LABELS.index(label)] = rest * sentiments[share].to_numpy()
    return shares
