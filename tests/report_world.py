"""An invented company in tables: 30 weeks of comments with planted events, for the tests of the page."""

from __future__ import annotations

import json
from datetime import UTC, date, datetime, timedelta
from functools import cache

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import (
    ALERTS,
    ASPECTS,
    COUNTS,
    DOCUMENTS,
    INPUTS,
    MEMBERS,
    REJECTED,
    TOPICS,
    Table,
)
from reports.episodes.alert import NOT_TOLD
from reports.metrics import SummaryRules, summarise_friction, summarise_scores
from reports.page import PageOptions, draw_report
from reports.rules import PageRules

AS_OF = date(2026, 11, 16)  # a Monday: the week before it is over
FIRST = date(2026, 4, 20)
WEEKS = 30
NAMES = {
    "shipping": "Delivery", "product_quality": "Product quality", "customer_service": "Customer service",
    "ordering_checkout": "Ordering and checkout", "price_value": "Price and value",
    "website_app": "Website and app",
}  # fmt: skip

SAID = {
    ("shipping", "negative"): {
        "en": "The courier left my parcel three days late and nobody could say where it was.",
        "it": "Il pacco è arrivato con tre giorni di ritardo e il corriere non rispondeva mai.",
        "pl": "Paczka przyszła trzy dni po terminie, a kurier ani razu nie zadzwonił.",
        "ar": "وصل الطرد متأخرا ثلاثة أيام ولم يعرف أحد أين كان.",
        "zh": "快递晚了三天才到，打电话也没有人知道包裹在哪里。",
    },
    ("shipping", "positive"): {
        "en": "Delivered a day early, well done.",
        "it": "Consegna puntuale, corriere gentile.",
        "pl": "Dostawa szybka i na czas, polecam.",
        "ar": "التوصيل سريع وفي الموعد، شكرا لكم.",
        "zh": "送货很快，比预计早了一天。",
    },
    ("product_quality", "negative"): {
        "en": "The kettle stopped working after two weeks, the lid no longer closes.",
        "it": "Il bollitore si è rotto dopo due settimane, il coperchio non chiude più.",
        "pl": "Czajnik przestał działać po dwóch tygodniach, pokrywka się nie domyka.",
        "ar": "تعطلت الغلاية بعد أسبوعين ولم يعد الغطاء يغلق.",
        "zh": "水壶用了两个星期就坏了，盖子再也关不上。",
    },
    ("product_quality", "positive"): {
        "en": "Solid kettle, boils fast and looks good.",
        "it": "Ottimo bollitore, scalda in fretta.",
        "pl": "Solidny czajnik, szybko gotuje wodę.",
        "ar": "غلاية ممتازة وتسخن الماء بسرعة.",
        "zh": "水壶质量很好，烧水很快。",
    },
    ("customer_service", "negative"): {
        "en": "I wrote four times and got the same copied answer, nobody read my question.",
        "it": "Ho scritto quattro volte e ho ricevuto sempre la stessa risposta copiata.",
        "pl": "Pisałam cztery razy i za każdym razem dostałam tę samą wklejoną odpowiedź.",
        "ar": "كتبت لهم أربع مرات وتلقيت نفس الرد المنسوخ في كل مرة.",
        "zh": "我写了四次信，每次收到的都是同样的复制回复。",
    },
    ("ordering_checkout", "negative"): {
        "en": "The checkout forgot my basket twice and I had to start again.",
        "it": "Il carrello si è svuotato due volte prima del pagamento.",
        "pl": "Koszyk dwa razy sam się opróżnił przed płatnością.",
        "ar": "أفرغت السلة مرتين قبل الدفع واضطررت إلى البدء من جديد.",
        "zh": "结账前购物车被清空了两次，只好重新开始。",
    },
    ("price_value", "neutral"): {
        "en": "The price is about what I expected.",
        "it": "Il prezzo è più o meno quello che mi aspettavo.",
        "pl": "Cena mniej więcej taka, jakiej się spodziewałem.",
        "ar": "السعر قريب مما توقعت.",
        "zh": "价格和我想的差不多。",
    },
    ("website_app", "positive"): {
        "en": "The new app finds everything at once.",
        "it": "La nuova app trova tutto subito.",
        "pl": "Nowa aplikacja od razu wszystko znajduje.",
        "ar": "التطبيق الجديد يجد كل شيء فورا.",
        "zh": "新的应用很好用，一下子就找到了。",
    },
}  # fmt: skip
SCORES = {"negative": -0.8, "neutral": 0.0, "positive": 0.8}
HOSTILE = (
    "<script>document.title='owned';fetch('https://example.org/x')</script> bad service",
    "</script></style><img src=https://example.org/p.png onerror=\"document.title='owned'\">",
    "<style>body{display:none}</style><link rel=stylesheet href=//example.org/a.css>",
    "=HYPERLINK(\"https://example.org\",\"open\") +1+1 @SUM(A1)",
    "\u202eteg uoy tahw si siht\u202c \u2067never closed and a nul \x00 here \x0b\x7f",
    "x" * 10_000,
    "{{ 7 * 7 }} {% for a in b %} ${alert(1)} <!-- ]]> &lt;b&gt;",
    "\u0627" * 400 + " \u0300" * 200,
)  # fmt: skip


def rules(**changes: object) -> SummaryRules:
    """Give the rules of the summaries, some changed."""
    values: dict[str, object] = {
        "dimensions": ("product", "region", "language"), "values_per_dimension": 20,
        "topics_by_dimension": False, "days_by_dimension": False, "min_group": 5, "examples": 5,
        "example_length": (60, 400),
    }  # fmt: skip
    return SummaryRules(**{**values, **changes})  # type: ignore[arg-type]


def documents_table(rows: list[dict[str, object]]) -> pa.Table:
    """Fill in what a test does not care about, and check against DOCUMENTS."""
    filled = []
    for place, row in enumerate(rows):
        sentiment = str(row.get("sentiment", "neutral"))
        filled.append(
            {
                "feedback_id": f"f{place}", "language": "en", "language_score": 0.99, "sentiment": sentiment,
                "sentiment_score": SCORES[sentiment], "negative_share": 1 / 3, "neutral_share": 1 / 3,
                "positive_share": 1 / 3, "intent": "statement", "categories": [],
                "text": f"comment number {place}",
                "source": "shop.csv", "source_kind": "review", "source_format": "csv", "created_at": None,
                "question": None, "rating": None, "nps": None, "csat": None, "ces": None, "author_key": None,
                "customer_key": None, "order_key": None, "product": None, "region": None, "channel": None,
                "brand": None, "is_own": True, "location": None, "copy_id": None,
            }
            | row
        )  # fmt: skip
    extra = [pa.field(n, pa.string()) for n in filled[0] if n.startswith("input_")] if filled else []
    schema = pa.schema([*DOCUMENTS.columns, *extra])
    return DOCUMENTS.to_arrow(pa.Table.from_pylist(filled, schema=schema))


def aspects_table(rows: list[tuple[str, str, str]]) -> pa.Table:
    """Make ASPECTS of (segment_id, category, sentiment); the comment is the part before the colon."""
    return ASPECTS.to_arrow(
        pa.Table.from_pylist(
            [
                {
                    "feedback_id": segment.split(":")[0], "segment_id": segment, "start": 0, "end": 5,
                    "category": category, "category_score": 0.9, "sentiment": sentiment,
                    "sentiment_score": SCORES[sentiment],
                }
                for segment, category, sentiment in rows
            ],
            schema=ASPECTS.columns,
        )
    )  # fmt: skip


def members_table(rows: list[tuple[str, str | None]]) -> pa.Table:
    """Make MEMBERS of (segment_id, topic_id)."""
    return MEMBERS.to_arrow(
        pa.Table.from_pylist(
            [
                {
                    "feedback_id": segment.split(":")[0], "segment_id": segment, "topic_id": topic,
                    "topic_score": 0.8, "reason": None if topic else "too_far",
                }
                for segment, topic in rows
            ],
            schema=MEMBERS.columns,
        )
    )  # fmt: skip


@cache
def make_world(*, hostile: bool = True, seed: int = 7) -> dict[str, pa.Table]:
    """Make every table that the page needs.

    Planted: a courier failure in the region North over the last three weeks; checkout complaints that fell
    in the last four; a steady rest; employees; one theme that is new; comments that try to break the page.
    """
    rng = np.random.default_rng(seed)
    rows, aspects, members = [], [], []
    for week in range(WEEKS):
        for _ in range(90 + int(rng.integers(0, 20))):
            _add(rng, week, rows, aspects, members)
    if hostile:
        for place, text in enumerate(HOSTILE):
            key = f"hostile{place}"
            rows.append(
                _row(key, text, "en", ("shipping", "negative"), AS_OF - timedelta(days=3), rng, "North")
            )
            aspects.append((f"{key}:0", "shipping", "negative"))
            members.append((f"{key}:0", "t0001"))
    tables = {
        "documents": documents_table(rows),
        "aspects": _with_spans(aspects_table(aspects), rows),
        "members": members_table(members),
    }
    tables["topics"] = _topics(hostile)
    tables["friction_summary"] = summarise_friction(
        tables["documents"], tables["aspects"], tables["members"], rules=rules()
    )
    tables["score_summary"] = summarise_scores(tables["documents"], rules=rules())
    return tables | {
        "counts": _counts(tables),
        "alerts": _alerts(),
        "inputs": _inputs(),
        "rejected": _rejected(),
    }


@cache
def drawn(page_rules: PageRules) -> str:
    """Draw the page of the invented company once per set of rules."""
    options = PageOptions(as_of=AS_OF, rules=page_rules, categories=NAMES, facts={"Version": "0.1 <b>"})
    return draw_report(make_world(), options=options).page


def _add(rng: np.random.Generator, week: int, rows: list, aspects: list, members: list) -> None:
    names = list(SAID)
    weights = np.array([2.0, 4.0, 2.0, 4.0, 2.0, 3.0 if week < WEEKS - 4 else 0.6, 2.0, 3.0])
    region = ["North", "South", "West"][int(rng.integers(0, 3))]
    if week >= WEEKS - 3 and region == "North":
        weights[0] = 16.0
    pick = names[int(rng.choice(len(names), p=weights / weights.sum()))]
    language = ["en", "en", "it", "pl", "ar", "zh"][int(rng.integers(0, 6))]
    day = FIRST + timedelta(days=7 * week + int(rng.integers(0, 7)))
    key = f"c{len(rows)}"
    text = f"{SAID[pick][language]} [{len(rows)}]"
    rows.append(_row(key, text, language, pick, day, rng, region))
    aspects.append((f"{key}:0", *pick))
    topic = {"shipping": "t0001", "product_quality": "t0002", "customer_service": "t0003"}.get(pick[0])
    if pick == ("shipping", "negative") and week >= WEEKS - 3 and rng.random() < 0.4:
        topic = "t0004"
    members.append((f"{key}:0", topic))


def _row(  # noqa: PLR0917
    key: str,
    text: str,
    language: str,
    pick: tuple[str, str],
    day: date,
    rng: np.random.Generator,
    region: str,
) -> dict[str, object]:
    kind = ["survey", "survey", "review", "review", "social", "employee", "support"][int(rng.integers(0, 7))]
    mood = {"negative": 0, "neutral": 1, "positive": 2}[pick[1]]
    return {
        "feedback_id": key, "text": text, "language": language, "sentiment": pick[1], "source_kind": kind,
        "sentiment_score": SCORES[pick[1]] * float(rng.uniform(0.6, 1.0)),
        "created_at": datetime(day.year, day.month, day.day, 10, tzinfo=UTC),
        "nps": int(np.clip(2 + 4 * mood + rng.integers(-2, 3), 0, 10)) if kind == "survey" else None,
        "rating": float(np.clip(1 + 2 * mood + rng.integers(-1, 2), 1, 5)) if kind == "review" else None,
        "region": region, "product": ["kettle", "lamp", "<b>toaster</b>"][int(rng.integers(0, 3))],
    }  # fmt: skip


def _with_spans(aspects: pa.Table, rows: list[dict[str, object]]) -> pa.Table:
    frame = aspects.to_pandas()
    lengths = {row["feedback_id"]: len(str(row["text"])) for row in rows}
    frame["end"] = [min(lengths[key], 40) for key in frame["feedback_id"]]
    return ASPECTS.to_arrow(frame)


def _topics(hostile: bool) -> pa.Table:
    label = "courier <script>alert(1)</script>" if hostile else "courier late"
    rows = [
        ("t0001", label, ["parcel", "courier", "late", "days"], "shipping", FIRST),
        ("t0002", "kettle lid broken", ["kettle", "lid", "weeks"], "product_quality", FIRST),
        ("t0003", "copied answers", ["answer", "copied", "times"], "customer_service", FIRST),
        (
            "t0004",
            "nobody knows where",
            ["nobody", "where", "parcel"],
            "shipping",
            AS_OF - timedelta(days=18),
        ),
    ]
    frame = pd.DataFrame(rows, columns=["topic_id", "label", "keywords", "category", "first_seen"])
    frame = frame.assign(
        label_language="en", size=[400, 300, 200, 60], category_share=0.9,
        last_seen=AS_OF - timedelta(days=1), language_count=5, is_pinned=False, is_muted=False,
        example_ids=[[] for _ in rows],
    )  # fmt: skip
    return TOPICS.to_arrow(frame)


def _counts(tables: dict[str, pa.Table]) -> pa.Table:
    documents = tables["documents"].select(["feedback_id", "created_at", "region"]).to_pandas()
    documents["date"] = documents["created_at"].dt.date
    bad = tables["aspects"].to_pandas().query("sentiment == 'negative' and category == 'shipping'")
    documents["n"] = documents["feedback_id"].isin(bad["feedback_id"])
    whole = documents.groupby("date").agg(n=("n", "sum"), total=("n", "size")).reset_index()
    parts = [whole.assign(segment="all")]
    for region, rows in documents.groupby("region"):
        part = rows.groupby("date").agg(n=("n", "sum"), total=("n", "size")).reset_index()
        parts.append(part.assign(segment=f"region={region}"))
    return COUNTS.to_arrow(pd.concat(parts, ignore_index=True).assign(issue="category:shipping"))


def _alerts() -> pa.Table:
    calculation = json.dumps(
        {
            "window_days": 14,
            "window_start": "2026-10-26",
            "window_end": "2026-11-08",
            "lambda": 0.0712,
            "phi": 1.31,
            "baseline": {"weeks": 20},
        }
    )
    base = {
        "issue": "category:shipping", "kind": "spike", "is_recurring": False, "status": "ongoing",
        "opened_date": AS_OF - timedelta(days=16), "last_active_date": AS_OF - timedelta(days=1),
        "resolved_date": None, "began_date": AS_OF - timedelta(days=21), "window_days": 14, "n": 82,
        "expected": 24.6, "ratio": 3.33, "excess": 57.4, "severity": 14.2, "score": 9.1, "threshold": 3.0,
        "reopened_count": 0, "parent_alert_id": None, "calculation": calculation,
        "explanation": "82 complaints in 14 days where 24.6 were expected <b>by the past 20 weeks</b>.",
    } | NOT_TOLD | {"band": "warning"}  # fmt: skip
    rows = [
        {"alert_id": "a1", "segment": "all", **base},
        {"alert_id": "a2", "segment": "region=North", **base, "parent_alert_id": "a1", "ratio": 5.2},
        {
            "alert_id": "a3", "segment": "product=<b>toaster</b>", **base, "issue": "topic:t0001",
            "kind": "new", "is_recurring": True, "status": "open", "severity": 3.0,
            "calculation": "", "explanation": "",
        },
        {
            "alert_id": "a4", "segment": "region=South", **base, "status": "resolved",
            "resolved_date": AS_OF - timedelta(days=6), "severity": 1.0,
        },
    ]  # fmt: skip
    return filled(ALERTS, rows)


def filled(table: Table, rows: list[dict[str, object]]) -> pa.Table:
    """Make a table of rows, columns that a test does not name filled with nothing, zero or an empty text."""
    empty = {f.name: None if f.nullable else _nothing(f.type) for f in table.columns}
    given = NOT_TOLD | {"band": "warning"} if table is ALERTS else {}
    return table.to_arrow(pa.Table.from_pylist([empty | given | row for row in rows], schema=table.columns))


def _nothing(kind: pa.DataType) -> object:
    if pa.types.is_list(kind):
        return []
    return "" if kind == pa.string() else 0


def _inputs() -> pa.Table:
    decisions = json.dumps(
        {"encoding": "utf-8", "separator": ";", "columns": {"text": "Kommentar", "nps": "NPS"}}
    )
    rows = [
        {
            "source": name, "input_hash": name * 2, "source_format": "csv", "source_kind": "survey",
            "read_count": 1600, "kept_count": 1500, "known_count": 60, "rejected_count": 40,
            "decisions": decisions,
        }
        for name in ("survey.csv", "<i>shop</i>.csv")
    ]  # fmt: skip
    return filled(INPUTS, rows)


def _rejected() -> pa.Table:
    rows = [
        {"source": "survey.csv", "row": row, "reason": reason, "detail": "", "input_hash": "h"}
        for reason, count in (("no_text", 30), ("repeat", 9))
        for row in range(1, count + 1)
    ]
    rows.append({"source": "broken.csv", "row": 0, "reason": "unreadable", "detail": "", "input_hash": "h"})
    return filled(REJECTED, rows)
