"""flows/tasks/understanding.py: what is computed again, and what is not."""

import numpy as np
import pandas as pd
import pytest

import flows.tasks.understanding
from data.schema import EMBEDDINGS, SEGMENTS
from data.store import Store
from flows.engine.run import Run
from nlp.protocols import Encoded

PART = "0001-00001"


class Constant:
    """Gives every text the same vector, and counts its calls."""

    name = "constant"

    def __init__(self):
        self.calls = 0

    def encode(self, texts, languages):
        self.calls += 1
        rows = np.ones((len(texts), 1), np.float32)
        return Encoded(rows, rows)


@pytest.fixture
def store(tmp_path):
    store = Store(str(tmp_path))
    store.finish_ingest({"ingest": "0001", "parts": [PART]})
    row = {"segment_id": "f1:0", "feedback_id": "f1", "position": 0, "start": 0, "end": 4}
    row |= {"text": "fine", "language": "en", "text_id": "t1"}
    store.write(SEGMENTS, pd.DataFrame([row]), part=PART, stamp="segments")
    return store


def embed(store, settings):
    """Run the stage once, as a run of its own; give the calls of the encoder."""
    run, encoder = Run(store=store, settings=settings, inputs=[], as_of=None), Constant()
    run.model("encoder", lambda: encoder)
    flows.tasks.understanding.embed.fn(run)
    return encoder.calls


def test_embed_keeps_vectors_of_the_same_weights(store, settings):
    assert [embed(store, settings), embed(store, settings)] == [1, 0]


def test_embed_encodes_again_when_the_shipped_weights_change(store, settings, monkeypatch):
    embed(store, settings)
    before = store.stamp(EMBEDDINGS, PART)
    monkeypatch.setattr(flows.tasks.understanding, "weights_version", lambda: "newer")
    assert embed(store, settings) == 1
    assert store.stamp(EMBEDDINGS, PART) != before
