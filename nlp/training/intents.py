"""`python -m nlp.training.intents` trains the heads of intent, urgency and effort for the encoder in place.

Run it after `python -m nlp.training`, whose features the heads read. Labels: the intents of
nlp/training/parallel and the judgements of urgency.tsv, both written by hand for invented clauses.
"""

from __future__ import annotations

import argparse
import csv
import sys
import warnings
from collections.abc import Sequence
from importlib import resources
from pathlib import Path

import numpy as np
import pandas as pd

from data.schema import INTENT_LABELS
from nlp.models.encoders import MODES, load_encoder
from nlp.models.judges.intent_heads import FILE, SCALES, encoder_version
from nlp.models.shipped import weights_folder
from nlp.training.calibrate import find_temperature
from nlp.training.export import write_weights
from nlp.training.material.corpus import DEVELOP, TRAIN, fold_of
from nlp.training.material.phrases import LANGUAGES, PARALLEL_HELD, load_parallel

STRENGTHS = (0.001, 0.01, 0.1)  # inverse ridge; chosen on a fold of the training clauses
INNER_SHARE = 0.25


def intent_rows() -> pd.DataFrame:
    """Give every clause in every language: text, lang, intent, urgency (0-2), effort (0-1), fold, english."""
    told = resources.files("nlp.training.material").joinpath("urgency.tsv").read_text(encoding="utf-8")
    judged = pd.DataFrame(list(csv.DictReader(told.splitlines(), delimiter="\t")))
    clauses = load_parallel()
    if len(judged) != len(clauses) or (judged["intent"] != clauses["intent"]).any():
        raise ValueError(
            f"urgency.tsv has {len(judged)} lines, the parallel clauses {len(clauses)}; they go line by "
            "line, with the same intents: judge the clauses that were added or moved"
        )
    rows = []
    for clause, one in zip(clauses.to_dict("records"), judged.to_dict("records"), strict=True):
        fold = fold_of(clause["en"], PARALLEL_HELD)
        values = {"intent": clause["intent"], "urgency": int(one["urgency"]), "effort": int(one["effort"])}
        rows += [
            {**values, "text": clause[lang], "lang": lang, "fold": fold, "english": clause["en"]}
            for lang in LANGUAGES
        ]
    frame = pd.DataFrame(rows).drop_duplicates(["text", "lang"], ignore_index=True)
    held = set(frame.loc[frame["fold"] == DEVELOP, "text"])
    return frame[(frame["fold"] == DEVELOP) | ~frame["text"].isin(held)].reset_index(drop=True)


def fit_head(
    features: np.ndarray, labels: np.ndarray, inner: np.ndarray, *, weigh: str | None
) -> tuple[np.ndarray, np.ndarray]:
    """Fit a linear head whose strength does best on inner texts (log loss).

    Args:
        features: (n, k).
        labels: (n,) class numbers.
        inner: (n,) booleans: texts to choose the strength on.
        weigh: balanced for classes that count alike; None for scores that are probabilities.

    Returns:
        (c, k) weights and (c,) biases; c is 1 for two classes.
    """
    from sklearn.exceptions import ConvergenceWarning
    from sklearn.linear_model import LogisticRegression
    from sklearn.metrics import log_loss

    scale = features.std(axis=0) + 1e-6
    scaled = features / scale

    def fit(at: np.ndarray, strength: float) -> LogisticRegression:
        head = LogisticRegression(C=strength, class_weight=weigh, max_iter=150, tol=1e-3)
        with (
            warnings.catch_warnings()
        ):  # near enough is enough: the strength matters more than the last digit
            warnings.simplefilter("ignore", ConvergenceWarning)
            return head.fit(scaled[at], labels[at])

    found = [fit(~inner, one).predict_proba(scaled[inner]) for one in STRENGTHS]
    losses = [log_loss(labels[inner], one, labels=np.unique(labels)) for one in found]
    head = fit(np.ones(len(labels), bool), STRENGTHS[int(np.argmin(losses))])
    return (head.coef_ / scale).astype(np.float32), head.intercept_.astype(np.float32)


def train(rows: pd.DataFrame, features: np.ndarray) -> dict[str, np.ndarray]:
    """Fit all heads on the training clauses.

    Returns:
        The tensors of intents.safetensors.
    """
    at = (rows["fold"] == TRAIN).to_numpy()
    chosen, read = rows[at], features[at]
    inner = np.array([fold_of(f"inner {text}", INNER_SHARE) == DEVELOP for text in chosen["english"]])
    places = chosen["intent"].map(INTENT_LABELS.index).to_numpy()
    weight, bias = fit_head(read, places, inner, weigh="balanced")
    logits = features[~at] @ weight.T + bias
    truth = rows.loc[~at, "intent"].map(INTENT_LABELS.index).to_numpy()
    temperature = find_temperature(logits, truth, np.ones(len(truth)))
    tensors = {
        "intent.labels": np.frombuffer(",".join(INTENT_LABELS).encode(), np.uint8).copy(),
        "intent.weight": weight,
        "intent.bias": bias,
        "intent.temperature": np.array([temperature], np.float32),
    }
    for name in SCALES:
        weight, bias = fit_head(read, (chosen[name] > 0).to_numpy(np.int64), inner, weigh=None)
        tensors |= {f"{name}.weight": weight, f"{name}.bias": bias}
    return tensors


def main(arguments: Sequence[str]) -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training.intents", description=__doc__)
    parser.add_argument("--out", type=Path, default=weights_folder())
    options = parser.parse_args(arguments)
    rows = intent_rows()
    made_for = encoder_version()
    tensors = {"made_for": np.frombuffer(made_for.encode(), np.uint8).copy()}
    for mode in MODES:
        encoded = load_encoder("voc", mode).encode(rows["text"].tolist(), rows["lang"].tolist())
        tensors |= {f"{mode}.{name}": one for name, one in train(rows, encoded.features).items()}
    if encoder_version() != made_for:
        raise RuntimeError("the shipped weights changed while they were read; train again")
    write_weights(tensors, options.out / f"{FILE}.safetensors")
    sys.stderr.write(f"{len(rows)} clauses -> {options.out}\n")


if __name__ == "__main__":
    main(sys.argv[1:])
