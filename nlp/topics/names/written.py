"""Labels that a generative model writes, where one is set: each checked, the found one kept otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

import pandas as pd

from nlp.protocols import TopicNamer
from nlp.topics.wishes import LONGEST_LABEL, folded

_MOST_WORDS = 8  # a model that was asked for four and writes nine has written a sentence
_AROUND = " \t\"'“”„«»「」.。:#*-"


def write_labels(
    described: pd.DataFrame, texts: pd.DataFrame, *, known: Iterable[str], namer: TopicNamer | None
) -> pd.DataFrame:
    """Let a model name topics that have just been described.

    Args:
        described: topic_id, label, label_language, keywords, example_texts, as `describe_topics` gives them.
        texts: text_id and text, personal data masked.
        known: labels of other topics.
        namer: the model; None leaves all labels.

    Returns:
        The same rows; a label that is no heading, or is taken already, is not taken over.
    """
    if namer is None or described.empty:
        return described
    said: Mapping[str, str] = dict(zip(texts["text_id"], texts["text"], strict=True))
    used = {folded(label) for label in known}
    labels = []
    for row in described.to_dict("records"):
        label = row["label"]
        if not pd.isna(label):
            examples = [said[text_id] for text_id in row["example_texts"]]
            written = heading(namer.name(row["keywords"], examples, row["label_language"]))
            label = written if written is not None and folded(written) not in used else label
            used.add(folded(label))
        labels.append(label)
    return described.assign(label=pd.Series(labels, index=described.index, dtype="object"))


def heading(written: str | None) -> str | None:
    """Give what a model wrote as a label; None when it is none."""
    lines = (written or "").strip().splitlines()
    label = lines[0].strip(_AROUND) if len(lines) == 1 else ""
    is_heading = (
        bool(folded(label))
        and label.isprintable()
        and len(label) <= LONGEST_LABEL
        and len(label.split()) <= _MOST_WORDS
        and "[" not in label  # a mask of personal data
    )
    return label if is_heading else None
