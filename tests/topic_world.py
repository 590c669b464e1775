"""A small output with invented clauses whose vectors say plainly what belongs together."""

import datetime as dt
from types import SimpleNamespace

import numpy as np
import pandas as pd
import pyarrow as pa

from data.schema import ASPECTS, EMBEDDINGS, FEEDBACK, SEGMENTS, TOPIC_EVENTS, TOPICS
from data.store import Store
from flows.engine.run import Run

WIDTH = 48
FORMS = {
    "late": ("the parcel came late", "late parcel again", "parcel two weeks late"),
    "size": ("the size is too small", "wrong size of shoes", "size runs small"),
    "login": ("login to the app fails", "the app login crashes", "cannot login to the app"),
    "battery": ("battery drains overnight", "the battery drains fast", "battery drains in an hour"),
}
AXES = {theme: axis for axis, theme in enumerate(FORMS)}


def world(root, settings, counts, *, as_of=dt.date(2026, 3, 9)):
    """Add one ingest with so many clauses per theme, and open a run over the output."""
    store = Store(str(root))
    part = f"{len(store.ledger()) + 1:04d}-0001"
    segments = pd.concat([clauses(theme, count, part) for theme, count in counts.items()], ignore_index=True)
    store.write(SEGMENTS, segments, part=part, stamp=part)
    store.write(FEEDBACK, feedback(segments, as_of), part=part, stamp=part)
    texts = segments.drop_duplicates("text_id")
    vectors = list(vectors_of(texts))
    store.write(
        EMBEDDINGS, pd.DataFrame({"text_id": texts["text_id"], "vector": vectors, "features": vectors}),
        part=part, stamp=part,
    )  # fmt: skip
    aspects = segments[["feedback_id", "segment_id", "start", "end"]].assign(
        category="shipping", category_score=0.9, sentiment="negative", sentiment_score=-0.8
    )
    store.write(ASPECTS, aspects, part=part, stamp=part)
    store.finish_ingest({"ingest": part[:4], "parts": [part]})
    return reopen(root, settings, as_of=as_of)


def reopen(root, settings, *, as_of=dt.date(2026, 3, 9)):
    """Open another run over the same output."""
    run = Run(store=Store(str(root)), settings=settings, inputs=[], as_of=as_of)
    run.__dict__["code"] = "as tested"  # whoever edits a file while tests run changes nothing here
    run.model("encoder", lambda: SimpleNamespace(name="invented"))
    return run


def clauses(theme, count, part):
    ids = [f"{theme}{part}{i:03}" for i in range(count)]
    texts = [f"{FORMS[theme][i % 3]} {i}" for i in range(count)]
    return pd.DataFrame(
        {
            "segment_id": [f"{one}:0" for one in ids], "feedback_id": ids, "position": 0, "start": 0,
            "end": [len(text) for text in texts], "text": texts, "language": "en",
            "text_id": [f"{theme}-{part}-{i:03}" for i in range(count)],
        }
    )  # fmt: skip


def vectors_of(texts):
    rows = []
    for text_id, text in zip(texts["text_id"], texts["text"], strict=True):
        theme, _, rest = text_id.partition("-")
        rng = np.random.default_rng(list(rest.encode()))
        centre = np.eye(WIDTH)[AXES[theme]]
        if "wrong" in text:  # lies apart within its theme
            centre = centre + 0.1 * np.eye(WIDTH)[20]
        rows.append(centre + 0.4 * rng.normal(size=WIDTH) / np.sqrt(WIDTH))
    matrix = np.array(rows, dtype=np.float32)
    return matrix / np.linalg.norm(matrix, axis=1, keepdims=True)


def feedback(segments, day):
    rows = segments[["feedback_id", "text"]].assign(
        created_at=pd.Timestamp(day, tz="UTC"), version_id="v", stream="s", source="invented.csv",
        source_format="csv", source_kind="review", row=range(1, len(segments) + 1), is_own=True,
    )  # fmt: skip
    return rows.assign(**{f.name: None for f in FEEDBACK.columns if f.name not in rows and f.nullable})


def topics_of(run):
    """Give label and size by theme word."""
    return run.store.read(TOPICS).to_pandas().set_index("topic_id")


def events_of(run):
    return run.store.read(TOPIC_EVENTS).to_pandas()


def members_of(run):
    from data.schema import MEMBERS

    tables = [run.store.read(MEMBERS, part) for part in run.parts()]
    return pa.concat_tables(tables).to_pandas()


def topic_of(run, theme):
    own = members_of(run)
    return own.loc[own["segment_id"].str.startswith(theme), "topic_id"].mode().iloc[0]
