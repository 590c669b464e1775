import dataclasses
import re

import pandas as pd
import pytest

from data.schema import SEGMENTS
from nlp.models.language import load_detector
from nlp.models.splitters import PunctuationSplitter
from nlp.segment import cut_segments, make_text_id


@pytest.fixture(scope="module")
def detector(settings):
    return load_detector("lingua", settings["language"].max_characters, True)


@pytest.fixture
def cut(settings, detector):
    def run(texts, codes, **changes):
        ids = pd.Series([f"f{n}" for n in range(len(texts))], dtype="str")
        feedback = pd.DataFrame({"feedback_id": ids, "text": pd.Series(texts, dtype="str")})
        languages = pd.DataFrame({"feedback_id": ids, "language": pd.Series(codes, dtype="str")})
        rules = dataclasses.replace(settings["segment"], **changes)
        splitter = PunctuationSplitter(settings["clauses"], {})
        return cut_segments(feedback, languages, splitter=splitter, detector=detector, rules=rules)

    return run


@pytest.mark.parametrize("rows", [0, 1, 3])
def test_cut_segments_fills_its_table(cut, rows):
    segments = cut(["Good. Bad.", "", "味道不错，但是太慢了"][:rows], ["en", "und", "zh"][:rows])
    assert SEGMENTS.to_arrow(segments).num_rows == [0, 2, 2, 4][rows]


def test_cut_segments_numbers_the_segments_of_each_comment(cut):
    segments = cut(["Good. Bad.", "Fine"], ["en", "en"])
    assert segments["segment_id"].tolist() == ["f0:0", "f0:1", "f1:0"]
    assert segments["position"].tolist() == [0, 1, 0]


def test_cut_segments_points_into_the_text(cut):
    texts = ["👍 Great food but slow service!\nNever again 😡", "味道不错，但是太慢了"]
    segments = cut(texts, ["en", "zh"])
    for row in segments.itertuples():
        assert texts[int(row.feedback_id[1:])][row.start : row.end] == row.text


def test_cut_segments_keeps_the_language_of_the_comment(cut):
    segments = cut(["Great food but slow service. Super. Ok"], ["en"])
    assert set(segments["language"]) == {"en"}


@pytest.mark.parametrize(
    ("text", "code", "expected"),
    [
        ("The hotel was very nice and clean. 但是早餐太差了，我们不会再来了。", "en", ["en", "zh"]),
        ("الخدمة ممتازة جدا وسريعة. I will come back with my family soon.", "ar", ["ar", "en"]),
        ("Das Essen war sehr gut und heiß. Привет всем друзьям из отеля.", "de", ["de", "und"]),
    ],
)
def test_cut_segments_gives_segments_of_a_mixed_comment_their_own_language(cut, text, code, expected):
    assert cut([text], [code])["language"].tolist() == expected


def test_cut_segments_notices_a_long_comment_that_changes_its_language(cut):
    english = "The room was lovely and the staff were very kind to us when we arrived. " * 4
    italian = "La camera era bellissima e il personale è stato molto gentile con noi. " * 4
    languages = cut([english + italian], ["en"])["language"].tolist()
    assert languages == ["en"] * 4 + ["it"] * 4


def test_cut_segments_puts_the_rest_of_a_huge_comment_in_the_last_segment(cut):
    text = "Good. " * 50
    segments = cut([text], ["en"], max_segments=10)
    assert len(segments) == 10
    assert segments["text"].tolist()[-1] == text[54:].strip()


def test_cut_segments_gives_equal_texts_of_one_language_one_id(cut):
    segments = cut(["Never again. Good", "Never again.", "Never again."], ["en", "en", "it"])
    ids = segments["text_id"].tolist()
    assert ids[0] == ids[2]
    assert ids[3] != ids[0]


def test_make_text_id_is_the_same_on_every_machine():
    assert make_text_id("味道不错", "zh") == "4d0ee1e3e60cf2433e68d9ad5f8bd92a"


def test_make_text_id_takes_any_text():
    assert re.fullmatch("[0-9a-f]{32}", make_text_id("\ud800", "und"))
