"""Writes the bundled sample: exports of a retailer that does not exist, and what is true about them.

    python -m data.sample.generate FOLDER

The comments stand in comments_*.toml, the world and its events in world.toml; README.md explains both.
"""

from __future__ import annotations

import sys
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from datetime import date, timedelta
from pathlib import Path

import numpy as np

from data.sample.exports import WRITERS, question_of, write_orders
from data.sample.orders import Order, late_share, place_orders
from data.sample.plants import exported_twice, file_of, planted_rows, with_repeats
from data.sample.sampler import Row, Sampler
from data.sample.texts import load_comments, load_phrases, load_plants
from data.sample.world import Event, World, load_world

DEMO_SEED = 7
LAST_DAY = date(2026, 11, 15)  # the day that the demo stands on; world.toml says the same
ORDERS_FILE = "orders.csv"
CATEGORIES = Path(__file__).with_name("categories.toml")  # what the company changes in the taxonomy
ID_PREFIXES = {"survey": "R", "review": "V", "social": "18", "employee": "E"}
WARM_UP_DAYS = 84  # 8 weeks of baseline and 3 kept clear of the window, and one to be sure
LATE_TO_NOTICE_DAYS = 7  # an alert may open this long after the end of a short event


@dataclass(frozen=True)
class SampleFile:
    """One written export and its number of records, header lines not counted."""

    name: str
    kind: str
    record_count: int


@dataclass(frozen=True)
class EventFacts:
    """What an event left in the rows."""

    name: str
    categories: tuple[str, ...]
    segment: str
    spans: tuple[tuple[date, date], ...]
    comment_count: int


@dataclass(frozen=True)
class ExpectedAlert:
    """An alert that must exist: active on some day from `first_day` to `until`.

    Attributes:
        issues: any one of these, as category:<name>.
        segment: all, or dimension=value.
        is_recurring: the event comes back; its alert may have opened in an earlier span.
        is_open_at_end: it must still be open on the last day of the sample.
    """

    event: str
    issues: tuple[str, ...]
    segment: str
    first_day: date
    until: date
    is_recurring: bool
    is_open_at_end: bool


@dataclass(frozen=True)
class QuietPeriod:
    """Days on which no alert of segment `all` may open, but for issues that an event explains."""

    first_day: date
    last_day: date
    explained_issues: tuple[str, ...]


@dataclass(frozen=True)
class TrueComment:
    """What is true about one record: file, record number from 1, and labels as they were written."""

    file: str
    record: int
    question: str
    row: Row


@dataclass(frozen=True)
class SampleFacts:
    """What was written and what must be found in it."""

    seed: int
    first_day: date
    last_day: date
    files: tuple[SampleFile, ...]
    comment_count: int
    order_count: int
    written_count: int  # distinct hand-written comments that the rows were made of
    language_counts: dict[str, int]
    plant_counts: dict[str, int]
    events: tuple[EventFacts, ...]
    expected_alerts: tuple[ExpectedAlert, ...]
    surge: QuietPeriod
    late_share_in_failure: float  # of the orders promised in Lombardia during the courier failure
    late_share_before: float  # of those promised in the eight weeks before
    truth: tuple[TrueComment, ...] = field(repr=False)


def write_sample(folder: Path, *, seed: int = DEMO_SEED) -> SampleFacts:
    """Write every export of the sample; the same seed gives the same bytes.

    Args:
        folder: where the files go; made if it is absent, files of the same names are replaced.
        seed: draws dates, places, wordings and scores.

    Returns:
        Counts, events, the alerts that must and must not be found, and the labels of every record.
    """
    world = load_world()
    sampler = Sampler(world, load_comments(), load_phrases(), np.random.default_rng(seed))
    drawn = sorted([*sampler.rows(), *planted_rows(load_plants(), sampler)], key=lambda row: row.created_at)
    rows, orders = place_orders(with_repeats(drawn, sampler), sampler)
    rows = exported_twice(_with_ids(rows), sampler)
    folder.mkdir(parents=True, exist_ok=True)
    truth: list[TrueComment] = []
    for name, write in WRITERS.items():
        own = [row for row in rows if file_of(row) == name]
        write(folder / name, own)
        truth += [TrueComment(name, i, question_of(row), row) for i, row in enumerate(own, start=1)]
    write_orders(folder / ORDERS_FILE, orders)
    return _facts(world, truth, orders, seed)


def _facts(world: World, truth: Sequence[TrueComment], orders: Sequence[Order], seed: int) -> SampleFacts:
    rows = [true.row for true in truth]
    failure = next(event for event in world.events if event.name == "courier_failure").all_spans()[0]
    before = (failure[0] - timedelta(weeks=8), failure[0] - timedelta(days=1))
    return SampleFacts(
        seed=seed,
        first_day=world.first_day,
        last_day=world.last_day,
        files=_files(truth),
        comment_count=len(truth),
        order_count=len(orders),
        written_count=len({row.written for row in rows if not row.plant}),
        language_counts=dict(sorted(Counter(row.language for row in rows).items())),
        plant_counts=dict(sorted(Counter(row.plant for row in rows if row.plant).items())),
        events=tuple(_facts_of(event, rows) for event in world.events),
        expected_alerts=expected_alerts(world),
        surge=_surge(world),
        late_share_in_failure=late_share(orders, "Lombardia", *failure),
        late_share_before=late_share(orders, "Lombardia", *before),
        truth=tuple(truth),
    )


def expected_alerts(world: World) -> tuple[ExpectedAlert, ...]:
    """Say which alerts the events must raise, by event and time; none before detection has warmed up."""
    warm = world.first_day + timedelta(days=WARM_UP_DAYS)
    return tuple(
        ExpectedAlert(
            event=event.name,
            issues=tuple(f"category:{name}" for name in event.categories),
            segment=event.segment,
            first_day=first,
            until=min(event.alert_until, last + timedelta(days=LATE_TO_NOTICE_DAYS)),
            is_recurring=len(event.all_spans()) > 1,
            is_open_at_end=last == world.last_day,
        )
        for event in world.events
        for first, last in event.all_spans()
        if first >= warm
    )


def _surge(world: World) -> QuietPeriod:
    surge = world.surge
    explained = {
        f"category:{name}"
        for event in world.events
        if len(event.all_spans()) > 1
        for name in event.categories
    }
    return QuietPeriod(surge.first_day, surge.last_day, tuple(sorted(explained)))


def _facts_of(event: Event, rows: Sequence[Row]) -> EventFacts:
    count = sum(row.event == event.name for row in rows)
    return EventFacts(event.name, event.categories, event.segment, event.all_spans(), count)


def _files(truth: Sequence[TrueComment]) -> tuple[SampleFile, ...]:
    kinds = {true.file: true.row.kind for true in truth}
    counts = Counter(true.file for true in truth)
    return tuple(SampleFile(name, kinds[name], counts[name]) for name in WRITERS)


def _with_ids(rows: Sequence[Row]) -> list[Row]:
    counts: Counter[str] = Counter()
    named = []
    for row in rows:
        counts[row.kind] += 1
        named.append(replace(row, comment_id=f"{ID_PREFIXES[row.kind]}{100_000 + counts[row.kind]}"))
    return named


if __name__ == "__main__":
    facts = write_sample(Path(sys.argv[1]))
    lines = [f"  {file.name}: {file.record_count} comments" for file in facts.files]
    sys.stdout.write("\n".join([*lines, f"  {ORDERS_FILE}: {facts.order_count} orders", ""]))
