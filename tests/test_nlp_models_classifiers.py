"""nlp/models: encoders, heads and classifiers, foreign ones as tiny models built here."""

import numpy as np
import pytest

from nlp.models.classifiers import TransformersClassifier, load_classifier
from nlp.models.encoders import TransformersEncoder, VocEncoder, load_encoder
from nlp.models.judges.linear import CategoryHead, SentimentHead, sigmoid, softmax
from nlp.models.transformer_files import CheckpointError

WORDS = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]", "good", "bad", "food", "late", "parcel"]
TEXTS = ["good food", "", "late parcel " * 300, "bad"]


def save_tiny(folder, kind, **changes):
    import torch
    import transformers

    torch.manual_seed(0)
    shape = {"hidden_size": 16, "num_hidden_layers": 1, "num_attention_heads": 2, "intermediate_size": 16}
    config = transformers.BertConfig(vocab_size=len(WORDS), max_position_embeddings=128, **shape, **changes)
    getattr(transformers, kind)(config).save_pretrained(folder)
    vocabulary = folder / "vocab.txt"
    vocabulary.write_text("\n".join(WORDS), encoding="utf-8")
    transformers.BertTokenizerFast(vocab=str(vocabulary)).save_pretrained(folder)
    return str(folder)


@pytest.fixture(scope="module")
def tiny_classifier(tmp_path_factory):
    names = {0: "NEG", 1: "POS", 2: "MIXED"}
    return save_tiny(
        tmp_path_factory.mktemp("c"), "BertForSequenceClassification", id2label=names, num_labels=3
    )


@pytest.mark.filterwarnings("ignore")
def test_transformers_encoder_gives_unit_vectors_that_a_neighbour_does_not_change(tmp_path):
    encoder = TransformersEncoder(save_tiny(tmp_path, "BertModel"))
    encoded = encoder.encode(TEXTS, ["en"] * 4)
    assert np.allclose(np.linalg.norm(encoded.vectors, axis=1), 1, atol=1e-5)
    alone = encoder.encode(TEXTS[:1], ["en"]).vectors
    assert np.allclose(encoded.vectors[0], alone[0], atol=1e-5)


@pytest.mark.filterwarnings("ignore")
def test_transformers_classifier_maps_its_labels_and_drops_what_has_none(tiny_classifier):
    names = {"NEG": "negative", "POS": "positive", "MIXED": ""}
    classifier = TransformersClassifier(tiny_classifier, names)
    shares = classifier.predict(TEXTS, ["en"] * 4, np.zeros((4, 0)))
    assert classifier.labels == ("negative", "positive")
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


@pytest.mark.filterwarnings("ignore")
def test_transformers_classifier_adds_labels_that_go_to_one(tiny_classifier):
    plain = TransformersClassifier(tiny_classifier, {})
    merged = TransformersClassifier(tiny_classifier, {"NEG": "negative", "POS": "other", "MIXED": "other"})
    expected = plain.predict(TEXTS, ["en"] * 4, np.zeros((4, 0)))
    found = merged.predict(TEXTS, ["en"] * 4, np.zeros((4, 0)))
    assert np.allclose(found[:, 1], expected[:, 1] + expected[:, 2], atol=1e-6)


@pytest.mark.filterwarnings("ignore")
def test_transformers_classifier_names_labels_that_nobody_mapped(tiny_classifier):
    with pytest.raises(ValueError, match="does not map: POS, MIXED"):
        TransformersClassifier(tiny_classifier, {"NEG": "negative"})


@pytest.mark.filterwarnings("ignore")
def test_transformers_classifier_of_many_labels_scores_each_alone(tmp_path):
    checkpoint = save_tiny(
        tmp_path,
        "BertForSequenceClassification",
        problem_type="multi_label_classification",
        id2label={0: "shipping", 1: "price_value"},
        num_labels=2,
    )
    scores = TransformersClassifier(checkpoint, {}).predict(TEXTS, ["en"] * 4, np.zeros((4, 0)))
    assert scores.shape == (4, 2)
    assert not np.allclose(scores.sum(axis=1), 1)


@pytest.mark.filterwarnings("ignore")
def test_load_pretrained_says_what_a_checkpoint_needs(tmp_path):
    with pytest.raises(CheckpointError, match="cannot be loaded as AutoModel"):
        TransformersEncoder(str(tmp_path / "absent"))


@pytest.mark.parametrize(
    ("build", "message"),
    [
        (lambda: load_encoder("word2vec", "x"), "unknown encoder 'word2vec'; known: transformers, voc"),
        (lambda: load_classifier("svm", "x", {}), "unknown classifier 'svm'; known: adapted_category"),
        (lambda: VocEncoder("slow"), "unknown mode 'slow'"),
    ],
)
def test_loaders_name_what_they_know(build, message):
    with pytest.raises(ValueError, match=message):
        build()


@pytest.mark.parametrize("logits", [[[1e4, -1e4, 0]], [[-1e4, -1e4, -1e4]]])
def test_softmax_and_sigmoid_do_not_overflow(logits):
    logits = np.array(logits, np.float32)
    assert np.isclose(softmax(logits).sum(), 1)
    assert np.isfinite(sigmoid(logits)).all()


@pytest.mark.models
@pytest.mark.parametrize("mode", ["accurate", "fast"])
def test_voc_encoder_gives_rows_that_a_neighbour_does_not_change(mode):
    encoder = load_encoder("voc", mode)
    texts = ["The courier lost it", "Kurier zgubił paczkę", "", "快递丢了", "x" * 50_000, "\ud800"]
    languages = ["en", "pl", "und", "zh", "en", "und"]
    together = encoder.encode(texts, languages)
    for i in range(len(texts)):
        alone = encoder.encode(texts[i : i + 1], languages[i : i + 1])
        assert np.abs(alone.vectors[0] - together.vectors[i]).max() < 1e-5
        assert np.abs(alone.features[0] - together.features[i]).max() < 1e-4
    assert np.isfinite(together.features).all()
    assert np.allclose(np.linalg.norm(together.vectors, axis=1), 1, atol=1e-5)


@pytest.mark.models
@pytest.mark.parametrize("head", [SentimentHead, CategoryHead])
def test_heads_refuse_the_features_of_another_encoder(head):
    with pytest.raises(ValueError, match="go with the encoder 'voc'"):
        head("heads").predict(["a"], ["en"], np.zeros((1, 7), np.float32))


@pytest.mark.models
@pytest.mark.parametrize("head", [SentimentHead, CategoryHead])
def test_heads_give_no_row_for_no_text(head):
    assert head("heads").predict([], [], np.zeros((0, 0), np.float32)).shape[0] == 0
