"""Letters alone tell copies: case, accents, signs, digits and drawn-out letters do not."""

import unicodedata

import pytest

from data.identify.fingerprints import bare_texts


@pytest.mark.parametrize(
    ("text", "letters"),
    [
        ("Sooo GOOD!!", "sogod"),
        ("Zażółć gęślą", "zazołcgesla"),
        ("ﬁne Straße İstanbul", "finestraßeistanbul"),
        ("很好,很好!", "很好很好"),
        ("好好吃", "好吃"),
        ("ahoj\nahoj", "ahojahoj"),
        ("write to [EMAIL] or [PHONE]", "writetor"),
        ("12:30 !!", ""),
        ("", ""),
        ("한글", "한글"),
    ],
)
def test_texts_are_reduced_to_their_letters(text, letters):

    (found,) = bare_texts([text])
    assert unicodedata.normalize("NFC", found) == letters


def test_each_text_is_reduced_by_itself():
    texts = ["a.a", "", "ﬁ", "b\nb", "Ä"] * 3
    assert bare_texts(texts) == [bare_texts([one])[0] for one in texts]
