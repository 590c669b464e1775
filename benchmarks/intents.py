"""Intent, urgency and effort on held-out invented clauses: phrases alone, and phrases with the trained head.

python benchmarks/intents.py [--mode fast]
"""

from __future__ import annotations

import argparse
import sys

import numpy as np
import pandas as pd

from data.schema import INTENT_LABELS
from flows.settings import load_settings
from nlp.intent import judge_intents
from nlp.learning.scores import macro_f1
from nlp.models.classifiers import load_classifier
from nlp.models.encoders import load_encoder
from nlp.models.judges.intent_heads import SCALES, IntentHeads, load_intent_heads
from nlp.models.judges.intents import IntentRules, load_intent_classifier
from nlp.protocols import Encoded
from nlp.sentiment import score_sentiment
from nlp.training.intents import intent_rows
from nlp.training.material.corpus import DEVELOP


def f1(truth: np.ndarray, found: np.ndarray) -> float:
    """F1 of one label."""
    return float(2 * (truth & found).sum() / max(1, truth.sum() + found.sum()))


def area(truth: np.ndarray, scores: np.ndarray) -> float:
    """Chance that a true text scores above a false one (area under the ROC curve)."""
    ranks = pd.Series(scores).rank().to_numpy()
    count = truth.sum()
    return float((ranks[truth].sum() - count * (count + 1) / 2) / (count * (~truth).sum()))


def main(arguments: list[str]) -> None:
    """Print both tables."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--mode", default="accurate", help="accurate or fast")
    options = parser.parse_args(arguments)
    rows = intent_rows()
    rows = rows[rows["fold"] == DEVELOP].reset_index(drop=True)
    encoded = load_encoder("voc", options.mode).encode(rows["text"].tolist(), rows["lang"].tolist())
    segments = pd.DataFrame(
        {"segment_id": rows.index.astype(str), "text": rows["text"], "language": rows["lang"]}
    )
    head = load_classifier("sentiment_head", "heads", {})
    felt = score_sentiment(segments, encoded.features, classifier=head)
    rules: IntentRules = load_settings()["intent"]
    heads = load_intent_heads(options.mode)
    truth = rows["intent"].to_numpy(object)
    found = [_judge(segments, felt, encoded, rules, one) for one in (None, heads)]
    print("| intent | n | F1 phrases | F1 phrases and head |\n|---|---|---|---|")
    for label in INTENT_LABELS:
        scores = " | ".join(f"{f1(truth == label, one == label):.3f}" for one in found)
        print(f"| {label} | {(truth == label).sum()} | {scores} |")
    names = np.array(INTENT_LABELS, dtype=object)
    macro = " | ".join(f"{macro_f1(truth[:, None] == names, one[:, None] == names):.3f}" for one in found)
    print(f"| macro | {len(truth)} | {macro} |")
    if heads is None:
        return
    print(
        "\n| scale | n | true | area under ROC | precision at .5 | recall at .5 |\n|---|---|---|---|---|---|"
    )
    for name, scores in zip(SCALES, heads.scales(encoded.features).T, strict=True):
        is_true, given = (rows[name] > 0).to_numpy(), scores >= 0.5
        both = (is_true & given).sum()
        print(
            f"| {name} | {len(rows)} | {is_true.sum()} | {area(is_true, scores):.3f} "
            f"| {both / max(1, given.sum()):.3f} | {both / is_true.sum():.3f} |"
        )


def _judge(
    segments: pd.DataFrame,
    felt: pd.DataFrame,
    encoded: Encoded,
    rules: IntentRules,
    heads: IntentHeads | None,
) -> np.ndarray:
    classifier = load_intent_classifier(rules, heads)
    return judge_intents(segments, felt, encoded, classifier=classifier)["intent"].to_numpy(object)


if __name__ == "__main__":
    main(sys.argv[1:])
