"""Trains the wide part: per language one linear SVM on salted n-grams, for sentiment."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pandas as pd
from scipy import sparse

from nlp.models.vectors.wide import CLASSES, ROWS, salt
from nlp.training.material.corpus import TRAIN

C = 0.3
MIN_TEXTS = 500
SEED = 0


def train_wide(
    rows: pd.DataFrame, ngrams: sparse.csr_matrix, log: Callable[[str], None]
) -> dict[str, np.ndarray]:
    """Fit per language on the fold `train`.

    Args:
        rows: n texts of the corpus.
        ngrams: (n, BUCKETS), theirs.
        log: says what happens.

    Returns:
        The tensors that `nlp.models.vectors.wide.Wide` reads.
    """
    from sklearn.svm import LinearSVC

    known = (rows["fold"] == TRAIN) & rows["sentiment"].notna() & ~rows.duplicated(["text", "lang"])
    total, biases = np.zeros((ROWS, CLASSES), np.float32), {}
    for language, part in rows[known].groupby("lang"):
        if len(part) < MIN_TEXTS:
            continue
        at = part.index.to_numpy()
        used, inner = np.unique(ngrams[at].indices, return_inverse=True)
        matrix = sparse.csr_matrix((ngrams[at].data, inner, ngrams[at].indptr), shape=(len(at), len(used)))
        weights = part["weight"].to_numpy(np.float64)
        model = LinearSVC(C=C, random_state=SEED).fit(matrix, part["sentiment"].astype(int), weights)
        if len(model.classes_) != CLASSES:
            continue
        np.add.at(total, salt(used, str(language)), model.coef_.T.astype(np.float32))
        biases[str(language)] = model.intercept_.astype(np.float32)
        log(f"wide part: {language}, {len(part)} texts")
    scale = np.float32(np.quantile(np.abs(total[total != 0]), 0.9995) / 127)
    return {
        "wide.weight": np.clip(np.rint(total / scale), -127, 127).astype(np.int8),
        "wide.scale": np.array([scale], np.float32),
        "wide.bias": np.stack([biases[name] for name in sorted(biases)]),
        "wide.languages": np.frombuffer(",".join(sorted(biases)).encode("ascii"), np.uint8).copy(),
    }
