"""nlp/embed.py: one pass per distinct text."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from data.schema import EMBEDDINGS
from nlp.embed import embed_texts
from nlp.protocols import Encoded


class Lengths:
    """Encodes a text as its length, and counts what it was asked."""

    name = "lengths"

    def __init__(self, broken=False):
        self.seen = []
        self.broken = broken

    def encode(self, texts, languages):
        self.seen += list(zip(texts, languages, strict=True))
        rows = np.array([[len(t), 1.0] for t in texts], np.float32)
        if self.broken:
            rows[0, 0] = np.nan
        return Encoded(rows / np.linalg.norm(rows, axis=1, keepdims=True), rows)


@pytest.fixture
def segments():
    return pd.DataFrame(
        {
            "segment_id": ["f1:0", "f1:1", "f2:0"],
            "text": ["late", "good food", "late"],
            "language": ["en", "en", "en"],
            "text_id": ["t1", "t2", "t1"],
        }
    )


def test_embed_texts_encodes_each_distinct_text_once(segments):
    encoder = Lengths()
    table = embed_texts(segments, pa.array([], pa.string()), encoder=encoder)
    assert encoder.seen == [("late", "en"), ("good food", "en")]
    assert table["text_id"].to_pylist() == ["t1", "t2"]
    assert table.schema.names == EMBEDDINGS.columns.names


def test_embed_texts_leaves_out_what_is_known(segments):
    encoder = Lengths()
    table = embed_texts(segments, pa.array(["t1"]), encoder=encoder)
    assert encoder.seen == [("good food", "en")]
    assert table["text_id"].to_pylist() == ["t2"]


@pytest.mark.parametrize("known", [["t1", "t2"], ["t1", "t2", "t9"]])
def test_embed_texts_does_not_call_the_encoder_when_all_is_known(segments, known):
    encoder = Lengths()
    assert embed_texts(segments, pa.array(known), encoder=encoder).num_rows == 0
    assert encoder.seen == []


def test_embed_texts_of_no_segment_is_an_empty_table(segments):
    assert embed_texts(segments.head(0), pa.array([], pa.string()), encoder=Lengths()).num_rows == 0


def test_embed_texts_refuses_an_encoder_that_gives_nan(segments):
    with pytest.raises(ValueError, match="encoder 'lengths' gave vectors"):
        embed_texts(segments, pa.array([], pa.string()), encoder=Lengths(broken=True))
