"""nlp/models/student.py: a bag of n-grams, vectors, features."""

import numpy as np
import pytest

from nlp.models.ngrams import BUCKETS
from nlp.models.student import Student, gelu, unit_rows


@pytest.fixture(scope="module")
def student():
    rng = np.random.default_rng(0)

    def layer(out, into):
        return rng.normal(size=(out, into)).astype(np.float16)

    return Student(
        {
            "bag.weight": rng.integers(-127, 128, (BUCKETS, 8)).astype(np.int8),
            "bag.scale": np.full(BUCKETS, 0.01, np.float16),
            "hidden.weight": layer(16, 8),
            "hidden.bias": np.zeros(16, np.float16),
            "out.weight": layer(12, 16),
            "out.bias": np.zeros(12, np.float16),
            "skip.weight": layer(12, 8),
            "trunk_english.weight": layer(5, 20),
            "trunk_english.bias": np.zeros(5, np.float16),
            "trunk_student.weight": layer(5, 20),
            "trunk_student.bias": np.ones(5, np.float16),
        },
        threads=2,
    )


@pytest.mark.parametrize("texts", [[], [""], ["good", "", "快递"], ["word " * 40_000]])
def test_student_gives_a_finite_unit_vector_to_every_text(student, texts):
    vectors = student.vectors(student.bags(texts))
    assert vectors.shape == (len(texts), 12)
    assert np.isfinite(vectors).all()
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-5)


def test_student_gives_the_same_vector_in_any_batch(student):
    many = [f"comment number {'abcdefghij'[i % 10] * (i % 7)}" for i in range(1100)]
    assert np.array_equal(student.bags(many)[[700]], student.bags([many[700]]))


def test_student_reads_features_through_the_named_trunk(student):
    bags = student.bags(["fine"])
    vectors = student.vectors(bags)
    english, other = (student.features(bags, vectors, trunk) for trunk in ("english", "student"))
    assert english.shape == other.shape == (1, 5)
    assert not np.allclose(english, other)


def test_unit_rows_gives_an_axis_for_a_row_of_zeros():
    assert unit_rows(np.zeros((1, 3), np.float32)).tolist() == [[1, 0, 0]]


def test_gelu_is_the_published_function():
    assert np.allclose(gelu(np.array([[-1.0, 0.0, 1.0]], np.float32)), [[-0.158655, 0, 0.841345]], atol=1e-5)
