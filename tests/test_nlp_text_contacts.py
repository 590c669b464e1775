"""What is only a way to be reached carries no feeling and no category."""

import numpy as np
import pandas as pd
import pytest

from nlp.sentiment import score_sentiment
from nlp.text.contacts import only_contacts


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Tel. [PHONE]", True),
        ("Bestellung Nr [ORDER].", True),
        ("[EMAIL]", True),
        ("电话 [PHONE]", True),
        ("هاتف: [PHONE]", True),
        ("Terrible", False),
        ("Terrible service, call me: [PHONE]", False),
        ("质量太差了，退货 [ORDER]", False),
        ("the parcel [ORDER] never came", False),
        ("", False),
    ],
)
def test_contacts_are_told_from_opinions(text, expected):
    assert only_contacts(pd.Series([text])).tolist() == [expected]


def test_of_nothing_nothing_is_a_contact():
    assert only_contacts(pd.Series([], dtype=str)).shape == (0,)


class Delighted:
    """Finds everything positive."""

    name = "delighted"
    labels = ("negative", "neutral", "positive")

    def predict(self, texts, languages, features):
        return np.tile(np.float32([0.0, 0.1, 0.9]), (len(texts), 1))


def test_a_contact_has_no_feeling():
    segments = pd.DataFrame(
        {"segment_id": ["a:0", "a:1"], "text": ["Tel. [PHONE]", "Great"], "language": "de"}
    )
    found = score_sentiment(segments, np.zeros((2, 1), np.float32), classifier=Delighted())
    assert found["sentiment"].tolist() == ["neutral", "positive"]
    assert found.loc[0, "neutral_share"] == 1.0
