"""Everything that is learned from or held out, as one frame of texts, and where English ones should land."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd

from nlp.models.vectors.minilm import MiniLM
from nlp.taxonomy import load_taxonomy
from nlp.training import student
from nlp.training.material import corpus, phrases
from nlp.training.material.challenges import challenge_rows
from nlp.training.material.dictionary import dictionary_rows, load_dictionary

JOINED = 250  # pairs of phrases per language
JOINED_WORDS = 600  # phrases of the dictionary's words per language
WEAK_WEIGHT = 0.35  # a keyword is right about two times in three
SEED = 3
PER_GROUP = 20_000  # texts of one domain and language
HELD_PER_GROUP = 600  # enough to choose a threshold on


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
    words = dictionary_rows(load_dictionary(), JOINED_WORDS, SEED)
    rows = pd.concat(
        [phrases.background(public, weak), own, joined, words, challenge_rows(), held, weak],
        ignore_index=True,
    )
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
    rows: pd.DataFrame, work: Path, log: Callable[[str], None]
) -> tuple[dict[str, int], np.ndarray]:
    """Give MiniLM's vector of every English text and partner; kept in `work` between runs."""
    texts = pd.unique(pd.concat([rows.loc[rows["lang"] == "en", "text"], rows["english"].dropna()]))
    names, kept = work / "english.json", work / "english.npy"
    place: dict[str, int] = {}
    vectors = np.zeros((0, student.WIDTH), np.float16)
    if names.is_file() and kept.is_file():
        place = {t: i for i, t in enumerate(json.loads(names.read_text(encoding="utf-8")))}
        vectors = np.load(kept)
    missing = [t for t in texts if t not in place]
    log(f"{len(missing)} English texts to encode, {len(place)} known")
    if missing:
        place |= {t: len(place) + i for i, t in enumerate(missing)}
        vectors = np.concatenate([vectors, MiniLM().encode(missing).astype(np.float16)])
        names.parent.mkdir(parents=True, exist_ok=True)
        names.write_text(json.dumps(list(place)), encoding="utf-8")
        np.save(kept, vectors)
    return place, vectors
