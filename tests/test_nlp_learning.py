"""nlp/learning: examples, scores, folds, corrections; with invented heads and no weights."""

import numpy as np
import pandas as pd
import pytest
from scipy import sparse

from nlp.learning.crossing import REFERENCE, cross
from nlp.learning.examples import UNKNOWN, make_examples, split_folds, text_key
from nlp.learning.fit import Segments, fit_classes, fit_labels, make_basis, widen
from nlp.learning.scores import (
    Interval,
    as_columns,
    bootstrap,
    calibration_error,
    compare,
    macro_f1,
    score_labels,
)
from nlp.learning.tasks import CategoryTask, Material, SentimentTask
from nlp.learning.verdict import decide
from nlp.models.judges.adapted import Correction
from nlp.taxonomy import load_taxonomy


def rows_of(*rows):
    columns = ("text", "sentiment", "categories", "group")
    frame = pd.DataFrame([dict(zip(columns, row, strict=True)) for row in rows])
    return frame.assign(source="l.csv", language="")


def test_make_examples_joins_the_rows_of_one_text():
    rows = rows_of(
        ("The parcel, late!", "negative", ["shipping"], ""),
        ("the PARCEL late", "negative", ["Packaging"], ""),
        ("Fine", "positive", None, ""),
    )
    examples = make_examples(rows, load_taxonomy(), min_new=8)
    assert len(examples.texts) == 2
    found = [label for label, has in zip(examples.labels, examples.categories[0], strict=True) if has]
    assert found == ["shipping", "packaging"]
    assert examples.is_judged.tolist() == [True, False]


def test_make_examples_takes_no_sentiment_that_rows_disagree_on():
    rows = rows_of(("Nice but late", "negative", None, ""), ("nice, but late", "positive", None, ""))
    examples = make_examples(rows, load_taxonomy(), min_new=8)
    assert examples.sentiment.tolist() == [UNKNOWN]
    assert "1 texts have rows that disagree" in examples.warnings[0]


@pytest.mark.parametrize(("count", "ids"), [(8, ["parking_spots"]), (7, [])])
def test_make_examples_learns_a_new_category_from_eight_texts(count, ids):
    rows = rows_of(*[(f"where to park, number {n}", None, ["Parking spots"], "") for n in range(count)])
    examples = make_examples(rows, load_taxonomy(), min_new=8)
    assert [one.id for one in examples.new] == ids
    assert bool(examples.warnings) == (not ids)


def test_make_examples_gives_ids_to_names_in_any_script():
    rows = rows_of(*[(f"停车 {n}", None, ["停车位"], "") for n in range(9)])
    (new,) = make_examples(rows, load_taxonomy(), min_new=8).new
    assert new.id.startswith("own_")
    assert new.name == "停车位"


@pytest.mark.parametrize("name", ["shipping", "Delivery", "other", "none"])
def test_make_examples_knows_categories_by_id_and_name(name):
    examples = make_examples(rows_of(("x y", None, [name], "")), load_taxonomy(), min_new=8)
    assert not examples.warnings or name == "Delivery"
    assert examples.is_judged.tolist() == [True]


def test_split_folds_keeps_groups_together_and_strata_even():
    groups = np.repeat(np.arange(40), 2)
    strata = np.repeat([0, 1], 40)
    folds = split_folds(groups, strata, 4)
    assert all(len(set(folds[groups == one])) == 1 for one in range(40))
    assert np.bincount(folds[strata == 1]).tolist() == [10] * 4


def test_rows_of_one_comment_share_a_group():
    rows = rows_of(
        ("a b", "negative", None, "f1"), ("c d", "positive", None, "f1"), ("e f", "neutral", None, "")
    )
    groups = make_examples(rows, load_taxonomy(), min_new=8).groups
    assert groups[0] == groups[1] != groups[2]


def test_text_key_is_blind_to_case_and_punctuation_but_not_to_signs_alone():
    assert text_key("Great, thanks!") == text_key("great thanks")
    assert text_key("👍") != text_key("👎")


TRUTH = np.array([0, 0, 1, 1, 2, 2] * 20)


def test_scores_of_a_perfect_model_are_perfect():
    columns = as_columns(TRUTH, 3)
    assert macro_f1(columns, columns) == 1
    assert bootstrap(columns, columns, draws=50, seed=1) == Interval(1, 1, 1)


def test_compare_finds_what_a_better_model_gains():
    rng = np.random.default_rng(0)
    worse = np.where(rng.random(len(TRUTH)) < 0.5, TRUTH, rng.integers(0, 3, len(TRUTH)))
    better = np.where(rng.random(len(TRUTH)) < 0.9, TRUTH, rng.integers(0, 3, len(TRUTH)))
    gain = compare(*(as_columns(one, 3) for one in (TRUTH, worse, better)), draws=200, seed=1)
    assert 0 < gain.low < gain.value < gain.high


def test_score_labels_counts_by_hand():
    truth, found = np.array([[1], [1], [0], [0]], bool), np.array([[1], [0], [1], [0]], bool)
    (score,) = score_labels(truth, found, ("late",))
    assert (score.count, score.precision, score.recall, score.f1) == (2, 0.5, 0.5, 0.5)


def test_calibration_error_by_hand():
    shares = np.array([[0.9, 0.1], [0.9, 0.1]])
    assert calibration_error(shares, np.array([0, 1])) == pytest.approx(0.4)
    assert np.isnan(calibration_error(shares[:0], np.array([])))


def alone(rows):
    return Segments(np.arange(rows), np.ones(rows))


def test_fit_classes_with_no_freedom_moves_thresholds_only(rng):
    rows, base = rng.normal(size=(60, 5)), rng.normal(size=(60, 3))
    fitted = fit_classes(rows, base, alone(60), rng.integers(0, 3, 60), np.ones(60), 0.0)
    assert not fitted.weight.any()
    assert fitted.bias.any()


@pytest.fixture
def rng():
    return np.random.default_rng(3)


def test_fit_classes_learns_from_comments_of_several_segments(rng):
    owner = np.repeat(np.arange(60), 2)
    truth = np.arange(60) % 2 * 2
    rows = rng.normal(0, 0.1, (120, 4))
    rows[::2, 0] = truth - 1.0  # the first segment of each comment says it
    segments = Segments(owner, np.full(120, 0.5))
    fitted = fit_classes(rows, np.zeros((120, 3)), segments, truth, np.ones(60), 10.0)
    logits = fitted.logits(rows, np.zeros((120, 3)))[::2]
    assert (logits.argmax(axis=1) == truth).mean() > 0.95


def test_fit_labels_fits_each_label_alone(rng):
    rows = rng.normal(size=(200, 3))
    truth = rows[:, :2] > 0
    fitted = fit_labels(rows, np.zeros((200, 2)), truth, np.ones((200, 2)), 10.0)
    assert ((fitted.logits(rows, np.zeros((200, 2))) > 0) == truth).mean() > 0.95


def test_a_basis_unfolds_to_the_same_logits(rng):
    features = rng.normal(size=(30, 6)).astype(np.float32)
    counts = sparse.random(30, 500, 0.05, format="csr", random_state=1, dtype=np.float32)
    basis = make_basis(features, counts, rank=25, ngram_weight=0.7)
    base = rng.normal(size=(30, 3))
    fitted = fit_classes(basis.rows, base, alone(30), np.arange(30) % 3, np.ones(30), 1.0)
    correction = basis.unfold(fitted, ("negative", "neutral", "positive"))
    assert np.allclose(correction.apply(base, features, counts), fitted.logits(basis.rows, base), atol=1e-3)


def test_widen_changes_the_wanted_labels_only():
    one = Correction(
        ("b", "new"), np.full(2, 2.0), np.full(2, 3.0), np.ones((2, 4)), np.arange(3), np.ones((2, 3))
    )
    wide = widen(one, ("a", "b"), {"new"})
    assert wide.labels == ("a", "b", "new")
    assert wide.bias.tolist() == [0, 0, 3]
    assert wide.scale.tolist() == [1, 1, 2]


def material_of(rows, base, is_reference):
    count = len(rows)
    return Material(rows, base, np.arange(count), np.ones(count), np.ones(count), is_reference)


def test_cross_predicts_texts_that_it_has_not_seen(rng):
    truth = np.arange(90) % 3
    rows = rng.normal(0, 0.2, (90, 5))
    rows[np.arange(90), truth] += 1
    is_reference = np.arange(90) >= 75
    task = SentimentTask(material_of(rows, np.zeros((90, 3)), is_reference), truth, balance=0.5)
    folds = np.where(is_reference, REFERENCE, np.arange(90) % 5)
    crossed = cross(task, folds, (0.0, 1.0, 10.0), tell=lambda done, of: None)
    assert crossed.freedom > 0
    held = np.concatenate(
        [
            crossed.by_fold[f].logits(rows[folds == f], np.zeros(((folds == f).sum(), 3))).argmax(1)
            for f in range(5)
        ]
    )
    wanted = np.concatenate([truth[folds == f] for f in range(5)])
    assert (held == wanted).mean() > 0.9


def test_cross_moves_rare_categories_to_where_f1_is_best(rng):
    rows = rng.normal(size=(200, 4))
    truth = (rows[:, :1] + rng.normal(0, 1, (200, 1))) > 1.3
    task = CategoryTask(
        material_of(rows, np.zeros((200, 1)), np.zeros(200, bool)), truth, np.ones((200, 1), bool),
        is_new=np.array([False]),
    )  # fmt: skip
    crossed = cross(task, np.arange(200) % 4, (0.0, 1.0), tell=lambda done, of: None)
    found = task.scores(crossed.final) > 0
    assert found.sum() >= 0.5 * truth.sum()


@pytest.mark.parametrize(
    ("new", "reference", "words"),
    [
        (TRUTH, (0.8, 0.8), ": kept"),
        (TRUTH, (0.8, 0.7), "not kept, because it would cost 10.0 points on reference clauses"),
        (None, (0.8, 0.8), "not kept, because the interval holds zero"),
        (np.roll(TRUTH, 1), (0.8, 0.8), "not kept, because it is worse"),
    ],
    ids=["better", "forgets", "same", "worse"],
)
def test_decide_says_why(settings, new, reference, words):
    old = np.where(np.arange(len(TRUTH)) % 4 > 0, TRUTH, 0)
    columns = [as_columns(one, 3) for one in (TRUTH, old, old if new is None else new)]
    verdict = decide("sentiment", columns, reference, ("negative", "neutral", "positive"), settings["train"])
    assert words in verdict.words
    assert verdict.is_kept == (words == ": kept")
