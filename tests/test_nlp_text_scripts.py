import numpy as np
import pytest

from nlp.text.scripts import SCRIPTS, count_scripts


@pytest.mark.parametrize(
    ("text", "script"),
    [
        ("très déçu", "latin"),
        ("التوصيل سريع", "arabic"),
        ("味道不错", "han"),
        ("とてもよい", "kana"),
        ("아주 좋아요", "hangul"),
        ("хорошо", "cyrillic"),
        ("πολύ καλό", "greek"),
        ("טוב מאוד", "hebrew"),
        ("बहुत अच्छा", "devanagari"),
        ("ดีมาก", "thai"),
        ("լավ", "other"),
    ],
)
def test_count_scripts_finds_the_script_of_letters(text, script):
    counts = count_scripts([text], 100)[0]
    assert SCRIPTS[counts.argmax()] == script
    assert np.count_nonzero(counts) == 1


@pytest.mark.parametrize("text", ["", " ", "12/10 !?", "👍👍🏽", "\x00\x07\ufffd", "\ud800"])
def test_count_scripts_sees_no_letters_where_none_are(text):
    assert count_scripts([text], 100).sum() == 0


def test_count_scripts_keeps_texts_apart():
    counts = count_scripts(["ab", "", "好", "abc"], 100)
    assert counts.argmax(axis=1).tolist() == [0, 0, SCRIPTS.index("han"), 0]
    assert counts[:, 0].tolist() == [6, 0, 0, 9]


def test_count_scripts_reads_no_more_than_told():
    assert count_scripts(["ab好"], 2)[0, SCRIPTS.index("han")] == 0


def test_count_scripts_lets_a_brand_name_stay_a_guest():
    counts = count_scripts(["iPhone 很好用"], 100)[0]
    assert SCRIPTS[counts.argmax()] == "han"


def test_count_scripts_takes_no_text():
    assert count_scripts([], 100).shape == (0, len(SCRIPTS))
