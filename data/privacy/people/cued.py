"""Finds names of people behind a word for who they are: "my daughter Imogen", "il tecnico, tale Rossi".

Behind such a word, in the middle of a sentence, a capital letter is a name, unless it is a brand, a weekday
or an office. Arabic and Chinese have no capitals: there a list of given names, or of surnames, has to agree.
"""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.privacy.people.eastern import DOUBLE_SURNAMES, SURNAMES
from data.privacy.people.given import ARABIC_GIVEN
from data.privacy.people.names import FULL_NAME, keep_words
from data.privacy.spans import Finder, Span, any_of
from data.privacy.words import WORDS, pattern_of

_STOP = frozenset(WORDS["no_name"]["capitalised"]) | frozenset(WORDS["no_name"]["behind_cues"])
_LATIN_SCRIPT = ("en", "it", "pl", "es", "fr", "pt")
_A_CERTAIN = (
    r"(?:,? (?:a certain|one|a guy called|tale|un certo|una certa|di nome|niejaki|niejaka|jakiś|jakaś|pan"
    r"|pani|un tal|una tal|un certain|une certaine|um tal|uma tal))?"
)
_SELF = (
    r"(?:sono|qui|tu|z tej strony|jestem|it'?s|this is|contact:|contatto:|kontakt:|soy|aquí|je suis"
    r"|ici|sou|aqui|hier ist|hier schreibt)"
)
_AT_WORK = r"(?:from the|at the|in the|who|del negozio|della|dello|che mi|de la tienda|du magasin|da loja)"
_WHO = any_of(word for language in _LATIN_SCRIPT for word in WORDS["people"][language])
_HOLDS, _THANKS = pattern_of("holders"), pattern_of("thanks")
_LATIN = (
    re.compile(rf"(?<!\w)(?i:{_WHO}){_A_CERTAIN},? (?P<it>{FULL_NAME})"),
    re.compile(rf"(?<!\w)(?i:{_HOLDS}):? (?P<it>{FULL_NAME})"),
    re.compile(rf"(?<!\w)(?i:{_SELF}) (?P<it>{FULL_NAME} {FULL_NAME})"),
    re.compile(rf"(?:^|(?<=[.!?] ))(?P<it>{FULL_NAME} {FULL_NAME}) (?:here|qui)\b"),
    re.compile(rf"(?<!\w)(?i:{pattern_of('greetings')})[,!.] ?(?P<it>{FULL_NAME}) (?:here|qui)\b"),
    re.compile(rf"(?<!\w)(?i:{_THANKS}) (?P<it>{FULL_NAME})(?= {_AT_WORK}\b)"),
)

_AR_WORD = r"[\u0621-\u064a]{2,20}"
_AR_CUE = any_of(WORDS["people"]["ar"])
_AR_GIVEN = rf"{ARABIC_GIVEN}(?![\u0600-\u06ff])"
_ARABIC = re.compile(
    rf"(?<![\u0600-\u06ff]){_AR_CUE}[\s:،]{{1,2}}(?P<it>(?:(?:أم|أبو|ام|ابو) {_AR_WORD}|{_AR_GIVEN})"
    rf"(?: (?:بن|بنت|ابن) {_AR_WORD})?(?: ال{_AR_WORD}| {_AR_GIVEN})?)"
)

_HAN = r"[\u4e00-\u9fff]"
_ZH_CUE, _ZH_NO = any_of(WORDS["people"]["zh"]), any_of(WORDS["no_name"]["chinese"])
_ZH_FAMILY = rf"(?:{DOUBLE_SURNAMES}|[{SURNAMES}])"
_ZH_GIVEN = rf"(?:[姐哥叔姨]|{_HAN}{{2}}(?!们)|{_HAN}(?!{_HAN}))"
_ZH_HOLDER = r"我是|本人|这里是|户名|账户名|收款人|收货人"
_CHINESE = (
    re.compile(
        rf"{_ZH_CUE}(?:叫|是|写的是|名叫)?[,，:： ]?(?P<it>(?!{_ZH_NO})"
        rf"(?:老[{SURNAMES}](?!{_HAN}*[板师])|{_ZH_FAMILY}{_ZH_GIVEN}))"
    ),
    re.compile(
        rf"(?:{_ZH_HOLDER})[:： ]?(?P<it>(?!{_ZH_NO}){_ZH_FAMILY}{_HAN}{{1,2}})(?=[,，。.!！;；、\s]|$)"
    ),
)


def _find_latin(text: str) -> Iterator[Span]:
    for pattern in _LATIN:
        for found in pattern.finditer(text):
            if not found["it"].isupper():  # DHL, GLS and INPS are no people
                yield from keep_words(text, found.span("it"), _STOP)


def _find_arabic(text: str) -> Iterator[Span]:
    for found in _ARABIC.finditer(text):
        yield Span(*found.span("it"), "name")


def _find_chinese(text: str) -> Iterator[Span]:
    for pattern in _CHINESE:
        for found in pattern.finditer(text):
            yield Span(*found.span("it"), "name")


FINDERS = (
    Finder((rf"(?i)(?:{_WHO}|{_HOLDS}|{_THANKS})[:,]? ",), _find_latin),
    Finder((rf"(?:^|\W)(?i:{_SELF}) \p{{Lu}}|\p{{Lu}}\S+ (?:here|qui)\b",), _find_latin),
    Finder((rf"{_AR_CUE}[\s:،]",), _find_arabic),
    Finder((rf"{_ZH_CUE}|{_ZH_HOLDER}",), _find_chinese),
)
