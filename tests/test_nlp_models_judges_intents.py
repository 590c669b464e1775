import dataclasses

import numpy as np
import pytest

from nlp.models.judges.intents import PatternIntents, load_intent_classifier
from nlp.taxonomy import load_taxonomy

NONE = np.zeros((1, 0), np.float32)


@pytest.fixture(scope="module")
def classifier(settings):
    return load_intent_classifier(settings["intent"])


def intent_of(classifier, text, language):
    return classifier.labels[int(classifier.predict([text], [language], NONE)[0].argmax())]


@pytest.mark.parametrize(
    ("language", "text", "intent"),
    [
        ("en", "I will cancel my subscription", "leaving"),
        ("en", "We won’t be back", "leaving"),
        ("en", "I would never switch to another provider", "statement"),
        ("en", "You should open on Sundays", "suggestion"),
        ("en", "When will my parcel arrive?", "question"),
        ("en", "how do i return this", "question"),
        ("en", "The staff knew how can I say everything", "statement"),
        ("en", "Quick and friendly service", "statement"),
        ("it", "Disdico il contratto e cambio operatore", "leaving"),
        ("it", "Mai più senza questo aspirapolvere", "statement"),
        ("it", "Dovreste aprire anche la domenica", "suggestion"),
        ("it", "Quando arriva il pacco?", "question"),
        ("pl", "Rezygnuję z waszych usług", "leaving"),
        ("pl", "Nigdy więcej problemów z dostawą", "statement"),
        ("pl", "Przydałoby się więcej miejsca", "suggestion"),
        ("pl", "Kiedy będzie dostępny?", "question"),
        ("ar", "سألغي اشتراكي غدا", "leaving"),
        ("ar", "لن أشتري من هنا بعد اليوم", "leaving"),
        ("ar", "أقترح إضافة خدمة الدفع عند الاستلام", "suggestion"),
        ("ar", "هل يمكن تغيير العنوان؟", "question"),
        ("zh", "以后不会再买了", "leaving"),
        ("zh", "建议增加停车位", "suggestion"),
        ("zh", "建议大家来尝尝", "statement"),
        ("zh", "什么时候发货？", "question"),
        ("es", "No volveré nunca", "leaving"),
        ("es", "Deberían contratar más personal", "suggestion"),
        ("es", "¿Cuándo llega mi pedido?", "question"),
        ("de", "Nie wieder in diesem Laden", "leaving"),
        ("de", "Nie wieder ohne dieses Gerät", "statement"),
        ("de", "Es wäre schön, wenn es mehr Plätze gäbe", "suggestion"),
        ("de", "Wann kommt mein Paket?", "question"),
        ("fr", "Plus jamais chez vous", "leaving"),
        ("fr", "Il faudrait plus de caisses", "suggestion"),
        ("fr", "Quand est-ce que vous ouvrez ?", "question"),
        ("pt", "Nunca mais compro nesta loja", "leaving"),
        ("pt", "Deveriam contratar mais gente", "suggestion"),
        ("pt", "Onde está o meu pedido?", "question"),
        ("und", "blah blah?", "question"),
        ("und", "blah", "statement"),
    ],
)
def test_predict_reads_the_intent(classifier, language, text, intent):
    assert intent_of(classifier, text, language) == intent


@pytest.mark.parametrize("language", ["en", "it", "pl", "ar", "zh", "es", "de", "fr", "pt"])
def test_predict_sees_statements_in_ordinary_clauses(classifier, language):
    texts = [
        text for category in load_taxonomy() if category.id != "other" for text in category.phrases[language]
    ]
    shares = classifier.predict(texts, [language] * len(texts), NONE)
    assert (shares[:, classifier.labels.index("statement")] == 1).mean() >= 0.98


@pytest.mark.parametrize("text", ["", "?", "\x00", "never " * 100_000, "never buy " * 50_000, "?" * 100_000])
def test_predict_survives_any_text(classifier, text):
    shares = classifier.predict([text], ["en"], NONE)
    np.testing.assert_allclose(shares.sum(axis=1), 1)


def test_predict_takes_no_text(classifier):
    assert classifier.predict([], [], NONE).shape == (0, 4)


def test_load_intent_classifier_refuses_an_unknown_name(settings):
    rules = dataclasses.replace(settings["intent"], classifier="nope")
    with pytest.raises(ValueError, match="unknown intent classifier 'nope'; known: patterns"):
        load_intent_classifier(rules)


def test_pattern_intents_are_as_sure_as_the_settings_say(settings):
    rules = dataclasses.replace(settings["intent"], leaving=0.8)
    assert PatternIntents(rules).predict(["never again"], ["en"], NONE)[0, 0] == pytest.approx(0.8)
