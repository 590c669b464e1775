"""`python -m nlp.training` makes every shipped weight again: contextual encoder, student, heads, manifest.

    VOC_DATA=folder python -m nlp.training --work folder [--out nlp/models/weights]

`--work` keeps what takes long: MiniLM's vectors of the English texts, and the state of the contextual
encoder, so that a run cut short goes on where it stopped.
"""

from __future__ import annotations

import argparse
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from nlp.models.shipped import load_weights, weights_folder
from nlp.models.vectors.contextual import Contextual
from nlp.models.vectors.minilm import load_minilm
from nlp.models.vectors.ngrams import hash_ngrams
from nlp.models.vectors.student import Student
from nlp.taxonomy import load_taxonomy
from nlp.training import student
from nlp.training.contextual.batches import Plan
from nlp.training.contextual.loop import Model
from nlp.training.contextual.make import train_encoder
from nlp.training.contextual.net import body_tensors
from nlp.training.export import export_contextual, export_heads, export_student, pack_contextual
from nlp.training.heads import Layers, fit_heads
from nlp.training.material import corpus
from nlp.training.material.rows import encode_english, gather_rows
from nlp.training.wide import train_wide

OWN_DOMAINS = ("lexicon", "taxonomy", "parallel", "challenges")
OWN_COPIES = 5  # the student sees our own texts five times per epoch: they are few
MAX_TRAIN_CHARS = 320  # long reviews repeat themselves, and cost more than they teach
RANGE_TEXTS = 250  # per language, to measure how large activations get
RANGE_ENGLISH = 1500


def log(message: str) -> None:
    """Say what happens, with the processor seconds since the start."""
    sys.stderr.write(f"[{time.process_time():.0f} s] {message}\n")
    sys.stderr.flush()


def sample_for_ranges(rows: pd.DataFrame) -> pd.DataFrame:
    """Draw training texts of every language, as varied as what people will write."""
    at = rows[rows["fold"] == corpus.TRAIN].sample(frac=1, random_state=0)
    most = np.where(at["lang"] == "en", RANGE_ENGLISH, RANGE_TEXTS)
    return at[at.groupby("lang").cumcount() < most]


def make_student(rows: pd.DataFrame, targets: student.Targets, plan: student.Plan, out: Path) -> Layers:
    """Train and write the student with its wide part; give the layers of its own heads."""
    ngrams = hash_ngrams([text[:MAX_TRAIN_CHARS] for text in rows["text"]])
    at = np.flatnonzero(rows["fold"] == corpus.TRAIN)
    copies = np.where(rows["domain"].isin(OWN_DOMAINS), OWN_COPIES, 1)[at]
    wide = train_wide(rows, hash_ngrams(rows["text"].tolist()), log)
    net, table = student.train(ngrams[at], targets.take(at), copies, plan, log)
    layers = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    export_student(table, layers, wide, out)
    return layers


def write_contextual(model: Model, rows: pd.DataFrame, out: Path) -> Layers:
    """Pack, measure the ranges of and write the contextual encoder; give the layers of its own heads."""
    words = {
        "rows": model.table.rows,
        "axes": model.axes.detach().numpy(),
        "bias": model.bias.detach().numpy(),
    }
    top = {name: tensor.numpy() for name, tensor in model.top.state_dict().items()}
    packed = pack_contextual(words, body_tensors(model.body), top, load_minilm())
    sample = sample_for_ranges(rows)
    exact = Contextual(packed, threads=1, exact=True)
    export_contextual(packed, exact.measure_ranges(sample["text"].tolist(), sample["lang"].tolist()), out)
    return top


def encode_held(rows: pd.DataFrame, out: Path) -> list[np.ndarray]:
    """Read held-out texts with the weights as written: the contextual features, and the student's."""
    texts, languages = rows["text"].tolist(), rows["lang"].tolist()
    parts = Contextual(load_weights("contextual", out)), Student(load_weights("student", out))
    return [part.encode(texts, languages)[1] for part in parts]


def main(arguments: list[str]) -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VOC_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, default=weights_folder())
    parser.add_argument("--work", type=Path, required=True, help="keeps what takes long between runs")
    parser.add_argument("--steps", type=int, default=Plan.steps, help="of the contextual encoder")
    parser.add_argument("--epochs", type=int, default=student.Plan.epochs, help="of the student")
    options = parser.parse_args(arguments)
    options.work.mkdir(parents=True, exist_ok=True)
    rows = gather_rows(options.data)
    log(f"{len(rows)} rows")
    place, vectors = encode_english(rows, options.work, log)
    categories = list(load_taxonomy().ids)
    targets = student.make_targets(rows, place, vectors, categories, corpus.load_mapping())
    of_student = make_student(rows, targets, student.Plan(epochs=options.epochs), options.out)
    model = train_encoder(rows, targets, plan=Plan(steps=options.steps), work=options.work, log=log)
    of_contextual = write_contextual(model, rows, options.out)
    held = rows[rows["fold"] == corpus.DEVELOP]
    goals = targets.take(held.index.to_numpy())
    found = fit_heads(held, goals, encode_held(held, options.out), (of_contextual, of_student), log)
    export_heads(found, categories, options.out)


if __name__ == "__main__":
    main(sys.argv[1:])
