"""Builds a splitter by name: spaCy decides what a sentence is, connectives what a clause is."""

from __future__ import annotations

import contextlib
from collections.abc import Callable, Mapping, Sequence
from typing import Any

from data.schema import LANGUAGES_KNOWN
from nlp.models.light import light_imports
from nlp.protocols import Splitter
from nlp.text.clauses import ClauseCutter, ClauseRules, Span

_MAX_CACHED = 100_000  # distinct words before a full stop; bounds the memory on hostile text
# The others get spaCy's rules for any language. Chinese ends no abbreviation with a full stop, and its blank
# pipeline cuts every character; the Arabic one leaves the stop on every Latin word; French takes 2.5 s to
# import, for compounds that never end a sentence. clauses.toml lists more abbreviations of all of them.
_WITH_ABBREVIATIONS = tuple(code for code in LANGUAGES_KNOWN if code not in ("ar", "fr", "zh"))
_MAX_CHARACTERS = (
    100_000  # a parser needs about 1 GB for each 100,000 characters (spaCy's own limit warns of it)
)


class SpacySplitter:
    """Cuts sentences as spaCy does, then clauses.

    A language with a trained pipeline is cut where that finds sentences. For the others a blank pipeline
    says whether a full stop belongs to an abbreviation: its tokenizer works word by word, so the one word
    before the stop is asked instead of the whole text. The answer is the rule sentencizer's, 20 times faster.

    Args:
        rules: how long a clause is.
        pipelines: language -> installed trained pipeline, as {"en": "en_core_web_sm"}; may be empty.

    Raises:
        ValueError: when a pipeline is not installed.

    Source: https://spacy.io/api/sentencizer
    """

    def __init__(self, rules: ClauseRules, pipelines: Mapping[str, str]) -> None:
        spacy = import_spacy(is_whole=bool(pipelines))
        self._blank: Callable[[str], Any] = spacy.blank
        self._trained = {language: _load_trained(name, language) for language, name in pipelines.items()}
        self._tokenizers: dict[str, Any] = {}
        self._abbreviations: dict[tuple[str, str], bool] = {}
        self._cutter = ClauseCutter(rules, self._is_abbreviation)

    def split(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[Span]]:
        """(n,) texts -> for each, its clauses as (start, end) code points, ascending, apart, not blank."""
        sentences: list[Sequence[Span]] = [()] * len(texts)
        for language, pipeline in self._trained.items():
            rows = [
                row
                for row, code in enumerate(languages)
                if code == language and len(texts[row]) <= _MAX_CHARACTERS
            ]
            for row, document in zip(rows, pipeline.pipe(texts[row] for row in rows), strict=True):
                sentences[row] = [(part.start_char, part.end_char) for part in document.sents]
        return [
            self._cutter.cut(text, language, found)
            for text, language, found in zip(texts, languages, sentences, strict=True)
        ]

    def _is_abbreviation(self, word: str, language: str) -> bool:
        known = self._abbreviations.get((language, word))
        if known is None:
            if len(self._abbreviations) >= _MAX_CACHED:
                self._abbreviations.clear()
            tokens = self._tokenizer(language)(f"{word}.")
            known = len(tokens) > 0 and tokens[-1].text != "."
            self._abbreviations[language, word] = known
        return known

    def _tokenizer(self, language: str) -> Any:  # noqa: ANN401 - spaCy's tokenizer
        if language not in self._tokenizers:
            code = language if language in _WITH_ABBREVIATIONS else "xx"
            self._tokenizers[language] = self._blank(code).tokenizer
        return self._tokenizers[language]


def import_spacy(*, is_whole: bool) -> Any:  # noqa: ANN401 - a module
    """Import spaCy; its blank pipelines need no torch, which costs two thirds of the time and 180 MB."""
    with contextlib.nullcontext() if is_whole else light_imports(frozenset({"torch"})):
        import spacy
    return spacy


class PunctuationSplitter:
    """Cuts sentences at punctuation alone: starts at once, knows no abbreviations but initials."""

    def __init__(self, rules: ClauseRules, pipelines: Mapping[str, str]) -> None:
        if pipelines:
            raise ValueError(
                "the splitter 'punctuation' reads no pipelines; choose 'spacy' or leave them out"
            )
        self._cutter = ClauseCutter(rules, lambda word, language: len(word) == 1 or "." in word)

    def split(self, texts: Sequence[str], languages: Sequence[str]) -> list[list[Span]]:
        """(n,) texts -> for each, its clauses as (start, end) code points, ascending, apart, not blank."""
        return [self._cutter.cut(text, language) for text, language in zip(texts, languages, strict=True)]


SPLITTERS: dict[str, Callable[[ClauseRules, Mapping[str, str]], Splitter]] = {
    "spacy": SpacySplitter,
    "punctuation": PunctuationSplitter,
}


def load_splitter(kind: str, rules: ClauseRules, pipelines: Mapping[str, str]) -> Splitter:
    """Build the splitter that settings.toml names.

    Raises:
        ValueError: nothing of that name is known; the message lists what is.
    """
    if kind not in SPLITTERS:
        raise ValueError(
            f"unknown splitter '{kind}'; known: {', '.join(sorted(SPLITTERS))}; "
            "add yours to SPLITTERS in nlp/models/splitters.py"
        )
    return SPLITTERS[kind](rules, pipelines)


def _load_trained(name: str, language: str) -> Any:  # noqa: ANN401 - spaCy's pipeline
    import spacy

    try:
        pipeline = spacy.load(name, exclude=["ner", "lemmatizer", "textcat"])
    except OSError:
        raise ValueError(
            f"the spaCy pipeline '{name}' for '{language}' is not installed; install it "
            f"(python -m spacy download {name}) or leave it out of the settings: punctuation rules serve then"
        ) from None
    if not any(part in pipeline.pipe_names for part in ("parser", "senter", "sentencizer")):
        raise ValueError(
            f"the spaCy pipeline '{name}' for '{language}' finds no sentences: it has no parser or senter"
        )
    return pipeline
