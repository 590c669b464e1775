"""SEGMENTS -> EMBEDDINGS: one pass of the encoder per distinct text, kept and never repeated."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import EMBEDDINGS, to_lists
from nlp.protocols import Encoded, Encoder


def embed_texts(segments: pd.DataFrame, known: pa.Array, *, encoder: Encoder) -> pa.Table:
    """Encode each distinct text that has no vector yet.

    Args:
        segments: SEGMENTS, n rows.
        known: text ids that are encoded already, by the encoder of the same name.
        encoder: gives vectors and features.

    Returns:
        EMBEDDINGS, one row per new text id, in the order of first appearance.
    """
    distinct = segments.drop_duplicates("text_id")
    distinct = distinct[~distinct["text_id"].isin(pd.Index(known.to_pandas()))]
    if not len(distinct):
        return EMBEDDINGS.empty()
    encoded = encoder.encode(distinct["text"].tolist(), distinct["language"].tolist())
    _check(encoded, len(distinct), encoder.name)
    return EMBEDDINGS.to_arrow(
        pa.table(
            {
                "text_id": pa.array(distinct["text_id"], pa.string()),
                "vector": to_lists(encoded.vectors),
                "features": to_lists(encoded.features),
            }
        )
    )


def _check(encoded: Encoded, rows: int, name: str) -> None:
    for part, matrix in (("vectors", encoded.vectors), ("features", encoded.features)):
        if matrix.shape[0] != rows or not np.isfinite(matrix).all():
            raise ValueError(
                f"encoder '{name}' gave {part} of shape {matrix.shape} for {rows} texts, finite: "
                f"{bool(np.isfinite(matrix).all())}; expected one finite row per text: fix the encoder"
            )
