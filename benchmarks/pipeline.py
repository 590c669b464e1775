"""What a whole run costs beside encoding alone: seconds, memory, growth, reruns.

    python -m benchmarks.pipeline EXPORTS --work FOLDER [--more EXPORTS_WITH_A_LITTLE_MORE]

EXPORTS as benchmarks/real_exports.py writes them, or your own. Every figure comes from one sitting on one
machine: compare ratios, not seconds.
"""

from __future__ import annotations

import argparse
import json
import shutil
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import pandas as pd

VOC = Path(sys.executable).with_name("voc")


def run_voc(inputs: Path, out: Path) -> dict[str, Any]:
    """Run the command; give its facts, seconds, peak memory in MB and record."""
    start = time.perf_counter()
    command = [str(VOC), "run", str(inputs), "--out", str(out), "--json"]
    child = subprocess.run(command, capture_output=True, check=False)
    seconds = time.perf_counter() - start
    if child.returncode:
        raise SystemExit(child.stderr.decode())
    facts = json.loads(child.stdout)
    record = json.loads(Path(facts["record"]).read_text(encoding="utf-8"))
    peak = max(stage["peak_memory_mb"] for stage in record["stages"])
    return {**facts, "seconds": seconds, "peak_mb": peak, "record": record}


_ENCODE = """
import sys, time
import pandas as pd
from nlp.models.encoders import load_encoder
from flows.settings import load_settings
rules = load_settings()["embed"]
segments = pd.read_parquet(sys.argv[1] + "/tables/segments", columns=["text_id", "text", "language"])
segments = segments.drop_duplicates("text_id")
encoder = load_encoder(rules.kind, rules.checkpoint)
encoder.encode(segments["text"].head(64).tolist(), segments["language"].head(64).tolist())
start, cpu = time.perf_counter(), time.process_time()
for first in range(0, len(segments), 15_000):
    chunk = segments.iloc[first : first + 15_000]
    encoder.encode(chunk["text"].tolist(), chunk["language"].tolist())
print(len(segments), time.perf_counter() - start, time.process_time() - cpu)
"""


def encode_only(out: Path) -> tuple[int, float, float]:
    """Encode the distinct clauses of a finished run again, models loaded: clauses, seconds, CPU seconds."""
    child = subprocess.run(
        [sys.executable, "-c", _ENCODE, str(out)], capture_output=True, text=True, check=True
    )
    count, seconds, cpu = child.stdout.split()
    return int(count), float(seconds), float(cpu)


def main() -> None:
    """Print the table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("exports", type=Path)
    parser.add_argument("--work", type=Path, required=True)
    parser.add_argument("--more", type=Path, help="the same exports with about 1 %% new comments")
    arguments = parser.parse_args()
    out = arguments.work / "out"
    shutil.rmtree(out, ignore_errors=True)
    first = run_voc(arguments.exports, out)
    clauses, encoding, encoding_cpu = encode_only(out)
    print(f"comments read {first['read']:,}, kept {first['new']:,}, set aside {first['set_aside']:,}")
    stages = pd.DataFrame(first["record"]["stages"])[["stage", "seconds", "cpu_seconds", "peak_memory_mb"]]
    print(stages.to_string(index=False))
    cpu = first["record"]["cpu_seconds"]  # without Prefect's server
    print(f"whole run            {first['seconds']:8.1f} s   {cpu:.1f} s of CPU   peak {first['peak_mb']} MB")
    print(
        f"encode only          {encoding:8.1f} s   {clauses:,} clauses, {clauses / encoding:,.0f} per second"
    )
    print(f"whole / encode only  {first['seconds'] / encoding:8.2f}   in CPU {cpu / encoding_cpu:.2f}")
    print(f"again, nothing new   {run_voc(arguments.exports, out)['seconds']:8.1f} s")
    if arguments.more:
        more = run_voc(arguments.more, out)
        allowed = 0.1 * first["seconds"] + 15
        print(f"with {more['new']:,} more      {more['seconds']:8.1f} s   allowed {allowed:.1f}")


if __name__ == "__main__":
    main()
