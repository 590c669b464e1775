import numpy as np
import pandas as pd
import pytest

from data.schema import INTENTS
from nlp.intent import judge_intents
from nlp.models.judges.intents import load_intent_classifier
from nlp.protocols import Encoded


def tables_of(texts, shares):
    ids = pd.Series([f"f{n}:0" for n in range(len(texts))], dtype="str")
    segments = pd.DataFrame(
        {
            "segment_id": ids,
            "text": pd.Series(texts, dtype="str"),
            "language": pd.Series(["en"] * len(texts), dtype="str"),
        }
    )
    values = np.array(shares, dtype=np.float32).reshape(-1, 3)
    names = ["negative_share", "neutral_share", "positive_share"]
    return segments, pd.DataFrame({"segment_id": ids, **dict(zip(names, values.T, strict=True))})


@pytest.fixture(scope="module")
def classifier(settings):
    return load_intent_classifier(settings["intent"])


class Head:
    """Knows every intent from the features."""

    name = "head"
    labels = ("praise", "complaint", "leaving")

    def predict(self, texts, languages, features):
        return features


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_judge_intents_fills_its_table(classifier, rows):
    shares = [[0.2, 0.3, 0.5]] * rows
    intents = judge_intents(*tables_of(["Good", "How much is it?", ""][:rows], shares), classifier=classifier)
    assert INTENTS.to_arrow(intents).num_rows == rows


@pytest.mark.parametrize(
    ("text", "shares", "intent"),
    [
        ("The courier came on Monday", [0.1, 0.8, 0.1], "statement"),
        ("The courier was kind", [0.0, 0.1, 0.9], "praise"),
        ("The courier was rude", [0.9, 0.1, 0.0], "complaint"),
        ("I will cancel my account", [0.9, 0.1, 0.0], "leaving"),
        ("I am so happy about switching to you", [0.0, 0.1, 0.9], "praise"),
        ("Is it open on Sundays?", [0.2, 0.7, 0.1], "question"),
        ("You should open earlier", [0.5, 0.4, 0.1], "suggestion"),
    ],
)
def test_judge_intents_joins_words_and_feeling(classifier, text, shares, intent):
    intents = judge_intents(*tables_of([text], [shares]), classifier=classifier)
    assert intents["intent"].tolist() == [intent]


def test_judge_intents_believes_a_head_that_knows_complaint():
    features = np.array([[0.2, 0.7, 0.1]], np.float32)
    encoded = Encoded(vectors=features, features=features)
    intents = judge_intents(*tables_of(["x"], [[0, 0, 1]]), encoded, classifier=Head())
    assert intents["intent"].tolist() == ["complaint"]
    assert intents["intent_score"][0] == pytest.approx(0.7)


def test_judge_intents_refuses_labels_that_are_no_intents():
    head = Head()
    head.labels = ("praise", "anger")
    with pytest.raises(ValueError, match="'head' has labels that are no intents: anger"):
        judge_intents(*tables_of(["x"], [[0, 0, 1]]), classifier=head)
