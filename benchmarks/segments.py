"""Languages and clauses on real public comments: accuracy, lengths, and texts per second of processor time.

    VOC_DATA=folder python benchmarks/segments.py [--rows 1000] [--show 5]

The folder (default ../shared/data) holds Parquet files with the columns text and lang. Rates are per second
of processor time, because a busy machine makes wall time lie.
"""

from __future__ import annotations

import argparse
import os
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import pandas as pd

from data.schema import LANGUAGES_KNOWN
from flows.settings import Settings, load_settings
from nlp.models.judges.intents import load_intent_classifier
from nlp.models.language import LinguaDetector, load_detector
from nlp.models.splitters import load_splitter
from nlp.protocols import LanguageDetector, Splitter

FILES = (
    "nhs_fft_multilabel", "skytrax_lounge_seat", "telecom_nps", "it_absita", "pl_wccrs", "pl_ceneo",
    "ar_reviews", "ar_tweets", "zh_reviews", "germeval2017_bahn", "m_absa", "umsab_tweets",
    "employee_glassdoor_pt", "tatoeba_parallel",
)  # fmt: skip
LENGTHS = (20, 60, 200, 1_000_000)  # characters


def read_comments(folder: Path, rows: int) -> pd.DataFrame:
    """Sample up to `rows` distinct comments per file and language."""
    frames = []
    for name in FILES:
        path = folder / f"{name}.parquet"
        if path.exists():
            frame = pd.read_parquet(path, columns=["text", "lang"]).dropna().drop_duplicates("text")
            frame = frame[frame["lang"].isin(LANGUAGES_KNOWN) & (frame["text"].str.strip() != "")]
            sampled = frame.groupby("lang").sample(frac=1, random_state=0).groupby("lang").head(rows)
            frames.append(sampled.assign(file=name))
    if not frames:
        raise SystemExit(
            f"no comments under {folder}; set VOC_DATA to a folder with {FILES[0]}.parquet and others"
        )
    return pd.concat(frames, ignore_index=True)


def timed(work: Callable[[], object]) -> tuple[object, float]:
    """Give the result and the processor seconds."""
    start = time.process_time()
    result = work()
    return result, max(time.process_time() - start, 1e-9)


def show_languages(comments: pd.DataFrame, detector: LanguageDetector) -> None:
    """Print how many are right, by language and length."""
    found, _ = detector.detect(comments["text"].tolist())
    # A Chinese character counts as three: it says about as much.
    lengths: pd.Series[int] = comments["text"].str.len() * np.where(comments["lang"] == "zh", 3, 1)
    table = pd.DataFrame(
        {
            "language": comments["lang"],
            "up to": np.array(LENGTHS)[np.searchsorted(LENGTHS, lengths)],
            "right": np.array(found) == comments["lang"].to_numpy(),
        }
    )
    shares = table.pivot_table(index="language", columns="up to", values="right").round(3)
    shares["all"] = table.groupby("language")["right"].mean().round(3)
    print(shares.to_string(), "\n")


def show_detectors(comments: pd.DataFrame, settings: Settings) -> None:
    """Print accuracy and speed of the choices there were."""
    rules = settings["language"]
    sentences = comments["text"].tolist()
    long_texts = [" ".join(sentences[place : place + 6]) for place in range(0, len(sentences) - 6, 6)]
    rows = []
    for low_accuracy in (False, True):
        for characters in (100, rules.max_characters, 1000):
            detector = LinguaDetector(characters, low_accuracy)
            detector.detect(sentences[::50])  # loads the models
            found, short = timed(lambda detector=detector: detector.detect(sentences)[0])  # type: ignore[misc]
            _, long = timed(lambda detector=detector: detector.detect(long_texts))  # type: ignore[misc]
            right = np.mean(np.array(found) == comments["lang"].to_numpy())
            rows.append(
                ["low" if low_accuracy else "high", characters, round(float(right), 4),
                 round(len(sentences) / short), round(len(long_texts) / long)]
            )  # fmt: skip
    names = ["lingua", "characters", "right", "comments/s", "long comments/s"]
    print(pd.DataFrame(rows, columns=names).to_string(index=False), "\n")


def show_clauses(comments: pd.DataFrame, splitter: Splitter, shown: int) -> None:
    """Print lengths and speed per file and language, and some comments as they were cut."""
    rows = []
    for (file, language), part in comments.groupby(["file", "lang"], sort=False):
        texts = part["text"].tolist()
        codes = [str(language)] * len(texts)
        splitter.split(texts[:20], codes[:20])
        spans, seconds = timed(lambda texts=texts, codes=codes: splitter.split(texts, codes))  # type: ignore[misc]
        rows.append([file, language, *_describe(texts, spans, language), round(len(texts) / seconds)])  # type: ignore[arg-type]
        for text, found in list(zip(texts, spans, strict=True))[:shown]:  # type: ignore[call-overload]
            print(f"{language} | " + " | ".join(text[start:end] for start, end in found))
    names = [
        "file",
        "language",
        "words",
        "segments",
        "words/segment",
        "p10",
        "p50",
        "p90",
        "max",
        "comments/s",
    ]
    print(pd.DataFrame(rows, columns=names).to_string(index=False), "\n")


def _describe(texts: Sequence[str], spans: Sequence[Sequence[tuple[int, int]]], language: str) -> list[float]:
    words = np.array(
        [
            (end - start) / 1.5 if language == "zh" else text[start:end].count(" ") + 1
            for text, found in zip(texts, spans, strict=True)
            for start, end in found
        ]
    )
    quantiles = np.percentile(words, [10, 50, 90, 100]).round().astype(int).tolist()
    return [
        round(words.sum() / len(texts), 1),
        round(len(words) / len(texts), 2),
        round(words.mean(), 1),
        *quantiles,
    ]


def show_intents(comments: pd.DataFrame, settings: Settings) -> None:
    """Print how often each intent is found among whole comments, and the speed."""
    classifier = load_intent_classifier(settings["intent"])
    texts, codes = comments["text"].tolist(), comments["lang"].tolist()
    shares, seconds = timed(lambda: classifier.predict(texts, codes, np.zeros((len(texts), 0), np.float32)))
    best = np.array(classifier.labels)[np.asarray(shares).argmax(axis=1)]
    print(pd.crosstab(comments["lang"], best).to_string())
    print(f"{len(texts) / seconds:,.0f} comments/s")


def main() -> None:
    """Print every table."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rows", type=int, default=1000, help="comments per file and language")
    parser.add_argument("--show", type=int, default=0, help="comments per file and language to print as cut")
    asked = parser.parse_args()
    settings = load_settings()
    rules = settings["language"]
    comments = read_comments(Path(os.environ.get("VOC_DATA", "../shared/data")), asked.rows)
    show_languages(comments, load_detector(rules.detector, rules.max_characters, rules.low_accuracy))
    show_detectors(comments, settings)
    segment = settings["segment"]
    show_clauses(
        comments, load_splitter(segment.splitter, settings["clauses"], segment.pipelines), asked.show
    )
    show_intents(comments, settings)


if __name__ == "__main__":
    main()
