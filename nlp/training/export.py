"""Writes what was learned: packed rows, 16-bit layers, and a manifest of hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

from nlp.models.vectors.minilm_graph import WIDTH
from nlp.training.packing import pack_rows

HEADS = ("sentiment", "category")
LARGE = 10_000  # numbers from which a layer is rounded to 8 bits
Weights = Mapping[str, np.ndarray]


def _layers(layers: Weights, prefix: str = "") -> dict[str, np.ndarray]:
    tensors: dict[str, np.ndarray] = {}
    for name, layer in layers.items():
        if name.split(".")[0] in HEADS:
            continue
        if layer.size >= LARGE:
            tensors |= pack_rows(layer, f"{prefix}{name}", 8)
        else:
            tensors[f"{prefix}{name}"] = layer.astype(np.float16)
    return tensors


def export_student(table: np.ndarray, layers: Weights, wide: Weights, folder: Path) -> None:
    """Write student.safetensors: the table, every layer up to the features, and the wide part."""
    tensors = pack_rows(table, "bag", 4) | _layers(layers) | dict(wide)
    write_weights(tensors, folder / "student.safetensors")


def pack_contextual(words: Weights, body: Weights, top: Weights, base: Weights) -> dict[str, np.ndarray]:
    """Pack the contextual encoder, but for its ranges.

    Args:
        words: `rows`, `axes` and `bias` of the pieces.
        body: the trained body, under MiniLM's names.
        top: what follows it.
        base: MiniLM's tensors, to which differences are taken.
    """
    tensors = pack_rows(words["rows"], "words", 8) | _layers(top, "top.")
    tensors |= {
        "words.axes": words["axes"].astype(np.float16),
        "words.bias": words["bias"].astype(np.float32),
    }
    for name, tensor in body.items():
        if tensor.ndim == 2 and name.startswith("encoder."):
            tensors |= pack_rows(tensor - base[name], f"delta.{name}", 4)
        else:
            tensors[f"exact.{name}"] = tensor.astype(np.float16)
    # the trained places hold it already
    tensors["exact.embeddings.token_type_embeddings.weight"] = np.zeros((2, WIDTH), np.float16)
    return tensors


def export_contextual(packed: Weights, ranges: Weights, folder: Path) -> None:
    """Write contextual.safetensors."""
    kept = {f"range.{site}": largest.astype(np.float32) for site, largest in ranges.items()}
    write_weights({**packed, **kept}, folder / "contextual.safetensors")


def export_heads(heads: Weights, labels: Sequence[str], folder: Path) -> None:
    """Write heads.safetensors: `<mode>.<head>.weight` and `.bias`, and the names of the categories."""
    tensors: dict[str, np.ndarray] = {name: tensor.astype(np.float32) for name, tensor in heads.items()}
    tensors["category.labels"] = np.frombuffer(",".join(labels).encode("ascii"), np.uint8).copy()
    write_weights(tensors, folder / "heads.safetensors")


def write_weights(tensors: Weights, path: Path) -> None:
    """Write one file and note its SHA-256 in the manifest beside it."""
    from safetensors.numpy import save

    content = save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    manifest = path.parent / "manifest.json"
    known = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    known[path.name] = hashlib.sha256(content).hexdigest()
    manifest.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
