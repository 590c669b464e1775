"""Texts per second of both modes beside what a data scientist would write, and the machine's own limit.

    python benchmarks/encoders.py [--texts 1000] [--words 57]

The peer is a DistilBERT-size sentiment pipeline of Transformers (random weights do for timing; batches of 32
as the texts come) plus sentence-transformers MiniLM in 32-bit floats: sentiment and vectors, no categories.
Ours give sentiment, vectors and categories. Texts are made here, from a seed. Rates are per second of
processor time too, because a busy machine makes wall time lie.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from nlp.models.encoders import load_encoder
from nlp.models.judges.linear import CategoryHead, SentimentHead
from nlp.models.vectors.minilm import MiniLM, Wordpieces, find_minilm
from nlp.models.vectors.minilm_graph import LAYERS, WIDTH
from nlp.protocols import Encoder

BATCH = 32
TOKENS = 2048  # of one product, as one batch of ours has
ROUNDS = 30
Work = Callable[[], object]

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


def make_texts(count: int, words: int, seed: int = 0) -> list[str]:
    """Make texts of 0.3 to 1.7 times so many words."""
    rng = np.random.default_rng(seed)
    lengths = rng.integers(max(1, round(words * 0.3)), round(words * 1.7) + 1, count)
    return [" ".join(rng.choice(WORDS, length)) for length in lengths]


def measure(name: str, count: int, work: Work) -> float:
    """Run once to warm up, then print texts per second of wall and processor time; give the latter."""
    work()
    wall, busy = time.perf_counter(), time.process_time()
    work()
    wall, busy = time.perf_counter() - wall, time.process_time() - busy
    print(f"| {name} | {count / wall:,.1f} | {count / busy:,.1f} |", flush=True)
    return count / busy


def pipeline_peer(texts: Sequence[str]) -> Work:
    """A DistilBERT-size classifier as its users run it."""
    import torch
    from transformers import AutoTokenizer, DistilBertConfig, DistilBertForSequenceClassification

    tokenizer = AutoTokenizer.from_pretrained(str(find_minilm()))
    torch.manual_seed(0)
    model = DistilBertForSequenceClassification(DistilBertConfig(num_labels=3)).eval()

    def work() -> None:
        with torch.inference_mode():
            for start in range(0, len(texts), BATCH):
                part = list(texts[start : start + BATCH])
                batch = tokenizer(part, padding=True, truncation=True, return_tensors="pt")
                model(input_ids=batch["input_ids"], attention_mask=batch["attention_mask"])

    return work


def sentence_peer(texts: Sequence[str]) -> Work:
    """MiniLM as most people run it."""
    from sentence_transformers import SentenceTransformer

    model = SentenceTransformer(str(find_minilm()), device="cpu")
    return lambda: model.encode(list(texts), batch_size=BATCH)


def whole(encoder: Encoder, texts: Sequence[str], language: str) -> Work:
    """Vectors, sentiment and categories."""
    heads = SentimentHead("heads"), CategoryHead("heads")
    languages = [language] * len(texts)

    def work() -> None:
        features = encoder.encode(texts, languages).features
        for head in heads:
            head.predict(texts, languages, features)

    return work


def product_rate(threads: int) -> float:
    """Rate of this machine's 8-bit products at MiniLM's widest shape, in GFLOP per processor second."""
    import onnxruntime
    from onnx import TensorProto, helper, numpy_helper

    rng = np.random.default_rng(0)
    constants = {
        "weight": rng.integers(-127, 128, (WIDTH, 4 * WIDTH)).astype(np.int8),
        "step": np.float32(0.01),
        "scale": np.full(4 * WIDTH, 0.01, np.float32),
        "middle": np.uint8(128),
    }
    node = helper.make_node(
        "MatMulIntegerToFloat",
        ["x", "weight", "step", "scale", "middle"],
        ["y"],
        domain="com.microsoft",
    )
    graph = helper.make_graph(
        [node],
        "product",
        [helper.make_tensor_value_info("x", TensorProto.UINT8, [TOKENS, WIDTH])],
        [helper.make_tensor_value_info("y", TensorProto.FLOAT, [TOKENS, 4 * WIDTH])],
        [numpy_helper.from_array(np.asarray(value), name) for name, value in constants.items()],
    )
    imports = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    model = helper.make_model(graph, opset_imports=imports)
    model.ir_version = 9
    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = 1
    session = onnxruntime.InferenceSession(
        model.SerializeToString(), options, providers=["CPUExecutionProvider"]
    )
    given = {"x": rng.integers(0, 256, (TOKENS, WIDTH)).astype(np.uint8)}
    session.run(None, given)
    start = time.process_time()
    with ThreadPoolExecutor(threads) as pool:
        list(pool.map(lambda _: session.run(None, given), range(ROUNDS)))
    return ROUNDS * 2 * TOKENS * 4 * WIDTH * WIDTH / (time.process_time() - start) / 1e9


def main(arguments: list[str]) -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--texts", type=int, default=1000)
    parser.add_argument("--peer-texts", type=int, default=128, help="the peers are slow")
    parser.add_argument("--words", type=int, default=57)
    options = parser.parse_args(arguments)
    texts = make_texts(options.texts, options.words)
    count, few = len(texts), texts[: options.peer_texts]
    print(f"Texts of {options.words} words on average.\n")
    print("| path | texts/s | texts per processor second |\n|---|---|---|")
    sentiment = measure("peer: DistilBERT-size pipeline, 32-bit floats", len(few), pipeline_peer(few))
    vectors = measure("peer: MiniLM, sentence-transformers, 32-bit floats", len(few), sentence_peer(few))
    exact = MiniLM()
    measure("MiniLM, 32-bit floats, our graph", len(few), lambda: exact.encode(few))
    accurate, fast = load_encoder("voc", "accurate"), load_encoder("voc", "fast")
    english = measure("voc accurate, English, all heads", count, whole(accurate, texts, "en"))
    measure("voc accurate, other languages, all heads", count, whole(accurate, texts, "it"))
    quick = measure("voc fast, any language, all heads", count, whole(fast, texts, "en"))
    joint = 1 / (1 / sentiment + 1 / vectors)
    print(f"\nBoth peers one after the other: {joint:.1f} texts per processor second.")
    print(f"voc accurate is {english / joint:.0f} times, voc fast {quick / joint:.0f} times as fast.")
    tokens = np.mean([len(ids) for ids in Wordpieces().tokenize(texts)])
    work = tokens * LAYERS * 2 * 12 * WIDTH * WIDTH / 1e9
    limit = product_rate(1)
    rate = english * work
    print(f"voc accurate takes {work:.2f} GFLOP of 8-bit products per text: {rate:.0f} GFLOP per second;")
    print(f"these products alone run at {limit:.0f}: {rate / limit:.0%} of the machine's limit.")


if __name__ == "__main__":
    main(sys.argv[1:])
