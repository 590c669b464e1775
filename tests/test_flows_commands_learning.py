"""voc eval and voc train with the real weights, on invented labels in five languages."""

import json

import pandas as pd
import pytest
from click.testing import CliRunner

from flows.cli import main
from tests.label_files import label_rows, write_labels

QUICK = [
    *("--set", "train.reference_texts=15", "--set", "train.folds=3", "--set", "train.rank=80"),
    *("--set", "train.freedoms=[0.0, 0.3, 1.0]", "--set", "train.draws=200"),
    *("--set", "train.max_loss=50"),  # these labels go against what voc has learned, on purpose
]
COURIER = {"the courier", "il corriere", "kurier", "المندوب", "快递"}


@pytest.fixture(scope="session")
def voc():
    def call(*arguments):
        return CliRunner().invoke(main, [str(a) for a in arguments])

    return call


def of_the_company(rows):
    """Label as this company does: notes are complaints, and couriers are a subject of their own."""
    return [
        (
            text,
            language,
            "negative" if sentiment == "neutral" else sentiment,
            "Courier conduct" if any(text.endswith(word) for word in COURIER) else category,
        )
        for text, language, sentiment, category in rows
    ]


@pytest.fixture(scope="session")
def trained(voc, tmp_path_factory):
    folder = tmp_path_factory.mktemp("trained")
    labels = write_labels(folder / "labels.csv", of_the_company(label_rows()))
    result = voc("train", labels, "--models", folder / "models", "--json", *QUICK)
    assert result.exit_code == 0, result.output
    return folder, labels, json.loads(result.output)


@pytest.mark.models
def test_eval_scores_every_language_and_label(voc, tmp_path):
    labels = write_labels(tmp_path / "labels.csv", label_rows(("en", "it")))
    result = voc("eval", labels, "--json")
    assert result.exit_code == 0, result.output
    facts = json.loads(result.output)
    assert [one["language"] for one in facts["sentiment"]][-1] == "all"
    whole = facts["sentiment"][-1]
    assert whole["n"] == 80
    assert whole["interval"][0] <= whole["macro_f1"] <= whole["interval"][1]
    assert 0 <= whole["ece"] <= 1
    assert {one["label"] for one in facts["category"][-1]["labels"]} == {"shipping", "price_value"}


@pytest.mark.models
def test_eval_prints_tables(voc, tmp_path):
    labels = write_labels(tmp_path / "labels.csv", label_rows(("en",))[:12])
    result = voc("eval", labels)
    assert "| all | 12 |" in result.output, result.output
    assert "| label | n | precision | recall | F1 |" in result.output


@pytest.mark.models
def test_train_keeps_what_is_better_on_held_out_rows(trained):
    _, _, facts = trained
    verdict = facts["verdicts"][0]
    assert (verdict["head"], verdict["is_kept"]) == ("sentiment", True)
    assert verdict["verdict"].startswith("sentiment: +")
    assert verdict["verdict"].endswith(": kept")
    assert f"on {verdict['rows']} held-out rows, interval" in verdict["verdict"]


@pytest.mark.models
def test_train_learns_a_new_category_and_writes_it_down(trained):
    folder, _, facts = trained
    assert facts["new_categories"] == ["courier_conduct"]
    written = (folder / "models" / "taxonomy.toml").read_text(encoding="utf-8")
    assert 'name.en = "Courier conduct"' in written


@pytest.mark.models
def test_train_writes_a_version_with_hashes_and_a_card(trained):
    folder, _, facts = trained
    version = folder / "models" / "0001"
    assert facts["version"] == "0001"
    digest = json.loads((version / "manifest.json").read_text())["adapted.safetensors"]
    card = (version / "MODEL_CARD.md").read_text(encoding="utf-8")
    assert digest in card
    assert facts["verdicts"][0]["verdict"] in card
    assert "the courier" not in card


@pytest.mark.models
def test_train_gives_the_same_bytes_whatever_the_order_of_rows(voc, trained, tmp_path):
    folder, labels, _ = trained
    rows = of_the_company(label_rows())
    again = write_labels(tmp_path / "labels.csv", rows)
    result = voc("train", again, "--models", tmp_path / "models", *QUICK)
    assert result.exit_code == 0, result.output
    files = [one / "models/0001/adapted.safetensors" for one in (folder, tmp_path)]
    assert files[0].read_bytes() == files[1].read_bytes()


@pytest.mark.models
def test_a_run_uses_the_model_that_its_settings_name(voc, trained, tmp_path):
    folder, _, facts = trained
    (tmp_path / "in.csv").write_text("comment,language\nA note on the courier,en\n", encoding="utf-8")
    found = {}
    for name, own in {"shipped": [], "own": ["--settings", facts["settings"]]}.items():
        result = voc("score", tmp_path / "in.csv", "--out", tmp_path / name, *own)
        assert result.exit_code == 0, result.output
        found[name] = pd.read_parquet(tmp_path / name / "documents.parquet").iloc[0]
    assert found["own"]["sentiment"] == "negative"
    assert "courier_conduct" in found["own"]["categories"]
    assert "courier_conduct" not in found["shipped"]["categories"]


@pytest.mark.models
def test_a_model_of_another_encoder_is_refused_with_a_way_out(voc, trained, tmp_path):
    _, _, facts = trained
    (tmp_path / "in.csv").write_text("comment\nA note on the courier\n", encoding="utf-8")
    options = ["--settings", facts["settings"], "--set", "embed.checkpoint=fast"]
    result = voc("score", tmp_path / "in.csv", "--out", tmp_path / "out", *options)
    assert result.exit_code == 2, result.output
    assert "it was trained for the encoder voc-accurate" in result.output


@pytest.mark.models
def test_roll_back_goes_to_the_shipped_heads_and_a_run_still_works(voc, trained, tmp_path):
    folder, _, facts = trained
    copy = tmp_path / "models"
    copy.mkdir()
    for path in (folder / "models").rglob("*"):
        target = copy / path.relative_to(folder / "models")
        target.mkdir(parents=True, exist_ok=True) if path.is_dir() else target.write_bytes(path.read_bytes())
    result = voc("train", "--roll-back", "--models", copy)
    assert (result.exit_code, "the shipped heads in use" in result.output) == (0, True), result.output
    (tmp_path / "in.csv").write_text("comment\nReally lovely\n", encoding="utf-8")
    scored = voc(
        "score", tmp_path / "in.csv", "--out", tmp_path / "out", "--settings", copy / "settings.toml"
    )
    assert scored.exit_code == 0, scored.output
    again = voc("train", "--roll-back", "--models", copy)
    assert (again.exit_code, "nothing to go back from" in again.output) == (2, True)


@pytest.mark.models
def test_train_keeps_nothing_where_labels_are_guesses(voc, tmp_path):
    guesses = ("negative", "positive", "positive", "negative")
    rows = [(*row[:2], guesses[n % 4], "") for n, row in enumerate(label_rows(("en", "it")))]
    labels = write_labels(tmp_path / "labels.csv", rows)
    result = voc("train", labels, "--models", tmp_path / "models", *QUICK)
    assert result.exit_code == 0, result.output
    assert "not kept, because" in result.output
    assert "Nothing was kept" in result.output
    assert not (tmp_path / "models" / "current.json").exists()


def test_train_says_how_many_labels_it_needs(voc, tmp_path):
    labels = write_labels(tmp_path / "labels.csv", label_rows(("en",))[:6])
    result = voc("train", labels, "--models", tmp_path / "models")
    assert result.exit_code == 2, result.output
    assert "sentiment needs 40 different texts" in result.output
    assert "found 6 (6 negative, 0 neutral, 0 positive)" in result.output


@pytest.mark.parametrize("command", ["train", "eval"])
def test_learning_commands_have_help_with_an_example(voc, command):
    assert f"Example:  voc {command}" in voc(command, "--help").output


@pytest.mark.parametrize("command", ["train", "eval"])
def test_learning_commands_want_a_file(voc, command):
    result = voc(command)
    assert (result.exit_code, "name at least one file of labels" in result.output) == (2, True)


@pytest.mark.parametrize("section", ["sentiment", "category_model"])
def test_train_refuses_to_adapt_a_foreign_model(voc, tmp_path, section):
    labels = write_labels(tmp_path / "labels.csv", label_rows())
    result = voc("train", labels, "--models", tmp_path / "m", "--set", f"{section}.kind=transformers")
    assert (result.exit_code, "voc train adapts the shipped heads" in result.output) == (2, True)


@pytest.mark.parametrize("content", ["", '{"version": "0009", "history": []}'])
def test_a_damaged_model_folder_is_named(voc, tmp_path, content):
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / "current.json").write_text(content)
    (tmp_path / "in.csv").write_text("comment\nReally lovely\n", encoding="utf-8")
    named = [
        *("--set", "sentiment.kind=adapted_sentiment"),
        *("--set", f"sentiment.checkpoint={json.dumps(str(folder))}"),
    ]
    result = voc("score", tmp_path / "in.csv", "--out", tmp_path / "out", *named)
    assert result.exit_code == 2, result.output
    assert "voc train" in result.output


@pytest.mark.models
def test_texts_of_two_new_categories_are_phrases_of_one(voc, tmp_path):
    rows = [(*row[:3], "Couriers; Doorstep") for row in label_rows(("en",)) if row[3] == "shipping"]
    rows += [(*row[:3], "price_value") for row in label_rows(("en",)) if row[3] != "shipping"]
    labels = write_labels(tmp_path / "labels.csv", rows)
    result = voc("train", labels, "--models", tmp_path / "models", *QUICK, "--set", "train.min_new_f1=0.0")
    assert result.exit_code == 0, result.output
    written = (tmp_path / "models" / "taxonomy.toml").read_text(encoding="utf-8")
    assert written.count("name.en") == 2
    assert written.count("really lovely: the courier") + written.count("Really lovely: the courier") <= 1
