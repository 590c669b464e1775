"""What it is worth to read an answer with its question: sentiment of NHS comments, before and after.

VOC_DATA=folder python benchmarks/questions.py
"""

from __future__ import annotations

import argparse
import os
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from data.cleaning.answers import answer_kind, question_side, why_empty
from data.schema import SENTIMENT_LABELS
from flows.settings import load_settings
from nlp.learning.scores import as_columns, compare, macro_f1
from nlp.models.classifiers import load_classifier
from nlp.models.encoders import load_encoder
from nlp.models.splitters import load_splitter
from nlp.questions import count_words, read_with_questions
from nlp.sentiment import score_sentiment

DRAWS, SEED = 500, 0
SHORT = 3  # words
SHARES = [f"{label}_share" for label in SENTIMENT_LABELS]


def load_answers(folder: Path) -> pd.DataFrame:
    """Give distinct answers with a sentiment, a question that takes a side, and that side."""
    rows = pd.read_parquet(folder / "nhs_fft_multilabel.parquet")
    rows = rows[rows["label_sentiment"].isin(SENTIMENT_LABELS) & rows["question"].notna()]
    rows = rows.drop_duplicates(["text", "question"]).reset_index(drop=True)
    is_kept = [not why_empty(*row) for row in zip(rows["text"], rows["question"], strict=True)]
    rows = rows[is_kept].reset_index(drop=True)  # what a run sets aside
    rows["side"] = rows["question"].map(question_side)
    rows["kind"] = rows["text"].map(answer_kind)
    return rows[rows["side"] != 0].reset_index(drop=True).assign(feedback_id=lambda r: r.index.astype(str))


def main(arguments: list[str]) -> None:
    """Print one row per question, short answers and all."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VOC_DATA", "../shared/data")))
    options = parser.parse_args(arguments)
    settings = load_settings()
    rows = load_answers(options.data)
    splitter = load_splitter(settings["segment"].splitter, settings["clauses"], {})
    spans = splitter.split(rows["text"].tolist(), ["en"] * len(rows))
    owner = np.repeat(np.arange(len(rows)), [len(found) for found in spans])
    places = [place for found in spans for place in found]
    texts = [rows["text"].iloc[row][start:end] for row, (start, end) in zip(owner, places, strict=True)]
    segments = pd.DataFrame({"feedback_id": rows["feedback_id"].to_numpy()[owner], "text": texts})
    segments["segment_id"], segments["language"] = segments.index.astype(str), "en"
    features = load_encoder("voc", "accurate").encode(texts, ["en"] * len(texts)).features
    choice = settings["sentiment"]
    classifier = load_classifier(choice.kind, choice.checkpoint, choice.label_names)
    alone = score_sentiment(segments, features, classifier=classifier)
    asked = read_with_questions(segments, alone, rows, rules=settings["questions"])
    lengths = np.array([len(text) for text in texts], dtype=float) ** 0.5
    found = [_of_comments(one[SHARES].to_numpy(), owner, lengths, len(rows)) for one in (alone, asked)]
    truth = rows["label_sentiment"].map(SENTIMENT_LABELS.index).to_numpy()
    short = np.array([count_words(text, SHORT) <= SHORT for text in rows["text"]])
    print(
        "| question | answers | n | alone | with its question | gain (95 %) | accuracy |\n"
        "|---|---|---|---|---|---|---|"
    )
    for question in [*sorted(rows["question"].unique()), "all"]:
        for name, part in (("short", short), ("all", np.ones(len(rows), bool))):
            at = part & ((rows["question"] == question).to_numpy() | (question == "all"))
            columns = [as_columns(one[at], len(SENTIMENT_LABELS)) for one in (truth, *found)]
            gain = compare(*columns, draws=DRAWS, seed=SEED)
            print(
                f"| {question} | {name} | {at.sum()} | {macro_f1(*columns[:2]):.3f} "
                f"| {macro_f1(columns[0], columns[2]):.3f} "
                f"| {gain.value:+.3f} ({gain.low:+.3f} to {gain.high:+.3f}) "
                f"| {(found[0] == truth)[at].mean():.3f} -> {(found[1] == truth)[at].mean():.3f} |"
            )


def _of_comments(shares: np.ndarray, owner: np.ndarray, weights: np.ndarray, count: int) -> np.ndarray:
    sums = np.zeros((count, shares.shape[1]))
    np.add.at(sums, owner, shares * weights[:, None])
    return np.asarray(sums.argmax(axis=1))


if __name__ == "__main__":
    main(sys.argv[1:])
