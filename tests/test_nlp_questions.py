"""A short answer is read with its question; in nine languages."""

import dataclasses

import numpy as np
import pandas as pd
import pytest

from data.cleaning.answers import answer_kind, question_side
from data.schema import SENTIMENTS
from nlp.questions import read_with_questions

LIKED = {
    "en": "What did you like most?", "it": "Cosa ti è piaciuto di più?", "pl": "Co się Państwu podobało?",
    "ar": "ما الذي أعجبك؟", "zh": "您最喜欢什么？", "es": "¿Qué es lo que más le gustó?",
    "de": "Was hat Ihnen gut gefallen?", "fr": "Qu'avez-vous aimé ?", "pt": "Do que você mais gostou?",
}  # fmt: skip
DISLIKED = {
    "en": "What did you like least?", "it": "Cosa non ti è piaciuto?", "pl": "Co się Panu nie podobało?",
    "ar": "ما الذي لم يعجبك؟", "zh": "您不喜欢什么？", "es": "¿Qué no le gustó?",
    "de": "Was hat Ihnen nicht gefallen?", "fr": "Qu'est-ce qui ne vous a pas plu ?",
    "pt": "Do que você não gostou?",
}  # fmt: skip
IMPROVE = {
    "en": "How could we improve?", "it": "Cosa potremmo migliorare?", "pl": "Co możemy poprawić?",
    "ar": "ما الذي يمكننا تحسينه؟", "zh": "我们有哪些地方可以改进？", "es": "¿Qué podríamos mejorar?",
    "de": "Was können wir verbessern?", "fr": "Que pourrions-nous améliorer ?",
    "pt": "O que podemos melhorar?",
}  # fmt: skip
NOTHING = dict(
    en="Nothing",
    it="Niente!",
    pl="Nic",
    ar="لا شيء",
    zh="没有",
    es="nada",
    de="Nichts.",
    fr="Rien",
    pt="Nada",
)
EVERYTHING = dict(
    en="Everything",
    it="Tutto",
    pl="wszystko",
    ar="كل شيء",
    zh="全部",
    es="Todo",
    de="Alles!",
    fr="tout",
    pt="Tudo",
)
BOTH = "What do you like and what should we improve?"


def read(text, question, settings, shares=(0.2, 0.6, 0.2)):
    ids = pd.Series(["f1"])
    segments = pd.DataFrame({"feedback_id": ids, "segment_id": ["f1:0"]})
    names = ("negative_share", "neutral_share", "positive_share")
    values = {name: np.float32([share]) for name, share in zip(names, shares, strict=True)}
    score = np.float32([shares[2] - shares[0]])
    before = pd.DataFrame(
        {"segment_id": ["f1:0"], "sentiment": "neutral", "sentiment_score": score, **values}
    )
    answers = pd.DataFrame(
        {"feedback_id": ids, "text": [text], "side": [question_side(question)], "kind": [answer_kind(text)]}
    )
    after = read_with_questions(segments, before, answers, rules=settings["questions"])
    SENTIMENTS.to_arrow(after)
    assert after[list(names)].to_numpy().sum() == pytest.approx(1, abs=1e-5)
    return after["sentiment"].iloc[0]


@pytest.mark.parametrize("language", LIKED)
def test_question_side_knows_praise_from_faults(language):
    sides = [question_side(one[language]) for one in (LIKED, DISLIKED, IMPROVE)]
    assert sides == [1, -1, -1]


@pytest.mark.parametrize("question", [None, "", "FFT Why?", BOTH, "How satisfied are you?", "Any comments?"])
def test_question_side_is_open_where_both_answers_are(question):
    assert question_side(question) == 0


@pytest.mark.parametrize("language", NOTHING)
def test_nothing_is_praise_or_blame_by_its_question(settings, language):
    asked = [one[language] for one in (IMPROVE, DISLIKED, LIKED)]
    found = [read(NOTHING[language], question, settings) for question in asked]
    assert found == ["positive", "positive", "negative"]


@pytest.mark.parametrize("language", EVERYTHING)
def test_everything_is_praise_or_blame_by_its_question(settings, language):
    found = [read(EVERYTHING[language], one[language], settings) for one in (IMPROVE, LIKED)]
    assert found == ["negative", "positive"]


@pytest.mark.parametrize(("question", "sentiment"), [(DISLIKED, "negative"), (LIKED, "positive")])
@pytest.mark.parametrize("text", ["the delivery", "配送"])
def test_a_topic_alone_takes_the_side_of_its_question_when_asked_to(settings, text, question, sentiment):
    rules = {"questions": dataclasses.replace(settings["questions"], moved_share=0.6)}
    assert read(text, question["en"], rules) == sentiment


@pytest.mark.parametrize("question", [DISLIKED, LIKED])
def test_a_topic_alone_stays_neutral_by_default(settings, question):
    assert read("the delivery", question["en"], settings) == "neutral"


@pytest.mark.parametrize(
    ("text", "shares"),
    [
        ("we got the parcel on a Monday in the end, as the card had said it would", (0.2, 0.6, 0.2)),
        ("excellent", (0.02, 0.08, 0.9)),
        ("x" * 2000, (0.2, 0.6, 0.2)),
    ],
    ids=["long", "sure", "endless"],
)
def test_answers_that_say_how_they_feel_stay(settings, text, shares):
    wanted = ("negative", "neutral", "positive")[int(np.argmax(shares))]
    assert read(text, IMPROVE["en"], settings, shares) == wanted


def test_comments_without_a_question_stay_as_they_are(settings):
    assert read("the delivery", None, settings) == "neutral"
