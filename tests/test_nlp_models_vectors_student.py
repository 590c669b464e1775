"""nlp/models/vectors/student.py: a bag of n-grams, vectors, features, and the wide part beside them."""

import numpy as np
import pytest

from nlp.models.vectors.minilm_graph import WIDTH
from nlp.models.vectors.ngrams import BUCKETS
from nlp.models.vectors.student import Student, gelu, unit_rows
from nlp.models.vectors.wide import ROWS
from nlp.training.packing import pack_rows


@pytest.fixture(scope="module")
def student():
    rng = np.random.default_rng(0)

    def layer(out, into):
        return rng.normal(size=(out, into)).astype(np.float16)

    return Student(
        {
            **pack_rows(rng.normal(size=(BUCKETS, 8)), "bag", 4),
            "hidden.weight": layer(16, 8),
            "hidden.bias": np.zeros(16, np.float16),
            "out.weight": layer(WIDTH, 16),
            "out.bias": np.zeros(WIDTH, np.float16),
            "skip.weight": layer(WIDTH, 8),
            "trunk.weight": layer(5, 8 + WIDTH),
            "trunk.bias": np.zeros(5, np.float16),
            "wide.weight": rng.integers(-127, 128, (ROWS, 3)).astype(np.int8),
            "wide.scale": np.array([0.01], np.float32),
            "wide.bias": np.ones((2, 3), np.float32),
            "wide.languages": np.frombuffer(b"de,en", np.uint8),
        },
        threads=2,
    )


@pytest.mark.parametrize("texts", [[], [""], ["good", "", "快递"], ["word " * 40_000]])
def test_student_gives_a_finite_unit_vector_to_every_text(student, texts):
    vectors, features = student.encode(texts, ["und"] * len(texts))
    assert vectors.shape == (len(texts), WIDTH)
    assert features.shape == (len(texts), student.width) == (len(texts), 8)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_student_gives_the_same_row_in_any_batch(student):
    many = [f"comment number {'abcdefghij'[i % 10] * (i % 7)}" for i in range(1100)]
    together = student.encode(many, ["en"] * len(many))
    alone = student.encode([many[700]], ["en"])
    assert all(np.abs(a[[700]] - b).max() < 1e-5 for a, b in zip(together, alone, strict=True))


def test_student_reads_the_wide_part_in_the_language_of_the_text(student):
    _, features = student.encode(["die Rose"] * 3, ["en", "de", "th"])
    assert np.array_equal(features[0, :5], features[1, :5])
    assert not np.allclose(features[0, 5:], features[1, 5:])
    assert not features[2, 5:].any()


def test_unit_rows_gives_an_axis_for_a_row_of_zeros():
    assert unit_rows(np.zeros((1, 3), np.float32)).tolist() == [[1, 0, 0]]


def test_gelu_is_the_published_function():
    assert np.allclose(gelu(np.array([[-1.0, 0.0, 1.0]], np.float32)), [[-0.158655, 0, 0.841345]], atol=1e-5)
