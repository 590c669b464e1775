"""Words of a text as topic labels need them: stems, themes, opinions, negators, per language."""

from __future__ import annotations

import re
import runpy
import tomllib
import unicodedata
from collections.abc import Callable, Sequence
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from nlp.models.lexical.stems import light_stem
from nlp.protocols import Word

LISTS = Path(__file__).with_name("words.toml")
MAX_CHARACTERS = 2000  # of one segment are read: labels need no more, and hostile texts cost no more
MARKS = "\u0300-\u036f\u064b-\u0652\u0670"  # accents apart from their letter, Arabic vowels
WORD = rf"(?<![^\W_])[^\W\d_]+(?:[{MARKS}]+[^\W\d_]*)*"  # the th of 27th is none
LETTERS = re.compile(WORD)
CONTRACTED = re.compile(
    rf"{WORD}(?:['’][^\W\d_]{{1,3}}(?![^\W\d_]))?"
)  # couldn't is one word; l'hotel is two
PLACEHOLDER = re.compile(r"\[[A-Z][A-Z_]{1,30}\]")
GLUE = re.compile(r"[\s'’\-]*")  # between two words of one stretch; anything else ends the stretch
HAN = re.compile(r"[㐀-鿿豈-﫿]")
HAN_RUN = re.compile(r"[㐀-鿿豈-﫿]+")
ARABIC_MARKS = re.compile(r"[ً-ْٰـ]")


class Vocabulary:
    """The words of one language that name no theme."""

    def __init__(self, language: str) -> None:
        lists = _own_lists().get(language, {})
        self.negators = frozenset(lists.get("negators", "").split())
        self.opinions = frozenset(lists.get("opinions", "").split()) - self.negators
        themes = frozenset(lists.get("themes", "").split())
        self.breakers = frozenset(lists.get("breakers", "").split()) - self.negators - self.opinions - themes
        self.stops = _stop_words(language) - self.negators - self.opinions - self.breakers - themes

    def kind(self, folded: str) -> str:
        """Give the kind of a word, folded: theme, opinion, negator, breaker or stop."""
        if folded in self.negators:
            return "negator"
        if folded in self.opinions:
            return "opinion"
        if folded in self.breakers:
            return "breaker"
        return "stop" if folded in self.stops or len(folded) < 2 else "theme"


class LanguageWords:
    """Reads words in nine languages; others by their letters alone, with no stop words."""

    def __init__(self, lemma_languages: Sequence[str] = ()) -> None:
        """Name the languages whose dictionary of lemmas is worth loading; the others take light stems."""
        self.lemma_languages = frozenset(lemma_languages)
        self._vocabularies: dict[str, Vocabulary] = {}
        self._cut_chinese: Callable[[str], Any] | None = None
        self._stem = lru_cache(maxsize=200_000)(self._stem_of)

    def read(self, text: str, language: str) -> list[list[Word]]:
        """One text -> its stretches between punctuation, each a list of words in order."""
        text = text[:MAX_CHARACTERS]
        stretches: list[list[Word]] = []
        previous_end = -1
        for start, end in self._spans(text, language):
            joined = previous_end >= 0 and GLUE.fullmatch(text, previous_end, start) is not None
            word = self._word(text, start, end, language)
            if joined:
                stretches[-1].append(word)
            else:
                stretches.append([word])
            previous_end = end
        return stretches

    def has_theme(self, text: str, language: str) -> bool:
        """Say whether a text names anything besides praise, blame and courtesy."""
        text = PLACEHOLDER.sub(" ", text[:MAX_CHARACTERS])
        vocabulary = self._vocabulary(language)
        if HAN.search(text):
            return any(_has_chinese_theme(run, vocabulary) for run in HAN_RUN.findall(text))
        return any(
            vocabulary.kind(fold(found[0], language)) == "theme"
            and not (language != "de" and _is_name(found[0], found.start()))
            for found in _letters(language).finditer(text)
        )

    def _word(self, text: str, start: int, end: int, language: str) -> Word:
        raw = text[start:end]
        folded = fold(raw, language)
        kind = self._vocabulary(language).kind(folded)
        if kind == "theme" and _is_name(raw, start):
            kind = "name"
        return Word(self._stem(folded, language), start, end, kind)

    def _spans(self, text: str, language: str) -> list[tuple[int, int]]:
        hidden = PLACEHOLDER.sub(lambda found: "|" * len(found[0]), text)
        if language == "zh" or HAN.search(hidden):
            return self._chinese_spans(hidden)
        return [found.span() for found in _letters(language).finditer(hidden)]

    def _chinese_spans(self, text: str) -> list[tuple[int, int]]:
        spans, at = [], 0
        for piece in self._chinese()(text):
            if LETTERS.fullmatch(piece):
                spans.append((at, at + len(piece)))
            at += len(piece)
        return spans

    def _chinese(self) -> Callable[[str], Any]:
        if self._cut_chinese is None:
            import jieba  # noqa: PLC0415 - loads a dictionary for a second

            jieba.setLogLevel(60)
            # Its own instance and no cache file: the shared one writes to the temporary folder.
            tokenizer = jieba.Tokenizer()
            self._cut_chinese = lambda text: tokenizer.cut(text, HMM=False)
        return self._cut_chinese

    def _vocabulary(self, language: str) -> Vocabulary:
        if language not in self._vocabularies:
            self._vocabularies[language] = Vocabulary(language)
        return self._vocabularies[language]

    def _stem_of(self, folded: str, language: str) -> str:
        if language in self.lemma_languages:
            import simplemma  # noqa: PLC0415 - loads a dictionary per language

            return str(simplemma.lemmatize(folded, lang=language)).casefold()
        return light_stem(folded, language)


def fold(word: str, language: str) -> str:
    """Bring a word to the form that lists and stems use."""
    folded = unicodedata.normalize("NFKC", word).casefold().replace("’", "'")
    if language == "ar":
        folded = ARABIC_MARKS.sub("", folded).translate(str.maketrans("أإآى", "اااي"))
    return folded


def _letters(language: str) -> re.Pattern[str]:
    return CONTRACTED if language == "en" else LETTERS


def _is_name(word: str, start: int) -> bool:
    """Say whether a word is written like the name of a person or a brand; every noun is, in German."""
    return start > 0 and word[0].isupper() and not word.isupper()


def _has_chinese_theme(run: str, vocabulary: Vocabulary) -> bool:
    # Whole words would need the segmenter for every text; what is left after the known words are taken
    # out, longest first, is a theme when it still holds a word's two characters.
    left = _chinese_pattern(vocabulary).sub(" ", run)
    return any(len(part) >= 2 for part in left.split())


@lru_cache(maxsize=4)
def _chinese_pattern(vocabulary: Vocabulary) -> re.Pattern[str]:
    known = sorted(vocabulary.opinions | vocabulary.negators, key=lambda word: (-len(word), word))
    return re.compile("|".join(map(re.escape, known)) or r"(?!)")


@lru_cache(maxsize=1)
def _own_lists() -> dict[str, dict[str, str]]:
    return tomllib.loads(LISTS.read_text(encoding="utf-8"))


def _stop_words(language: str) -> frozenset[str]:
    """Read spaCy's list without importing spaCy, which takes seconds."""
    package = find_spec("spacy")
    places = (package.submodule_search_locations or []) if package else []
    for place in places:
        file = Path(place) / "lang" / language / "stop_words.py"
        if re.fullmatch(r"[a-z]{2,3}", language) and file.is_file():
            words = runpy.run_path(str(file))["STOP_WORDS"]
            return frozenset(fold(word, language) for word in words)
    return frozenset()
