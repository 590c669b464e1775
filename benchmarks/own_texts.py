"""How good the shipped models are on our own texts: held-out parallel clauses, and the sample's comments.

    python benchmarks/own_texts.py [--comments 150]

The held-out clauses are one in five of nlp/training/parallel (category thresholds were chosen with them); the
comments are those of the bundled sample, which no training reads.
"""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

import numpy as np
import pandas as pd

from data.sample.generate import write_sample
from flows.settings import Settings, load_settings
from nlp.category import CategoryScorer, build_scorer, find_aspects, score_categories
from nlp.documents import make_documents
from nlp.models.classifiers import load_classifier
from nlp.models.encoders import load_encoder
from nlp.models.splitters import load_splitter
from nlp.protocols import Classifier, Encoder
from nlp.sentiment import score_sentiment
from nlp.taxonomy import OTHER, load_taxonomy
from nlp.training.material.corpus import DEVELOP
from nlp.training.material.phrases import parallel_rows

SENTIMENTS = np.array(["negative", "neutral", "positive"])


def f1(truth: np.ndarray, found: np.ndarray) -> np.ndarray:
    """F1 of each column of (n, c) booleans that is ever true."""
    used = truth.any(axis=0)
    both = (truth & found).sum(axis=0)[used]
    return np.asarray(2 * both / (truth.sum(axis=0) + found.sum(axis=0))[used])


def as_segments(texts: pd.Series, languages: pd.Series) -> pd.DataFrame:
    """Call each text one segment of a comment of its own."""
    ids = [f"c{i}" for i in range(len(texts))]
    return pd.DataFrame(
        {
            "feedback_id": ids,
            "segment_id": [f"{i}:0" for i in ids],
            "position": np.int32(0),
            "start": np.int32(0),
            "end": texts.str.len().to_numpy(np.int32),
            "text": texts.to_numpy(object),
            "language": languages.to_numpy(object),
        }
    )


def show_clauses(encoder: Encoder, scorer: CategoryScorer, feeling: Classifier, settings: Settings) -> None:
    """Print one row per language for the held-out parallel clauses."""
    rows = parallel_rows()
    rows = rows[rows["fold"] == DEVELOP].reset_index(drop=True)
    segments = as_segments(rows["text"], rows["lang"])
    encoded = encoder.encode(rows["text"].tolist(), rows["lang"].tolist())
    rules = settings["category"]
    found = score_categories(segments, encoded, scorer=scorer, rules=rules) >= rules.min_score
    truth = np.array([[c in labels for c in scorer.labels] for labels in rows["labels"]])
    felt = score_sentiment(segments, encoded.features, classifier=feeling)["sentiment"].to_numpy(object)
    wanted = SENTIMENTS[rows["sentiment"].to_numpy(int)]
    print("\n## Held-out parallel clauses\n")
    print(
        "| lang | n | category macro-F1 | precision | recall | of no category: labelled "
        "| sentiment macro-F1 |\n|---|---|---|---|---|---|---|"
    )
    for lang in [*sorted(rows["lang"].unique()), "all"]:
        at = (rows["lang"] == lang).to_numpy() | (lang == "all")
        both = (truth & found)[at].sum()
        talk = at & ~truth.any(axis=1)
        feels = f1(wanted[at, None] == SENTIMENTS, felt[at, None] == SENTIMENTS).mean()
        print(
            f"| {lang} | {at.sum()} | {f1(truth[at], found[at]).mean():.3f} | "
            f"{both / max(1, found[at].sum()):.3f} | {both / truth[at].sum():.3f} | "
            f"{found[talk].any(axis=1).sum()} of {talk.sum()} | {feels:.3f} |"
        )


def sample_comments(count: int) -> pd.DataFrame:
    """Give up to `count` distinct hand-written comments per language, with what is true of each."""
    with tempfile.TemporaryDirectory() as folder:
        truth = write_sample(Path(folder)).truth
    rows = pd.DataFrame([vars(true.row) for true in truth if not true.row.plant])
    rows = rows.drop_duplicates(["language", "written"]).sample(frac=1, random_state=0)
    return rows.groupby("language").head(count).reset_index(drop=True)


def cut(comments: pd.DataFrame, settings: Settings) -> pd.DataFrame:
    """Cut comments into clauses as a run does; the comment's row number is its id."""
    splitter = load_splitter(settings["segment"].splitter, settings["clauses"], settings["segment"].pipelines)
    spans = splitter.split(comments["text"].tolist(), comments["language"].tolist())
    rows = [(i, start, end) for i, found in enumerate(spans) for start, end in found]
    segments = pd.DataFrame(rows, columns=["feedback_id", "start", "end"])
    segments["segment_id"] = np.arange(len(rows))
    segments["text"] = [comments["text"][i][start:end] for i, start, end in rows]
    segments["language"] = comments["language"].to_numpy(object)[segments["feedback_id"]]
    return segments


def judge(
    comments: pd.DataFrame, encoder: Encoder, scorer: CategoryScorer, feeling: Classifier, settings: Settings
) -> pd.DataFrame:
    """Give what a run finds in each comment: DOCUMENTS, in their order."""
    segments = cut(comments, settings)
    encoded = encoder.encode(segments["text"].tolist(), segments["language"].tolist())
    felt = score_sentiment(segments, encoded.features, classifier=feeling)
    aspects = find_aspects(segments, felt, encoded, scorer=scorer, rules=settings["category"])
    feedback = pd.DataFrame({"feedback_id": np.arange(len(comments))})
    languages = comments[["language"]].assign(language_score=1.0)
    intents = pd.DataFrame({"intent": np.full(len(segments), "statement", object)})
    return make_documents(feedback, languages, segments, felt, aspects, intents, rules=settings["documents"])


def show_sample(comments: pd.DataFrame, documents: pd.DataFrame) -> None:
    """Print one row per language for the sample's comments."""
    named = [set(found) - {OTHER} for found in documents["categories"]]
    wanted = comments["category"].to_numpy(object)
    right = np.array([(w in c) if w != OTHER else not c for w, c in zip(wanted, named, strict=True)])
    felt = documents["sentiment"].to_numpy(object) == comments["sentiment"].to_numpy(object)
    print("\n## The sample's comments\n")
    print(
        "| lang | n | category found | categories given | precision | of no category: left alone "
        "| sentiment accuracy |\n|---|---|---|---|---|---|---|"
    )
    for lang in [*sorted(comments["language"].unique()), "all"]:
        at = (comments["language"] == lang).to_numpy() | (lang == "all")
        some, none = at & (wanted != OTHER), at & (wanted == OTHER)
        given = sum(len(named[i]) for i in np.flatnonzero(some))
        print(
            f"| {lang} | {at.sum()} | {right[some].mean():.3f} | {given / some.sum():.2f} | "
            f"{right[some].sum() / max(1, given):.3f} | {right[none].sum()} of {none.sum()} | "
            f"{felt[at].mean():.3f} |"
        )


def main(arguments: list[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--comments", type=int, default=150, help="at most so many per language")
    parser.add_argument("--mode", default="accurate", help="accurate or fast")
    options = parser.parse_args(arguments)
    settings = load_settings()
    encoder = load_encoder("voc", options.mode)
    taxonomy = load_taxonomy()
    scorer = build_scorer(
        taxonomy, taxonomy, classifier=load_classifier("category_head", "heads", {}), encoder=encoder
    )
    feeling = load_classifier("sentiment_head", "heads", {})
    print(f"Encoder {encoder.name}.")
    show_clauses(encoder, scorer, feeling, settings)
    comments = sample_comments(options.comments)
    show_sample(comments, judge(comments, encoder, scorer, feeling, settings))


if __name__ == "__main__":
    main(sys.argv[1:])
