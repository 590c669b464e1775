"""BERTopic without the weight: what it loads, what it weighs, how it takes our clusterer."""

import importlib
import subprocess
import sys

import numpy as np
import pytest
from numpy.testing import assert_array_equal

from nlp.models.light import light_imports
from nlp.models.themes import topics as topic_models
from nlp.models.themes.clustering import LouvainClusterer, LouvainRules
from nlp.models.themes.topics import load_describer

HEAVY = ("hdbscan", "umap", "numba", "torch", "transformers", "sentence_transformers")


@pytest.fixture(scope="module")
def describer():
    return load_describer("bertopic", 10)


def test_bertopic_loads_without_numba_and_torch():
    code = f"""
import sys
from nlp.models.themes.topics import load_describer
load_describer('bertopic', 5).describe([['a b'], ['c']], [0, 1])
print(sorted(set(sys.modules) & set({HEAVY!r})))
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
    assert done.stderr == ""


def test_light_imports_hide_a_module_only_inside():
    with light_imports(frozenset({"this"})), pytest.raises(ModuleNotFoundError):
        importlib.import_module("this")
    assert importlib.util.find_spec("this") is not None


def test_describe_ranks_what_the_other_topics_lack(describer):
    documents = [["late delivery", "shop"]] * 3 + [["rude staff", "shop"]] * 3
    found = describer.describe(documents, [0, 0, 0, 1, 1, 1])
    assert [phrases[0][0] for phrases in found] == ["late delivery", "rude staff"]


def test_describe_keeps_every_alphabet(describer):
    found = describer.describe([["توصيل متأخر"], ["物流 慢"], ["opóźniona dostawa"]], [0, 1, 2])
    assert [phrases[0][0] for phrases in found] == ["توصيل متأخر", "物流 慢", "opóźniona dostawa"]


def test_describe_numbers_topics_as_given(describer):
    """BERTopic numbers topics by size; the larger topic here is the second."""
    found = describer.describe([["small"], ["large"], ["large"], ["large"]], [0, 1, 1, 1])
    assert [[phrase for phrase, _ in phrases] for phrases in found] == [["small"], ["large"]]


def test_describe_gives_nothing_for_a_topic_without_phrases(describer):
    assert describer.describe([[], ["word"]], [0, 1])[0] == []


@pytest.mark.parametrize(("documents", "topics"), [([], []), ([[]], [0])])
def test_describe_takes_no_documents(describer, documents, topics):
    assert describer.describe(documents, topics) == [[] for _ in documents]


def test_describe_gives_the_same_twice(describer):
    documents = [[f"word {i % 7}", f"other {i % 5}"] for i in range(60)]
    topics = [i % 3 for i in range(60)]
    assert describer.describe(documents, topics) == describer.describe(documents, topics)


def test_load_describer_says_what_it_knows():
    with pytest.raises(ValueError, match="unknown topic describer 'magic'; known: bertopic"):
        load_describer("magic", 5)


def test_our_clusterer_fits_bertopic():
    with light_imports(topic_models.HEAVY):
        from bertopic import BERTopic
        from bertopic.dimensionality import BaseDimensionalityReduction
    rules = LouvainRules(
        resolution=1.0, neighbours=5, sharpness=1.0, votes=3, spread=2.0, min_size=5, twins=0.3, seed=7
    )
    vectors = np.repeat(np.eye(4, dtype=np.float32)[:2], 20, axis=0)
    vectors[:, 3] = np.tile(np.linspace(0, 0.1, 4), 10)
    documents = ["late delivery courier"] * 20 + ["rude staff desk"] * 20
    model = BERTopic(
        language=None, umap_model=BaseDimensionalityReduction(), hdbscan_model=LouvainClusterer(rules)
    )
    topics, _ = model.fit_transform(documents, vectors)
    assert_array_equal(np.array(topics) == topics[0], np.arange(40) < 20)
    assert set(model.get_topic_info()["Topic"]) == {0, 1}
