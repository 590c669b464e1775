"""Finds names of people in Latin script where the words around are sure: introductions, titles, signatures.

A name that no rule is sure of stays; given names that are nothing else are looked for in given.py.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from data.privacy.spans import Finder, Span, any_of
from data.privacy.words import WORDS, pattern_of

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĘĚĜĞĠĢĤĪĮİĴĶĹĻĽŁŃŅŇŌŐŒŔŘŚŜŞŠŢŤŪŮŰŲŴŶŹŻŽ"
_PART = rf"(?:[{_UP}][^\W\d_]*+(?:['’-][^\W\d_]++){{0,3}})"
_PREFIX = r"(?:(?:de|del|della|di|da|dos|van|von|der|la|le|al-|el-|bin|ibn|O'|Mc) ?)"
# a full stop goes on only behind an initial: "J. Smith", not "Anna. She"
_JOIN = rf"(?:(?<=[\s][{_UP}])\.|(?<=^[{_UP}])\.)? {_PREFIX}{{0,2}}"
FULL_NAME = rf"{_PART}(?:{_JOIN}{_PART}){{0,3}}(?:(?<= [{_UP}])\.)?"
_NAME = rf"(?P<it>{FULL_NAME})"

FIRST_PERSON = {
    "en": ("my name is", "my name's", "my full name is", "i am called"),
    "it": ("mi chiamo", "il mio nome è", "il mio nome e'"),
    "pl": ("nazywam się", "mam na imię", "moje imię to", "moje nazwisko to"),
    "es": ("me llamo", "mi nombre es"),
    "de": ("ich heiße", "ich heisse", "mein name ist"),
    "fr": ("je m'appelle", "je m’appelle", "mon nom est"),
    "pt": ("meu nome é", "me chamo", "chamo-me"),
}
STATED = {
    "en": ("name:", "signed by", "signed:", "on behalf of"),
    "it": ("nome e cognome:", "nome:", "a nome di", "mi firmo"),
    "pl": ("imię i nazwisko:", "na nazwisko"),
    "es": ("nombre:", "a nombre de"),
    "de": ("name:", "auf den namen"),
    "fr": ("nom:", "au nom de"),
    "pt": ("nome:", "em nome de"),
}
# a person whose work is named, then "called": not "a product called Echo"
_ROLES = pattern_of("roles")
_CALLED = (
    r"(?:,? (?:named|called|by the name of|whose name (?:is|was)|di nome|che si chiama(?:va)?|o "
    r"imieniu|o nazwisku"
    r"|imieniem|namens|llamad[oa]|que se llama(?:ba)?|nommée?|appelée?|chamad[oa]|de nome) )"
)
# titles that are words of their own end a sentence before a full stop: "mit seiner Frau. Im Januar ..."
_ABBREVIATED = (
    r"(?:Mr|Mrs|Ms|Dr|Prof|Sig|Sig\.ra|Sig\.na|Dott|Dott\.ssa|Avv|Ing|Geom|Sr|Sra|Srta|Dra|Mme|Mlle)"
)
_WRITTEN_OUT = (
    r"(?:Miss|Mister|Signor|Signora|Signorina|Dottor|Dottoressa|Pan|Pani|Pana|Panu|Panem|Panią"
    r"|Panie|Herr|Herrn|Frau"
    r"|Fräulein|Señor|Señora|Señorita|Don|Doña|Monsieur|Madame|Mademoiselle|Senhor|Senhora|Dona"
    r"|pani|pana|panem|panią|señora|señor|signora|signor|dottor|dottoressa|herr|frau|monsieur"
    r"|madame|senhor|senhora)"
)
_LOWER = r"(?:(?:sig|dott|dr|prof|mr|mrs|ms|avv|sr|sra|sig\.ra|sig\.na|dott\.ssa)\.?|mrs)"
_TITLES = rf"(?:{_ABBREVIATED} ?\.?|{_LOWER}|{_WRITTEN_OUT})"
_CLOSINGS = pattern_of("closings")
_THANKS = pattern_of("closing_thanks")
_NOT_NAMES = frozenset(WORDS["no_name"]["capitalised"])
_THANKED_STOP = _NOT_NAMES | frozenset(WORDS["no_name"]["behind_cues"])
_LOWER_NOT_NAMES = _NOT_NAMES | frozenset(WORDS["no_name"]["lower_case"])


def _listed(table: dict[str, tuple[str, ...]]) -> str:
    return any_of(re.escape(word) for words in table.values() for word in words)


_INTRODUCED = re.compile(rf"(?<!\w)(?i:{_listed(FIRST_PERSON)}|{_listed(STATED)})[ ]{{1,2}}{_NAME}")
_INTRODUCED_LOWER = re.compile(
    rf"(?<!\w)(?i:{_listed(FIRST_PERSON)}) (?P<it>[^\W\d_]{{2,20}}(?: [^\W\d_]{{2,20}})?)(?![\w])"
)
_CALLED_NAME = re.compile(rf"(?<!\w)(?i:{_ROLES}{_CALLED}){_NAME}")
_TITLED = re.compile(
    rf"(?<![\w'])(?:{_TITLES} ){{1,3}}{_NAME}|(?<![\w'])(?:Dr|Mr|Mrs|Prof)\.(?P<near>{FULL_NAME})"
)
_SIGNED = re.compile(
    rf"(?<!\w)(?i:{_CLOSINGS})(?:[ ]?[,.!:;\s/|-]{{1,4}}|$)(?:{_TITLES} )?"
    rf"(?P<it>{FULL_NAME})(?=[\s.!)]{{0,3}}$|\.?\n|\. |\s{{0,3}}[,;(/|\[+-]|\s{{1,3}}(?:tel|\(?\d{{3}}|\S+@))"
)
# thanks are given to brands, too: only on the line above, or before a contact, they close a letter
_THANKED = re.compile(
    rf"(?:^|[.!?…\n]\s*|[,-] )(?i:{_THANKS}) ?[,!.-]?(?:\n\s?(?P<below>{FULL_NAME})(?=[\s.!)]{{0,3}}(?:$|\n))"
    rf"|[, !.-]{{1,2}}(?P<it>{FULL_NAME})(?=\s{{0,3}}[\[+]|\s{{1,3}}(?:tel|\(?\d{{3}}|\S+@)))"
)
# two capitalised words alone on the last line
_UNDERNEATH = re.compile(
    rf"\n\s?(?:[-–—~*]\s?)?(?P<it>{_PART} (?:{_PREFIX}{{0,2}}{_PART}"
    rf"|[{_UP}]\.))\s?$"
)


def _finds(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    def find(text: str) -> Iterator[Span]:
        for found in pattern.finditer(text):
            yield from keep_words(text, found.span(found.lastgroup or 0), _NOT_NAMES)

    return find


def _find_introduced(text: str) -> Iterator[Span]:
    yield from _finds(_INTRODUCED)(text)
    for found in _INTRODUCED_LOWER.finditer(text):
        if found["it"].islower():
            yield from keep_words(text, found.span("it"), _LOWER_NOT_NAMES)


def _find_thanked(text: str) -> Iterator[Span]:
    for found in _THANKED.finditer(text):
        yield from keep_words(text, found.span(found.lastgroup or 0), _THANKED_STOP)


def _find_underneath(text: str) -> Iterator[Span]:
    for span in _finds(_UNDERNEATH)(text):
        if not text[span.start : span.end].isupper() and " " in text[span.start : span.end]:
            yield span


def keep_words(text: str, where: tuple[int, int], stop: frozenset[str]) -> Iterator[Span]:
    """Cut a found name before its first word that is no name."""
    start, end = where
    for word in re.finditer(r"[^\s]+", text[start:end]):
        if word[0].strip(".'’-").casefold() in stop:
            end = start + word.start()
            break
    end = start + len(text[start:end].rstrip())
    if end - start > 1:
        yield Span(start, end, "name")


FINDERS = (
    Finder((rf"(?i)(?:{_listed(FIRST_PERSON)}|{_listed(STATED)}) ",), _find_introduced),
    Finder((rf"(?i){_CALLED}['{_UP}]",), _finds(_CALLED_NAME)),
    Finder((rf"(?:^|[^\w]){_TITLES} ['{_UP}]|(?:Dr|Mr|Mrs|Prof)\.[{_UP}]",), _finds(_TITLED)),
    Finder((rf"(?i)(?:^|[^\w]){_CLOSINGS}[ ,.!:;\s/|-]",), _finds(_SIGNED)),
    Finder((rf"(?i)(?:^|[^\w]){_THANKS} ?[,!. \n-]",), _find_thanked),
    Finder((rf"\n ?(?:[-–—~*] ?)?[{_UP}][^\n]+$",), _find_underneath),
)
