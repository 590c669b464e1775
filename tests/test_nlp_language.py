import dataclasses

import numpy as np
import pandas as pd
import pytest

from data.schema import LANGUAGES
from nlp.language import detect_languages


class Known:
    """Answers as told: `text` is "code score"."""

    def detect(self, texts):
        pairs = [text.split() for text in texts]
        return [code for code, _ in pairs], np.array([float(score) for _, score in pairs], dtype=np.float32)


def feedback_of(texts, declared=None, source="a.csv"):
    return pd.DataFrame(
        {
            "feedback_id": pd.Series([f"f{n}" for n in range(len(texts))], dtype="str"),
            "text": pd.Series(texts, dtype="str"),
            "source": pd.Series([source] * len(texts), dtype="str"),
            "declared_language": pd.Series([declared] * len(texts), dtype="str"),
        }
    )


@pytest.fixture
def detect(settings):
    def run(feedback, **changes):
        rules = dataclasses.replace(settings["language"], **changes)
        return detect_languages(feedback, detector=Known(), rules=rules)

    return run


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_detect_languages_fills_its_table(detect, rows):
    languages = detect(feedback_of(["en 0.9", "it 0.2", "und 0"][:rows]))
    assert LANGUAGES.to_arrow(languages).num_rows == rows


def test_detect_languages_believes_a_sure_detector_against_the_source(detect):
    languages = detect(feedback_of(["it 0.95"], declared="en"))
    assert languages["language"].tolist() == ["it"]
    assert languages["language_score"][0] == pytest.approx(0.95)


@pytest.mark.parametrize("declared", ["pl", "PL", "pl-PL", "pl_PL", " pl "])
def test_detect_languages_asks_the_source_where_it_is_not_sure(detect, declared):
    languages = detect(feedback_of(["de 0.3"], declared=declared))
    assert languages["language"].tolist() == ["pl"]


@pytest.mark.parametrize("declared", ["nl", "", "klingon", None])
def test_detect_languages_ignores_a_declared_language_it_does_not_know(detect, declared):
    assert detect(feedback_of(["de 0.6"], declared=declared))["language"].tolist() == ["de"]


@pytest.mark.parametrize(("found", "declared"), [("zh 0.6", "it"), ("en 0.6", "ar"), ("ar 0.6", "zh")])
def test_detect_languages_ignores_a_declared_language_of_another_script(detect, found, declared):
    assert detect(feedback_of([found], declared=declared))["language"].tolist() == [found[:2]]


def test_detect_languages_gives_a_text_without_letters_the_declared_language(detect):
    assert detect(feedback_of(["und 0"], declared="zh-CN"))["language"].tolist() == ["zh"]


def test_detect_languages_keeps_und_where_the_detector_is_sure_of_it(detect):
    languages = detect(feedback_of(["und 0.95"], declared="en"))
    assert languages["language"].tolist() == ["und"]
    assert languages["language_score"].tolist() == [0.0]


def test_detect_languages_follows_the_majority_of_the_source(detect):
    languages = detect(feedback_of(["it 0.9"] * 12 + ["en 0.9", "es 0.3"]))
    assert languages["language"].tolist() == ["it"] * 12 + ["en", "it"]


def test_detect_languages_keeps_sources_apart(detect):
    feedback = feedback_of(["it 0.9"] * 12 + ["es 0.6"])
    feedback.loc[12, "source"] = "b.csv"
    assert detect(feedback)["language"].tolist()[-1] == "es"


@pytest.mark.parametrize("texts", [["it 0.9"] * 3, ["it 0.9", "en 0.9"] * 6])
def test_detect_languages_sees_no_majority_in_few_or_mixed_comments(detect, texts):
    assert detect(feedback_of([*texts, "es 0.6"]))["language"].tolist()[-1] == "es"


def test_detect_languages_prefers_the_declared_language_to_the_majority(detect):
    feedback = feedback_of(["it 0.9"] * 12 + ["es 0.3"], declared=None)
    feedback.loc[12, "declared_language"] = "pt"
    assert detect(feedback)["language"].tolist()[-1] == "pt"


def test_detect_languages_says_und_when_nothing_helps(detect):
    languages = detect(feedback_of(["es 0.3"]))
    assert languages["language"].tolist() == ["und"]


def test_detect_languages_is_surer_when_the_source_agrees(detect):
    languages = detect(feedback_of(["pl 0.7", "pl 0.1"], declared="pl"))
    np.testing.assert_allclose(languages["language_score"], [0.7, 0.6], atol=1e-6)
