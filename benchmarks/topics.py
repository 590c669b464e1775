"""How good, stable and fast topics are, on the same vectors as BERTopic's default.

    python -m benchmarks.topics --data ../shared/data [--peers] [--rows 10000 100000]

Prints tables, asserts nothing. Needs banking77, pl_8tags and m_absa in the data folder (or in the one that
VOC_DATA names); `--peers` runs UMAP + HDBSCAN and EVoC too, which compile for a minute (EVoC: pip install
'voc[bench]'). How topics live through weeks is measured by `python -m benchmarks.topics_weeks`.
"""

from __future__ import annotations

import argparse
import os
import resource
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pandas as pd
from numpy.typing import NDArray
from sklearn.metrics import adjusted_rand_score, normalized_mutual_info_score

from flows.settings import load_settings
from nlp.models.encoders import load_encoder
from nlp.models.themes.clustering import load_clusterer
from nlp.protocols import Encoder
from nlp.topics.groups import Vectors, assign_topics, fit_topics
from nlp.topics.rules import TopicRules

Labels = NDArray[np.int64]
Fit = Callable[[Vectors, int], Labels]
DROPS = 5
DROPPED = 0.1


def ours(rules: TopicRules) -> Fit:
    """Give our clusterer as the settings have it, at a seed."""

    def fit(vectors: Vectors, seed: int) -> Labels:
        options = {**rules.clustering(len(vectors)), "seed": seed}
        return np.array(load_clusterer(rules.clusterer, options).fit(vectors).labels_, dtype=np.int64)

    return fit


def bertopic_default(vectors: Vectors, seed: int) -> Labels:
    """Cluster as BERTopic does when nothing is set."""
    from hdbscan import HDBSCAN  # type: ignore[import-untyped]  # noqa: PLC0415
    from umap import UMAP  # type: ignore[import-untyped]  # noqa: PLC0415

    umap = UMAP(n_neighbors=15, n_components=5, min_dist=0.0, metric="cosine", random_state=seed)
    hdbscan = HDBSCAN(min_cluster_size=10, metric="euclidean", cluster_selection_method="eom")
    return np.array(hdbscan.fit(umap.fit_transform(vectors)).labels_, dtype=np.int64)


def evoc_default(vectors: Vectors, seed: int) -> Labels:
    """Cluster as EVoC does when nothing is set."""
    from evoc import EVoC  # type: ignore[import-not-found]  # noqa: PLC0415

    return np.array(EVoC(random_state=seed).fit_predict(vectors), dtype=np.int64)


def quality(vectors: Vectors, truth: NDArray[np.object_], fit: Fit) -> dict[str, float]:
    """Measure agreement with known groups and with itself; unassigned texts count as one group."""
    started = time.process_time()
    labels = fit(vectors, 7)
    seconds = time.process_time() - started
    order = np.random.default_rng(0).permutation(len(vectors))
    shuffled = np.empty_like(labels)
    shuffled[order] = fit(vectors[order], 7)
    dropped = []
    for seed in range(DROPS):
        kept = np.random.default_rng(seed).random(len(vectors)) >= DROPPED
        dropped.append(adjusted_rand_score(labels[kept], fit(vectors[kept], 7)))
    return {
        "topics": float(labels.max() + 1),
        "unassigned": float((labels < 0).mean()),
        "NMI": float(normalized_mutual_info_score(truth, labels)),
        "ARI": float(adjusted_rand_score(truth, labels)),
        "ARI of seeds": float(adjusted_rand_score(labels, fit(vectors, 8))),
        "ARI of row orders": float(adjusted_rand_score(labels, shuffled)),
        "ARI after -10 %": float(np.mean(dropped)),
        "lowest": float(np.min(dropped)),
        "CPU s": seconds,
    }


def translations(sentences: pd.DataFrame, vectors: Vectors, rules: TopicRules) -> pd.Series[float]:
    """Give, per language, the share of translated sentences in the topic of their English original.

    The topics are found among English texts alone, so that a translation cannot found a topic with its own
    original: the harder and the usual case.
    """
    english = (sentences["lang"] == "en").to_numpy()
    ids = sentences.index.astype(str).to_numpy()
    options = rules.clustering(int(english.sum()))
    groups = rules.groups(int(english.sum()))
    clusterer = load_clusterer(rules.clusterer, options)
    found = fit_topics(ids[english], vectors[english], clusterer=clusterer, rules=groups)
    placed = assign_topics(ids, vectors, centroids=found.centroids, rules=groups)["topic_id"].to_numpy()
    original = pd.Series(placed[english], index=sentences.loc[english, "sentence_id"])
    expected = original.reindex(sentences["sentence_id"]).to_numpy()
    known = pd.notna(expected) & ~english
    return pd.Series(placed[known] == expected[known]).groupby(sentences["lang"].to_numpy()[known]).mean()


def speed(vectors: Vectors, rows: int, rules: TopicRules) -> dict[str, float]:
    """Fit on the sample, assign the rest in chunks; vectors are real ones with noise."""
    rng = np.random.default_rng(0)

    def chunk(count: int) -> Vectors:
        made = vectors[rng.integers(0, len(vectors), count)] + 0.02 * rng.normal(
            size=(count, vectors.shape[1])
        ).astype(np.float32)
        return np.asarray(made / np.linalg.norm(made, axis=1, keepdims=True), dtype=np.float32)

    sample = chunk(min(rows, rules.sample))
    ids = [f"s{i}" for i in range(len(sample))]
    groups = rules.groups(len(sample))
    started, cpu = time.perf_counter(), time.process_time()
    clusterer = load_clusterer(rules.clusterer, rules.clustering(len(sample)))
    found = fit_topics(ids, sample, clusterer=clusterer, rules=groups)
    for _ in range(0, rows - len(sample), 5000):
        assign_topics([str(i) for i in range(5000)], chunk(5000), centroids=found.centroids, rules=groups)
    return {
        "rows": rows,
        "topics": len(found.centroids),
        "wall s": time.perf_counter() - started,
        "CPU s": time.process_time() - cpu,
        "peak MB": resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024,
    }


def _sets(data: Path, encoder: Encoder) -> Iterator[tuple[str, Vectors, NDArray[np.object_]]]:
    """Give texts with known groups: all bank questions, 40 of each intent, Polish headlines."""
    bank = pd.read_parquet(data / "banking77.parquet").drop_duplicates("text")
    vectors = encoder.encode(bank["text"].tolist(), ["en"] * len(bank)).vectors
    truth = bank["category"].to_numpy(dtype=object)
    yield f"banking77, {len(bank)} texts", vectors, truth
    few = bank.reset_index(drop=True).groupby("category").sample(40, random_state=1, replace=True)
    rows = np.unique(few.index.to_numpy())
    yield f"banking77, {len(rows)} texts, 40 of each intent", vectors[rows], truth[rows]
    tags = pd.read_parquet(data / "pl_8tags.parquet").drop_duplicates("text")
    polish = encoder.encode(tags["text"].tolist(), ["pl"] * len(tags)).vectors
    yield f"8TAGS, {len(tags)} Polish headlines", polish, tags["category"].to_numpy(dtype=object)


def main() -> None:
    """Run every measurement and print it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VOC_DATA", "../shared/data")))
    parser.add_argument("--encoder", default="accurate", help="checkpoint of the voc encoder")
    parser.add_argument("--peers", action="store_true", help="BERTopic's default on the same vectors")
    parser.add_argument("--sentences", type=int, default=1500, help="parallel sentences of m_absa")
    parser.add_argument("--rows", type=int, nargs="*", default=[10_000, 100_000])
    options = parser.parse_args()
    rules: TopicRules = load_settings()["topics"]
    encoder = load_encoder("voc", options.encoder)

    fits = {f"ours, {rules.detail}": ours(rules)}
    if options.peers:
        fits |= {"BERTopic default": bertopic_default, "EVoC": evoc_default}
    for name, vectors, truth in _sets(options.data, encoder):
        table = {who: quality(vectors, truth, fit) for who, fit in fits.items()}
        print(f"{name}\n{pd.DataFrame(table).T.round(3).to_string()}\n", flush=True)

    parallel = pd.read_parquet(options.data / "m_absa.parquet").drop_duplicates(["sentence_id", "lang"])
    chosen = parallel["sentence_id"].drop_duplicates().sample(options.sentences, random_state=0)
    parallel = parallel[parallel["sentence_id"].isin(chosen)].reset_index(drop=True)
    shared = encoder.encode(parallel["text"].tolist(), parallel["lang"].tolist()).vectors
    shares = translations(parallel, shared, rules)
    print(f"m_absa, translations in the topic of the English sentence\n{shares.round(3).to_string()}")
    print(f"mean {shares.mean():.3f}\n")

    speeds = pd.DataFrame([speed(vectors, rows, rules) for rows in options.rows])
    print(f"clustering and assignment, vectors given\n{speeds.round(1).to_string(index=False)}")


if __name__ == "__main__":
    main()
