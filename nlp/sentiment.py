"""SEGMENTS -> SENTIMENTS: how each segment feels."""

from __future__ import annotations

import numpy as np
import pandas as pd

from data.schema import SENTIMENT_LABELS
from nlp.protocols import Classifier
from nlp.text.contacts import only_contacts

NO_FEELING = (0.0, 1.0, 0.0)  # shares of negative, neutral, positive


def score_sentiment(segments: pd.DataFrame, features: np.ndarray, *, classifier: Classifier) -> pd.DataFrame:
    """Give every segment its probabilities of negative, neutral and positive.

    Args:
        segments: SEGMENTS, n rows.
        features: (n, k), aligned with `segments`.
        classifier: its labels are among negative, neutral, positive; one that it lacks gets 0.

    Returns:
        SENTIMENTS, n rows, in the order of `segments`.

    Raises:
        ValueError: when the classifier has other labels.
    """
    unknown = sorted(set(classifier.labels) - set(SENTIMENT_LABELS))
    if unknown or not classifier.labels:
        raise ValueError(
            f"sentiment classifier '{classifier.name}' has labels {', '.join(unknown) or 'none'}; expected "
            f"{', '.join(SENTIMENT_LABELS)}; map its names with label_names in settings.toml [sentiment]"
        )
    found = classifier.predict(segments["text"].tolist(), segments["language"].tolist(), features)
    shares = np.zeros((len(segments), len(SENTIMENT_LABELS)), np.float32)
    for column, label in enumerate(classifier.labels):
        shares[:, SENTIMENT_LABELS.index(label)] = found[:, column]
    shares[only_contacts(segments["text"])] = NO_FEELING
    return pd.DataFrame(
        {
            "segment_id": segments["segment_id"].to_numpy(),
            "sentiment": np.array(SENTIMENT_LABELS, dtype=object)[shares.argmax(axis=1)],
            "sentiment_score": shares[:, 2] - shares[:, 0],
            "negative_share": shares[:, 0],
            "neutral_share": shares[:, 1],
            "positive_share": shares[:, 2],
        }
    )
