"""nlp/models/shipped.py: weights are refused unless they are the recorded ones."""

import json

import numpy as np
import pytest

from nlp.models.shipped import load_weights, weights_folder, weights_version
from nlp.models.vectors.minilm import ModelFileError
from nlp.training.export import write_weights


@pytest.fixture
def folder(tmp_path):
    write_weights({"a": np.arange(3, dtype=np.float32)}, tmp_path / "tiny.safetensors")
    return tmp_path


def test_load_weights_reads_what_was_written(folder):
    assert load_weights("tiny", folder)["a"].tolist() == [0, 1, 2]


def test_load_weights_refuses_a_changed_file(folder):
    path = folder / "tiny.safetensors"
    path.write_bytes(path.read_bytes()[:-1] + b"\x01")
    with pytest.raises(ModelFileError, match="tiny.safetensors has SHA-256"):
        load_weights("tiny", folder)


def test_load_weights_refuses_an_absent_file(folder):
    (folder / "tiny.safetensors").unlink()
    with pytest.raises(ModelFileError, match="absent"):
        load_weights("tiny", folder)


def test_load_weights_names_the_known_files(folder):
    with pytest.raises(ModelFileError, match="known: tiny.safetensors"):
        load_weights("huge", folder)


def test_load_weights_says_that_the_manifest_is_absent(tmp_path):
    with pytest.raises(ModelFileError, match="manifest.json is absent"):
        load_weights("tiny", tmp_path)


def test_weights_version_changes_with_the_weights(folder):
    before = weights_version(folder)
    write_weights({"a": np.zeros(1, np.float32)}, folder / "tiny.safetensors")
    assert weights_version(folder) != before


@pytest.mark.models
def test_shipped_weights_are_all_in_the_manifest_and_within_their_budget():
    files = sorted(weights_folder().glob("*.safetensors"))
    manifest = json.loads((weights_folder() / "manifest.json").read_text(encoding="utf-8"))
    assert sorted(manifest) == [f.name for f in files]
    assert sum(f.stat().st_size for f in files) <= 30_000_000
