"""Rounds tables to 8 or 4 bits, one scale per row."""

from __future__ import annotations

import numpy as np

from nlp.models.vectors.packing import MIDDLE

_SHARES = (1.0, 0.9, 0.8, 0.7, 0.6, 0.5)  # of the largest number: cutting it off can be worth finer steps
_CHUNK = 8192


def pack_rows(rows: np.ndarray, name: str, bits: int) -> dict[str, np.ndarray]:
    """Round (n, k) floats, k even, to `bits`, 8 or 4, with the scale per row that loses least.

    Returns:
        The two tensors that `nlp.models.vectors.packing.unpack_rows` reads.
    """
    most = 127 if bits == 8 else 7
    whole, scales = np.zeros(rows.shape, np.int8), np.zeros(len(rows), np.float16)
    for start in range(0, len(rows), _CHUNK):
        part = rows[start : start + _CHUNK].astype(np.float32)
        largest = np.abs(part).max(axis=1)
        least = np.full(len(part), np.inf, np.float32)
        for share in _SHARES[:1] if bits == 8 else _SHARES:
            scale = (largest * share / most).astype(np.float16)
            safe = np.where(scale > 0, scale.astype(np.float32), 1.0)[:, None]
            found = np.clip(np.rint(part / safe), -most, most)
            lost = np.square(found * safe - part).sum(axis=1)
            better = lost < least
            whole[start : start + _CHUNK][better] = np.where(scale[:, None] > 0, found, 0)[better]
            scales[start : start + _CHUNK][better] = scale[better]
            least = np.minimum(least, lost)
    if bits == 8:
        return {f"{name}.rows": whole, f"{name}.scale": scales}
    halves = (whole + MIDDLE).astype(np.uint8)
    return {f"{name}.rows": halves[:, ::2] | (halves[:, 1::2] << 4), f"{name}.scale": scales}
