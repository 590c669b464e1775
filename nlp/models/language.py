"""Says in which language a text is: by its script, then by its function words, then by lingua."""

from __future__ import annotations

import csv
import importlib.util
import re
import runpy
from collections.abc import Callable, Sequence
from importlib import resources
from pathlib import Path

import numpy as np

from data.schema import LANGUAGES_KNOWN, UNDETERMINED
from nlp.protocols import LanguageDetector
from nlp.text.scripts import ARABIC, HAN, KANA, LATIN, PERSIAN_LETTERS, count_scripts

LATIN_LANGUAGES = tuple(code for code in LANGUAGES_KNOWN if code not in ("ar", "zh"))

# Languages that are not ours but share words with them: a text in one of these becomes `und` instead of the
# nearest of ours. They cost only word lists; as candidates of lingua they would cost 300 MB and two thirds of
# its speed.
NEIGHBOURS = ("nl", "ro", "cs", "sk", "tr", "fi", "sv", "da", "hu")
_VOTERS = (*LATIN_LANGUAGES, *NEIGHBOURS)

# Letters that few of the voters use.
_LETTERS = {
    "ñ¿¡": ("es",), "ãõ": ("pt",), "ß": ("de",), "łąęśźżń": ("pl",), "ć": ("pl",), "őű": ("hu",),
    "ğışİ": ("tr",), "řěů": ("cs",), "ľĺŕ": ("sk",), "țșăţ": ("ro",), "œ": ("fr",), "ø": ("da",),
    "å": ("sv", "da", "fi"), "ç": ("fr", "pt", "tr"), "ê": ("fr", "pt"), "ùè": ("it", "fr"), "òì": ("it",),
    "ä": ("de", "sv", "fi", "sk"), "ö": ("de", "sv", "fi", "hu", "tr"), "ü": ("de", "hu", "tr", "es"),
    "ó": ("es", "pl", "pt", "hu", "cs", "sk"),
}  # fmt: skip

# A word that k languages share counts 1/k for each. On 10,000 public comments these three bounds settle 78 %
# (nearly all of 30 words and more) and are right on 99.8 % of what they settle.
MIN_VOTES, MIN_RATIO, MIN_MARGIN = 1.5, 1.5, 1.0
# "met needs of patient" is three words of Dutch: a neighbour needs more to win. With less it only casts doubt
# on what lingua says, so that the source decides.
MIN_MARGIN_NEIGHBOUR = 2.0
_DOUBT = 0.6
# Words of the training dictionary that no stop list knows vote too, for less: "late parcel" has no function
# word. On public comments cut to 3 words this settles 1 to 6 points more of each language, no error more.
_CONTENT_WEIGHT = 0.75
_CONTENT_LETTERS = 3  # shorter ones are words of too many languages

_WORD = re.compile(r"[^\W\d_]+")
_NO_WORDS = re.compile(r"(?:https?://|www\.|@)\S+|#[!-~]+|[\[<][A-Z_]+[\]>]")  # links, handles, tags, masks
_SHORT = (
    6  # letters; below, every language is possible ("ok", "Top!") and the confidence is cut in proportion
)
_BATCH = 4096  # bounds the memory of one pass, whatever the number of texts
# A Latin text of this many words without one function word of the language that lingua chose is in none of
# ours (Indonesian, Vietnamese, key smashing): 1 in 2,000 of our own comments looks like that.
_FOREIGN_WORDS = 8
_FOREIGN_SCORE = 0.6  # lists of product names look the same: what the source declares may still decide


class LinguaDetector:
    """Reads the script first, then function words, and asks lingua about the Latin rest.

    Args:
        max_characters: how much of a text is read.
        low_accuracy: lingua's trigram models alone: 0.2 s and 20 MB to load instead of 2 s and 200 MB, and
            87 % instead of 93 % right on the texts that the function words leave open.

    Source: https://github.com/pemistahl/lingua-rs
    """

    def __init__(self, max_characters: int, low_accuracy: bool) -> None:
        from lingua import IsoCode639_1, LanguageDetectorBuilder

        codes = [getattr(IsoCode639_1, code.upper()) for code in LATIN_LANGUAGES]
        builder = LanguageDetectorBuilder.from_iso_codes_639_1(*codes)
        self._lingua = (builder.with_low_accuracy_mode() if low_accuracy else builder).build()
        self._max_characters = max_characters
        self._word_votes = _read_function_words()
        self._words = frozenset(self._word_votes)
        self._words_of = {
            code: frozenset(word for word, votes in self._word_votes.items() if voter in dict(votes))
            for voter, code in enumerate(_VOTERS)
        }
        self._letter_votes = {
            letter: tuple((_VOTERS.index(code), 1 / len(codes)) for code in codes)
            for letters, codes in _LETTERS.items()
            for letter in letters
        }
        self._letters = frozenset(self._letter_votes)

    def detect(self, texts: Sequence[str]) -> tuple[list[str], np.ndarray]:
        """(n,) texts -> n codes of LANGUAGES_KNOWN, or und, and (n,) float32 confidences, same order.

        `und` with a high confidence is a language that is none of ours, with 0 a text without letters.
        """
        codes: list[str] = []
        scores = np.zeros(len(texts), dtype=np.float32)
        for first in range(0, len(texts), _BATCH):
            batch = [
                _NO_WORDS.sub(" ", text[: self._max_characters]) for text in texts[first : first + _BATCH]
            ]
            batch_codes, scores[first : first + len(batch)] = self._detect_batch(batch)
            codes += batch_codes
        return codes, scores

    def _detect_batch(self, texts: list[str]) -> tuple[list[str], np.ndarray]:
        counts = count_scripts(texts, self._max_characters)
        total = counts.sum(axis=1)
        scores = counts.max(axis=1) / np.maximum(total, 1)
        leading = np.where(total > 0, counts.argmax(axis=1), -1)
        codes = [UNDETERMINED] * len(texts)
        is_chinese = (leading == HAN) & (counts[:, KANA] * 10 < counts[:, HAN])
        for row in np.flatnonzero(is_chinese).tolist():
            codes[row] = "zh"
        for row in np.flatnonzero(leading == ARABIC).tolist():
            codes[row] = "ar" if _is_arabic(texts[row]) else UNDETERMINED
        rows = np.flatnonzero(leading == LATIN).tolist()
        for row, (code, score) in zip(rows, self._detect_latin([texts[row] for row in rows]), strict=True):
            codes[row] = code
            scores[row] *= score
        # lingua adds logarithms in an order that it does not promise: three digits are the same every time.
        return codes, np.round(scores, 3).astype(np.float32)

    def _detect_latin(self, texts: list[str]) -> list[tuple[str, float]]:
        answers: list[tuple[str, float]] = []
        unsettled: dict[int, list[str]] = {}
        for row, text in enumerate(texts):
            lowered = text.lower()
            words = _WORD.findall(lowered)
            answers.append(self._vote(set(words), set(lowered)))
            if not answers[-1][0]:
                unsettled[row] = words
        ranked = self._lingua.compute_language_confidence_values_in_parallel(
            [" ".join(w) for w in unsettled.values()]
        )
        for (row, words), values in zip(unsettled.items(), ranked, strict=True):
            code, score = values[0].language.iso_code_639_1.name.lower(), float(values[0].value)
            score *= answers[row][1] * min(1.0, sum(map(len, words)) / _SHORT)
            is_foreign = len(words) >= _FOREIGN_WORDS and self._words_of[code].isdisjoint(words)
            answers[row] = (UNDETERMINED, _FOREIGN_SCORE) if is_foreign else (code, score)
        return answers

    def _vote(self, words: set[str], letters: set[str]) -> tuple[str, float]:
        """Let function words and letters vote: a code and its confidence.

        Where they do not settle it, the code is empty and the confidence is what lingua's answer is worth.
        """
        votes = [0.0] * len(_VOTERS)
        for word in sorted(words & self._words):
            for voter, weight in self._word_votes[word]:
                votes[voter] += weight
        for letter in sorted(letters & self._letters):
            for voter, weight in self._letter_votes[letter]:
                votes[voter] += weight
        second, first = sorted(votes)[-2:]
        margin = first - second
        if first < MIN_VOTES or first < MIN_RATIO * second or margin < MIN_MARGIN:
            return "", 1.0
        code = _VOTERS[votes.index(first)]
        if code in LATIN_LANGUAGES:
            return code, 1 - 0.05 / margin
        return (UNDETERMINED, 1 - 0.05 / margin) if margin >= MIN_MARGIN_NEIGHBOUR else ("", _DOUBT)


DETECTORS: dict[str, Callable[[int, bool], LanguageDetector]] = {"lingua": LinguaDetector}


def load_detector(kind: str, max_characters: int, low_accuracy: bool) -> LanguageDetector:
    """Build the language detector that settings.toml names.

    Raises:
        ValueError: nothing of that name is known; the message lists what is.
    """
    if kind not in DETECTORS:
        raise ValueError(
            f"unknown language detector '{kind}'; known: {', '.join(sorted(DETECTORS))}; "
            "add yours to DETECTORS in nlp/models/language.py"
        )
    return DETECTORS[kind](max_characters, low_accuracy)


def _read_function_words() -> dict[str, tuple[tuple[int, float], ...]]:
    """Take the stop words that spaCy ships and weigh each by how few languages know it."""
    # The files hold nothing but a set of words. Importing them as modules would import spaCy and 16 of its
    # languages, which takes 5 seconds.
    spec = importlib.util.find_spec("spacy")
    folder = Path(
        spec.submodule_search_locations[0] if spec and spec.submodule_search_locations else "", "lang"
    )
    known_by: dict[str, set[int]] = {}
    content = _read_dictionary_words()
    for voter, code in enumerate(_VOTERS):
        listed = runpy.run_path(str(folder / code / "stop_words.py"))["STOP_WORDS"]
        for word in {part for entry in listed for part in _WORD.findall(entry.lower())}:
            known_by.setdefault(word, set()).add(voter)
    weighed = {word: _CONTENT_WEIGHT for word in content.keys() - known_by.keys()}
    return {
        word: tuple((voter, weighed.get(word, 1.0) / len(voters)) for voter in sorted(voters))
        for word, voters in sorted((content | known_by).items())
    }


def _read_dictionary_words() -> dict[str, set[int]]:
    """Take the words of nlp/training/dictionary and say which voters know each."""
    known_by: dict[str, set[int]] = {}
    folder = resources.files("nlp.training").joinpath("dictionary")
    for file in sorted((f for f in folder.iterdir() if f.name.endswith(".tsv")), key=lambda f: f.name):
        lines = file.read_text(encoding="utf-8").splitlines()
        for row in csv.DictReader(lines, delimiter="\t", quoting=csv.QUOTE_NONE):
            for code in LATIN_LANGUAGES:
                for word in _WORD.findall(row[code].lower()):
                    if len(word) >= _CONTENT_LETTERS:
                        known_by.setdefault(word, set()).add(_VOTERS.index(code))
    return known_by


def _is_arabic(text: str) -> bool:
    """Tell Arabic from Persian and Urdu, which write the same script with letters of their own."""
    # Egyptian and Gulf writers use some of these letters now and then; one in fifteen is more than that.
    return sum(letter in PERSIAN_LETTERS for letter in text) * 15 <= len(text)
