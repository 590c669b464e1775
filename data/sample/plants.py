"""Rows planted on purpose: empty answers, personal data, markup, and the repeats that exports bring along."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import timedelta

from data.sample.sampler import Row, Sampler
from data.sample.texts import Plant

EXPORTED_TWICE = 24  # the same record again, id and all
COPIED_TEXT = 24  # the same words by somebody else
NEAR_REPEATS = 20  # the same person again, hardly changed
FILES = {"social": "social_mentions.json", "employee": "employee_pulse.tsv"}


def file_of(row: Row) -> str:
    """Say which export a row lands in."""
    if row.kind == "survey":
        return "ankieta_nps_pl.csv" if row.language == "pl" else "survey_nps.csv"
    if row.kind == "review":
        return "marketplace_reviews.xlsx" if row.language in ("ar", "zh") else "product_reviews.jsonl"
    return FILES[row.kind]


def planted_rows(plants: Sequence[Plant], sampler: Sampler) -> list[Row]:
    """Give every plant a day, a place and an author: one row per plant, in their order."""
    return [_planted(plant, sampler) for plant in plants]


def with_repeats(rows: Sequence[Row], sampler: Sampler) -> list[Row]:
    """Add copied and hardly changed comments, by time; the record exported twice comes later, with its id.

    Args:
        rows: n comments, oldest first; only untouched ones of no event are repeated.
        sampler: its generator.

    Returns:
        n + COPIED_TEXT + NEAR_REPEATS rows, oldest first.
    """
    copied = _drawn(rows, COPIED_TEXT, ("social", "review"), sampler)
    near = _drawn(rows, NEAR_REPEATS, ("survey", "social"), sampler)
    repeats = [_by_somebody_else(row, sampler) for row in copied] + [
        _said_again(row, sampler) for row in near
    ]
    return sorted([*rows, *repeats], key=lambda row: row.created_at)


def exported_twice(rows: Sequence[Row], sampler: Sampler) -> list[Row]:
    """Repeat some records right behind the original, with the same id, as a joined export does."""
    positions = {id(row) for row in _drawn(rows, EXPORTED_TWICE, ("survey", "review", "social"), sampler)}
    doubled: list[Row] = []
    for row in rows:
        doubled.append(row)
        if id(row) in positions:
            doubled.append(replace(row, plant="exported_twice"))
    return doubled


def _planted(plant: Plant, sampler: Sampler) -> Row:
    days = sampler.world.days()
    region = sampler.region(plant.language)
    kind = sampler.one_of(plant.kinds)
    return Row(
        created_at=sampler.moment(days[int(sampler.rng.integers(len(days)))]),
        kind=kind,
        language=plant.language,
        category="other",
        sentiment="neutral",
        event="",
        plant=plant.reason,
        region=region.name,
        product=sampler.product(()).name,
        channel=sampler.pick(sampler.world.channels["any"]),
        city=region.cities[0],
        customer=sampler.customer(region),
        text=plant.text,
        title=sampler.one_of(sampler.phrases[plant.language].titles["neutral"]),
        score=sampler.score(kind, "neutral"),
        written=plant.text,
    )


def _drawn(rows: Sequence[Row], count: int, kinds: Sequence[str], sampler: Sampler) -> list[Row]:
    last_day = sampler.world.last_day - timedelta(days=7)
    fitting = [
        row
        for row in rows
        if row.kind in kinds and not row.event and not row.plant and row.created_at.date() < last_day
    ]
    return [fitting[int(i)] for i in sorted(sampler.rng.choice(len(fitting), count, replace=False))]


def _by_somebody_else(row: Row, sampler: Sampler) -> Row:
    region = sampler.region(row.language)
    return replace(
        row,
        created_at=row.created_at + timedelta(minutes=int(sampler.rng.integers(30, 4000))),
        region=region.name,
        customer=sampler.customer(region),
        plant="copied_text",
    )


def _said_again(row: Row, sampler: Sampler) -> Row:
    return replace(
        row,
        created_at=row.created_at + timedelta(minutes=int(sampler.rng.integers(2, 90))),
        text=row.text.rstrip(".!。！") + sampler.one_of(("!!", "...", " .", "!!!")),
        plant="near_repeat",
    )
