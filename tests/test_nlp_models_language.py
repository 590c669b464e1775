import json
import subprocess
import sys

import numpy as np
import pytest

from data.schema import LANGUAGES_KNOWN, UNDETERMINED
from nlp.models.language import LinguaDetector, load_detector
from nlp.taxonomy import load_taxonomy


@pytest.fixture(scope="module")
def detector(settings):
    rules = settings["language"]
    return load_detector(rules.detector, rules.max_characters, rules.low_accuracy)


@pytest.mark.parametrize("language", LANGUAGES_KNOWN)
def test_detect_knows_most_short_clauses(detector, language):
    texts = [text for category in load_taxonomy() for text in category.phrases[language]]
    codes, _ = detector.detect(texts)
    assert np.mean([code == language for code in codes]) >= 0.9


@pytest.mark.parametrize("language", LANGUAGES_KNOWN)
def test_detect_is_sure_of_three_sentences(detector, language):
    texts = [". ".join(category.phrases[language][:3]) for category in load_taxonomy()]
    codes, scores = detector.detect(texts)
    assert set(codes) == {language}
    assert scores.min() >= 0.75


@pytest.mark.parametrize(
    "text",
    [
        "Это очень хорошо",
        "טוב מאוד ומהיר",
        "とても良いサービスでした",
        "아주 좋아요",
        "این محصول خیلی خوب است و راضی هستم",
        "De service was slecht en het pakket kwam niet op tijd",
        "Mycket bra service och snabb leverans men inte billigt",
        "Ürün çok güzel ama kargo çok geç geldi ve kimse aramadı",
    ],
)
def test_detect_is_sure_that_a_language_is_none_of_ours(detector, text):
    codes, scores = detector.detect([text])
    assert codes == [UNDETERMINED]
    assert scores[0] >= 0.75


def test_detect_doubts_words_of_no_language_it_knows(detector):
    codes, scores = detector.detect(["barang bagus sekali pengiriman cepat terima kasih penjual ramah"])
    assert codes == [UNDETERMINED]
    assert scores[0] < 0.75


@pytest.mark.parametrize(
    ("text", "language"),
    [("Late parcel", "en"), ("pessimo corriere", "it"), ("zepsuta paczka", "pl"), ("kaputtes Paket", "de")],
)
def test_detect_knows_two_words_that_only_one_language_has(detector, text, language):
    codes, scores = detector.detect([text])
    assert codes == [language]
    assert scores[0] >= 0.75


@pytest.mark.parametrize("text", ["ok", "OK!", "Top!", "Super", "x", "bla", "10/10 wow"])
def test_detect_is_not_sure_of_a_word(detector, text):
    _, scores = detector.detect([text])
    assert scores[0] < 0.5


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("iPhone 很好用", "zh"),
        ("المنتج iPhone ممتاز", "ar"),
        ("La batteria dello smartphone Xiaomi dura poco ma il prezzo è giusto", "it"),
        ("@shop_helpdesk https://example.com/thank-you-for-your-order wo bleibt mein Paket", "de"),
    ],
)
def test_detect_is_not_misled_by_names_and_links(detector, text, language):
    assert detector.detect([text])[0] == [language]


@pytest.mark.parametrize(
    "text",
    [
        "",
        " ",
        "👍",
        "\x00\x01",
        "\ud800 abc",
        "a" * 3_000_000,
        "‮esrever‬",
        "ﷺ",
        "\u0301" * 100,
        "?" * 1000,
        "İİİ ßß",
    ],
)
def test_detect_survives_any_text(detector, text):
    codes, scores = detector.detect([text])
    assert len(codes) == 1
    assert np.isfinite(scores).all()


def test_detect_gives_the_same_whatever_stands_around(detector):
    texts = ["Great food", "", "Ottimo servizio", "好"] * 1500
    codes, scores = detector.detect(texts)
    alone, alone_scores = detector.detect(texts[:4])
    assert codes == alone * 1500
    np.testing.assert_array_equal(scores, np.tile(alone_scores, 1500))


def test_detect_takes_no_text(detector):
    codes, scores = detector.detect([])
    assert codes == []
    assert scores.shape == (0,)


def test_detect_gives_the_same_in_another_process(detector, settings):
    texts = ["arrived broken", "bonne qualité", "Super Qualität", "entrega tarde", "muy majo todo", "fajne"]
    script = (
        "import json, sys; from nlp.models.language import LinguaDetector; "
        "codes, scores = LinguaDetector(300, False).detect(json.loads(sys.argv[1])); "
        "print(json.dumps([codes, scores.tolist()]))"
    )
    run = subprocess.run(
        [sys.executable, "-c", script, json.dumps(texts)], capture_output=True, text=True, check=True
    )
    codes, scores = detector.detect(texts)
    assert json.loads(run.stdout) == [codes, scores.tolist()]


def test_detector_of_low_accuracy_knows_whole_sentences():
    codes, _ = LinguaDetector(300, True).detect(
        ["The courier was late and rude", "Il corriere era in ritardo"]
    )
    assert codes == ["en", "it"]


def test_load_detector_refuses_an_unknown_name():
    with pytest.raises(ValueError, match="unknown language detector 'nope'; known: lingua; add yours"):
        load_detector("nope", 300, False)
