"""nlp/training: labels translated, folds kept apart, a tiny student trained, weights written."""

import numpy as np
import pandas as pd
import pytest

from nlp.models.vectors.ngrams import hash_ngrams
from nlp.models.vectors.packing import unpack_rows
from nlp.taxonomy import load_taxonomy
from nlp.training import student
from nlp.training.calibrate import even_weights, find_temperature, find_thresholds
from nlp.training.material import corpus, phrases
from nlp.training.packing import pack_rows

CATEGORIES = ("shipping", "food_drink")


def test_fold_of_keeps_copies_of_a_text_together():
    assert corpus.fold_of("Late  again") == corpus.fold_of("late again")
    share = np.mean([corpus.fold_of(f"text {i}") == corpus.DEVELOP for i in range(2000)])
    assert 0.09 < share < 0.15


def test_load_mapping_names_only_categories_of_the_taxonomy():
    known = {*load_taxonomy().ids, "other", "drop"}
    for name, rules in corpus.load_mapping().items():
        targets = {t.removeprefix("~") for rule in rules["labels"] for t in rule[1:]}
        assert targets | {*rules["covers"], *rules["unsure"]} <= known, name
        assert rules["labels"][-1][0] == "*", name


@pytest.mark.parametrize(
    ("labels", "expected"),
    [
        (["Food#Quality"], (["food_drink"], [], True)),
        ([], ([], [], True)),
        (["unclear"], ([], [], False)),
        (["place"], ([], ["shipping"], True)),
        (["place", "delivery"], (["shipping"], [], True)),
    ],
)
def test_translate_follows_the_first_rule_that_fits(labels, expected):
    rules = [
        ["food*", "food_drink"],
        ["unclear", "drop"],
        ["delivery", "shipping"],
        ["*", "other", "~shipping"],
    ]
    assert corpus.translate(labels, rules) == expected


def test_grouped_joins_the_rows_of_one_sentence():
    rows = pd.DataFrame(
        {
            "text": ["good food", "good food", "slow"],
            "lang": ["en"] * 3,
            "sentence_id": ["s1", "s1", "s2"],
            "category": ["food", "service", None],
            "label_sentiment": ["positive", "negative", None],
        }
    )
    frame = corpus.grouped(rows, "mams_acsa", ["sentence_id", "lang"])
    assert frame["labels"].tolist() == [["customer_service", "food_drink"], []]
    assert frame["sentiment"].isna().all()


def test_lexicon_rows_are_complete_in_every_language():
    rows = phrases.lexicon_rows()
    assert rows["text"].str.strip().str.len().min() > 0
    assert rows.groupby("lang").size().nunique() == 1
    assert set(rows["labels"].explode().dropna()) == set(load_taxonomy().ids)


def test_joined_rows_hold_the_labels_of_both_halves():
    rows = phrases.lexicon_rows()
    joined = phrases.joined_rows(rows[rows["lang"].isin(["en", "zh"])], 30, 1)
    assert len(joined) == 60
    assert joined["labels"].str.len().max() == 2
    assert (
        phrases.joined_rows(rows, 5, 1)["text"].tolist() == phrases.joined_rows(rows, 5, 1)["text"].tolist()
    )


def test_weak_labels_come_from_keywords_and_say_nothing_else():
    rows = pd.DataFrame(
        {
            "text": ["Kurier był miły", "nic", "快递很慢", "the courierist"],
            "lang": ["pl", "pl", "zh", "en"],
            "domain": "x",
            "fold": "train",
            "labels": None,
        }
    )
    weak = phrases.weak_labels(rows, 0.3)
    assert sorted(weak["text"]) == ["Kurier był miły", "快递很慢"]
    assert weak["labels"].tolist() == [["shipping"], ["shipping"]]
    assert weak["masked"].tolist() == [["*"], ["*"]]


def test_find_temperature_softens_bold_logits():
    rng = np.random.default_rng(0)
    labels = rng.integers(0, 3, 600)
    logits = rng.normal(size=(600, 3))
    logits[np.arange(600), labels] += 1
    weights = even_weights(np.array(["a"] * 600))
    calm = find_temperature(logits, labels, weights)
    assert find_temperature(logits * 3, labels, weights) == pytest.approx(3 * calm, rel=0.02)


def test_even_weights_give_each_group_the_same():
    assert even_weights(np.array(["a", "a", "b"])).tolist() == [0.5, 0.5, 1.0]


def test_find_thresholds_needs_enough_examples():
    truth = np.array([[1, 1], *[[1, 0]] * 49, *[[0, 0]] * 50], np.float32)
    logits = np.where(truth > 0, 1.5, 0.9)
    found = find_thresholds(logits, truth, np.ones((100, 2), bool), np.ones(100))
    assert 0.9 <= found[0] < 1.5
    assert found[1] == 0


def test_find_thresholds_prefers_precision():
    rng = np.random.default_rng(0)
    truth = (np.arange(2000) % 10 == 0).astype(np.float32)[:, None]
    logits = rng.normal(size=(2000, 1)) * 0.5 + truth
    threshold = find_thresholds(logits, truth, np.ones((2000, 1), bool), np.ones(2000))[0]
    found = logits[:, 0] > threshold
    assert truth[found].mean() > 0.65


def test_parallel_rows_keep_all_languages_of_a_clause_in_one_fold():
    rows = phrases.parallel_rows()
    assert (rows.groupby("english")["fold"].nunique() == 1).all()
    assert 0.15 < (rows["fold"] == "develop").mean() < 0.25
    assert set(rows["lang"]) == set(phrases.LANGUAGES)


def test_parallel_clauses_are_complete_and_know_their_categories():
    clauses = phrases.load_parallel()
    assert clauses[list(phrases.LANGUAGES)].apply(lambda texts: texts.str.strip().str.len()).min().min() > 0
    assert set(clauses["category"].str.split(",").explode()) <= {*load_taxonomy().ids, "other"}
    assert set(clauses["sentiment"]) == set(corpus.SENTIMENTS)


@pytest.mark.parametrize(("bits", "most"), [(8, 0.01), (4, 0.12)])
def test_pack_rows_keeps_rows_close_and_empty_rows_empty(bits, most):
    rows = np.random.default_rng(0).normal(size=(50, 8)).astype(np.float32)
    rows[7] = 0
    tensors = pack_rows(rows, "table", bits)
    again = unpack_rows(tensors, "table")
    assert tensors["table.rows"].nbytes == 50 * bits
    assert np.linalg.norm(again - rows) < most * np.linalg.norm(rows)
    assert not again[7].any()


@pytest.fixture(scope="module")
def tiny():
    """Train on sixty texts of two categories, English and Polish, until they are learned."""
    words = {0: ("late parcel", "paczka spóźniona"), 1: ("tasty soup", "pyszna zupa")}
    rows = pd.DataFrame(
        [
            {
                "text": f"{words[c][k]} {i}{'xyz'[i % 3]}",
                "lang": ("en", "pl")[k],
                "c": c,
                "english": words[c][0],
            }
            for i in range(15)
            for c in (0, 1)
            for k in (0, 1)
        ]
    )
    rows["labels"] = [[CATEGORIES[c]] for c in rows["c"]]
    rows["masked"], rows["mapping"], rows["weight"] = [[]] * len(rows), "phrases", 1.0
    rows["sentiment"] = rows["c"] * 2.0
    texts = pd.unique(pd.concat([rows["text"], rows["english"]]))
    rng = np.random.default_rng(0)
    axes = student_unit(rng.normal(size=(2, student.WIDTH)))
    vectors = np.stack([axes[int("soup" in t or "zupa" in t)] for t in texts]).astype(np.float16)
    targets = student.make_targets(rows, {t: i for i, t in enumerate(texts)}, vectors, CATEGORIES, {})
    ngrams = hash_ngrams(rows["text"].tolist())
    messages: list[str] = []
    plan = student.Plan(epochs=12, batch=20, threads=1, rate=2e-2)
    net, table = student.train(ngrams, targets, np.ones(len(rows), int), plan, messages.append)
    return rows, targets, ngrams, net, table, axes, messages


def student_unit(rows):
    return rows / np.linalg.norm(rows, axis=1, keepdims=True)


def test_train_learns_both_tasks_and_lands_near_the_english_vectors(tiny):
    rows, targets, ngrams, net, table, axes, messages = tiny
    vectors, _, sentiment, category = student.predict(net, table, ngrams)
    assert (sentiment.argmax(axis=1) == rows["sentiment"]).all()
    assert (category.argmax(axis=1) == rows["c"]).all()
    polish = (rows["lang"] == "pl").to_numpy()
    assert ((vectors[polish] * axes[rows["c"][polish]]).sum(axis=1) > 0.7).all()
    assert len(messages) == 12


def test_train_gives_the_same_table_twice(tiny):
    _, targets, ngrams, *_ = tiny
    plan = student.Plan(epochs=1, batch=20, threads=1)
    one, two = (student.train(ngrams, targets, np.ones(60, int), plan, str)[1] for _ in range(2))
    assert np.array_equal(one, two)
