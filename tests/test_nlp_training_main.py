"""python -m nlp.training: from Parquet files to weights that the models read."""

import json

import numpy as np
import pandas as pd
import pytest

from nlp.models.encoders import VocEncoder
from nlp.models.judges.linear import CategoryHead, SentimentHead
from nlp.taxonomy import load_taxonomy
from nlp.training import __main__ as training
from nlp.training import wide
from nlp.training.material import phrases
from nlp.training.material import rows as gather
from nlp.training.material.corpus import DEVELOP, TRAIN, UNSEEN
from tests.training_sets import write_sets


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    path = tmp_path_factory.mktemp("sets")
    write_sets(path)
    return path


@pytest.fixture(scope="module")
def rows(folder):
    return gather.gather_rows(folder)


def test_gather_rows_leaves_out_what_must_stay_unseen(rows):
    assert UNSEEN not in set(rows["fold"])
    assert not rows["domain"].isin(["skytrax", "telecom nps"]).any()


def test_gather_rows_learns_no_held_out_parallel_clause(rows):
    held = set(rows.loc[(rows["domain"] == "parallel") & (rows["fold"] == DEVELOP), "text"])
    assert len(held) > 100
    assert not held & set(rows.loc[(rows["fold"] == TRAIN), "text"])


def test_gather_rows_calls_tweets_and_everyday_sentences_background(rows):
    found = rows[rows["mapping"] == phrases.BACKGROUND]
    assert set(found["domain"]) == {"tatoeba", "umsab tweets", "ar tweets"}
    assert all(labels == [] for labels in found["labels"])


def test_choose_rows_keeps_so_many_per_group(monkeypatch):
    monkeypatch.setattr(gather, "PER_GROUP", 5)
    monkeypatch.setattr(gather, "HELD_PER_GROUP", 2)
    rows = pd.DataFrame(
        {"domain": "x", "lang": ["en"] * 9 + ["it"] * 9, "fold": ([TRAIN] * 6 + [DEVELOP] * 3) * 2}
    )
    kept = rows.iloc[gather.choose_rows(rows)]
    assert kept.groupby(["lang", "fold"]).size().to_dict() == {
        ("en", DEVELOP): 2, ("en", TRAIN): 5, ("it", DEVELOP): 2, ("it", TRAIN): 5,
    }  # fmt: skip


@pytest.fixture(scope="module")
def trained(folder, tmp_path_factory):
    """Run the command on tiny sets: one epoch, few of our own texts."""
    out = tmp_path_factory.mktemp("weights")
    work = tmp_path_factory.mktemp("work")
    few = phrases.load_parallel().head(40)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(training, "RANGE_TEXTS", 5)
        patch.setattr(training, "RANGE_ENGLISH", 10)
        patch.setattr(training, "OWN_COPIES", 1)
        patch.setattr(gather, "JOINED", 5)
        patch.setattr(wide, "MIN_TEXTS", 5)
        patch.setattr(phrases, "load_parallel", lambda: few)
        patch.setattr(phrases, "taxonomy_rows", lambda _: phrases.lexicon_rows().head(0))
        arguments = ["--data", str(folder), "--out", str(out), "--work", str(work)]
        arguments += ["--epochs", "1", "--steps", "3"]
        training.main(arguments)
        first = {path.name: path.read_bytes() for path in out.iterdir()}
        training.main(arguments)
    return out, first, work


@pytest.mark.slow
@pytest.mark.models
@pytest.mark.parametrize("mode", ["accurate", "fast"])
def test_main_writes_weights_that_the_models_read(trained, monkeypatch, mode):
    monkeypatch.setattr("nlp.models.shipped.weights_folder", lambda: trained[0])
    encoder = VocEncoder(mode, threads=1)
    encoded = encoder.encode(["kurier", "快递", "late"], ["pl", "zh", "en"])
    head = CategoryHead("heads")
    assert head.labels == tuple(load_taxonomy().ids)
    assert np.isfinite(head.predict([""] * 3, ["pl"] * 3, encoded.features)).all()
    shares = SentimentHead("heads").predict([""] * 3, ["pl"] * 3, encoded.features)
    assert np.allclose(shares.sum(axis=1), 1, atol=1e-5)


@pytest.mark.slow
@pytest.mark.models
def test_main_writes_the_same_bytes_from_kept_vectors(trained):
    out, first, work = trained
    assert sorted(first) == [
        "contextual.safetensors", "heads.safetensors", "manifest.json", "student.safetensors",
    ]  # fmt: skip
    assert {path.name: path.read_bytes() for path in out.iterdir()} == first
    kept = json.loads((work / "english.json").read_text(encoding="utf-8"))
    assert len(kept) == len(set(kept)) == len(np.load(work / "english.npy"))
