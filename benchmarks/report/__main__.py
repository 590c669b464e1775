"""What the tables, the alerts and the page cost after a million comments are understood.

    python -m benchmarks.report OUT [--comments 1000000] [--stages metrics alerts insights report topic_map]

Writes an invented company of that size into OUT (unless it is there), then runs each stage in a process of
its own: seconds, seconds of processor, peak memory. Compare processor seconds where the machine does
other work.
"""

from __future__ import annotations

import argparse
import os
import subprocess
import sys
import time
from pathlib import Path

from benchmarks.report.world import AS_OF, World, write_world
from data.store import Store

STAGES = ("metrics", "alerts", "insights", "report", "topic_map")
ACTION = """[[actions]]
date = 2026-08-31
category = "packaging"
segments = { region = ["region 1"] }
note = "A box"
"""


def run_stage(out: str, name: str) -> None:
    """Run one stage on what the earlier ones wrote."""
    from flows import tasks  # noqa: PLC0415 - the process that only waits stays small
    from flows.engine.run import Run  # noqa: PLC0415
    from flows.settings import load_settings  # noqa: PLC0415

    run = Run(store=Store(out), settings=load_settings(), inputs=[], as_of=AS_OF)
    state = getattr(tasks, name).fn(run)
    print({**run.record.stages[-1], "state": state.name}, flush=True)


def measured(arguments: list[str]) -> tuple[float, float, float]:
    """Run this file in a process of its own; give its seconds, processor seconds and peak memory in GB."""
    start = time.perf_counter()
    child = subprocess.Popen([sys.executable, "-m", "benchmarks.report", *arguments])
    _, code, used = os.wait4(child.pid, 0)
    if code:
        raise SystemExit(f"{arguments[-1]} failed")
    return time.perf_counter() - start, used.ru_utime + used.ru_stime, used.ru_maxrss / 1e6


def main() -> None:
    """Print one line a stage, and the sum."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("out", type=Path)
    parser.add_argument("--comments", type=int, default=1_000_000)
    parser.add_argument("--stages", nargs="*", choices=STAGES, default=STAGES)
    parser.add_argument("--only", choices=(*STAGES, "world"), help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    out = str(arguments.out)
    if arguments.only == "world":
        return write_world(Store(out), World(arguments.comments))
    if arguments.only:
        return run_stage(out, arguments.only)
    if not Store(out).ledger():
        measured([out, "--comments", str(arguments.comments), "--only", "world"])
        (arguments.out / "actions.toml").write_text(ACTION, encoding="utf-8")
    found = {name: measured([out, "--only", name]) for name in arguments.stages}
    print(f"{'stage':12}{'seconds':>10}{'processor':>11}{'peak GB':>9}")
    for name, (seconds, processor, peak) in found.items():
        print(f"{name:12}{seconds:10.1f}{processor:11.1f}{peak:9.2f}")
    seconds, processor, peak = zip(*found.values(), strict=True)
    print(f"{'all':12}{sum(seconds):10.1f}{sum(processor):11.1f}{max(peak):9.2f}")
    page = arguments.out / "report/index.html"
    if page.exists():
        print(f"page {page.stat().st_size / 1e6:.2f} MB")
    return None


if __name__ == "__main__":
    main()
