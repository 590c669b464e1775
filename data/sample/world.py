"""The world of the sample: what world.toml says, as typed values."""

from __future__ import annotations

import tomllib
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import TypeAdapter

SENTIMENTS = ("negative", "neutral", "positive")


@dataclass(frozen=True)
class Product:
    """Something that the retailer sells; comments name it by key or group."""

    key: str
    name: str
    weight: float
    price: int
    groups: tuple[str, ...]


@dataclass(frozen=True)
class Region:
    """A region, the language spoken there, its share among that language's customers."""

    name: str
    language: str
    weight: float
    currency: str
    cities: tuple[str, ...]


@dataclass(frozen=True)
class Event:
    """Something that goes wrong: when, how many extra comments per day, about what, where.

    Attributes:
        rate: extra comments per day on the first and on the last day of a span.
        segment: where it shows, as `all` or dimension=value.
        spans: first and last day of each time that it happens.
        alert_until: an alert must have opened by this day (per span: at most seven days after its end).
    """

    name: str
    rate: tuple[float, float]
    categories: tuple[str, ...]
    segment: str
    kinds: dict[str, float]
    alert_until: date
    first_day: date | None = None
    last_day: date | None = None
    spans: tuple[tuple[date, date], ...] = ()
    languages: dict[str, float] | None = None
    region: str | None = None
    product: str | None = None

    def all_spans(self) -> tuple[tuple[date, date], ...]:
        """Give every span, whichever way the event states them."""
        if self.spans or self.first_day is None or self.last_day is None:
            return self.spans
        return ((self.first_day, self.last_day),)


@dataclass(frozen=True)
class Surge:
    """A campaign: more comments of the same mix, not an issue."""

    first_day: date
    last_day: date
    factor: float


@dataclass(frozen=True)
class World:
    """Everything that the sampler draws from; the meaning of each value stands in world.toml."""

    first_day: date
    last_day: date
    comments_per_day: float
    growth: float
    weekday_factors: tuple[float, ...]
    opener_share: float
    closer_share: float
    order_known_share: float
    silent_orders: int
    couriers: tuple[str, ...]
    euro_rates: dict[str, float]
    kinds: dict[str, float]
    languages: dict[str, float]
    weights: dict[str, tuple[float, float, float]]
    channels: dict[str, dict[str, float]]
    products: tuple[Product, ...]
    regions: tuple[Region, ...]
    events: tuple[Event, ...]
    surge: Surge

    def days(self) -> list[date]:
        """Give every day of the sample, in order."""
        count = (self.last_day - self.first_day).days + 1
        return [self.first_day + timedelta(days=i) for i in range(count)]

    def expected_volume(self) -> np.ndarray:
        """Give the mean number of ordinary comments per day: (days,) float64, surge included."""
        days = self.days()
        ramp = np.linspace(1 - self.growth / 2, 1 + self.growth / 2, len(days))
        weekday = np.array([self.weekday_factors[day.weekday()] for day in days])
        surge = np.array(
            [self.surge.factor if self.surge.first_day <= day <= self.surge.last_day else 1.0 for day in days]
        )
        return np.asarray(self.comments_per_day * ramp * weekday * surge)


def load_world() -> World:
    """Read world.toml.

    Raises:
        pydantic.ValidationError: a value is missing or of the wrong type.
    """
    raw: dict[str, Any] = tomllib.loads(Path(__file__).with_name("world.toml").read_text(encoding="utf-8"))
    return TypeAdapter(World).validate_python(raw)
