"""Answers that say nothing, in nine languages."""

import pytest

from data.cleaning.answers import asks_for_faults, why_empty

IMPROVE = "What could we improve?"


@pytest.mark.parametrize(
    "text",
    ["n/a", "N/A.", "-", ".", "。。。", "???", "none", "None!", "nothing", "Niente.", "nessuno",
     "brak", "nie mam", "لا شيء", "لا يوجد", "无", "没有", "nada", "nichts", "rien", "5", "123",
     "٥", "asdf", "asdfgh", "qwerty", "aaaa", "xxx", "dfgdfg", "x", "sdfghjk", "don't know",
     "k.A.", "sem comentários", "[EMAIL]", "[PHONE] - [NAME]", "test"],
)  # fmt: skip
def test_why_empty_gives_a_reason(text):
    assert why_empty(text, None)


@pytest.mark.parametrize(
    "text",
    ["ok", "good", "bad", "👍", "😡😡", ":)", "<3", "^_^", "10/10", "no complaints", "thx", "Top",
     "好", "差", "سيء", "super", "wow", "hmmm ok", "nothing works", "no help", "none of it worked",
     "Brak kontaktu", "TV", "24h", "haha"],
)  # fmt: skip
def test_why_empty_keeps_a_comment(text):
    assert why_empty(text, None) == ""


@pytest.mark.parametrize(
    ("text", "question"),
    [
        ("Nothing", IMPROVE),
        ("niente", "Cosa possiamo migliorare?"),
        ("nic", "Co możemy poprawić?"),
        ("لا شيء", "ما الذي يمكننا تحسينه؟"),
        ("没有", "我们有什么需要改进的？"),
        ("nada", "¿Qué podríamos mejorar?"),
        ("nichts", "Was können wir verbessern?"),
        ("rien", "Que pouvons-nous améliorer ?"),
        ("nada", "O que podemos melhorar?"),
    ],
)
def test_nothing_to_improve_is_praise(text, question):
    assert why_empty(text, question) == ""


@pytest.mark.parametrize("text", ["n/a", "-", "asdf", "don't know"])
def test_no_answer_stays_no_answer_whatever_was_asked(text):
    assert why_empty(text, IMPROVE)


@pytest.mark.parametrize("question", [None, "", "What did you like?", "Any comments?"])
def test_other_questions_do_not_ask_for_faults(question):
    assert not asks_for_faults(question)


def test_nothing_to_like_is_a_comment():
    assert why_empty("Nothing", "What did you like?") == ""


def test_reasons_quote_nothing():
    assert "qwerty" not in why_empty("qwerty", None)
