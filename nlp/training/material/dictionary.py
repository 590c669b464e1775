"""Words in nine languages: what a piece should mean before training, and short texts to practise on."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from dataclasses import dataclass
from importlib import resources

import numpy as np
import pandas as pd

from nlp.training.material.corpus import TRAIN

LANGUAGES = ("it", "pl", "ar", "zh", "es", "de", "fr", "pt")
COMMAS = {"zh": "，", "ar": "، "}
FEWEST, MOST = 2, 3  # words of a practice phrase


@dataclass(frozen=True)
class Entry:
    """One meaning.

    Attributes:
        english: its English forms, the most usual first.
        forms: its forms per language.
    """

    english: tuple[str, ...]
    forms: dict[str, tuple[str, ...]]


def _forms(cell: str) -> tuple[str, ...]:
    return tuple(form for form in (part.strip() for part in cell.split("|")) if form)


def load_dictionary() -> list[Entry]:
    """Read every file of the dictionary."""
    folder = resources.files("nlp.training").joinpath("dictionary")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".tsv")), key=lambda f: f.name)
    return [
        Entry(_forms(row["en"]), {lang: _forms(row[lang]) for lang in LANGUAGES})
        for file in files
        for row in csv.DictReader(
            file.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
        )
    ]


def dictionary_rows(entries: Sequence[Entry], count: int, seed: int) -> pd.DataFrame:
    """Give every form with its English partner, and `count` phrases of two or three words per language.

    The phrases join the same meanings in every language, so that they are translations of each other too.
    """
    made = [
        {"text": form, "lang": lang, "english": entry.english[0]}
        for entry in entries
        for lang in LANGUAGES
        for form in entry.forms[lang]
    ]
    rng = np.random.default_rng(seed)
    for _ in range(count):
        chosen = [entries[i] for i in rng.integers(0, len(entries), rng.integers(FEWEST, MOST + 1))]
        english = ", ".join(entry.english[0] for entry in chosen)
        for lang in LANGUAGES:
            forms = [entry.forms[lang] for entry in chosen]
            if not all(forms):
                continue
            words = [of_one[rng.integers(len(of_one))] for of_one in forms]
            made.append({"text": COMMAS.get(lang, ", ").join(words), "lang": lang, "english": english})
    frame = pd.DataFrame(made, columns=["text", "lang", "english"])
    frame = frame.drop_duplicates(["text", "lang"], ignore_index=True)
    return frame.assign(domain="dictionary", fold=TRAIN, sentiment=np.nan)


def known_meanings(entries: Sequence[Entry]) -> list[tuple[str, tuple[str, ...]]]:
    """Give every foreign form and the English forms of its meaning."""
    return [(form, entry.english) for entry in entries for lang in LANGUAGES for form in entry.forms[lang]]
