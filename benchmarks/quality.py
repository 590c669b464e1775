"""How good the shipped models are, per language and domain, on texts that no training saw.

    VOC_DATA=folder python benchmarks/quality.py [--texts 1000] [--no-peers] > table.md

Peers, trained here on the same training texts: a linear SVM on character 1-5-grams and words per language,
and for English a logistic head on MiniLM's frozen vectors. Domains marked * were seen by no training at all.
"""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from nlp.models.classifiers import load_classifier
from nlp.models.encoders import load_encoder
from nlp.models.vectors.minilm import MiniLM
from nlp.models.vectors.ngrams import hash_ngrams
from nlp.protocols import Classifier, Encoder
from nlp.taxonomy import load_taxonomy
from nlp.training.material.corpus import TRAIN, UNSEEN, load_corpus, load_mapping
from nlp.training.student import make_targets

BOOTSTRAP = 500
PEER_TEXTS = 12_000
MIN_TEXTS = 60
Predict = Callable[[pd.DataFrame], np.ndarray]


def macro_f1(truth: np.ndarray, found: np.ndarray) -> float:
    """Mean F1 over the classes that occur in `truth`."""
    scores = []
    for label in np.unique(truth):
        both = ((truth == label) & (found == label)).sum()
        scores.append(2 * both / max(1, (truth == label).sum() + (found == label).sum()))
    return float(np.mean(scores))


def interval(truth: np.ndarray, found: np.ndarray, measure: Callable[[np.ndarray, np.ndarray], float]) -> str:
    """95 % bootstrap interval over texts."""
    rng = np.random.default_rng(0)
    draws = [measure(truth[i], found[i]) for i in rng.integers(0, len(truth), (BOOTSTRAP, len(truth)))]
    low, high = np.percentile(draws, [2.5, 97.5])
    return f"{low:.3f}-{high:.3f}"


def calibration_error(shares: np.ndarray, truth: np.ndarray) -> float:
    """Expected calibration error, ten bins of equal width (Guo et al. 2017)."""
    sure, right = shares.max(axis=1), shares.argmax(axis=1) == truth
    bins = np.minimum((sure * 10).astype(int), 9)
    gaps = [
        abs(sure[bins == b].mean() - right[bins == b].mean()) * (bins == b).mean() for b in np.unique(bins)
    ]
    return float(np.sum(gaps))


def only_present(shares: np.ndarray, truth: np.ndarray) -> np.ndarray:
    """Choose among the classes that the set has: some know no neutral."""
    present = np.unique(truth)
    return np.asarray(present[shares[:, present].argmax(axis=1)])


def svm_peer(train: pd.DataFrame) -> Predict:
    """A linear SVM on hashed character n-grams and words of one language."""
    from sklearn.svm import LinearSVC

    model = LinearSVC(C=0.3).fit(hash_ngrams(train["text"].tolist()), train["sentiment"].astype(int))
    return lambda rows: np.asarray(model.predict(hash_ngrams(rows["text"].tolist())))


def minilm_peer(train: pd.DataFrame) -> Predict:
    """A logistic head on frozen MiniLM vectors."""
    from sklearn.linear_model import LogisticRegression

    minilm = MiniLM()

    def vectors(rows: pd.DataFrame) -> np.ndarray:
        return minilm.encode(rows["text"].tolist())

    model = LogisticRegression(max_iter=1000, C=10).fit(vectors(train), train["sentiment"].astype(int))
    return lambda rows: np.asarray(model.predict(vectors(rows)))


def peers_of(corpus: pd.DataFrame) -> dict[str, dict[str, Predict]]:
    """Train the peers: language -> peer -> predict."""
    train = corpus[(corpus["fold"] == TRAIN) & corpus["sentiment"].notna()].drop_duplicates("text")
    made: dict[str, dict[str, Predict]] = {}
    for lang, rows in train.groupby("lang"):
        rows = rows.sample(min(PEER_TEXTS, len(rows)), random_state=0)
        made[str(lang)] = {"SVM": svm_peer(rows)}
        if lang == "en":
            made["en"]["MiniLM + logistic"] = minilm_peer(rows.head(6000))
    return made


def sentiment_table(
    held: pd.DataFrame, features: np.ndarray, classifier: Classifier, peers: dict[str, dict[str, Predict]]
) -> None:
    """Print one row per domain and language."""
    print(
        "\n## Sentiment\n\n| domain | lang | n | macro-F1 (95 %) | accuracy | ECE | SVM | MiniLM + logistic |"
    )
    print("|---|---|---|---|---|---|---|---|")
    for (domain, lang), rows in held[held["sentiment"].notna()].groupby(["domain", "lang"]):
        if len(rows) < MIN_TEXTS:
            continue
        truth = rows["sentiment"].to_numpy(int)
        shares = classifier.predict(rows["text"].tolist(), rows["lang"].tolist(), features[rows.index])
        found = only_present(shares, truth)
        others = [
            f"{macro_f1(truth, peers[str(lang)][peer](rows)):.3f}" if peer in peers.get(str(lang), {}) else ""
            for peer in ("SVM", "MiniLM + logistic")
        ]
        mark = "*" if (rows["fold"] == UNSEEN).all() else ""
        print(
            f"| {domain}{mark} | {lang} | {len(rows)} | {macro_f1(truth, found):.3f} "
            f"({interval(truth, found, macro_f1)}) | {(truth == found).mean():.3f} | "
            f"{calibration_error(shares, truth):.3f} | {' | '.join(others)} |",
            flush=True,
        )


def category_table(held: pd.DataFrame, features: np.ndarray, classifier: Classifier) -> None:
    """Print one row per domain and language: micro- and macro-F1 over what the annotators looked for."""
    print(
        "\n## Categories\n\n| domain | lang | n | micro-F1 | macro-F1 | categories |\n"
        "|---|---|---|---|---|---|"
    )
    categories = list(classifier.labels)
    for (domain, lang), rows in held[held["labels"].notna()].groupby(["domain", "lang"]):
        if len(rows) < MIN_TEXTS:
            continue
        blank = dict.fromkeys([*rows["text"], *rows["english"].dropna()], 0)
        targets = make_targets(rows, blank, np.zeros((1, 384), np.float16), categories, load_mapping())
        scores = classifier.predict(rows["text"].tolist(), rows["lang"].tolist(), features[rows.index])
        found = scores >= 0.5
        known, truth = targets.category_weight == 1, targets.categories > 0
        both = (found & truth & known).sum(axis=0)
        total = (found & known).sum(axis=0) + (truth & known).sum(axis=0)
        used = (truth & known).sum(axis=0) >= 10
        macro = np.mean(2 * both[used] / np.maximum(1, total[used])) if used.any() else float("nan")
        print(
            f"| {domain} | {lang} | {len(rows)} | {2 * both.sum() / max(1, total.sum()):.3f} | {macro:.3f} | "
            f"{int(used.sum())} |",
            flush=True,
        )


def geometry(held: pd.DataFrame, vectors: np.ndarray) -> None:
    """Print how near English vectors stay to MiniLM's, whose space topics are found in."""
    english = held[held["lang"] == "en"].head(1000)
    exact = MiniLM().encode(english["text"].tolist())
    cosines = (exact * vectors[english.index]).sum(axis=1)
    low = np.percentile(cosines, 5)
    print(f"\nCosine of {len(english)} held-out English texts to MiniLM's own vectors:")
    print(f"mean {cosines.mean():.3f}, one in twenty below {low:.3f}.")


def retrieval_table(held: pd.DataFrame, vectors: np.ndarray, encoder: Encoder) -> None:
    """Print how often the English partner of a Tatoeba sentence is the nearest of 200."""
    print(
        "\n## Tatoeba: share whose English partner is nearest, held-out sentences\n\n"
        "| lang | n | share |\n|---|---|---|"
    )
    for lang, rows in held[held["domain"] == "tatoeba"].groupby("lang"):
        rows = rows.head(200)
        ours = vectors[rows.index]
        english = encoder.encode(rows["english"].tolist(), ["en"] * len(rows)).vectors
        right = (ours @ english.T).argmax(axis=1) == np.arange(len(rows))
        print(f"| {lang} | {len(rows)} | {right.mean():.3f} |")


def main(arguments: list[str]) -> None:
    """Print all tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VOC_DATA", "../shared/data")))
    parser.add_argument("--texts", type=int, default=1000, help="at most so many per domain and language")
    parser.add_argument("--mode", default="accurate", help="accurate or fast")
    parser.add_argument("--no-peers", action="store_true")
    options = parser.parse_args(arguments)
    corpus = load_corpus(options.data)
    encoder = load_encoder("voc", options.mode)
    held = corpus[corpus["fold"] != TRAIN].sample(frac=1, random_state=0)
    held = held.groupby(["domain", "lang"]).head(options.texts).reset_index(drop=True)
    encoded = encoder.encode(held["text"].tolist(), held["lang"].tolist())
    print(
        f"Encoder {encoder.name}; categories known: {len(load_taxonomy().ids)}; * = domain no training saw."
    )
    geometry(held, encoded.vectors)
    retrieval_table(held, encoded.vectors, encoder)
    category_table(held, encoded.features, load_classifier("category_head", "heads", {}))
    peers = {} if options.no_peers else peers_of(corpus)
    sentiment_table(held, encoded.features, load_classifier("sentiment_head", "heads", {}), peers)


if __name__ == "__main__":
    main(sys.argv[1:])
