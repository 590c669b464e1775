"""Pairs of short texts that differ little and feel opposite: emoji, negation, sarcasm, romanised words."""

from __future__ import annotations

import csv
from importlib import resources

import pandas as pd

from nlp.training.material.corpus import SENTIMENTS, TRAIN


def challenge_rows() -> pd.DataFrame:
    """Read every file; what the texts are about is unknown. None stands in `benchmarks/challenges`."""
    folder = resources.files("nlp.training").joinpath("challenges")
    files = sorted((f for f in folder.iterdir() if f.name.endswith(".tsv")), key=lambda f: f.name)
    rows = [
        {"text": row["text"], "lang": row["lang"], "sentiment": float(SENTIMENTS.index(row["sentiment"]))}
        for file in files
        for row in csv.DictReader(
            file.read_text(encoding="utf-8").splitlines(), delimiter="\t", quoting=csv.QUOTE_NONE
        )
    ]
    frame = pd.DataFrame(rows, columns=["text", "lang", "sentiment"])
    return frame.drop_duplicates(["text", "lang"], ignore_index=True).assign(domain="challenges", fold=TRAIN)
