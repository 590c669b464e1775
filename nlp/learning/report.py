"""Examples and what a run says of them -> scores per language and category, ready for JSON."""

from __future__ import annotations

import dataclasses
from typing import Any

import numpy as np

from data.schema import SENTIMENT_LABELS
from nlp.learning.examples import UNKNOWN, Read
from nlp.learning.judge import Judged
from nlp.learning.scores import as_columns, bootstrap, calibration_error, macro_f1, score_labels

ALL = "all"


def evaluate(read: Read, judged: Judged, labels: tuple[str, ...], *, draws: int, seed: int) -> dict[str, Any]:
    """Score every language and all of them together.

    Args:
        read: n texts.
        judged: what a run says of them; columns of `labels`.
        labels: the categories in use.
        draws: bootstrap resamples.
        seed: of the bootstrap.

    Returns:
        `texts` (their number), `sentiment` and `category`: one entry per language, `all` last; a head without
        labels has none.
    """
    languages = read.languages["language"].to_numpy(object)
    examples = read.examples
    felt, looked = examples.sentiment != UNKNOWN, examples.is_judged
    truth = _align(examples.categories, examples.labels, labels)
    counted = truth[looked].any(axis=0)  # what nobody labelled cannot be scored
    names = tuple(label for label, used in zip(labels, counted, strict=True) if used)
    facts: dict[str, Any] = {"texts": len(languages), "sentiment": [], "category": []}
    for language in [*sorted(set(languages.tolist())), ALL]:
        here = (languages == language) | (language == ALL)
        if (here & felt).any():
            at = here & felt
            entry = _sentiment(examples.sentiment[at], judged, at, draws=draws, seed=seed)
            facts["sentiment"].append({"language": language, **entry})
        if (here & looked).any() and counted.any():
            at = here & looked
            entry = _category(
                truth[at][:, counted], judged.categories[at][:, counted], names, draws=draws, seed=seed
            )
            facts["category"].append({"language": language, **entry})
    return facts


def show(facts: dict[str, Any]) -> str:
    """Give the scores as tables for a terminal, in Markdown."""
    lines: list[str] = []
    for head in ("sentiment", "category"):
        entries = facts[head]
        if not entries:
            continue
        has_ece = head == "sentiment"
        lines += [
            "",
            f"{head.capitalize()} by language",
            "",
            "| language | n | macro-F1 (95 %) | accuracy |" + (" ECE |" if has_ece else ""),
            "|---|---|---|---|" + ("---|" if has_ece else ""),
        ]
        lines += [_language_line(entry, has_ece) for entry in entries]
        lines += ["", f"{head.capitalize()} by label, all languages", ""]
        lines += ["| label | n | precision | recall | F1 |", "|---|---|---|---|---|"]
        lines += [
            f"| {one['label']} | {one['count']:,} | {_number(one['precision'])} | {_number(one['recall'])} "
            f"| {_number(one['f1'])} |"
            for one in entries[-1]["labels"]
        ]
    return "\n".join(lines[1:])


def _language_line(entry: dict[str, Any], has_ece: bool) -> str:
    low, high = entry["interval"]
    line = (
        f"| {entry['language']} | {entry['n']:,} | {entry['macro_f1']:.3f} ({low:.3f}-{high:.3f}) "
        f"| {entry['accuracy']:.3f} |"
    )
    return line + (f" {entry['ece']:.3f} |" if has_ece else "")


def _number(value: float | None) -> str:
    return "" if value is None else f"{value:.3f}"


def _sentiment(truth: np.ndarray, judged: Judged, at: np.ndarray, *, draws: int, seed: int) -> dict[str, Any]:
    size = len(SENTIMENT_LABELS)
    wanted, found = as_columns(truth, size), as_columns(judged.sentiment[at], size)
    interval = bootstrap(wanted, found, draws=draws, seed=seed)
    return {
        "n": len(truth),
        "macro_f1": macro_f1(wanted, found),
        "interval": [interval.low, interval.high],
        "accuracy": float((truth == judged.sentiment[at]).mean()),
        "ece": calibration_error(judged.shares[at], truth),
        "labels": [dataclasses.asdict(one) for one in score_labels(wanted, found, SENTIMENT_LABELS)],
    }


def _category(
    truth: np.ndarray, found: np.ndarray, names: tuple[str, ...], *, draws: int, seed: int
) -> dict[str, Any]:
    interval = bootstrap(truth, found, draws=draws, seed=seed)
    return {
        "n": len(truth),
        "macro_f1": macro_f1(truth, found),
        "interval": [interval.low, interval.high],
        "accuracy": float((truth == found).all(axis=1).mean()),
        "labels": [dataclasses.asdict(one) for one in score_labels(truth, found, names)],
    }


def _align(matrix: np.ndarray, theirs: tuple[str, ...], ours: tuple[str, ...]) -> np.ndarray:
    aligned = np.zeros((len(matrix), len(ours)), dtype=bool)
    for column, label in enumerate(ours):
        if label in theirs:
            aligned[:, column] = matrix[:, theirs.index(label)]
    return aligned
