"""Prints how well alerts find what was planted, on worlds whose seeds the tuning never saw.

python -m benchmarks.alerts            every table, two minutes of processor time
python -m benchmarks.alerts --quick    one small world per kind, under a minute
"""

from __future__ import annotations

import argparse
import dataclasses
import sys
import time
from collections.abc import Sequence
from concurrent.futures import ProcessPoolExecutor
from datetime import timedelta

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from benchmarks.detection.measures import FIRST_DAY, Grade, grade, rows_of, to_counts
from benchmarks.detection.worlds import (
    TEST_START,
    Scenarios,
    World,
    WorldRules,
    draw_scenarios,
    draw_world,
    hidden_rules,
)
from flows.settings import load_settings
from reports.detection.panel import Panel
from reports.detection.rules import AlertRules
from reports.detection.scan import Scanner
from reports.lifecycle import Replay, replay

HELD_OUT_SEED = 9900  # tuning used seeds below 1000
WEEKLY_TOTAL = 1_000_000
SCENARIO_FALSE_RATE = 0.01


def world_of(kind: str, seed: int) -> World:
    """Draw a world of a kind."""
    rules = {
        "standard": WorldRules(),
        "hidden": hidden_rules(seed),
        "hidden, no event": hidden_rules(seed, events=False),
        "surges only": WorldRules(events=False, surges=12),
        "sparse": WorldRules(volume=15.0),
        "drift doubled": WorldRules(drift=0.3),
    }
    return draw_world(seed, rules[kind])


def measure_world(job: tuple[str, int]) -> tuple[str, Grade]:
    """Replay one world and grade its alerts."""
    kind, seed = job
    world, into = world_of(kind, seed), Grade()
    grade(world, replay(to_counts(world), rules=load_settings()["alerts"]).alerts, into)
    return kind, into


def add(grades: Sequence[Grade]) -> Grade:
    """Add grades up."""
    total = Grade()
    for one in grades:
        for field in dataclasses.fields(Grade):
            mine, more = getattr(total, field.name), getattr(one, field.name)
            if isinstance(mine, dict):
                merged = {k: [*mine.get(k, []), *more.get(k, [])] for k in sorted({*mine, *more})}
                setattr(total, field.name, merged)
            else:
                setattr(total, field.name, mine + more)
    return total


def measure_worlds(numbers: dict[str, int]) -> list[tuple[str, Grade]]:
    """Grade some worlds of each kind."""
    jobs = [(kind, HELD_OUT_SEED + i) for kind, number in numbers.items() for i in range(number)]
    with ProcessPoolExecutor(2) as pool:
        graded = list(pool.map(measure_world, jobs))
    return [(kind, add([one for of, one in graded if of == kind])) for kind in numbers]


def scenario_scores(counts: np.ndarray, rules: AlertRules) -> np.ndarray:
    """Score the test weeks of weekly series: (weeks, series) -> (test weeks, series)."""
    series = counts.shape[1]
    total = np.full((len(counts), 1), WEEKLY_TOTAL, dtype=np.int64)
    names = tuple(f"i{one}" for one in range(series))
    group = np.zeros(series, dtype=np.int64)
    panel = Panel(names, ("s",) * series, 0, 7, counts.astype(np.int64), total, group, 0)
    scanner = Scanner(panel, np.zeros(counts.shape, dtype=bool), rules)
    return np.concatenate([signals.score for signals in scanner.scan(TEST_START)])


def scenario_power(scenarios: Scenarios, rules: AlertRules) -> dict[str, float]:
    """Give POD at 1 % of false weeks, without and with past outbreaks; one threshold for all series."""
    clean, past = scenario_scores(scenarios.clean, rules), scenario_scores(scenarios.past, rules)
    current = scenario_scores(scenarios.current, rules)
    outbreak = scenarios.outbreak[TEST_START:]
    known = outbreak.any(axis=0)
    powers = {}
    for name, quiet in (("clean", clean), ("past outbreaks", past)):
        threshold = float(np.quantile(quiet, 1 - SCENARIO_FALSE_RATE))
        found = ((current > threshold) & outbreak).any(axis=0)
        powers[name] = float(found[known].mean())
    return powers


def same(left: Replay, right: Replay) -> bool:
    """Say whether two replays have the same rows."""
    names = [field.name for field in dataclasses.fields(Replay)]
    return all(getattr(left, name).equals(getattr(right, name)) for name in names)


def check_lifecycle(weeks: int) -> list[str]:
    """Count duplicates and differences between ways of running."""
    rules = load_settings()["alerts"]
    counts = to_counts(draw_world(HELD_OUT_SEED, WorldRules(issues=10, segments=10, weeks=weeks)))
    whole = replay(counts, rules=rules)
    daily: Replay | None = None
    for day in range(weeks * 7 - 60, weeks * 7):
        today = FIRST_DAY + timedelta(days=day)
        seen = counts.filter(pc.less_equal(counts["date"], pa.scalar(today)))
        daily = replay(seen, daily, rules=rules, until=today)
    assert daily is not None
    again = replay(counts, daily, rules=rules)
    open_now = whole.alerts.filter(pc.is_null(whole.alerts["resolved_date"]))
    twice = open_now.num_rows - len(
        set(zip(*[open_now[n].to_pylist() for n in ("issue", "segment")], strict=True))
    )
    repeated = whole.alerts.num_rows - len(set(whole.alerts["alert_id"].to_pylist()))
    return [
        f"duplicate alerts: {twice + repeated}",
        f"difference on re-run: {int(not same(again, daily))}",
        f"difference between daily runs and catch-up: {int(not same(daily, whole))}",
    ]


def main() -> int:
    """Print the tables."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--quick", action="store_true", help="one world per kind, few scenarios")
    quick = parser.parse_args().quick
    started = time.perf_counter()
    numbers = {
        "standard": 6,
        "hidden": 10,
        "hidden, no event": 4,
        "surges only": 2,
        "sparse": 2,
        "drift doubled": 2,
    }
    for line in rows_of(measure_worlds({"hidden": 2} if quick else numbers)):
        print(line)
    powers = scenario_power(draw_scenarios(HELD_OUT_SEED, 4 if quick else 60), load_settings()["alerts"])
    for name, power in powers.items():
        print(f"Noufaily 2013, 42 scenarios, 1 % false weeks, {name}: POD {power:.3f}")
    for line in check_lifecycle(30 if quick else 60):
        print(line)
    print(f"{time.perf_counter() - started:.0f} s", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
