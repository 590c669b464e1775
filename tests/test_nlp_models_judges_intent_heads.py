"""Heads of intent, urgency and effort: used with the encoder they fit, absent with any other."""

import numpy as np
import pandas as pd
import pytest

from data.schema import INTENT_LABELS, INTENTS
from nlp.intent import judge_intents
from nlp.models.judges.intent_heads import IntentHeads, encoder_version, load_intent_heads
from nlp.models.judges.intents import load_intent_classifier
from nlp.protocols import Encoded
from nlp.training.export import write_weights
from nlp.training.intents import intent_rows, train

WIDTH = 6
CLAUSES = {"Please open on Sundays": 0, "It came on Monday": 1, "I called five times and nobody helped me": 2}


@pytest.fixture(scope="module")
def features():
    return np.eye(WIDTH, dtype=np.float32)[list(CLAUSES.values())]


@pytest.fixture(scope="module")
def weights():
    """Heads that take the first feature for a suggestion, and the third for urgency and effort."""
    intent = np.zeros((len(INTENT_LABELS), WIDTH), np.float32)
    intent[INTENT_LABELS.index("suggestion"), 0] = 5
    scale = np.zeros((1, WIDTH), np.float32)
    scale[0, 2] = 6
    tensors = {
        "intent.labels": np.frombuffer(",".join(INTENT_LABELS).encode(), np.uint8).copy(),
        "intent.weight": intent,
        "intent.bias": np.zeros(len(INTENT_LABELS), np.float32),
        "intent.temperature": np.ones(1, np.float32),
    }
    for name in ("urgency", "effort"):
        tensors |= {f"{name}.weight": scale, f"{name}.bias": np.float32([-3])}
    return tensors


def folder_of(folder, weights, *, is_fitting):
    write_weights({"bag": np.ones(3, np.float32)}, folder / "student.safetensors")
    made_for = encoder_version(folder) if is_fitting else "000000000000"
    told = np.frombuffer(made_for.encode(), np.uint8).copy()
    named = {f"accurate.{name}": one for name, one in weights.items()}
    write_weights({**named, "made_for": told}, folder / "intents.safetensors")
    return folder


def test_load_intent_heads_gives_those_that_fit(tmp_path, weights, features):
    heads = load_intent_heads("accurate", folder_of(tmp_path, weights, is_fitting=True))
    assert heads.intents(features).argmax(axis=1)[0] == INTENT_LABELS.index("suggestion")


def test_load_intent_heads_gives_none_for_another_encoder(tmp_path, weights):
    assert load_intent_heads("accurate", folder_of(tmp_path, weights, is_fitting=False)) is None


def test_load_intent_heads_gives_none_where_none_ship(tmp_path):
    write_weights({"bag": np.ones(3, np.float32)}, tmp_path / "student.safetensors")
    assert load_intent_heads("accurate", tmp_path) is None


@pytest.mark.parametrize(("has_heads", "wanted"), [(True, "suggestion"), (False, "statement")])
def test_the_head_finds_suggestions_that_no_phrase_gives_away(settings, weights, features, has_heads, wanted):
    heads = IntentHeads(weights) if has_heads else None
    classifier = load_intent_classifier(settings["intent"], heads)
    shares = classifier.predict(["Sundays too", "Monday", "x"], ["en"] * 3, features)
    assert np.allclose(shares.sum(axis=1), 1)
    assert [classifier.labels[one] for one in shares.argmax(axis=1)] == [wanted, "statement", "statement"]


@pytest.mark.parametrize("has_heads", [True, False])
def test_judge_intents_gives_urgency_and_effort_where_there_are_heads(settings, weights, features, has_heads):
    ids = pd.Series(["a:0", "b:0", "c:0"], dtype="str")
    segments = pd.DataFrame({"segment_id": ids, "text": list(CLAUSES), "language": "en"})
    felt = pd.DataFrame({f"{one}_share": [1 / 3] * 3 for one in ("negative", "neutral", "positive")})
    heads = IntentHeads(weights)
    found = judge_intents(
        segments,
        felt,
        Encoded(features, features),
        classifier=load_intent_classifier(settings["intent"]),
        scales=heads.scales if has_heads else None,
    )
    arrow = INTENTS.to_arrow(found)
    for name in ("urgency_score", "effort_score"):
        scores = arrow[name].to_pylist()
        assert (scores[2] > 0.9 and scores[1] < 0.1) if has_heads else scores == [None] * 3


def test_intent_rows_hold_every_language_and_judgement():
    rows = intent_rows()
    assert rows["lang"].nunique() == 9
    assert set(rows["urgency"]) == {0, 1, 2}
    assert set(rows["effort"]) == {0, 1}
    told = rows.groupby("english")["fold"].nunique()
    assert (told == 1).all()


def test_train_learns_what_the_features_tell():
    rows = intent_rows().sample(900, random_state=0).reset_index(drop=True)
    rng = np.random.default_rng(0)
    places = rows["intent"].map(INTENT_LABELS.index).to_numpy()
    features = rng.normal(0, 0.1, (len(rows), 10)).astype(np.float32)
    features[np.arange(len(rows)), places] += 1
    features[:, 8] += (rows["urgency"] > 0).to_numpy()
    heads = IntentHeads(train(rows, features))
    assert (heads.intents(features).argmax(axis=1) == places).mean() > 0.9
    scores = heads.scales(features)[:, 0]
    assert scores[rows["urgency"] > 0].mean() > scores[rows["urgency"] == 0].mean() + 0.2


def test_load_intent_heads_gives_none_for_a_mode_without_heads(tmp_path, weights):
    assert load_intent_heads("fast", folder_of(tmp_path, weights, is_fitting=True)) is None


@pytest.mark.models
@pytest.mark.parametrize("mode", ["accurate", "fast"])
def test_the_heads_that_ship_fit_the_encoder_that_ships(mode):
    assert load_intent_heads(mode) is not None, "train them again: python -m nlp.training.intents"
