"""From the corpus to a trained contextual encoder."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np
from scipy import sparse

from nlp.models.vectors.minilm import Wordpieces, load_minilm
from nlp.training.contextual.align import KNOWN_WEIGHT, Alignment, align, fit_rows
from nlp.training.contextual.batches import Plan, schedule
from nlp.training.contextual.loop import Model, train
from nlp.training.contextual.tokens import VOCABULARY, Tokens, tokenise
from nlp.training.material import dictionary
from nlp.training.material.corpus import TRAIN
from nlp.training.student import Targets

if TYPE_CHECKING:
    import pandas as pd

ROW = 96  # numbers per n-gram
SHARES = {
    "lexicon": 1.5,
    "taxonomy": 2.0,
    "parallel": 2.0,
    "challenges": 2.0,
    "dictionary": 0.7,
    "umsab tweets": 1.3,
    "tatoeba": 2.0,
    "zh goods": 0.7,
    "ar tweets": 0.6,
    "app_reviews_4class": 0.5,
    "banking77": 0.3,
    "womens clothing": 0.3,
    "trustpilot": 0.5,
    "joined": 0.5,
    "weak": 0.2,
}  # how often a text of a domain is seen per pass; 1 elsewhere
TRANSLATED = 0.5  # M-ABSA says the same in six languages
Log = Callable[[str], None]


@dataclass(frozen=True)
class Texts:
    """The corpus as ids.

    Attributes:
        tokens: every text as it is read in its language.
        blind: English texts read by pieces; None elsewhere.
    """

    tokens: Tokens
    blind: list[np.ndarray | None]


def read_texts(rows: pd.DataFrame, reader: Wordpieces) -> Texts:
    """Turn n texts into ids, English ones in both ways."""
    is_english = (rows["lang"] == "en").to_numpy()
    texts = rows["text"].tolist()
    count = len(texts)
    both = tokenise(
        [*texts, *(t for t, e in zip(texts, is_english, strict=True) if e)],
        np.concatenate([is_english, np.zeros(is_english.sum(), bool)]),
        reader,
    )
    blind: list[np.ndarray | None] = [None] * count
    for place, ids in zip(np.flatnonzero(is_english), both.ids[count:], strict=True):
        blind[place] = ids
    return Texts(Tokens(both.ids[:count], both.ngrams), blind)


def find_start(rows: pd.DataFrame, texts: Texts, reader: Wordpieces, log: Log) -> dict[str, np.ndarray]:
    """Give MiniLM's tensors and a first meaning of every n-gram.

    Args:
        rows: n training rows.
        texts: the same n as ids.
        reader: for its tokeniser.
        log: says what happens.
    """
    start = load_minilm()
    embeddings = start["embeddings.word_embeddings.weight"]
    has_partner = (rows["lang"] != "en") & rows["english"].notna()
    partners: list[np.ndarray | None] = [None] * len(rows)
    at = np.flatnonzero(has_partner)
    for place, ids in zip(at, reader.tokenize(rows["english"].iloc[at].tolist()), strict=True):
        partners[place] = np.array(ids[1:-1], np.int64)
    found = align(texts.tokens, partners, embeddings, log)
    known_rows, known_targets = known_meanings(reader, embeddings)
    features = sparse.vstack([texts.tokens.ngrams[found.rows], known_rows]).tocsr()
    known = Alignment(
        found.rows,
        np.concatenate([found.targets, known_targets]),
        np.concatenate([found.weights, np.full(len(known_targets), KNOWN_WEIGHT, np.float32)]),
    )
    fitted, axes, bias = fit_rows(features, known, ROW)
    reached = (features @ fitted) @ axes.T + bias
    lengths = np.linalg.norm(reached, axis=1) * np.linalg.norm(known.targets, axis=1)
    cosine = np.average((reached * known.targets).sum(1) / lengths, weights=known.weights)
    log(f"{len(known.weights)} meanings fitted; mean cosine {cosine:.3f}")
    return start | {"words.rows": fitted, "words.axes": axes, "words.bias": bias}


def known_meanings(reader: Wordpieces, embeddings: np.ndarray) -> tuple[sparse.csr_matrix, np.ndarray]:
    """Give the n-grams of m pieces whose meaning is known, (m, BUCKETS), and that, (m, 384).

    MiniLM's whole words mean themselves: people mix languages. A word of the dictionary means what its
    English forms mean together.
    """
    vocabulary = reader.vocabulary()
    own = sorted((w, i) for w, i in vocabulary.items() if not w.startswith(("##", "[")))
    words, meanings = [w for w, _ in own], [embeddings[i] for _, i in own]
    for form, english in dictionary.known_meanings(dictionary.load_dictionary()):
        tokens = [t for ids in reader.tokenize(english) for t in ids[1:-1]]
        words.append(form)
        meanings.append(embeddings[tokens].mean(axis=0))
    read = tokenise(words, np.zeros(len(words), bool), reader)
    single = [i for i, ids in enumerate(read.ids) if len(ids) == 3]
    pieces = np.array([read.ids[i][1] - VOCABULARY for i in single])
    return read.ngrams[pieces], np.stack([meanings[i] for i in single])


def shares_of(rows: pd.DataFrame) -> np.ndarray:
    """Say how often each text is seen per pass."""
    shares = rows["domain"].map(SHARES).fillna(1.0).to_numpy(np.float64)
    translated = rows["domain"].str.startswith("m_absa") & (rows["lang"] != "en")
    return np.where(translated, TRANSLATED, shares)


def train_encoder(rows: pd.DataFrame, targets: Targets, *, plan: Plan, work: Path, log: Log) -> Model:
    """Train on the fold `train`; `work` keeps the state of a run cut short."""
    import torch

    torch.set_num_threads(1)  # each batch of a step has a thread: one product shared by two waits more
    reader = Wordpieces()
    at = np.flatnonzero(rows["fold"] == TRAIN)
    part = rows.iloc[at].reset_index(drop=True)
    texts = read_texts(part, reader)
    start = find_start(part, texts, reader, log)
    model = Model(start, texts.tokens.ngrams, targets.categories.shape[1], plan)
    batches = schedule(texts.tokens, texts.blind, shares_of(part), plan)
    train(model, batches, targets.take(at), work / "contextual.pt", log)
    return model
