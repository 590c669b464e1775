"""nlp/models/vectors/contextual.py: MiniLM's body with other weights, for wordpieces and for pieces."""

import numpy as np
import pytest

from nlp.models.vectors.contextual import Contextual, unpack_body
from nlp.models.vectors.minilm import MiniLM, load_minilm
from nlp.models.vectors.ngrams import BUCKETS
from nlp.training.contextual.net import body_tensors, make_body, make_top
from nlp.training.export import pack_contextual

TEXTS = [
    "The courier lost my parcel.",
    "Kurier zgubił paczkę",
    "",
    "快递丢了",
    "x" * 50_000,
    "\ud800",
    "ok " * 400,
]
PLAIN = ["My order is late again.", "Lovely staff, thank you"]
LANGUAGES = ["en", "pl", "und", "zh", "en", "und", "fr"]


@pytest.fixture(scope="module")
def packed():
    """Weights as they are before any training: MiniLM itself, and n-grams that mean something at random."""
    base = load_minilm()
    rng = np.random.default_rng(0)
    words = {
        "rows": rng.normal(size=(BUCKETS, 4)).astype(np.float32),
        "axes": rng.normal(size=(384, 4)).astype(np.float32) * 0.02,
        "bias": np.zeros(384, np.float32),
    }
    top = {name: tensor.numpy() for name, tensor in make_top(2).state_dict().items()}
    tensors = pack_contextual(words, body_tensors(make_body(base)), top, base)
    exact = Contextual(tensors, threads=1, exact=True)
    ranges = exact.measure_ranges(TEXTS[:5] + PLAIN, LANGUAGES[:5] + ["en"] * len(PLAIN))
    return tensors | {f"range.{site}": largest for site, largest in ranges.items()}


@pytest.mark.models
def test_unpack_body_gives_back_what_was_packed(packed):
    base = load_minilm()
    body = unpack_body(packed, base)
    name = "encoder.layer.3.intermediate.dense.weight"
    assert np.abs(body[name] - base[name]).max() < 2e-3
    assert "embeddings.word_embeddings.weight" not in body


@pytest.mark.models
def test_contextual_before_training_reads_english_as_minilm_does(packed):
    exact, rounded = (Contextual(packed, threads=1, exact=exact) for exact in (True, False))
    vectors = exact.encode(PLAIN, ["en", "en"])[0]
    assert ((vectors * MiniLM(threads=1).encode(PLAIN)).sum(axis=1) > 0.999).all()
    assert ((vectors * rounded.encode(PLAIN, ["en", "en"])[0]).sum(axis=1) > 0.95).all()


@pytest.mark.models
def test_contextual_gives_a_text_the_same_row_in_any_batch(packed):
    encoder = Contextual(packed, threads=2)
    vectors, features = encoder.encode(TEXTS * 3, LANGUAGES * 3)
    assert np.isfinite(features).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)
    for i, (text, language) in enumerate(zip(TEXTS, LANGUAGES, strict=True)):
        alone = encoder.encode([text], [language])
        assert np.abs(alone[0][0] - vectors[i]).max() < 1e-4
        assert np.abs(alone[1][0] - features[i]).max() < 1e-3


@pytest.mark.models
@pytest.mark.parametrize(("one", "other"), [("Room 9 😊", "Room 9 😤"), ("They said طيب", "They said سيئ")])
def test_contextual_reads_in_english_what_minilm_does_not_know(packed, one, other):
    vectors, _ = Contextual(packed, threads=1).encode([one, other, one], ["en"] * 3)
    assert vectors[0] @ vectors[1] < 0.9999
    assert np.array_equal(vectors[0], vectors[2])


@pytest.mark.models
def test_contextual_gives_no_row_for_no_text(packed):
    vectors, features = Contextual(packed, threads=1).encode([], [])
    assert vectors.shape == (0, 384)
    assert features.shape[0] == 0
