import pytest

from nlp.models.splitters import PunctuationSplitter, SpacySplitter, load_splitter


@pytest.fixture(scope="module")
def splitter(settings):
    rules = settings["segment"]
    return load_splitter(rules.splitter, settings["clauses"], rules.pipelines)


def pieces_of(splitter, text, language):
    return [text[start:end] for start, end in splitter.split([text], [language])[0]]


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Dr. Smith and Mrs. Jones were kind"),
        ("en", "Bring your own towels, e.g. the big ones"),
        ("de", "Das war z.B. sehr gut"),
        ("de", "Am 3. Mai kam das Paket"),
        ("it", "Il sig. Rossi è stato gentile"),
        ("pl", "Brakuje dodatków, np. ładowarki"),
        ("es", "La Sra. García fue muy amable"),
        ("fr", "Mme. Petit était très aimable"),
        ("pt", "O Sr. Silva foi atencioso"),
    ],
)
def test_split_does_not_stop_at_abbreviations(splitter, language, text):
    assert pieces_of(splitter, text, language) == [text]


@pytest.mark.parametrize("language", ["en", "it", "pl", "ar", "zh", "es", "de", "fr", "pt", "und"])
def test_split_finds_sentences_in_every_language(splitter, language):
    assert pieces_of(splitter, "Aaa bbb ccc. Ddd eee fff.", language) == ["Aaa bbb ccc.", "Ddd eee fff."]


def test_split_keeps_the_order_of_texts(splitter):
    spans = splitter.split(["Good. Bad.", "", "好。坏。"], ["en", "en", "zh"])
    assert spans == [[(0, 5), (6, 10)], [], [(0, 2), (2, 4)]]


def test_split_counts_code_points_not_bytes(splitter):
    assert splitter.split(["👍🏽 좋아. Fine."], ["en"]) == [[(0, 6), (7, 12)]]


def test_split_survives_hostile_words(splitter, monkeypatch):
    monkeypatch.setattr("nlp.models.splitters._MAX_CACHED", 50)
    text = " ".join(f"w{number}x. Next" for number in range(300))
    assert len(splitter.split([text], ["en"])[0]) == 301


def test_split_uses_a_trained_pipeline_where_one_is_named(settings, tmp_path):
    import spacy

    trained = spacy.blank("en")
    trained.add_pipe("sentencizer", config={"punct_chars": ["!"]})
    trained.to_disk(tmp_path / "own")
    splitter = SpacySplitter(settings["clauses"], {"en": str(tmp_path / "own")})
    assert pieces_of(splitter, "Good hotel. Far! bad food but nice staff", "en") == [
        "Good hotel. Far!",
        "bad food",
        "but nice staff",
    ]
    assert pieces_of(splitter, "Bel posto. Caro", "it") == ["Bel posto.", "Caro"]


def test_splitter_refuses_a_pipeline_that_is_not_installed(settings):
    with pytest.raises(ValueError, match="'en_core_web_nope' for 'en' is not installed; install it"):
        SpacySplitter(settings["clauses"], {"en": "en_core_web_nope"})


def test_splitter_refuses_a_pipeline_that_finds_no_sentences(settings, tmp_path):
    import spacy

    spacy.blank("en").to_disk(tmp_path / "own")
    with pytest.raises(ValueError, match="finds no sentences"):
        SpacySplitter(settings["clauses"], {"en": str(tmp_path / "own")})


def test_punctuation_splitter_needs_no_spacy(settings):
    splitter = load_splitter("punctuation", settings["clauses"], {})
    assert pieces_of(splitter, "J. Smith came. He left", "en") == ["J. Smith came.", "He left"]


def test_punctuation_splitter_refuses_pipelines(settings):
    with pytest.raises(ValueError, match="reads no pipelines"):
        PunctuationSplitter(settings["clauses"], {"en": "en_core_web_sm"})


def test_load_splitter_refuses_an_unknown_name(settings):
    with pytest.raises(ValueError, match="unknown splitter 'nope'; known: punctuation, spacy; add yours"):
        load_splitter("nope", settings["clauses"], {})
