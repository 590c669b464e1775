"""nlp/training/material: our own dictionary and challenge pairs as training rows."""

import csv
from pathlib import Path

import pytest

from nlp.training.contextual.tokens import VOCABULARY
from nlp.training.material.challenges import challenge_rows
from nlp.training.material.corpus import TRAIN
from nlp.training.material.dictionary import Entry, dictionary_rows, known_meanings, load_dictionary
from nlp.training.material.phrases import LANGUAGES, parallel_rows

BENCHMARK = Path(__file__).parents[1] / "benchmarks" / "challenges"


def entry(english, **forms):
    return Entry((english,), {lang: forms.get(lang, ("x",)) for lang in LANGUAGES if lang != "en"})


@pytest.fixture(scope="module")
def judged():
    """Every text that the benchmark of challenge pairs scores."""
    texts = set()
    for file in BENCHMARK.glob("*.tsv"):
        lines = file.read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            texts |= {row["text_a"].lower(), row["text_b"].lower()}
    return texts


@pytest.mark.parametrize("rows", [challenge_rows, parallel_rows])
def test_training_texts_hold_none_of_the_benchmarks_challenges(judged, rows):
    assert len(judged) > 1000
    assert not judged & set(rows()["text"].str.lower())


def test_challenge_rows_speak_every_language_and_both_ways():
    rows = challenge_rows()
    assert set(rows["lang"]) == set(LANGUAGES)
    counts = rows["sentiment"].value_counts()
    assert counts[0.0] == pytest.approx(counts[2.0], rel=0.1)
    assert set(rows["fold"]) == {TRAIN}


def test_load_dictionary_gives_every_entry_a_form_in_every_language():
    entries = load_dictionary()
    assert len(entries) > 1000
    assert all(one.english and all(one.forms.values()) for one in entries)


def test_dictionary_rows_pair_each_form_with_the_most_usual_english_one():
    rows = dictionary_rows([Entry(("be", "is"), entry("be", it=("essere", "è")).forms)], 0, 0)
    assert rows.loc[rows["lang"] == "it", "text"].tolist() == ["essere", "è"]
    assert set(rows["english"]) == {"be"}


def test_dictionary_rows_join_the_same_meanings_in_every_language():
    entries = [entry("cold", it=("freddo",), zh=("冷",)), entry("soup", it=("zuppa",), zh=("汤",))]
    rows = dictionary_rows(entries, 4, 0)
    joined = rows[rows["english"].str.contains(",")].set_index("lang")
    meaning = {"freddo": "cold", "zuppa": "soup", "冷": "cold", "汤": "soup"}
    for lang, comma in (("it", ", "), ("zh", "，")):
        for row in joined.loc[[lang]].itertuples():
            assert ", ".join(meaning[word] for word in row.text.split(comma)) == row.english


def test_known_meanings_name_every_form():
    assert ("zuppa", ("soup",)) in known_meanings([entry("soup", it=("zuppa",))])


@pytest.mark.models
def test_known_pieces_of_make_take_words_of_the_dictionary(monkeypatch):
    from nlp.models.vectors.minilm import Wordpieces, load_minilm
    from nlp.training.contextual import make

    entries = [entry("soup", it=("zuppa", "la zuppa"))]
    monkeypatch.setattr(make.dictionary, "load_dictionary", lambda: entries)
    embeddings = load_minilm()["embeddings.word_embeddings.weight"]
    reader = Wordpieces()
    ngrams, meanings = make.known_meanings(reader, embeddings)
    soup = embeddings[reader.vocabulary()["soup"]]
    assert len(meanings) == ngrams.shape[0] < VOCABULARY
    assert (
        sum((row == soup).all() for row in meanings) == 1 + 8
    )  # soup itself, zuppa, and x in seven languages
