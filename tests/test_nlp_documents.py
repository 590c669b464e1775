import dataclasses

import numpy as np
import pandas as pd
import pytest

from data.schema import DOCUMENTS, FEEDBACK
from nlp.documents import make_documents

GOOD, BAD, FLAT = [0.02, 0.08, 0.9], [0.9, 0.08, 0.02], [0.05, 0.9, 0.05]


def text_column(values):
    return pd.Series(values, dtype="str")


def feedback_of(texts, **more):
    frame = FEEDBACK.empty().to_pandas().reindex(range(len(texts)))
    frame["feedback_id"] = text_column([f"f{n}" for n in range(len(texts))])
    frame["text"] = text_column(texts)
    frame["source"], frame["source_kind"], frame["source_format"] = "a.csv", "review", "csv"
    frame["is_own"] = True
    for name, values in more.items():
        frame[name] = values
    return frame


def world_of(comments, aspects=(), **more):
    """One list of (text, shares, intent) per comment; aspects as (comment, category, score)."""
    rows = [(n, *one) for n, comment in enumerate(comments) for one in comment]
    feedback = feedback_of([" ".join(text for text, _, _ in comment) for comment in comments], **more)
    languages = pd.DataFrame(
        {"feedback_id": feedback["feedback_id"], "language": "en", "language_score": np.float32(0.9)}
    )
    ids = text_column([f"f{n}:{place}" for place, (n, *_) in enumerate(rows)])
    segments = pd.DataFrame(
        {
            "segment_id": ids,
            "feedback_id": text_column([f"f{n}" for n, *_ in rows]),
            "start": 0,
            "end": [len(text) for _, text, _, _ in rows],
        }
    )
    shares = np.array([felt for _, _, felt, _ in rows], dtype=np.float32).reshape(-1, 3)
    names = ["negative_share", "neutral_share", "positive_share"]
    sentiments = pd.DataFrame({"segment_id": ids, **dict(zip(names, shares.T, strict=True))})
    intents = pd.DataFrame({"segment_id": ids, "intent": text_column([intent for *_, intent in rows])})
    found = pd.DataFrame(
        {
            "feedback_id": text_column([f"f{n}" for n, _, _ in aspects]),
            "category": text_column([category for _, category, _ in aspects]),
            "category_score": np.array([score for *_, score in aspects], dtype=np.float32),
        }
    )
    return feedback, languages, segments, sentiments, found, intents


@pytest.fixture
def make(settings):
    def run(*args, **more):
        changes = more.pop("rules", {})
        rules = dataclasses.replace(settings["documents"], **changes)
        return make_documents(*world_of(*args, **more), rules=rules)

    return run


@pytest.mark.parametrize("rows", [0, 1, 2])
def test_make_documents_fills_its_table(make, rows):
    comments = [
        [("good food", GOOD, "praise")],
        [("bad food", BAD, "complaint"), ("good bed", GOOD, "praise")],
    ]
    documents = make(comments[:rows], [(n, "food_drink", 0.9) for n in range(rows)])
    assert DOCUMENTS.to_arrow(documents).num_rows == rows


@pytest.mark.parametrize(
    ("felt", "sentiment"),
    [
        ([GOOD], "positive"),
        ([BAD], "negative"),
        ([FLAT], "neutral"),
        ([GOOD, BAD], "neutral"),
        ([GOOD, GOOD, BAD], "positive"),
        ([FLAT, FLAT, BAD], "negative"),
    ],
)
def test_make_documents_weighs_feelings(make, felt, sentiment):
    documents = make([[("same length", one, "statement") for one in felt]])
    assert documents["sentiment"].tolist() == [sentiment]


def test_make_documents_shows_both_sides_of_a_mixed_comment(make):
    documents = make([[("good food", GOOD, "praise"), ("slow till", BAD, "complaint")]])
    assert documents["positive_share"][0] == pytest.approx(0.46, abs=0.01)
    assert documents["negative_share"][0] == pytest.approx(0.46, abs=0.01)
    assert documents["sentiment_score"][0] == pytest.approx(0, abs=1e-6)


def test_make_documents_gives_shares_that_sum_to_one(make):
    documents = make([[("a b", GOOD, "praise"), ("c", FLAT, "statement")], []])
    sums = documents[["negative_share", "neutral_share", "positive_share"]].sum(axis=1)
    np.testing.assert_allclose(sums, 1, atol=1e-6)


def test_make_documents_lets_a_longer_segment_say_more(make):
    documents = make([[("long " * 20, BAD, "complaint"), ("ok", GOOD, "praise")]])
    assert documents["sentiment"].tolist() == ["negative"]


def test_make_documents_is_neutral_about_a_comment_without_segments(make):
    documents = make([[], [("good", GOOD, "praise")]])
    assert documents["sentiment"].tolist() == ["neutral", "positive"]
    assert documents["neutral_share"][0] == pytest.approx(1 / 3)
    assert documents["intent"].tolist() == ["statement", "praise"]
    assert documents["categories"].tolist() == [[], []]


@pytest.mark.parametrize(
    ("intents", "leading"),
    [
        (["praise", "leaving", "complaint"], "leaving"),
        (["question", "complaint", "statement"], "complaint"),
        (["praise", "praise", "praise", "complaint"], "praise"),
        (["praise", "complaint"], "complaint"),
        (["praise", "suggestion"], "suggestion"),
        (["question", "suggestion"], "question"),
        (["statement", "praise"], "praise"),
        (["statement"], "statement"),
    ],
)
def test_make_documents_leads_with_what_needs_an_answer(make, intents, leading):
    feeling = {"praise": GOOD, "complaint": BAD, "leaving": BAD}
    documents = make([[("same length", feeling.get(intent, FLAT), intent) for intent in intents]])
    assert documents["intent"].tolist() == [leading]


def test_make_documents_lists_categories_strongest_first(make):
    aspects = [(0, "packaging", 0.6), (0, "shipping", 0.5), (0, "shipping", 0.5), (0, "information", 0.6)]
    documents = make([[("x", BAD, "complaint")]], aspects)
    assert documents["categories"].tolist() == [["shipping", "information", "packaging"]]


@pytest.mark.parametrize(
    ("aspects", "categories"),
    [
        ([(0, "other", 0.9), (0, "shipping", 0.5)], ["shipping"]),
        ([(0, "other", 0.9)], ["other"]),
        ([], []),
    ],
)
def test_make_documents_names_other_only_where_it_stands_alone(make, aspects, categories):
    assert make([[("x", BAD, "complaint")]], aspects)["categories"].tolist() == [categories]


def test_make_documents_keeps_the_order_and_the_columns_of_the_source(make):
    comments = [[("good", GOOD, "praise")], [("bad", BAD, "complaint")]]
    documents = make(
        comments, [(1, "shipping", 0.9)], rating=[5.0, 1.0], input_shop=text_column(["Rome", "Oslo"])
    )
    assert documents["feedback_id"].tolist() == ["f0", "f1"]
    assert documents["text"].tolist() == ["good", "bad"]
    assert documents["rating"].tolist() == [5.0, 1.0]
    assert documents["input_shop"].tolist() == ["Rome", "Oslo"]
    assert documents["categories"].tolist() == [[], ["shipping"]]


def test_make_documents_does_not_depend_on_the_index_of_feedback(settings):
    feedback, *others = world_of([[("good", GOOD, "praise")], [("bad", BAD, "complaint")]])
    shown = make_documents(feedback.set_index(pd.Index([7, 3])), *others, rules=settings["documents"])
    assert shown["sentiment"].tolist() == ["positive", "negative"]
    assert shown["text"].tolist() == ["good", "bad"]
