"""An invented company of any size, written as the understood tables of a run: no model, no real comment.

Shares, lengths and tails are those of real exports: two clauses a comment, a third of them without category,
topics with a long tail, a few regions and products that most speak of. One category rises at the end.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import (
    ASPECTS,
    CATEGORY_TOPICS,
    CUSTOMERS,
    DOCUMENTS,
    INPUTS,
    INTENT_LABELS,
    JOINS,
    MEMBERS,
    ORDERS,
    OTHER,
    REJECTED,
    SEGMENTS,
    SENTIMENT_LABELS,
    SENTIMENTS,
    TICKETS,
    TOPIC_LANGUAGES,
    TOPICS,
    Table,
)
from data.store import Store

AS_OF = date(2026, 11, 15)
DAYS = 730
PART = 5000  # [ingest] chunk_rows: what one part of a real run holds
TOPIC_COUNT = 300
LANGUAGES = ("en", "it", "pl", "ar", "zh")
KINDS = ("survey", "review", "social", "support")
CATEGORIES = (
    "shipping", "product_quality", "customer_service", "price_value", "website_app", "returns_refunds",
    "ordering_checkout", "packaging", "availability", "payment_billing", "information", "waiting_time",
    "account_access", "food_drink", "loyalty_program", "cleanliness", "privacy_security",
)  # fmt: skip
RISING, RISING_DAYS = "shipping", 20
WHO = (
    "the courier", "the shop", "your app", "the kettle", "the lamp", "nobody on the phone", "the parcel",
    "the invoice", "my account", "the refund", "the box", "the checkout", "the shirt", "the chair",
)  # fmt: skip
DID = (
    "came late again", "was just what I wanted", "never answered", "broke after a week", "was easy to use",
    "asked me the same thing twice", "looks better than on the picture", "was empty when I opened it",
    "costs more than last year", "was put right within a day", "sends me in circles",
)  # fmt: skip
THEN = (
    "and I had to call three times", "so I will order again", "although I had paid for the fast one",
    "which nobody had told me", "and my neighbour says the same", "as it should be",
    "even after the update of the other week", "so thank you for that",
)  # fmt: skip


@dataclass(frozen=True)
class World:
    """How large the company is."""

    comments: int
    seed: int = 11

    @property
    def customers(self) -> int:
        """Give the number of customers: three comments each."""
        return max(self.comments // 3, 1)


def write_world(store: Store, world: World) -> None:
    """Write every table that the last stages read, in parts as a run would."""
    parts = [f"0001-{number:05d}" for number in range(1, -(-world.comments // PART) + 1)]
    for number, part in enumerate(parts):
        size = min(PART, world.comments - number * PART)
        rng = np.random.default_rng([world.seed, number])
        made = _comments(number * PART, size, world.customers, rng)
        for table, frame in made.items():
            store.write(table, frame, part=part, stamp=f"{table.name} {part}")
    for table, frame in (*_operations(world), *_topics(world), *_sources(world)):
        store.write(table, frame)
    store.finish_ingest({"ingest": "0001", "parts": parts})


def filled(table: Table, rows: int, **columns: object) -> pa.Table:
    """Give a table with some columns filled and null in the others."""
    arrays = {f.name: pa.nulls(rows, f.type) for f in table.columns} | columns
    return pa.table(arrays)


def _pick(rng: np.random.Generator, values: Sequence[object], size: int, tail: float = 0.0) -> pa.Array:
    """Draw values; with a tail, the n-th is drawn n ** -tail as often as the first."""
    weights = np.arange(1, len(values) + 1, dtype=float) ** -tail
    codes = rng.choice(len(values), size, p=weights / weights.sum())
    return pa.array(values).take(pa.array(codes))


@dataclass(frozen=True)
class _Chunk:
    """The comments of one part, and their m clauses: whose each is, where it stands, how it feels."""

    ids: pa.Array
    days_back: np.ndarray
    feeling: np.ndarray  # as SENTIMENT_LABELS
    owner: np.ndarray
    segment_ids: pa.Array
    start: np.ndarray
    end: np.ndarray
    felt: np.ndarray

    @property
    def feedback_ids(self) -> pa.Array:
        """Give the comment of each clause."""
        return self.ids.take(pa.array(self.owner))


def _comments(first: int, size: int, customers: int, rng: np.random.Generator) -> dict[Table, pa.Table]:
    pieces = rng.integers(1, 4, size)
    owner = np.repeat(np.arange(size), pieces)
    starts = np.cumsum(pieces) - pieces
    said = _sentences(rng, len(owner))
    lengths = np.asarray(pc.utf8_length(said), dtype=np.int32)
    before = np.cumsum(lengths + 1) - (lengths + 1)
    start = (before - before[starts][owner]).astype(np.int32)
    ids = pa.array([f"f{first + i:07d}" for i in range(size)])
    place = pa.array(np.arange(len(owner)) - starts[owner]).cast(pa.string())
    feeling = rng.choice(3, size, p=[0.4, 0.15, 0.45])
    chunk = _Chunk(
        ids, np.sort(rng.integers(0, DAYS, size)), feeling, owner,
        pc.binary_join_element_wise(ids.take(pa.array(owner)), place, ":"), start, start + lengths,
        np.where(rng.random(len(owner)) < 0.7, feeling[owner], rng.integers(0, 3, len(owner))),
    )  # fmt: skip
    text = pc.binary_join(pa.ListArray.from_arrays(np.append(0, np.cumsum(pieces)), said), " ")
    language = _pick(rng, LANGUAGES, size, tail=0.7)
    return {
        DOCUMENTS: _documents(rng, chunk, text, language, customers=customers),
        SEGMENTS: filled(
            SEGMENTS, len(owner), segment_id=chunk.segment_ids, feedback_id=chunk.feedback_ids,
            position=place.cast(pa.int32()), start=chunk.start, end=chunk.end, text=said,
            language=language.take(pa.array(owner)), text_id=chunk.segment_ids,
        ),
        SENTIMENTS: filled(SENTIMENTS, len(owner), segment_id=chunk.segment_ids, **_mood(chunk.felt)),
        ASPECTS: _aspects(rng, chunk),
        MEMBERS: _members(rng, chunk),
    }  # fmt: skip


def _mood(feeling: np.ndarray, strength: float | np.ndarray = 0.8) -> dict[str, object]:
    size = len(feeling)
    return {
        "sentiment": pa.array(SENTIMENT_LABELS).take(pa.array(feeling)),
        "sentiment_score": (feeling - 1) * strength,
        "negative_share": (feeling == 0) * 0.8 + 0.1,
        "neutral_share": np.full(size, 0.1),
        "positive_share": (feeling == 2) * 0.8,  # noqa: PLR2004 - the third of SENTIMENT_LABELS
    }


def _sentences(rng: np.random.Generator, size: int) -> pa.Array:
    parts = [_pick(rng, words, size) for words in (WHO, DID, THEN)]
    number = pa.array(rng.integers(0, 100_000, size)).cast(pa.string())
    return pc.binary_join_element_wise(*parts, number, " ")


def _documents(
    rng: np.random.Generator, chunk: _Chunk, text: pa.Array, language: pa.Array, *, customers: int
) -> pa.Table:
    size, feeling = len(chunk.ids), chunk.feeling
    complains = (feeling == 0) & (rng.random(size) < 0.6)
    intents = np.where(complains, 0, rng.choice([1, 2, 3, 5], size))
    intents = np.where((feeling == 0) & (rng.random(size) < 0.03), INTENT_LABELS.index("leaving"), intents)
    nps = np.clip(np.array([3, 7, 9])[feeling] + rng.integers(-3, 3, size), 0, 10)
    who, asked = rng.integers(0, customers, size), rng.random(size)
    region = _pick(rng, [f"region {n}" for n in range(20)], size, tail=0.8)
    channel = _pick(rng, ("app", "shop", "web", "phone"), size, tail=0.6)
    seconds = _noon(AS_OF) - chunk.days_back * 86_400 - rng.integers(0, 40_000, size)
    return filled(
        DOCUMENTS, size, feedback_id=chunk.ids, language=language, language_score=np.full(size, 0.97),
        **_mood(feeling, rng.uniform(0.2, 1.0, size)), intent=pa.array(INTENT_LABELS).take(pa.array(intents)),
        categories=pa.array([[]] * size, pa.list_(pa.string())), text=text,
        source=_pick(rng, ("survey.csv", "reviews.csv", "mentions.csv"), size), is_own=np.full(size, True),
        source_kind=_pick(rng, KINDS, size, tail=1.0), source_format=_pick(rng, ("csv",), size),
        created_at=_moments(seconds), nps=pa.array(nps, mask=asked < 0.4),
        rating=pa.array(np.round(nps / 2.5 + 1).clip(1, 5), mask=asked > 0.8),
        customer_key=pa.array([f"c{number:07d}" for number in who]), region=region, channel=channel,
        order_key=pa.array([f"o{number:07d}" for number in who], mask=asked < 0.5),
        product=_pick(rng, [f"product {n}" for n in range(60)], size, tail=0.9), copy_id=chunk.ids,
        input_region=region, input_channel=channel, input_device=_pick(rng, ("ios", "web"), size),
        input_reference=chunk.ids,
    )  # fmt: skip


def _noon(day: date) -> int:
    return int(datetime(day.year, day.month, day.day, 12, tzinfo=UTC).timestamp())


def _moments(seconds: np.ndarray) -> pa.Array:
    return pa.array(seconds * 1_000_000).cast(pa.timestamp("us", tz="UTC"))


def _aspects(rng: np.random.Generator, chunk: _Chunk) -> pa.Table:
    size = len(chunk.felt)
    weights = np.arange(1, len(CATEGORIES) + 1, dtype=float) ** -0.8
    code = rng.choice(len(CATEGORIES), size, p=weights / weights.sum())
    recent = chunk.days_back[chunk.owner] < RISING_DAYS
    more = recent & (chunk.felt == 0) & (rng.random(size) < 0.25)
    code = np.where(more, CATEGORIES.index(RISING), code)
    named = more | (rng.random(size) < 0.65)
    names = pa.array([*CATEGORIES, OTHER]).take(pa.array(np.where(named, code, len(CATEGORIES))))
    mood = _mood(chunk.felt)
    whole = filled(
        ASPECTS, size, feedback_id=chunk.feedback_ids, segment_id=chunk.segment_ids, start=chunk.start,
        end=chunk.end, category=names, category_score=np.full(size, 0.8), sentiment=mood["sentiment"],
        sentiment_score=mood["sentiment_score"],
    )  # fmt: skip
    return whole.filter(pa.array(named | (rng.random(size) < 0.3)))


def _members(rng: np.random.Generator, chunk: _Chunk) -> pa.Table:
    size = len(chunk.felt)
    themed = rng.random(size) < 0.45
    names = _pick(rng, _topic_ids(), size, tail=0.9)
    return filled(
        MEMBERS, size, feedback_id=chunk.feedback_ids, segment_id=chunk.segment_ids,
        reason=pa.array(np.where(themed, None, "too_far")), topic_score=np.full(size, 0.6),
        topic_id=pc.if_else(pa.array(themed), names, None),
    )  # fmt: skip


def _topic_ids() -> list[str]:
    return [f"t{number:04d}" for number in range(TOPIC_COUNT)]


def _topics(world: World) -> Iterator[tuple[Table, pa.Table]]:
    ids, n = _topic_ids(), TOPIC_COUNT
    day = pa.array([AS_OF] * n)
    yield TOPICS, filled(
        TOPICS, n, topic_id=ids, label=[f"theme {one}" for one in ids], label_language=["en"] * n,
        keywords=[["late", "parcel"]] * n, size=[world.comments // n] * n, category_share=np.full(n, 0.6),
        category=[CATEGORIES[i % len(CATEGORIES)] for i in range(n)], first_seen=day, last_seen=day,
        language_count=[5] * n, is_pinned=[False] * n, is_muted=[False] * n,
        example_ids=[[f"f{i % world.comments:07d}:0"] for i in range(n)],
    )  # fmt: skip
    share = np.full(n, 1.0)
    yield (
        TOPIC_LANGUAGES,
        filled(
            TOPIC_LANGUAGES, n, topic_id=ids, language=["en"] * n, segment_count=[9] * n, segment_share=share
        ),
    )
    count = len(CATEGORIES)
    yield CATEGORY_TOPICS, filled(
        CATEGORY_TOPICS, count, category=list(CATEGORIES), segment_count=[9] * count, topic_count=[9] * count,
        explained_share=share[:count] / 2, largest_topic_id=ids[:count], largest_share=share[:count] / 9,
    )  # fmt: skip


def _operations(world: World) -> Iterator[tuple[Table, pa.Table]]:
    rng, n = np.random.default_rng(world.seed), world.customers
    newest = (AS_OF - date(1970, 1, 1)).days
    came = newest - rng.integers(60, 1500, n)
    gone = rng.random(n) < 0.15
    left = np.minimum(came + rng.integers(30, 1200, n), newest)
    keys = [f"c{number:07d}" for number in range(n)]
    yield CUSTOMERS, filled(
        CUSTOMERS, n, customer_key=keys, value=np.round(rng.lognormal(5, 1, n), 2), is_churned=gone,
        since_date=pa.array(came.astype(np.int32)).cast(pa.date32()),
        segment=_pick(rng, ("basic", "plus", "pro"), n), region=_pick(rng, ("north", "south"), n),
        churned_date=pa.array(left.astype(np.int32), mask=~gone).cast(pa.date32()),
    )  # fmt: skip
    orders = 2 * n
    who = np.concatenate([np.arange(n), rng.integers(0, n, n)])
    ordered = newest - rng.integers(0, DAYS, orders)
    delay = rng.integers(-4, 6, orders)
    day = pa.array(ordered.astype(np.int32)).cast(pa.date32())
    yield ORDERS, filled(
        ORDERS, orders, order_key=[f"o{number:07d}" for number in range(orders)], ordered_at=day,
        customer_key=pa.array(keys).take(pa.array(who)), value=np.round(rng.lognormal(4, 1, orders), 2),
        promised_date=pa.array((ordered + 5).astype(np.int32)).cast(pa.date32()), delay_days=delay,
        delivered_date=pa.array((ordered + 5 + delay).astype(np.int32)).cast(pa.date32()),
        is_cancelled=rng.random(orders) < 0.02,
    )  # fmt: skip
    tickets = n // 2
    asked = _noon(AS_OF) - rng.integers(0, DAYS, tickets) * 86_400
    moments = [
        _moments(asked + hours * 3600)
        for hours in (
            np.zeros(tickets, np.int64),
            rng.integers(1, 30, tickets),
            rng.integers(30, 200, tickets),
        )
    ]
    yield TICKETS, filled(
        TICKETS, tickets, ticket_key=[f"k{number}" for number in range(tickets)], created_at=moments[0],
        customer_key=pa.array(keys).take(pa.array(rng.integers(0, n, tickets))), first_response_at=moments[1],
        resolved_at=moments[2], reopened_count=rng.integers(0, 2, tickets),
        channel=_pick(rng, ("mail", "chat"), tickets),
    )  # fmt: skip


def _sources(world: World) -> Iterator[tuple[Table, pa.Table]]:
    n = world.comments
    yield INPUTS, filled(
        INPUTS, 1, source=["survey.csv"], input_hash=["h"], source_format=["csv"], source_kind=["survey"],
        record_count=[n], read_count=[n], kept_count=[n], known_count=[0], rejected_count=[0],
        decisions=["{}"], reading=["r"],
    )  # fmt: skip
    few = max(n // 50, 1)
    yield REJECTED, filled(
        REJECTED, few, source=["survey.csv"] * few, row=np.arange(few), reason=["no_text"] * few,
        detail=["an empty cell"] * few, input_hash=["h"] * few,
    )  # fmt: skip
    yield JOINS, filled(
        JOINS, 1, source=["all"], operation=["orders"], comment_count=[n], with_id_count=[n],
        joined_count=[n], joined_share=[1.0],
    )  # fmt: skip
