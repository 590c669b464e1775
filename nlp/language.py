"""FEEDBACK -> LANGUAGES: which language each comment is in."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from data.schema import LANGUAGES_KNOWN, UNDETERMINED
from nlp.protocols import LanguageDetector

_SCRIPT_OF = {"ar": "arabic", "zh": "han"}  # every other language we know is written in Latin letters


@dataclass(frozen=True)
class LanguageRules:
    """When the detector is believed, and what speaks where it is not sure.

    Attributes:
        detector: name in DETECTORS of nlp/models/language.py.
        low_accuracy: the detector's small models.
        max_characters: how much of a comment is read.
        sure_score: from this confidence on, the detector is believed whatever the source says.
        min_score: below this, with nothing else to go by, the language is und.
        hint_score: the confidence of a language that the source suggests.
        majority_share: share of a source's sure comments that makes one language the source's own.
        majority_count: sure comments that a source needs before its majority says anything.
    """

    detector: str
    low_accuracy: bool
    max_characters: int
    sure_score: float
    min_score: float
    hint_score: float
    majority_share: float
    majority_count: int


def detect_languages(
    feedback: pd.DataFrame, *, detector: LanguageDetector, rules: LanguageRules
) -> pd.DataFrame:
    """Say in which language every comment is.

    A short comment ("ok", "Top!") could be in any language. There the language that the source declares
    decides, then the one that most comments of the same source are in.

    Args:
        feedback: FEEDBACK, n rows.
        detector: gives a code and a confidence per text.
        rules: when the detector is believed.

    Returns:
        LANGUAGES, n rows, in the order of `feedback`; und has the score 0.
    """
    found, scores = detector.detect(feedback["text"].tolist())
    codes = np.array(found, dtype=object)
    is_sure = scores >= rules.sure_score
    declared = _known_codes(feedback["declared_language"])
    majority = _source_majorities(feedback["source"], codes, is_sure & (codes != UNDETERMINED), rules)
    is_open = ~is_sure
    for hint in (declared, majority):
        is_hinted = is_open & _fits(codes, hint)
        scores = np.where(
            is_hinted, np.where(codes == hint, np.maximum(scores, rules.hint_score), rules.hint_score), scores
        )
        codes = np.where(is_hinted, hint, codes)
        is_open = is_open & ~is_hinted
    codes = np.where(is_open & (scores < rules.min_score), UNDETERMINED, codes)
    scores = np.where(codes == UNDETERMINED, 0.0, scores)
    return pd.DataFrame(
        {
            "feedback_id": feedback["feedback_id"].to_numpy(),
            "language": pd.Series(codes, dtype="str"),
            "language_score": scores.astype(np.float32),
        }
    )


def _known_codes(declared: pd.Series) -> np.ndarray:
    """Reduce declared languages ("pt-BR", "EN") to the codes we know; empty where there is none."""
    names = pd.unique(declared.dropna())
    codes = {name: str(name).strip().lower().replace("_", "-").split("-")[0] for name in names}
    known = {name: code for name, code in codes.items() if code in LANGUAGES_KNOWN}
    return _look_up(declared, known, "")


def _source_majorities(
    sources: pd.Series, codes: np.ndarray, is_sure: np.ndarray, rules: LanguageRules
) -> np.ndarray:
    """Give every comment the language of its source's majority; empty where there is none."""
    sure = pd.DataFrame({"source": sources.to_numpy()[is_sure], "code": codes[is_sure]})
    counts = sure.groupby(["source", "code"], sort=True).size().unstack(fill_value=0)
    if counts.empty:
        return np.full(len(codes), "", dtype=object)
    total = counts.sum(axis=1)
    is_clear = (counts.max(axis=1) >= rules.majority_share * total) & (total >= rules.majority_count)
    return _look_up(sources, counts.idxmax(axis=1)[is_clear].to_dict(), "")


def _fits(codes: np.ndarray, hint: np.ndarray) -> np.ndarray:
    """Tell where a hint can be true: no Chinese in Latin letters, no Italian in Arabic ones."""
    is_possible = _look_up(codes, _SCRIPT_OF, "latin") == _look_up(hint, _SCRIPT_OF, "latin")
    return np.asarray((hint != "") & (is_possible | (codes == UNDETERMINED)), dtype=bool)


def _look_up(values: Iterable[Any], meanings: Mapping[Any, Any], default: str) -> np.ndarray:
    return np.array([meanings.get(value, default) for value in values], dtype=object)
