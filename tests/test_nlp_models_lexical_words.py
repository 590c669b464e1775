"""Words per language: themes, negators, names, stems, and texts that say nothing."""

import pytest

from nlp.models.lexical.stems import light_stem
from nlp.models.lexical.words import LanguageWords


@pytest.fixture(scope="module")
def reader():
    return LanguageWords()


def kinds(reader, text, language):
    return [[(text[w.start : w.end], w.kind) for w in stretch] for stretch in reader.read(text, language)]


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Thank you very much!", "en"),
        ("ok", "en"),
        ("Absolutely brilliant, highly recommended", "en"),
        ("Grazie mille, tutto perfetto", "it"),
        ("Polecam, super!", "pl"),
        ("شكرا جدا", "ar"),
        ("非常好，谢谢", "zh"),
        ("Muchas gracias, excelente", "es"),
        ("Sehr gut, danke", "de"),
        ("Merci, très bien", "fr"),
        ("Muito bom, recomendo", "pt"),
        ("👍👍 !!! 10/10", "en"),
        ("", "en"),
        ("[NAME] [EMAIL]", "en"),
    ],
)
def test_has_theme_finds_none_in_praise_and_courtesy(reader, text, language):
    assert not reader.has_theme(text, language)


@pytest.mark.parametrize(
    ("text", "language"),
    [
        ("Great delivery", "en"),
        ("Colazione ottima", "it"),
        ("Paczka przyszła uszkodzona", "pl"),
        ("التوصيل متأخر", "ar"),
        ("快递太慢了", "zh"),
        ("El envío llegó tarde", "es"),
        ("Die Lieferung kam spät", "de"),
        ("La livraison est en retard", "fr"),
        ("Entrega atrasada", "pt"),
        ("levering for sen", "da"),
    ],
)
def test_has_theme_finds_one(reader, text, language):
    assert reader.has_theme(text, language)


def test_has_theme_takes_a_name_for_none(reader):
    assert not reader.has_theme("Thank you Sarah", "en")


def test_read_keeps_negations(reader):
    assert kinds(reader, "It doesn't work", "en")[0][1] == ("doesn't", "negator")


def test_read_splits_elisions(reader):
    assert [word for word, _ in kinds(reader, "l'hotel", "it")[0]] == ["l", "hotel"]


def test_read_breaks_at_punctuation_and_placeholders(reader):
    assert [len(stretch) for stretch in reader.read("late parcel, rude [NAME] courier", "en")] == [2, 1, 1]


def test_read_cuts_chinese_into_words(reader):
    assert ("快递", "theme") in kinds(reader, "快递太慢了，等了一个多小时", "zh")[0]


def test_read_marks_names(reader):
    assert kinds(reader, "we met Sarah", "en")[0][-1] == ("Sarah", "name")


def test_read_takes_german_nouns_for_no_names_by_themselves(reader):
    assert reader.has_theme("Danke Lieferung", "de")


def test_read_looks_at_the_start_of_a_huge_text_only(reader):
    assert max(word.end for stretch in reader.read("word " * 2_000_000, "en") for word in stretch) <= 2000


def test_read_survives_hostile_characters(reader):
    assert reader.read("\x00\u202eabc\u202c<script>'''''’’’", "en")


@pytest.mark.parametrize(
    ("forms", "language"),
    [
        (("delivery", "deliveries"), "en"),
        (("cat", "cats", "cat's"), "en"),
        (("camera", "camere"), "it"),
        (("przesyłka", "przesyłki", "przesyłkę"), "pl"),
        (("التوصيل", "توصيل", "والتوصيل"), "ar"),
        (("entrega", "entregas"), "pt"),
        (("chambre", "chambres"), "fr"),
        (("habitación", "habitación"), "es"),
        (("Lieferung".lower(), "lieferungen"), "de"),
    ],
)
def test_light_stem_joins_forms(forms, language):
    assert len({light_stem(form, language) for form in forms}) == 1


@pytest.mark.parametrize(("one", "other"), [("car", "care"), ("room", "road")])
def test_light_stem_keeps_short_words_apart(one, other):
    assert light_stem(one, "en") != light_stem(other, "en")


def test_lemmas_are_taken_where_asked():
    read = LanguageWords(["it"]).read("le consegne", "it")
    assert read[0][1].key == "consegna"


def test_arabic_marks_are_no_part_of_a_word(reader):
    plain, marked = reader.read("توصيل", "ar"), reader.read("تَوْصِيل", "ar")
    assert plain[0][0].key == "".join(word.key for word in marked[0])
