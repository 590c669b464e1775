"""nlp/training/stack.py: how far each part of the features is trusted."""

import numpy as np
import pytest

from nlp.training.stack import Part, stack_categories, stack_sentiment


@pytest.fixture
def truth():
    return np.random.default_rng(0).integers(0, 3, 900)


def part(truth, strength, seed):
    rng = np.random.default_rng(seed)
    features = rng.normal(size=(len(truth), 3)).astype(np.float32)
    features[np.arange(len(truth)), truth] += strength
    return Part(features, np.eye(3, dtype=np.float32), np.zeros(3, np.float32))


def test_stack_sentiment_trusts_the_part_that_knows(truth):
    parts = [part(truth, 2.0, 1), part(truth, 0.0, 2)]
    weight, bias, shares = stack_sentiment(parts, truth, np.ones(len(truth)))
    assert shares[0] > 5 * shares[1]
    logits = np.concatenate([p.features for p in parts], axis=1) @ weight.T + bias
    assert (logits.argmax(axis=1) == truth).mean() > 0.75


def test_stack_sentiment_does_better_with_both_than_with_one(truth):
    parts = [part(truth, 1.2, 1), part(truth, 1.2, 2)]
    weight, bias, _ = stack_sentiment(parts, truth, np.ones(len(truth)))
    logits = np.concatenate([p.features for p in parts], axis=1) @ weight.T + bias
    alone = parts[0].logits()
    assert (logits.argmax(axis=1) == truth).mean() > (alone.argmax(axis=1) == truth).mean() + 0.05


def test_stack_sentiment_reads_no_text_of_unknown_sentiment(truth):
    parts = [part(truth, 1.5, 1)]
    known = np.where(np.arange(len(truth)) < 600, truth, -1)
    wrong = np.where(np.arange(len(truth)) < 600, 1.0, 1e6)
    one, two = (stack_sentiment(parts, known, w)[0] for w in (np.ones(len(truth)), wrong))
    assert np.allclose(one, two, atol=1e-3)


def test_stack_categories_reads_only_where_annotators_looked(truth):
    labels = np.eye(3)[truth]
    known = np.zeros(labels.shape, bool)
    known[:, :2] = True
    parts = [part(truth, 2.0, 1), part(truth, 0.0, 2)]
    weight, bias, shares = stack_categories(parts, labels, known, np.ones(len(truth)))
    assert weight.shape == (3, 6)
    assert bias.shape == (3,)
    assert shares[0] > 3 * shares[1]
