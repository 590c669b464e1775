"""The heads of both modes, from the parts' own heads and held-out texts."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence

import numpy as np
import pandas as pd

from nlp.models.vectors.wide import CLASSES
from nlp.training.calibrate import even_weights, find_thresholds
from nlp.training.stack import Part, stack_categories, stack_sentiment
from nlp.training.student import Targets

CUSTOMER_WEIGHT = 4  # thresholds serve customers of any trade first: their clauses know every category
NO_CUSTOMERS = ("ar tweets",)  # politics: no ground to calibrate customers' sentiment on
Layers = Mapping[str, np.ndarray]


def _even(rows: pd.DataFrame, names: pd.Series) -> np.ndarray:
    return even_weights((names + " " + rows["lang"]).to_numpy())


def _part(features: np.ndarray, layers: Layers, head: str) -> Part:
    return Part(features, layers[f"{head}.weight"], layers[f"{head}.bias"])


def fit_heads(
    rows: pd.DataFrame,
    targets: Targets,
    features: Sequence[np.ndarray],
    layers: Sequence[Layers],
    log: Callable[[str], None],
) -> dict[str, np.ndarray]:
    """Fit sentiment and categories of both modes.

    Args:
        rows: n held-out texts.
        targets: theirs.
        features: (n, k) of the contextual encoder, (n, m + 3) of the student and its wide part.
        layers: the own heads of both.
        log: says what happens.

    Returns:
        The tensors that `export_heads` writes.
    """
    contextual, (bag, wide) = features[0], np.split(features[1], [-CLASSES], axis=1)
    plain = Part(wide, np.eye(CLASSES, dtype=np.float32), np.zeros(CLASSES, np.float32))
    feeling = [_part(contextual, layers[0], "sentiment"), _part(bag, layers[1], "sentiment"), plain]
    nothing = np.zeros((targets.categories.shape[1], CLASSES), np.float32)
    silent = Part(wide, nothing, nothing[:, 0])
    about = [_part(contextual, layers[0], "category"), _part(bag, layers[1], "category"), silent]
    weights = _even(rows, rows["domain"])
    by_source = _even(rows, rows["domain"].str.split().str[0])  # M-ABSA has six domains in seven languages
    labels = np.where(rows["domain"].isin(NO_CUSTOMERS), -1, targets.sentiment)
    known = targets.category_weight == 1
    careful = np.where(rows["domain"] == "parallel", CUSTOMER_WEIGHT, 1) * weights
    made: dict[str, np.ndarray] = {}
    for mode, skip in (("accurate", 0), ("fast", 1)):
        weight, bias, shares = stack_sentiment(feeling[skip:], labels, by_source)
        log(f"{mode}: shares of the parts for sentiment {shares.round(2).tolist()}")
        made |= {f"{mode}.sentiment.weight": weight, f"{mode}.sentiment.bias": bias}
        weight, bias, shares = stack_categories(about[skip:], targets.categories, known, weights)
        log(f"{mode}: shares of the parts for categories {shares.round(2).tolist()}")
        logits = np.concatenate([part.features for part in about[skip:]], axis=1) @ weight.T + bias
        thresholds = find_thresholds(logits, targets.categories, known, careful)
        made |= {f"{mode}.category.weight": weight, f"{mode}.category.bias": bias - thresholds}
    return made
