"""Measures the speed of cleaning and masking on invented comments of 60 words.

    python -m benchmarks.cleaning [--comments 20000] [--words 60]

One comment in twenty holds personal data, one in ten needs repair, and one sentence in ten looks personal
but is not.
User CPU seconds of one process.
"""

from __future__ import annotations

import argparse
import random
import time
from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from benchmarks.privacy_cases.build import HERE, clean_cases, personal_cases
from data.clean import NUMBERS, RAW_COLUMNS, SourceFacts, clean_comments
from data.privacy import Masker
from data.text import clean_texts
from flows.settings import load_settings

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


def main() -> None:
    """Print comments per second for each part."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--comments", type=int, default=20_000)
    parser.add_argument("--words", type=int, default=60)
    chosen = parser.parse_args()
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
