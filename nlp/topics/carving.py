"""Splits off the part of a topic that people want to see alone."""

from __future__ import annotations

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from nlp.topics.groups import GroupRules, Vectors, unit_mean
from nlp.topics.wishes import Split, split_id


def carve(
    texts: pd.DataFrame, vectors: Vectors, *, parent: str, split: Split, rules: GroupRules
) -> tuple[pd.DataFrame, pd.Series[bool]]:
    """Find the clauses of a part of a topic: those with its words, and those that are nearer to them.

    Args:
        texts: text_id and text of the parent topic's n distinct texts.
        vectors: (n, d) unit vectors, in that order.
        parent: id of that topic.
        split: the part's name and words.
        rules: how far a topic reaches.

    Returns:
        One row of TOPIC_CENTROIDS for the part, none when no text has its words; and which texts are its.
    """
    said = texts["text"].str.contains(_any_word(split.words), regex=True)
    seeds = said.to_numpy(dtype=bool)
    if not seeds.any():
        return pd.DataFrame(), said
    centre = unit_mean(vectors[seeds])
    distances = 1.0 - vectors @ centre
    radius = float(np.quantile(distances[seeds], rules.radius_quantile))
    inside = seeds.copy()
    if not seeds.all():
        rest = unit_mean(vectors[~seeds])
        inside |= (vectors @ centre > vectors @ rest) & (distances <= min(radius, rules.max_reach))
    topic_id = split_id(parent, split)
    row = {
        "topic_id": topic_id, "anchor": topic_id, "centroid": centre, "radius": radius,
        "fitted_count": int(inside.sum()), "tightness": 0.0,
    }  # fmt: skip
    return pd.DataFrame([row]), pd.Series(inside, index=texts.index)


def _any_word(words: Sequence[str]) -> re.Pattern[str]:
    """Compile the words, at the start of a word, in any case; anywhere for scripts without spaces."""
    parts = [re.escape(word.strip()) for word in words if word.strip()]
    starts = [part if re.search(r"[\u3400-\u9fff]", part) else rf"(?<!\w){part}" for part in parts]
    return re.compile("|".join(starts), re.IGNORECASE)
