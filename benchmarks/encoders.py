"""Texts per second of the encoder paths, and the matrix-product rate of this machine beside them.

    python benchmarks/encoders.py [--texts 1500] [--torch]

Texts are made here: sentences of 6 to 40 common English words, from a seed. Rates are per second of processor
time too, because a busy machine makes wall time lie.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence

import numpy as np

from nlp.models.encoders import load_encoder
from nlp.models.heads import CategoryHead, SentimentHead
from nlp.models.minilm import MiniLM, find_minilm
from nlp.models.minilm_graph import LAYERS, WIDTH
from nlp.models.shipped import load_weights

WORDS = (
    *(
        "the",
        "parcel",
        "was",
        "late",
        "again",
        "and",
        "nobody",
        "told",
        "us",
        "why",
        "order",
        "never",
        "came",
    ),
    *(
        "but",
        "staff",
        "were",
        "kind",
        "food",
        "cold",
        "room",
        "clean",
        "price",
        "fair",
        "app",
        "crashed",
        "when",
    ),
    *("I", "tried", "to", "pay", "refund", "took", "weeks", "great", "quality", "would", "buy", "more"),
)


def make_texts(count: int, seed: int = 0) -> list[str]:
    """Make sentences of 6 to 40 words."""
    rng = np.random.default_rng(seed)
    return [" ".join(rng.choice(WORDS, rng.integers(6, 41))) for _ in range(count)]


def measure(name: str, count: int, work: Callable[[], object]) -> float:
    """Run once to warm up, then print texts per second of wall and processor time."""
    work()
    wall, busy = time.perf_counter(), time.process_time()
    work()
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    print(f"| {name} | {count / wall:,.0f} | {count / busy:,.0f} |", flush=True)
    return count / wall


def sentence_transformers_peer(texts: Sequence[str]) -> Callable[[], object]:
    """The same model as most people run it."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(find_minilm()), device="cpu")
    return lambda: model.encode(list(texts), batch_size=32)


def product_rate(tokens: int = 2048) -> float:
    """Rate of the machine's 32-bit matrix products at MiniLM's shapes, in GFLOP/s."""
    a = np.ones((tokens, WIDTH), np.float32)
    b = np.ones((WIDTH, 4 * WIDTH), np.float32)
    a @ b
    start = time.perf_counter()
    for _ in range(20):
        a @ b
    return 20 * 2 * tokens * WIDTH * 4 * WIDTH / (time.perf_counter() - start) / 1e9


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1500)
    parser.add_argument("--torch", action="store_true", help="sentence-transformers too: slow to start")
    options = parser.parse_args(arguments)
    texts = make_texts(options.texts)
    count, english = len(texts), ["en"] * len(texts)
    print("| path | texts/s | texts per processor second |\n|---|---|---|")
    accurate, fast = load_encoder("voc", "accurate"), load_encoder("voc", "fast")
    tokens = MiniLM(load_weights("minilm_ranges"), threads=1).tokenize(texts)
    exact = MiniLM(None)
    measure("MiniLM, 32-bit floats, ONNX Runtime", count, lambda: exact.encode(texts))
    if options.torch:
        measure("MiniLM, sentence-transformers, batch 32", count, sentence_transformers_peer(texts))
    rate = measure("voc accurate, English", count, lambda: accurate.encode(texts, english))
    measure("voc accurate, other languages", count, lambda: accurate.encode(texts, ["it"] * count))
    measure("voc fast, any language", count, lambda: fast.encode(texts, english))
    features = fast.encode(texts, english).features
    heads = SentimentHead("heads"), CategoryHead("heads")
    measure("both heads", count, lambda: [head.predict(texts, english, features) for head in heads])
    per_text = np.mean([len(t) for t in tokens]) * LAYERS * 2 * 12 * WIDTH * WIDTH / 1e9
    print(
        f"\nMiniLM takes {per_text:.2f} GFLOP per text: voc accurate runs at {rate * per_text:.0f} GFLOP/s;"
    )
    print(f"this machine's 32-bit products run at {product_rate():.0f} GFLOP/s.")


if __name__ == "__main__":
    main(sys.argv[1:])
