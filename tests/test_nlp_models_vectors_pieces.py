"""nlp/models/vectors/pieces.py: tokens of any language as bags of n-grams."""

import numpy as np
import pytest

from nlp.models.vectors.pieces import LONGEST_WORD, read_pieces


@pytest.mark.parametrize(
    ("text", "count"),
    [
        ("", 0),
        ("  \n ", 0),
        ("La consegna è arrivata", 4),
        ("ok!!", 2),
        ("好吃👍👍", 3),
        ("...", 0),
        ("\ud800", 0),
        ("ż" * (2 * LONGEST_WORD + 1), 1),  # repeated letters are two
        ("ราคาแพงมากและช้าเกินไปมากจริง", 2),
    ],
)
def test_read_pieces_cuts_words_ideographs_and_signs(text, count):
    assert read_pieces([text]).counts.tolist() == [count]


def test_read_pieces_knows_one_word_again_in_any_text_and_batch():
    one, other = read_pieces(["Late parcel!", "late"]), read_pieces(["so LATE"])
    assert one.kinds[0] == one.kinds[3]
    assert one.keys[one.kinds[0]] == other.keys[other.kinds[1]]
    same = one.ngrams[one.kinds[0]] - other.ngrams[other.kinds[1]]
    assert not np.abs(same).max()


def test_read_pieces_tells_an_ideograph_by_its_neighbours():
    pieces = read_pieces(["好吃", "不好"])
    first, second = pieces.kinds[0], pieces.kinds[3]
    assert pieces.keys[first] != pieces.keys[second]
    shared = pieces.ngrams[first].multiply(pieces.ngrams[second])
    assert shared.nnz == 1


def test_read_pieces_gives_like_words_like_ngrams():
    pieces = read_pieces(["delivery deliveries zupa"])
    like, near, far = (pieces.ngrams[k] for k in pieces.kinds)
    assert (like @ near.T).toarray()[0, 0] > 0.3
    assert (like @ far.T).toarray()[0, 0] < 0.1
    assert np.allclose(pieces.ngrams.power(2).sum(axis=1), 1, atol=1e-5)


def test_read_pieces_gives_nothing_for_no_text():
    pieces = read_pieces([])
    assert pieces.counts.size == pieces.kinds.size == pieces.ngrams.shape[0] == 0
