"""Comments and world -> dated rows: who said what, when and where, and what is true about it."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import UTC, date, datetime, timedelta

import numpy as np

from data.sample.texts import Comment, Phrases, fill
from data.sample.world import SENTIMENTS, Event, Product, Region, World

MAX_REDRAWS = 8  # wordings tried before a text may be said twice
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
    "pl": "stycznia lutego marca kwietnia maja czerwca lipca sierpnia września października listopada "
    "grudnia",
    "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    "zh": "1月 2月 3月 4月 5月 6月 7月 8月 9月 10月 11月 12月",
}
WEEKDAYS = {
    "en": "Monday|Tuesday|Wednesday|Thursday|Friday|Saturday",
    "it": "lunedì|martedì|mercoledì|giovedì|venerdì|sabato",
    "pl": "w poniedziałek|we wtorek|w środę|w czwartek|w piątek|w sobotę",
    "ar": "يوم الأحد|يوم الاثنين|يوم الثلاثاء|يوم الأربعاء|يوم الخميس|يوم السبت",
    "zh": "周一|周二|周三|周四|周五|周六",
}
# kind -> the scores that negative, neutral and positive comments give, each as often as it stands here.
SCORES: dict[str, tuple[tuple[int, ...], ...]] = {
    "survey": ((0, 1, 2, 3, 3, 4, 4, 5, 5, 6, 6), (6, 7, 7, 8), (8, 9, 9, 9, 10, 10, 10)),
    "review": ((1, 1, 1, 2, 2), (3,), (4, 4, 5, 5, 5)),
    "employee": ((1, 2, 2, 3), (3,), (4, 4, 5)),
    "social": ((0,), (0,), (0,)),
}
HOUR_WEIGHTS = np.array(
    [2, 1, 1, 1, 1, 2, 4, 7, 9, 10, 10, 10, 11, 10, 8, 8, 8, 9, 11, 12, 13, 12, 9, 5], float
)


@dataclass(frozen=True)
class Row:
    """One comment as it was said, with the truth about it."""

    created_at: datetime
    kind: str
    language: str
    category: str
    sentiment: str
    event: str
    plant: str
    region: str
    product: str
    channel: str
    city: str
    customer: str
    text: str
    title: str
    score: int  # stars of a review, 0-10 of a survey, 1-5 of an employee; 0 for a post
    written: str  # the hand-written text that it came from
    comment_id: str = ""
    order: str = ""  # id of the order that it names, if any


@dataclass(frozen=True)
class _Slot:
    """A place in the calendar to be filled with a comment."""

    day: date
    kind: str
    language: str
    event: str


class Sampler:
    """Draws rows; one generator, used in one fixed order, so that a seed gives one result."""

    def __init__(
        self,
        world: World,
        comments: Sequence[Comment],
        phrases: Mapping[str, Phrases],
        rng: np.random.Generator,
    ) -> None:
        self.world = world
        self.phrases = phrases
        self.rng = rng
        self._events = {event.name: event for event in world.events}
        self._pools = _pools(world, comments)
        self._said: set[str] = set()

    def rows(self) -> list[Row]:
        """Draw every row of the 40 weeks, oldest first."""
        rows = [self._row(slot) for slot in self._calendar()]
        return sorted(rows, key=lambda row: row.created_at)

    def moment(self, day: date) -> datetime:
        """Draw a time of the day, with the evening peak of real feedback."""
        hour = self.rng.choice(24, p=HOUR_WEIGHTS / HOUR_WEIGHTS.sum())
        seconds = int(hour) * 3600 + int(self.rng.integers(3600))
        return datetime(day.year, day.month, day.day, tzinfo=UTC) + timedelta(seconds=seconds)

    def region(self, language: str, name: str | None = None) -> Region:
        """Draw a region where a language is spoken; `name` narrows it to one."""
        known = [r for r in self.world.regions if r.language == language and name in (None, r.name)]
        return known[self._index([r.weight for r in known])]

    def product(self, wanted: Sequence[str]) -> Product:
        """Draw a product by popularity, among the wanted keys and groups; none wanted: among all."""
        fitting = [
            p for p in self.world.products if not wanted or p.key in wanted or set(p.groups) & set(wanted)
        ]
        return fitting[self._index([p.weight for p in fitting])]

    def score(self, kind: str, sentiment: str) -> int:
        """Draw the score that goes with a sentiment on the scale of a kind; 0 where it has none."""
        options = SCORES[kind][SENTIMENTS.index(sentiment)]
        return options[int(self.rng.integers(len(options)))]

    def pick(self, weights: Mapping[str, float]) -> str:
        """Draw a name by its weight."""
        return list(weights)[self._index(list(weights.values()))]

    def customer(self, region: Region) -> str:
        """Draw a customer of a region; regulars come back."""
        block = 100_000 + 1_000 * self.world.regions.index(region)
        return f"C{block + int(self.rng.integers(420))}"

    def _calendar(self) -> list[_Slot]:
        slots = []
        for day, count in zip(self.world.days(), self.rng.poisson(self.world.expected_volume()), strict=True):
            slots += [
                _Slot(day, self.pick(self.world.kinds), self.pick(self.world.languages), "")
                for _ in range(int(count))
            ]
        for event in self.world.events:
            for first, last in event.all_spans():
                slots += self._event_slots(event, first, last)
        return slots

    def _event_slots(self, event: Event, first: date, last: date) -> list[_Slot]:
        days = (last - first).days + 1
        counts = self.rng.poisson(np.linspace(*event.rate, days))
        languages = event.languages or self.world.languages
        return [
            _Slot(first + timedelta(days=i), self.pick(event.kinds), self.pick(languages), event.name)
            for i, count in enumerate(counts)
            for _ in range(int(count))
        ]

    def _row(self, slot: _Slot) -> Row:
        event = self._events.get(slot.event)
        comments, weights = self._pools[slot.kind, slot.language, slot.event]
        comment = comments[self._index(weights)]
        region = self.region(slot.language, event.region if event else None)
        wanted = (event.product,) if event and event.product else comment.products
        channels = self.world.channels.get(comment.category, self.world.channels["any"])
        row = Row(
            created_at=self.moment(slot.day),
            kind=slot.kind,
            language=slot.language,
            category=comment.category,
            sentiment=comment.sentiment,
            event=slot.event,
            plant="",
            region=region.name,
            product=self.product(wanted).name,
            channel=self.pick(channels),
            city=region.cities[int(self.rng.integers(len(region.cities)))],
            customer=self.customer(region),
            text="",
            title=self.one_of(self.phrases[slot.language].titles[comment.sentiment]),
            score=self.score(slot.kind, comment.sentiment),
            written=comment.text,
        )
        return replace(row, text=self._words(row, region))

    def one_of(self, options: Sequence[str]) -> str:
        """Draw one of several wordings."""
        return options[int(self.rng.integers(len(options)))]

    def _words(self, row: Row, region: Region) -> str:
        for _ in range(MAX_REDRAWS):
            slots = self._slots(row, region)
            text = self._with_small_talk(row, fill(row.written, slots, self.rng), slots)
            if text not in self._said:
                break
        self._said.add(text)
        return text

    def _with_small_talk(self, row: Row, core: str, slots: Mapping[str, str]) -> str:
        phrases = self.phrases[row.language]
        is_staff = row.kind == "employee"
        openers = phrases.openers_employee if is_staff else phrases.openers
        closers = phrases.closers_employee if is_staff else phrases.closers
        parts = [core]
        if self.rng.random() < self.world.opener_share:
            parts.insert(0, fill(self.one_of(openers), slots, self.rng))
        if self.rng.random() < self.world.closer_share:
            parts.append(self.one_of(closers[row.sentiment]))
        text = phrases.space.join(parts)
        if row.kind == "social" and self.rng.random() < self.world.closer_share:
            text = f"{text} {fill(self.one_of(phrases.tails), slots, self.rng)}"
        return text

    def _slots(self, row: Row, region: Region) -> dict[str, str]:
        rng, language = self.rng, row.language
        months = MONTHS[language].split()
        courier = self.one_of(self.world.couriers)
        rate = self.world.euro_rates[region.currency]
        cost = next(p.price for p in self.world.products if p.name == row.product)
        return {
            "product": row.product,
            "courier": self.world.couriers[0] if row.event == "courier_failure" else courier,
            "city": row.city,
            "currency": region.currency,
            "n": str(rng.integers(3, 10)),
            "min": str(5 * rng.integers(4, 12)),
            "price": str(round(rate * int(rng.integers(9, 40)))),
            "cost": str(round(rate * cost)),
            "weekday": self.one_of(WEEKDAYS[language].split("|")),
            "month": months[(row.created_at.month - 1 - int(rng.integers(2, 6))) % 12],
            "staff": self.one_of(self.phrases[language].names),
        }

    def _index(self, weights: Sequence[float] | np.ndarray) -> int:
        edges = np.cumsum(weights)
        return int(np.searchsorted(edges, self.rng.random() * edges[-1], side="right"))


def _pools(
    world: World, comments: Sequence[Comment]
) -> dict[tuple[str, str, str], tuple[list[Comment], np.ndarray]]:
    """Sort comments by where they may appear: (kind, language, event or "") -> comments, weights."""
    members: dict[tuple[str, str, str], list[Comment]] = {}
    for comment in comments:
        for kind in comment.kinds:
            for tag in comment.tags or ("",):
                members.setdefault((kind, comment.language, tag), []).append(comment)
    # In an event each comment weighs the same; on ordinary days its category decides.
    return {
        place: (found, np.ones(len(found)) if place[2] else _weights(world, found))
        for place, found in members.items()
    }


def _weights(world: World, comments: Sequence[Comment]) -> np.ndarray:
    # A category keeps its weight however many comments were written for it.
    cells = [(c.category, c.sentiment) for c in comments]
    return np.array(
        [world.weights[cat][SENTIMENTS.index(sent)] / cells.count((cat, sent)) for cat, sent in cells]
    )
