"""Foreign classifiers: zero-shot ones as tiny models built here, and labels that are not ours."""

import numpy as np
import pytest
from click.testing import CliRunner

from flows.cli import main
from nlp.models.classifiers import check_labels, load_classifier
from nlp.models.judges.zero_shot import ZeroShotClassifier
from tests.test_nlp_models_classifiers import TEXTS, save_tiny

NLI = {0: "contradiction", 1: "neutral", 2: "entailment"}
SENTENCES = {"bad food": "negative", "late parcel": "negative", "good food": "positive"}


@pytest.fixture(scope="module")
def tiny_nli(tmp_path_factory):
    folder = tmp_path_factory.mktemp("nli")
    return save_tiny(folder, "BertForSequenceClassification", id2label=NLI, num_labels=3)


@pytest.fixture(scope="module")
def tiny_foreign(tmp_path_factory):
    folder = tmp_path_factory.mktemp("foreign")
    return save_tiny(folder, "BertForSequenceClassification", id2label={0: "joy", 1: "anger"}, num_labels=2)


@pytest.mark.filterwarnings("ignore")
@pytest.mark.parametrize("kind", ["zero_shot", "zero_shot_labels"])
def test_zero_shot_gives_each_label_a_share_that_a_neighbour_does_not_change(tiny_nli, kind):
    classifier = load_classifier(kind, tiny_nli, SENTENCES)
    shares = classifier.predict(TEXTS, ["en"] * 4, np.zeros((4, 0)))
    assert classifier.labels == ("negative", "positive")
    assert shares.shape == (4, 2)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5) == (kind == "zero_shot")
    alone = classifier.predict(TEXTS[:1], ["en"], np.zeros((1, 0)))
    assert np.allclose(shares[0], alone[0], atol=1e-5)


@pytest.mark.filterwarnings("ignore")
def test_zero_shot_takes_the_likeliest_sentence_of_a_label(tiny_nli):
    shares = load_classifier("zero_shot_labels", tiny_nli, SENTENCES).predict(
        TEXTS, ["en"] * 4, np.zeros((4, 0))
    )
    single = [
        load_classifier("zero_shot_labels", tiny_nli, {one: "negative"}).predict(
            TEXTS, ["en"] * 4, np.zeros((4, 0))
        )
        for one in ("bad food", "late parcel")
    ]
    assert np.allclose(shares[:, 0], np.maximum(*single)[:, 0], atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_zero_shot_refuses_a_model_without_entailment(tiny_foreign):
    with pytest.raises(ValueError, match="has the labels joy, anger; zero-shot needs"):
        ZeroShotClassifier(tiny_foreign, SENTENCES, is_multi=False)


def test_zero_shot_wants_sentences():
    with pytest.raises(ValueError, match="has no sentences to judge"):
        ZeroShotClassifier("anything", {}, is_multi=False)


@pytest.mark.filterwarnings("ignore")
def test_check_labels_names_the_line_that_maps_them(tiny_foreign):
    with pytest.raises(ValueError, match=r'joy, anger; expected among negative.*\{ "joy" = "negative" \}'):
        check_labels(load_classifier("transformers", tiny_foreign, {}), ("negative", "positive"), "sentiment")


@pytest.mark.filterwarnings("ignore")
@pytest.mark.models
@pytest.mark.parametrize("section", ["sentiment", "category_model"])
def test_a_foreign_model_with_other_labels_stops_a_run_with_its_own_message(tiny_foreign, tmp_path, section):
    (tmp_path / "in.csv").write_text("comment\nThe parcel came late\n", encoding="utf-8")
    named = ["--set", f"{section}.kind=transformers", "--set", f'{section}.checkpoint="{tiny_foreign}"']
    result = CliRunner().invoke(
        main, ["score", str(tmp_path / "in.csv"), "--out", str(tmp_path / "o"), *named]
    )
    assert result.exit_code == 2, result.output
    assert "has labels that are not ours: joy, anger" in result.output
