"""`python -m nlp.training` makes every shipped weight again: ranges, student, heads, manifest.

    VOC_DATA=folder python -m nlp.training [--epochs 4] [--out nlp/models/weights] [--work folder]

About a quarter of an hour of processor time, a third of it MiniLM reading 65,000 English texts, which
`--work` keeps for the next time.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
import time
from pathlib import Path

import numpy as np
import pandas as pd

from nlp.models.minilm import MiniLM, measure_ranges
from nlp.models.ngrams import hash_ngrams
from nlp.models.shipped import weights_folder
from nlp.taxonomy import load_taxonomy
from nlp.training import corpus, phrases, student
from nlp.training.calibrate import even_weights, find_temperature, find_thresholds
from nlp.training.export import export_heads, export_student, write_weights

RANGE_TEXTS = {
    "nhs_fft_multilabel": 400,
    "umsab_tweets": 400,
    "banking77": 200,
    "trustpilot_pet_insurance": 250,
    "semeval_absa_en": 250,
    "app_reviews_4class": 250,
    "womens_clothing": 150,
}  # as varied as what people will write
OWN_DOMAINS = ("lexicon", "taxonomy", "parallel")
OWN_COPIES = 5  # our own texts are few: seen five times per epoch
JOINED = 250  # pairs of phrases per language
WEAK_WEIGHT = 0.35  # a keyword is right about two times in three
MAX_TRAIN_CHARS = 320  # long reviews repeat themselves, and cost more than they teach
SEED = 3
PER_GROUP = 6000  # texts of one domain and language: the largest sets must not drown the others
CUSTOMER_WEIGHT = 4  # thresholds serve customers of any trade first: their clauses know every category
HELD_PER_GROUP = 600  # enough to choose a threshold on


def log(message: str) -> None:
    """Say what happens, with the seconds since the start."""
    sys.stderr.write(f"[{time.process_time():.0f} s] {message}\n")


def gather_rows(folder: Path) -> pd.DataFrame:
    """Put public sets, weak labels and our own texts together; nothing of the fold `unseen`."""
    public = corpus.load_corpus(folder)
    public = public[public["fold"] != corpus.UNSEEN].reset_index(drop=True)
    weak = phrases.weak_labels(public, WEAK_WEIGHT)
    parallel = phrases.parallel_rows()
    own = pd.concat(
        [
            phrases.lexicon_rows(),
            phrases.taxonomy_rows({c.id: c.phrases for c in load_taxonomy()}),
            parallel[parallel["fold"] == corpus.TRAIN],
        ],
        ignore_index=True,
    )
    own["english"] = own["english"].astype(object).where(own["english"].notna(), None)
    joined = phrases.joined_rows(own, JOINED, SEED)
    held = parallel[parallel["fold"] == corpus.DEVELOP]
    rows = pd.concat([phrases.background(public, weak), own, joined, held, weak], ignore_index=True)
    rows = rows.reindex(columns=list(corpus.COLUMNS))
    rows["weight"] = rows["weight"].fillna(1.0)
    leaked = (rows["fold"] == corpus.TRAIN) & rows["text"].isin(set(held["text"]))
    rows = rows[~leaked]
    return rows.iloc[choose_rows(rows)].reset_index(drop=True)


def choose_rows(rows: pd.DataFrame) -> np.ndarray:
    """Give the positions of the texts to learn from and to choose thresholds on, not too many per group."""
    places = rows[["domain", "lang", "fold"]].assign(at=np.arange(len(rows))).sample(frac=1, random_state=0)
    rank = places.groupby(["domain", "lang", "fold"]).cumcount()
    most = np.where(places["fold"] == corpus.TRAIN, PER_GROUP, HELD_PER_GROUP)
    return np.sort(places.loc[rank < most, "at"].to_numpy())


def encode_english(
    rows: pd.DataFrame, ranges: dict[str, np.ndarray], work: Path | None
) -> tuple[dict[str, int], np.ndarray]:
    """Give MiniLM's vector of every English text and partner; kept in `work` between runs."""
    texts = pd.unique(pd.concat([rows.loc[rows["lang"] == "en", "text"], rows["english"].dropna()]))
    names, kept = (work / "english.json", work / "english.npy") if work else (None, None)
    place: dict[str, int] = {}
    vectors = np.zeros((0, student.WIDTH), np.float16)
    if names and kept and names.is_file() and kept.is_file():
        place = {t: i for i, t in enumerate(json.loads(names.read_text(encoding="utf-8")))}
        vectors = np.load(kept)
    missing = [t for t in texts if t not in place]
    log(f"{len(missing)} English texts to encode, {len(place)} known")
    if missing:
        place |= {t: len(place) + i for i, t in enumerate(missing)}
        vectors = np.concatenate([vectors, MiniLM(ranges).encode(missing).astype(np.float16)])
    if names and kept and missing:
        names.parent.mkdir(parents=True, exist_ok=True)
        names.write_text(json.dumps(list(place)), encoding="utf-8")
        np.save(kept, vectors)
    return place, vectors


def sample_for_ranges(folder: Path) -> list[str]:
    """Draw English texts to measure the activations on."""
    texts: list[str] = []
    for name, count in RANGE_TEXTS.items():
        rows = pd.read_parquet(folder / f"{name}.parquet").query('lang == "en"').drop_duplicates("text")
        texts += rows["text"].sample(min(count, len(rows)), random_state=0).tolist()
    return texts


def calibrate(
    rows: pd.DataFrame, outputs: list[np.ndarray], targets: student.Targets
) -> tuple[float, np.ndarray]:
    """Find temperature and thresholds on the held-out part (fold `develop`)."""
    feels = (targets.sentiment >= 0) & (rows["domain"] != "ar tweets").to_numpy()
    weights = even_weights((rows["domain"] + " " + rows["lang"]).to_numpy())
    temperature = find_temperature(outputs[2][feels], targets.sentiment[feels], weights[feels])
    weights[(rows["domain"] == "parallel").to_numpy()] *= CUSTOMER_WEIGHT
    thresholds = find_thresholds(outputs[3], targets.categories, targets.category_weight == 1, weights)
    return temperature, thresholds


def main(arguments: list[str]) -> None:
    """Train and write."""
    parser = argparse.ArgumentParser(prog="python -m nlp.training", description=__doc__)
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VOC_DATA", "../shared/data")))
    parser.add_argument("--out", type=Path, default=weights_folder())
    parser.add_argument("--work", type=Path, help="keeps MiniLM's vectors between runs")
    parser.add_argument("--epochs", type=int, default=student.Plan.epochs)
    options = parser.parse_args(arguments)
    ranges = measure_ranges(sample_for_ranges(options.data))
    write_weights(ranges, options.out / "minilm_ranges.safetensors")
    rows = gather_rows(options.data)
    log(f"{len(rows)} rows")
    place, vectors = encode_english(rows, ranges, options.work)
    categories = list(load_taxonomy().ids)
    targets = student.make_targets(rows, place, vectors, categories, corpus.load_mapping())
    ngrams = hash_ngrams([text[:MAX_TRAIN_CHARS] for text in rows["text"]])
    in_training = np.flatnonzero(rows["fold"] == corpus.TRAIN)
    copies = np.where(rows["domain"].isin(OWN_DOMAINS), OWN_COPIES, 1)[in_training]
    plan = student.Plan(epochs=options.epochs)
    net, table = student.train(ngrams[in_training], targets.take(in_training), copies, plan, log)
    held = np.flatnonzero(rows["fold"] == corpus.DEVELOP)
    outputs = student.predict(net, table, ngrams[held], targets.inputs[held])
    temperature, thresholds = calibrate(rows.iloc[held], outputs, targets.take(held))
    log(f"temperature {temperature:.2f}")
    log(f"thresholds {dict(zip(categories, thresholds.round(2).tolist(), strict=True))}")
    layers = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    export_student(table, layers, options.out)
    export_heads(layers, categories, temperature=temperature, thresholds=thresholds, folder=options.out)


if __name__ == "__main__":
    main(sys.argv[1:])
