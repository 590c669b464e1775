"""Writes what was learned: 8-bit rows, 16-bit layers, and a manifest of hashes."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping, Sequence
from pathlib import Path

import numpy as np

HEADS = ("sentiment", "category")


def round_table(rows: np.ndarray) -> dict[str, np.ndarray]:
    """Round (buckets, d) floats to 8-bit integers with one scale per row."""
    scale = (np.abs(rows).max(axis=1) / 127).astype(np.float16)
    safe = np.where(scale > 0, scale.astype(np.float32), 1.0)
    whole = np.clip(np.rint(rows / safe[:, None]), -127, 127).astype(np.int8)
    whole[scale == 0] = 0
    return {"bag.weight": whole, "bag.scale": scale}


def export_student(table: np.ndarray, layers: Mapping[str, np.ndarray], folder: Path) -> None:
    """Write student.safetensors: the table and every layer up to the features."""
    tensors = round_table(table)
    tensors |= {n: w.astype(np.float16) for n, w in layers.items() if n.split(".")[0] not in HEADS}
    write_weights(tensors, folder / "student.safetensors")


def export_heads(
    layers: Mapping[str, np.ndarray],
    labels: Sequence[str],
    *,
    temperature: float,
    thresholds: np.ndarray,
    folder: Path,
) -> None:
    """Write heads.safetensors: both heads, calibrated."""
    tensors: dict[str, np.ndarray] = {
        n: w.astype(np.float32) for n, w in layers.items() if n.split(".")[0] in HEADS
    }
    tensors["category.bias"] = tensors["category.bias"] - thresholds.astype(np.float32)
    tensors["category.labels"] = np.frombuffer(",".join(labels).encode("ascii"), np.uint8).copy()
    tensors["sentiment.temperature"] = np.array([temperature], np.float32)
    write_weights(tensors, folder / "heads.safetensors")


def write_weights(tensors: Mapping[str, np.ndarray], path: Path) -> None:
    """Write one file and note its SHA-256 in the manifest beside it."""
    from safetensors.numpy import save

    content = save({name: np.ascontiguousarray(tensors[name]) for name in sorted(tensors)})
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(content)
    manifest = path.parent / "manifest.json"
    known = json.loads(manifest.read_text(encoding="utf-8")) if manifest.is_file() else {}
    known[path.name] = hashlib.sha256(content).hexdigest()
    manifest.write_text(json.dumps(known, indent=1, sort_keys=True) + "\n", encoding="utf-8")
