"""Judges intents by phrases that people edit; a trained head takes its place through the same protocol."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import cache
from importlib import resources

import numpy as np

from nlp.models.judges.intent_heads import IntentHeads
from nlp.protocols import Classifier
from nlp.text.phrases import any_of, whole_words

_GROUPS = ("guards", "leaving", "suggestion", "question")
_OPENING = re.compile(
    r"^\W*(?:\w+\W+){0,2}$"
)  # a question opens with its phrase, or with "hello, and" before it
_QUESTION_MARK = re.compile(r"[?？؟][\s!?？！؟\"'”’»)\]」』）]*$")
_TAIL = 40


@dataclass(frozen=True)
class IntentRules:
    """How sure a phrase makes us; section [intent] of the settings.

    Attributes:
        classifier: name in INTENT_CLASSIFIERS of nlp/models/judges/intents.py.
        leaving: a phrase of leaving.
        suggestion: a phrase of suggestion.
        question: a phrase of question and a question mark.
        question_mark: the mark alone: some are rhetorical.
        question_phrase: the phrase alone, opening the segment.
        head_suggestion: share from which the head's suggestion counts where no phrase speaks.
    """

    classifier: str
    leaving: float
    suggestion: float
    question: float
    question_mark: float
    question_phrase: float
    head_suggestion: float


class PatternIntents:
    """Finds leaving, suggestions and questions; everything else is a statement.

    Praise and complaint are statements with a feeling: the stage adds it.
    """

    name: str = "intent-patterns-1"
    labels: tuple[str, ...] = ("leaving", "suggestion", "question", "statement")

    def __init__(self, rules: IntentRules) -> None:
        self._rules = rules
        self._patterns = _read_patterns()

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments -> (n, 4) float32, rows sum to 1, same order; `features` are not read."""
        shares = np.zeros((len(texts), len(self.labels)), dtype=np.float32)
        statement = len(self.labels) - 1
        for row, (text, language) in enumerate(zip(texts, languages, strict=True)):
            label, share = self._judge(text, language)
            shares[row, label] = share
            shares[row, statement] += 1 - share
        return shares

    def _judge(self, text: str, language: str) -> tuple[int, float]:
        rules = self._rules
        pattern = self._patterns.get(language)
        found: dict[str, int] = {}
        if pattern is not None:
            for match in pattern.finditer(text):
                found.setdefault(match.lastgroup or "", match.start())
        if "leaving" in found:
            return 0, rules.leaving
        is_asked = _QUESTION_MARK.search(text, max(0, len(text) - _TAIL)) is not None
        if is_asked:
            return 2, rules.question if "question" in found else rules.question_mark
        if "suggestion" in found:
            return 1, rules.suggestion
        if "question" in found and _OPENING.match(text[: found["question"]][:_TAIL]):
            return 2, rules.question_phrase
        return 3, 1.0


class PatternsAndHead:
    """The phrases, and a trained head for suggestions: there it finds twice as much, elsewhere less."""

    labels: tuple[str, ...] = PatternIntents.labels

    def __init__(self, rules: IntentRules, heads: IntentHeads | None) -> None:
        """Without heads for the encoder in use, the phrases speak alone."""
        self._rules, self._heads = rules, heads
        self._patterns = PatternIntents(rules)
        self.name = f"{self._patterns.name}-and-head-1"

    def predict(self, texts: Sequence[str], languages: Sequence[str], features: np.ndarray) -> np.ndarray:
        """n segments and their (n, k) features -> (n, 4) float32, rows sum to 1, same order."""
        shares = self._patterns.predict(texts, languages, features)
        if self._heads is None or not len(texts) or not features.shape[1]:
            return shares
        likely = self._heads.intents(features)[:, self._heads.labels.index("suggestion")]
        is_open = shares.argmax(axis=1) == self.labels.index("statement")
        rows = is_open & (likely >= self._rules.head_suggestion)
        shares[rows] = 0.0
        shares[rows, self.labels.index("suggestion")] = self._rules.suggestion
        shares[rows, self.labels.index("statement")] = 1 - self._rules.suggestion
        return shares


INTENT_CLASSIFIERS: dict[str, Callable[[IntentRules, IntentHeads | None], Classifier]] = {
    "patterns": lambda rules, _: PatternIntents(rules),
    "patterns_and_head": PatternsAndHead,
}


def load_intent_classifier(rules: IntentRules, heads: IntentHeads | None = None) -> Classifier:
    """Build the intent classifier that settings.toml names; `heads` fit the encoder in use, or are None.

    Raises:
        ValueError: nothing of that name is known; the message lists what is.
    """
    if rules.classifier not in INTENT_CLASSIFIERS:
        known = ", ".join(sorted(INTENT_CLASSIFIERS))
        raise ValueError(
            f"unknown intent classifier '{rules.classifier}'; known: {known}; "
            "add yours to INTENT_CLASSIFIERS in nlp/models/judges/intents.py"
        )
    return INTENT_CLASSIFIERS[rules.classifier](rules, heads)


@cache
def _read_patterns() -> dict[str, re.Pattern[str]]:
    tables = tomllib.loads(resources.files("nlp").joinpath("intents.toml").read_text(encoding="utf-8"))
    return {language: _compile(table, is_spaced=language != "zh") for language, table in tables.items()}


def _compile(table: dict[str, list[str]], *, is_spaced: bool) -> re.Pattern[str]:
    body = "|".join(f"(?P<{group}>{any_of(table[group], is_spaced=is_spaced)})" for group in _GROUPS)
    return whole_words(body, [phrase for group in _GROUPS for phrase in table[group]], is_spaced=is_spaced)
