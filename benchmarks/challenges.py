"""Minimal pairs that flip the sentiment: negation, sarcasm, emoji and other hard ways of writing.

    python benchmarks/challenges.py [--mode fast]

The pairs are invented, in benchmarks/challenges/<phenomenon>.tsv; no training reads them. A text is judged as
a run does: cut into clauses and put together again. Chance gets 11 % of the pairs right.
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

import numpy as np
import pandas as pd

from data.schema import SENTIMENT_LABELS
from flows.settings import Settings, load_settings
from nlp.documents import make_documents
from nlp.models.classifiers import load_classifier
from nlp.models.encoders import load_encoder
from nlp.models.splitters import load_splitter
from nlp.sentiment import score_sentiment

PAIRS = Path(__file__).with_name("challenges")
ALL = "all"


def load_pairs() -> pd.DataFrame:
    """Read all pairs: phenomenon, language, text_a, label_a, text_b, label_b."""
    frames = [
        pd.read_csv(path, sep="\t", quoting=3, keep_default_na=False).assign(phenomenon=path.stem)
        for path in sorted(PAIRS.glob("*.tsv"))
    ]
    pairs = pd.concat(frames, ignore_index=True)
    unknown = set(pairs["label_a"]) | set(pairs["label_b"])
    if not unknown <= set(SENTIMENT_LABELS):
        raise ValueError(f"labels {', '.join(sorted(unknown))}; expected {', '.join(SENTIMENT_LABELS)}")
    return pairs


def judge(texts: list[str], languages: list[str], mode: str, settings: Settings) -> np.ndarray:
    """Give the sentiment of n texts, as a run would."""
    cutting = settings["segment"]
    splitter = load_splitter(cutting.splitter, settings["clauses"], cutting.pipelines)
    spans = splitter.split(texts, languages)
    rows = [(i, *span) for i, found in enumerate(spans) for span in found]
    segments = pd.DataFrame(rows, columns=["feedback_id", "start", "end"])
    segments["segment_id"] = np.arange(len(rows))
    segments["text"] = [texts[i][start:end] for i, start, end in rows]
    segments["language"] = [languages[i] for i, _, _ in rows]
    encoded = load_encoder("voc", mode).encode(segments["text"].tolist(), segments["language"].tolist())
    choice = settings["sentiment"]
    classifier = load_classifier(choice.kind, choice.checkpoint, choice.label_names)
    felt = score_sentiment(segments, encoded.features, classifier=classifier)
    feedback = pd.DataFrame({"feedback_id": np.arange(len(texts))})
    told = pd.DataFrame({"language": languages, "language_score": 1.0})
    aspects = pd.DataFrame({"feedback_id": [0], "category": ["other"], "category_score": [0.5]})
    intents = pd.DataFrame({"intent": ["statement"] * len(segments)})
    documents = make_documents(feedback, told, segments, felt, aspects, intents, rules=settings["documents"])
    return documents["sentiment"].to_numpy(object)


def main(arguments: list[str]) -> None:
    """Print one row per phenomenon and language."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", default="accurate", help="accurate or fast")
    options = parser.parse_args(arguments)
    pairs = load_pairs()
    texts = [*pairs["text_a"], *pairs["text_b"]]
    found = judge(texts, [*pairs["language"]] * 2, options.mode, load_settings())
    a, b = found[: len(pairs)], found[len(pairs) :]
    right = (a == pairs["label_a"]).to_numpy() & (b == pairs["label_b"]).to_numpy()
    languages = [*sorted(pairs["language"].unique()), ALL]
    print(f"| both right of n | {' | '.join(languages)} | flip seen | texts right |")
    print("|---" * (len(languages) + 3) + "|")
    for phenomenon in [*sorted(pairs["phenomenon"].unique()), ALL]:
        here = (pairs["phenomenon"] == phenomenon).to_numpy() | (phenomenon == ALL)
        cells = []
        for language in languages:
            at = here & ((pairs["language"] == language).to_numpy() | (language == ALL))
            cells.append(f"{right[at].mean():.2f} of {at.sum()}" if at.any() else "")
        single = ((a == pairs["label_a"])[here].mean() + (b == pairs["label_b"])[here].mean()) / 2
        name = phenomenon.replace("_", " ")
        print(f"| {name} | {' | '.join(cells)} | {(a != b)[here].mean():.2f} | {single:.2f} |")


if __name__ == "__main__":
    main(sys.argv[1:])
