"""nlp/models/vectors/ngrams.py: texts to hashed n-grams."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from nlp.models.vectors.ngrams import BUCKETS, hash_ngrams


def dense(text):
    return hash_ngrams([text]).toarray()[0]


@pytest.mark.parametrize("text", ["", " ", "\x00", "...", "\n\n", "\u200b"])
def test_hash_ngrams_gives_an_empty_row_to_a_text_without_letters(text):
    assert hash_ngrams([text]).nnz == 0


@pytest.mark.parametrize(
    "text", ["a", "好", "👍", "!", "Dobra obsługa", "الشحن تأخر", "快递丢了", "\ud800x", "न"]
)
def test_hash_ngrams_gives_rows_of_length_one(text):
    matrix = hash_ngrams([text])
    assert matrix.shape == (1, BUCKETS)
    assert np.isclose((matrix.data**2).sum(), 1.0, atol=1e-5) or matrix.nnz == 0


@pytest.mark.parametrize("count", [0, 1, 3])
def test_hash_ngrams_keeps_the_number_of_texts(count):
    assert hash_ngrams(["ok fine"] * count).shape == (count, BUCKETS)


@given(st.lists(st.text(max_size=60), max_size=6), st.text(max_size=60))
def test_hash_ngrams_gives_a_text_the_same_row_whatever_stands_around_it(others, text):
    among = hash_ngrams([*others, text, *others])[len(others)]
    assert (among != hash_ngrams([text])[0]).nnz == 0


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("Great Service", "great service"),
        ("sooooo slow", "soooooooo slow"),
        ("opóźnienie", "opoznienie"),
        ("łódź", "lodz"),
        ("الشَّحْن", "الشحن"),
        ("code 1234", "code 9876"),
        ("see https://example.com/x?y=1", "see "),
        ("fast,delivery", "fast delivery"),
        ("caffè", "caffe\u0300"),
    ],
)
def test_hash_ngrams_reads_spelling_variants_alike(one, other):
    assert np.array_equal(dense(one), dense(other))


@pytest.mark.parametrize(
    ("one", "other"), [("not good", "good not"), ("bad", "dab"), ("好", "坏"), ("👍", "👎")]
)
def test_hash_ngrams_tells_texts_apart(one, other):
    assert not np.array_equal(dense(one), dense(other))


def test_hash_ngrams_reads_both_ends_of_a_very_long_text():
    long = "x " * 50_000
    assert not np.array_equal(dense(long + "terrible"), dense(long + "wonderful"))


def test_hash_ngrams_survives_code_points_beyond_the_tables():
    assert hash_ngrams(["𠮷野家" + chr(0x2F800) + chr(0x10FFFF)]).nnz > 0
