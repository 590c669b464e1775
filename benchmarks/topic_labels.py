"""Whether labels say what topics are about: a quiz for a reader, and how many clauses have a word of them.

    python -m benchmarks.topic_labels --data ../shared/data [--topics 20] [--comments 3000] [--answers DCB...]

Prints, for topics drawn at random, six of their clauses drawn at random and four labels, one of them the
topic's. Read, write one letter per question, and run it again with `--answers`: it says how many are right.
Needs nhs_fft_multilabel, telecom_nps and skytrax_lounge_seat in the data folder (or in the one that VOC_DATA
names).
"""

from __future__ import annotations

import argparse
import os
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.topics_weeks import Comments, start, topic_tools
from flows.settings import load_settings
from nlp.models.encoders import load_encoder
from nlp.models.splitters import load_splitter
from nlp.protocols import Encoder, Splitter, WordReader
from nlp.segment import make_text_id

SETS = ("nhs_fft_multilabel", "telecom_nps", "skytrax_lounge_seat")
LETTERS = "ABCD"
SHOWN = 6
READ = 60  # clauses of a topic that are searched for words of its label


def clauses(path: Path, encoder: Encoder, splitter: Splitter, *, most: int) -> Comments:
    """Cut comments into clauses and encode them."""
    texts = pd.read_parquet(path)["text"].dropna().drop_duplicates().tail(most).str[:4000].tolist()
    spans = splitter.split(texts, ["en"] * len(texts))
    cut = [
        (f"f{i:06}", f"f{i:06}:{k}", text[a:b])
        for i, (text, found) in enumerate(zip(texts, spans, strict=True))
        for k, (a, b) in enumerate(found)
    ]
    segments = pd.DataFrame(cut, columns=["feedback_id", "segment_id", "text"]).assign(language="en")
    segments["text_id"] = [make_text_id(text, "en") for text in segments["text"]]
    return Comments(segments, encoder.encode(segments["text"].tolist(), ["en"] * len(segments)).vectors)


def words_of(text: str, reader: WordReader) -> set[str]:
    """Give the stems of a text that may stand in a label."""
    return {word.key for one in reader.read(text, "en") for word in one if word.kind in ("theme", "name")}


def coverage(names: pd.DataFrame, members: pd.DataFrame, reader: WordReader) -> tuple[float, float]:
    """Give the mean share of a topic's clauses with a word of its label, and of other topics' clauses."""
    drawn = members.groupby("topic_id").sample(frac=1, random_state=0).groupby("topic_id").head(READ)
    said = [words_of(text, reader) for text in drawn["text"]]
    inside, outside = [], []
    for topic_id, label in zip(names["topic_id"], names["label"], strict=True):
        stems = words_of(label.casefold(), reader)
        has = np.array([bool(stems & words) for words in said])
        own = (drawn["topic_id"] == topic_id).to_numpy()
        inside.append(has[own].mean())
        outside.append(has[~own].mean())
    return float(np.mean(inside)), float(np.mean(outside))


def question(names: pd.DataFrame, members: pd.DataFrame, rng: np.random.Generator) -> tuple[str, str]:
    """Draw a topic; give its clauses with four labels, and the letter that is right."""
    ids, labels = names["topic_id"].to_numpy(), names["label"].to_numpy()
    drawn = rng.choice(len(ids), len(LETTERS), replace=False)
    order = rng.permutation(len(LETTERS))
    own = members.loc[members["topic_id"] == ids[drawn[0]], "text"]
    shown = own.sample(min(SHOWN, len(own)), random_state=int(rng.integers(1_000_000)))
    lines = [f"   - {' '.join(text.split())[:90]}" for text in shown]
    lines.append("   " + " | ".join(f"{LETTERS[i]} {labels[drawn[j]]}" for i, j in enumerate(order)))
    return "\n".join(lines), LETTERS[int(np.flatnonzero(order == 0)[0])]


def main() -> None:
    """Print the quiz, or judge answers to it."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--data", type=Path, default=Path(os.environ.get("VOC_DATA", "../shared/data")))
    parser.add_argument("--topics", type=int, default=20)
    parser.add_argument("--comments", type=int, default=3000)
    parser.add_argument("--answers", default="", help="one letter per question, as printed before")
    options = parser.parse_args()
    settings, tools = load_settings(), topic_tools()
    encoder = load_encoder("voc", "accurate")
    splitter = load_splitter(settings["segment"].splitter, settings["clauses"], settings["segment"].pipelines)
    rng = np.random.default_rng(11)
    asked: list[tuple[str, str]] = []
    for number, name in enumerate(SETS):
        comments = clauses(options.data / f"{name}.parquet", encoder, splitter, most=options.comments)
        found = start(comments, tools)
        texts = comments.segments[["segment_id", "text"]]
        members = found.members.dropna(subset=["topic_id"]).merge(texts, on="segment_id")
        inside, outside = coverage(found.names, members, tools.reader)
        print(f"{name}: {len(found.names)} topics; a word of the label in {inside:.0%} of its own clauses, "
              f"in {outside:.1%} of others")  # fmt: skip
        share = options.topics * (number + 1) // len(SETS) - options.topics * number // len(SETS)
        asked += [question(found.names, members, rng) for _ in range(share)]
    if options.answers:
        right = sum(given == key for given, (_, key) in zip(options.answers, asked, strict=True))
        print(f"{right} of {len(asked)} right")
        return
    for number, (text, _) in enumerate(asked, start=1):
        print(f"\n{number}.\n{text}")


if __name__ == "__main__":
    main()
