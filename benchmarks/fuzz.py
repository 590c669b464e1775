"""Feeds damaged and hostile exports to the readers, the cleaner and the masker, for as long as it is told.

    python -m benchmarks.fuzz [--minutes 10] [--seed 1] [--keep folder]

Every case starts from a good export of some format and is cut, spliced with another, flipped, repeated or
filled with hostile text. A case may be read or refused in our own words; anything else is a finding: another
error, more than --seconds, or more than --megabytes of memory. Findings are written to --keep. Ends with 1
when there was one.
"""

from __future__ import annotations

import argparse
import gzip
import random
import resource
import signal
import sys
import tempfile
import time
import zipfile
from collections import Counter
from collections.abc import Callable
from datetime import date
from io import BytesIO
from pathlib import Path

import pandas as pd

from data.intake.inputs import InputError, expand_inputs
from data.intake.plan import IngestPlan
from data.preview import preview_export
from data.sample.generate import write_sample
from data.sources.raw import SourceError
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run
from flows.settings import load_settings

HOSTILE = (
    b"\x00", b"\xff\xfe", b"\xef\xbb\xbf", b'"', b"'", b'""', b"\r", b"\n\n", b"\t" * 50, b",,,,", b";", b"{",
    b"}", b"[[[[", b"]", b"\\", b"\\u0000", b"\\ud800", b"<!DOCTYPE a [<!ENTITY b 'c'>]>", b"&b;",
    b"=cmd|' /C calc'!A0", b"\xe2\x80\xae", b"1e309", b"-0", b"NaN", b"9" * 400, b"a" * 70_000,
    b"\xf0\x9f\x98\x80", b"99/99/9999", b"2026-02-30", b"(" * 300, b"From nobody\n", b"PK\x03\x04", b"PAR1",
    b"\x1f\x8b", "ا".encode() * 99, "Z\u0301".encode() * 99,
)  # fmt: skip
ENDINGS = (".csv", ".tsv", ".xlsx", ".json", ".jsonl", ".parquet", ".xml", ".mbox", ".eml", ".zip", ".gz", "")
_CUT = 200_000  # bytes of a seed: cases per minute count for more than their size


class TooSlowError(Exception):
    """A case took longer than it may."""


def seeds(folder: Path) -> list[bytes]:
    """Give good exports of every format."""
    write_sample(folder)
    found = [path.read_bytes() for path in sorted(folder.iterdir()) if path.is_file()]
    table = pd.DataFrame(
        {
            "id": range(40),
            "date": "2026-03-04",
            "review": "The kettle arrived late",
            "stars": 3,
            "name": "Ann",
        }
    )
    packed = BytesIO()
    table.to_parquet(packed)
    mail = (
        b"From a@example.org Mon Mar  2 10:00:00 2026\nFrom: Ann <a@example.org>\nTo: help@example.org\n"
        b"Subject: late\nDate: Mon, 2 Mar 2026 10:00:00 +0000\nMessage-ID: <1@example.org>\n"
        b"Content-Type: multipart/alternative; boundary=x\n\n--x\nContent-Type: text/plain\n\nThe kettle is "
        b"late\n--x\nContent-Type: text/html\n\n<p>The kettle is <b>late</b></p>\n--x--\n\n"
    )
    xml = (
        b'<?xml version="1.0"?><feed><reviews><review id="1"><content>The kettle is late</content><ratings>'
        b'<overall min="1" max="5">2</overall></ratings>'
        b"<create_timestamp>2026-03-04T10:00:00Z</create_timestamp>"
        b"</review></reviews></feed>"
    )
    text = table.to_csv(index=False).encode()
    archive = BytesIO()
    with zipfile.ZipFile(archive, "w") as packing:
        packing.writestr("a.csv", text)
        packing.writestr("../b.json", b'[{"text": "good", "date": "2026-03-04"}]')
    found += [packed.getvalue(), mail * 3, xml, text, text.decode().encode("utf-16"), gzip.compress(text)]
    return [*found, archive.getvalue()]


def damaged(draw: random.Random, good: list[bytes]) -> bytes:
    """Make one case."""
    case = bytearray(draw.choice(good)[:_CUT])
    for _ in range(draw.choice((1, 1, 2, 4, 16))):
        draw.choice(DAMAGES)(case, draw, good)
    return bytes(case)


def _place(case: bytearray, draw: random.Random) -> int:
    # the beginning decides how a file is read
    return draw.randrange(min(len(case), draw.choice((64, 2000, len(case)))) + 1) if case else 0


def _flip(case: bytearray, draw: random.Random, _: list[bytes]) -> None:
    if case:
        case[min(_place(case, draw), len(case) - 1)] ^= 1 << draw.randrange(8)


def _fill(case: bytearray, draw: random.Random, _: list[bytes]) -> None:
    place = _place(case, draw)
    case[place:place] = draw.choice(HOSTILE) * draw.choice((1, 1, 3, 40))


def _cut(case: bytearray, draw: random.Random, _: list[bytes]) -> None:
    del case[_place(case, draw) :]


def _drop(case: bytearray, draw: random.Random, _: list[bytes]) -> None:
    place = _place(case, draw)
    del case[place : place + draw.choice((1, 10, 1000))]


def _repeat(case: bytearray, draw: random.Random, _: list[bytes]) -> None:
    place = _place(case, draw)
    piece = case[place : place + draw.choice((10, 500))]
    case[place:place] = piece * draw.choice((2, 50))


def _splice(case: bytearray, draw: random.Random, good: list[bytes]) -> None:
    other = draw.choice(good)[:_CUT]
    case[_place(case, draw) :] = other[draw.randrange(len(other)) :]


DAMAGES: tuple[Callable[[bytearray, random.Random, list[bytes]], None], ...] = (
    _flip, _flip, _fill, _fill, _cut, _drop, _repeat, _splice,
)  # fmt: skip


def read_case(path: Path, plan: IngestPlan) -> str:
    """Read one case as a run would; give what became of it."""
    try:
        found = [preview_export(one, plan=plan, max_records=10_000) for one in expand_inputs([str(path)])]
    except (SourceError, InputError):
        return "refused"
    wrong = [
        one
        for one in found
        if one.looked_at >= one.record_count and one.content == "comments" and one.kept_count > one.read_count
    ]
    return "miscounted" if wrong else "read"


def _alarm(*_: object) -> None:
    raise TooSlowError


def main() -> None:
    """Fuzz, and say what was found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=10.0)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--seconds", type=int, default=60, help="that one case may take")
    parser.add_argument("--megabytes", type=int, default=1000, help="of memory, in all")
    parser.add_argument("--keep", type=Path, default=Path("fuzz-findings"))
    chosen = parser.parse_args()
    signal.signal(signal.SIGALRM, _alarm)
    results: Counter[str] = Counter()
    with tempfile.TemporaryDirectory() as scratch:
        good = seeds(Path(scratch) / "sample")
        run = Run(store=Store(f"{scratch}/out"), settings=load_settings(), inputs=[], as_of=None)
        plan = ingest_plan(run, latest=date(2026, 11, 20))
        end = time.monotonic() + chosen.minutes * 60
        number = 0
        while time.monotonic() < end:
            number += 1
            draw = random.Random(f"{chosen.seed}:{number}")
            path = Path(scratch) / f"case{draw.choice(ENDINGS)}"
            path.write_bytes(damaged(draw, good))
            results[_judged(path, plan, chosen)] += 1
            path.unlink()
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024
    print(
        f"{number} cases in {chosen.minutes:g} minutes, seed {chosen.seed}: {dict(results)}; peak {peak} MB"
    )
    if set(results) - {"read", "refused"} or peak > chosen.megabytes:
        sys.exit(1)


def _judged(path: Path, plan: IngestPlan, chosen: argparse.Namespace) -> str:
    signal.alarm(chosen.seconds)
    try:
        result = read_case(path, plan)
    except TooSlowError:
        result = "too slow"
    except Exception as error:  # noqa: BLE001 - every other error is what is looked for
        result = f"{type(error).__name__}: {str(error)[:80]}"
    finally:
        signal.alarm(0)
    if result not in ("read", "refused"):
        chosen.keep.mkdir(parents=True, exist_ok=True)
        kept = chosen.keep / f"{abs(hash(result)) % 10**6}-{len(list(chosen.keep.iterdir()))}{path.suffix}"
        kept.write_bytes(path.read_bytes())
        print(f"{result} -> {kept}")
    return result


if __name__ == "__main__":
    main()
