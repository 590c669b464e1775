"""`python -m nlp.training` makes every shipped weight again: ranges, student, heads, manifest.

    VOC_DATA=folder python -m nlp.training [--epochs 4] [--out nlp/models/weights] [--work folder]

About a quarter of an hour of processor time, a third of it MiniLM reading 65,000 English texts, which
`--work` keeps for the next time.
"""

from __future__ import annotations

import argparse
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
from nlp.training.calibrate import find_temperature, find_thresholds
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
OWN_COPIES = 6  # our own phrases are few: seen six times per epoch
JOINED = 250  # pairs of phrases per language
WEAK_WEIGHT = 0.35  # a keyword is right about two times in three
MAX_TRAIN_CHARS = 320  # long reviews repeat themselves, and cost more than they teach
SEED = 3
PER_GROUP = 8500  # texts of one domain and language: the largest sets must not drown the others


def log(message: str) -> None:
    """Say what happens, with the seconds since the start."""
    sys.stderr.write(f"[{time.process_time():.0f} s] {message}\n")


def gather_rows(folder: Path) -> pd.DataFrame:
    """Put public sets, weak labels and our own phrases together."""
    public = corpus.load_corpus(folder)
    own = pd.concat(
        [phrases.lexicon_rows(), phrases.taxonomy_rows({c.id: c.phrases for c in load_taxonomy()})],
        ignore_index=True,
    )
    own["english"] = own["english"].astype(object).where(own["english"].notna(), None)
    joined = phrases.joined_rows(own, JOINED, SEED)
    weak = phrases.weak_labels(public, WEAK_WEIGHT)
    rows = pd.concat([public, own, joined, weak], ignore_index=True).reindex(columns=list(corpus.COLUMNS))
    rows["weight"] = rows["weight"].fillna(1.0)
    rows["text"] = rows["text"].str.slice(0, 2000)
    rows["english"] = [e[:2000] if isinstance(e, str) else None for e in rows["english"]]
    return rows


def encode_english(
    rows: pd.DataFrame, ranges: dict[str, np.ndarray], work: Path | None
) -> tuple[dict[str, int], np.ndarray]:
    """Give MiniLM's vector of every English text and partner; kept in `work` between runs."""
    texts = pd.unique(pd.concat([rows.loc[rows["lang"] == "en", "text"], rows["english"].dropna()]))
    kept = work / "english.npz" if work else None
    place: dict[str, int] = {}
    vectors = np.zeros((0, student.WIDTH), np.float16)
    if kept and kept.is_file():
        with np.load(kept) as stored:
            place = {t: i for i, t in enumerate(stored["texts"].tolist())}
            vectors = stored["vectors"]
    missing = [t for t in texts if t not in place]
    log(f"{len(missing)} English texts to encode, {len(place)} known")
    if missing:
        place |= {t: len(place) + i for i, t in enumerate(missing)}
        vectors = np.concatenate([vectors, MiniLM(ranges).encode(missing).astype(np.float16)])
    if kept and missing:
        kept.parent.mkdir(parents=True, exist_ok=True)
        np.savez(kept, texts=np.array(list(place)), vectors=vectors)
    return place, vectors


def sample_for_ranges(folder: Path) -> list[str]:
    """Draw English texts to measure the activations on."""
    texts: list[str] = []
    for name, count in RANGE_TEXTS.items():
        rows = pd.read_parquet(folder / f"{name}.parquet").query('lang == "en"').drop_duplicates("text")
        texts += rows["text"].sample(count, random_state=0).tolist()
    return texts


def choose_rows(rows: pd.DataFrame) -> np.ndarray:
    """Give the positions of the texts to train on, at most PER_GROUP per domain and language."""
    places = pd.DataFrame({"at": np.arange(len(rows)), "domain": rows["domain"], "lang": rows["lang"]})
    mixed = places[(rows["fold"] == corpus.TRAIN).to_numpy()].sample(frac=1, random_state=0)
    return np.sort(mixed.groupby(["domain", "lang"]).head(PER_GROUP)["at"].to_numpy())


def calibrate(
    rows: pd.DataFrame, outputs: list[np.ndarray], targets: student.Targets
) -> tuple[float, np.ndarray]:
    """Find temperature and thresholds on the held-out part (fold `develop`)."""
    use = (rows["fold"] == corpus.DEVELOP).to_numpy()
    feels = use & (targets.sentiment >= 0) & (rows["domain"] != "ar tweets").to_numpy()
    groups = (rows["domain"] + " " + rows["lang"]).to_numpy()
    temperature = find_temperature(outputs[2][feels], targets.sentiment[feels], groups[feels])
    thresholds = find_thresholds(outputs[3][use], targets.categories[use], targets.category_weight[use] == 1)
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
    in_training = choose_rows(rows)
    copies = np.where(rows["domain"].isin(["lexicon", "taxonomy"]), OWN_COPIES, 1)[in_training]
    plan = student.Plan(epochs=options.epochs)
    net, table = student.train(ngrams[in_training], targets.take(in_training), copies, plan, log)
    held = np.flatnonzero(rows["fold"] != corpus.TRAIN)
    outputs = student.predict(net, table, ngrams[held], targets.inputs[held])
    temperature, thresholds = calibrate(rows.iloc[held], outputs, targets.take(held))
    log(f"temperature {temperature:.2f}")
    log(f"thresholds {dict(zip(categories, thresholds.round(2).tolist(), strict=True))}")
    layers = {name: tensor.numpy() for name, tensor in net.state_dict().items()}
    export_student(table, layers, options.out)
    export_heads(layers, categories, temperature=temperature, thresholds=thresholds, folder=options.out)


if __name__ == "__main__":
    main(sys.argv[1:])
