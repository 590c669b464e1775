"""Measures the speed of cleaning and masking on invented comments of 60 words.

    python -m benchmarks.cleaning [--comments 20000] [--words 60] [--ingest] [--language]

With --ingest a CSV file of so many comments is read, cleaned, masked, compared with what is known, written
as a run does it; with --language the languages are detected too. Start it once for each size: the
peak of memory is the process's.

One comment in twenty holds personal data, one in ten needs repair, and one sentence in ten looks personal
but is not.
User CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import csv
import random
import resource
import tempfile
import time
from collections.abc import Callable, Sequence
from datetime import date
from pathlib import Path

import numpy as np
import pandas as pd

from benchmarks.privacy_cases.build import HERE, clean_cases, personal_cases
from data.clean import NUMBERS, RAW_COLUMNS, SourceFacts, clean_comments
from data.cleaning.text import clean_texts
from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.privacy import Masker
from data.schema import FEEDBACK
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run
from flows.models import detector
from flows.settings import load_settings
from nlp.language import detect_languages

ROUGH = ("  ", " <br> ", " &amp; ", "\u00a0", "\r\n", " \u200b")


def invent_comments(count: int, words: int, seed: int = 1) -> list[str]:
    """String invented sentences together until a comment has so many words."""
    draw = random.Random(seed)
    personal = [
        case.text for case in personal_cases(seed=seed, rounds=3) if case.language in ("en", "it", "pl")
    ]
    clean = [case.text for case in clean_cases() if case.language in ("en", "it", "pl")]
    prose = (HERE / "prose.txt").read_text(encoding="utf-8").splitlines()
    comments = []
    for _ in range(count):
        parts = [draw.choice(personal)] if draw.random() < 0.05 else []
        while sum(part.count(" ") + 1 for part in parts) < words:
            parts.append(draw.choice(clean if draw.random() < 0.1 else prose))
        draw.shuffle(parts)
        comments.append((draw.choice(ROUGH) if draw.random() < 0.1 else " ").join(parts))
    return comments


def raw_comments(texts: Sequence[str]) -> pd.DataFrame:
    """Give comments in the shape that sources read them."""
    size = len(texts)
    frame: dict[str, object] = {name: [None] * size for name in RAW_COLUMNS}
    frame |= {name: np.full(size, np.nan) for name in NUMBERS}
    days = pd.to_datetime("2024-01-01", utc=True) + pd.to_timedelta(np.arange(size) % 300, unit="D")
    frame |= {"row": range(1, size + 1), "text": list(texts), "created_at": days}
    frame |= {
        "author": [f"customer {i % 5000}" for i in range(size)],
        "product": [f"model {i % 40}" for i in range(size)],
    }
    frame |= {
        "input_comment": list(texts),
        "input_product": frame["product"],
        "input_number": list(map(str, range(size))),
    }
    return pd.DataFrame(frame)


def cpu_seconds(work: Callable[[], object]) -> float:
    """Measure the CPU time of one call."""
    start = time.process_time()
    work()
    return time.process_time() - start


def write_csv(path: Path, count: int, words: int) -> None:
    """Write a file of invented comments, piece by piece; every piece says the same under other ids."""
    piece = invent_comments(min(count, 20_000), words)
    with path.open("w", newline="", encoding="utf-8") as handle:
        table = csv.writer(handle)
        table.writerow(["review_id", "date", "review", "author", "product", "stars"])
        for i in range(count):
            day = f"2026-03-{i % 28 + 1:02d} 10:{i % 60:02d}:00"
            text = f"{piece[i % len(piece)]} ({i})"
            table.writerow([f"r{i}", day, text, f"customer {i % 5000}", f"model {i % 40}", i % 5 + 1])


def measure_ingest(count: int, words: int, *, with_language: bool) -> None:
    """Print what reading a file of so many comments takes."""
    settings = load_settings()
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "reviews.csv"
        write_csv(path, count, words)
        store = Store(f"{folder}/out")
        run = Run(store=store, settings=settings, inputs=[], as_of=None)
        plan = ingest_plan(run, latest=date(2026, 11, 20))
        plan.masker.mask(["number plans are loaded once, 07911 482 663"])
        before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
        start, cpu = time.perf_counter(), time.process_time()
        kept = ingest(expand_inputs([str(path)]), store, plan=plan).read[0]["kept_count"]
        _tell("reading, cleaning, masking", kept, time.perf_counter() - start, time.process_time() - cpu)
        if with_language:
            rules = settings["language"]
            for part in store.finished_parts():
                comments = store.read(FEEDBACK, part).to_pandas()
                detect_languages(comments, detector=detector(run), rules=rules)
            _tell("with language detection", kept, time.perf_counter() - start, time.process_time() - cpu)
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    print(f"peak memory {peak // 1024} MB, {before // 1024} MB of it before reading")


def _tell(what: str, count: int, seconds: float, cpu: float) -> None:
    speed = f"{count / seconds:8.0f}/s  {count / cpu:8.0f}/CPU-s"
    print(f"{what:28} {seconds:7.2f} s wall {cpu:7.2f} s CPU  {speed}")


def main() -> None:
    """Print comments per second for each part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=60)
    parser.add_argument("--ingest", action="store_true", help="read a file, as a run does")
    parser.add_argument("--language", action="store_true", help="detect languages too; with --ingest")
    chosen = parser.parse_args()
    if chosen.ingest:
        measure_ingest(chosen.comments, chosen.words, with_language=chosen.language)
        return
    settings = load_settings()
    masker = Masker(b"benchmark key, 32 bytes long ...", settings["privacy"])
    texts = invent_comments(chosen.comments, chosen.words)
    raw = raw_comments(texts)
    source = SourceFacts("a.csv", "csv", "review", "stream", "hash", ("input_comment",))
    masker.mask(texts[:50])  # number plans are loaded once
    parts: dict[str, Callable[[], object]] = {
        "clean_texts": lambda: clean_texts(texts),
        "mask": lambda: masker.mask(texts),
        "clean_comments": lambda: clean_comments(raw, source=source, rules=settings["clean"], masker=masker),
    }
    print(f"{len(texts)} comments, {sum(map(len, texts)) / len(texts):.0f} characters each")
    for name, work in parts.items():
        seconds = cpu_seconds(work)
        print(f"{name:15} {seconds:6.2f} s {len(texts) / seconds:9.0f} comments/s")


if __name__ == "__main__":
    main()
