"""nlp/sentiment.py: probabilities per segment."""

import numpy as np
import pandas as pd
import pytest

from data.schema import SENTIMENTS
from nlp.sentiment import score_sentiment


class Fixed:
    """Gives the features back as probabilities."""

    name = "fixed"

    def __init__(self, labels):
        self.labels = labels

    def predict(self, texts, languages, features):
        return features


@pytest.fixture
def segments():
    return pd.DataFrame({"segment_id": ["a:0", "b:0"], "text": ["no", "yes"], "language": ["en", "en"]})


SHARES = np.array([[0.7, 0.2, 0.1], [0.1, 0.1, 0.8]], np.float32)
LABELS = ("negative", "neutral", "positive")


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_score_sentiment_fills_its_table(segments, rows):
    found = score_sentiment(segments.head(rows), SHARES[:rows], classifier=Fixed(LABELS))
    assert SENTIMENTS.to_arrow(found).num_rows == rows


def test_score_sentiment_gives_label_and_balance(segments):
    found = score_sentiment(segments, SHARES, classifier=Fixed(LABELS))
    assert found["sentiment"].tolist() == ["negative", "positive"]
    assert found["sentiment_score"].tolist() == pytest.approx([-0.6, 0.7])


def test_score_sentiment_reorders_the_labels_of_a_classifier(segments):
    found = score_sentiment(segments, SHARES[:, ::-1].copy(), classifier=Fixed(LABELS[::-1]))
    assert found["sentiment"].tolist() == ["negative", "positive"]


def test_score_sentiment_gives_0_to_a_label_that_the_classifier_lacks(segments):
    shares = np.array([[0.9, 0.1], [0.2, 0.8]], np.float32)
    found = score_sentiment(segments, shares, classifier=Fixed(("negative", "positive")))
    assert found["neutral_share"].tolist() == [0, 0]


@pytest.mark.parametrize("labels", [("LABEL_0", "LABEL_1"), ()])
def test_score_sentiment_refuses_foreign_labels(segments, labels):
    with pytest.raises(ValueError, match="label_names"):
        score_sentiment(segments, SHARES, classifier=Fixed(labels))
