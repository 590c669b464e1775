"""Rows of small numbers in 8 or 4 bits with one scale each: how large tables travel."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

MIDDLE = 8  # a 4-bit number stands for itself less this


def unpack_rows(tensors: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """Give (rows, columns) float32 from `name.rows` and `name.scale`.

    Args:
        tensors: `name.rows` as int8 (rows, columns), or as uint8 (rows, columns / 2) with two 4-bit numbers
            each; `name.scale` (rows,).
        name: which table.
    """
    rows, scale = tensors[f"{name}.rows"], tensors[f"{name}.scale"].astype(np.float32)[:, None]
    if rows.dtype == np.uint8:
        rows = np.stack([rows & 15, rows >> 4], axis=2).reshape(len(rows), -1).astype(np.int8) - MIDDLE
    return np.asarray(rows * scale, dtype=np.float32)


def unpack(tensors: Mapping[str, np.ndarray], prefix: str) -> dict[str, np.ndarray]:
    """Give every tensor whose name begins so, without the prefix, packed or not, float32."""
    made = {}
    for name, tensor in tensors.items():
        packed = f"{name.removesuffix('.scale')}.rows" in tensors
        if not name.startswith(prefix) or (packed and name.endswith(".scale")):
            continue
        if name.endswith(".rows"):
            whole = name.removesuffix(".rows")
            made[whole.removeprefix(prefix)] = unpack_rows(tensors, whole)
        else:
            made[name.removeprefix(prefix)] = tensor.astype(np.float32)
    return made
