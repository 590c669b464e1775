"""TOPICS and the tables around them -> topics.html: opens from disk, on a phone, asks nothing of anyone."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from data.schema import OTHER, TOPIC_CENTROIDS, to_matrix
from reports.drawing.templating import make_environment, own_text, source_hash
from reports.sections.shared.words import Words
from reports.topic_map.layout import place_circles

_SIDE = 1000  # units of the map's viewBox
_LABELLED = 0.03  # radius from which a circle has room for a name
_LETTER = 0.011  # width of a letter of that name
_HAN = re.compile("[\u3400-\u9fff]")
_MOST_TOPICS = 600  # 2 MB of page; the rest is in the tables
_GREY = "hsl(0 0% 45%)"
_LANGUAGES = 4  # named per topic


@dataclass(frozen=True)
class MapOptions:
    """What one map is drawn with.

    Attributes:
        language: of the page's own words.
        categories: display name of each category in that language.
        comments: examples shown per topic.
        comment_length: characters of each.
    """

    language: str
    categories: Mapping[str, str] = field(default_factory=dict)
    comments: int = 3
    comment_length: int = 300


def draw_topic_map(tables: Mapping[str, pa.Table], *, options: MapOptions) -> str:
    """Draw the map and the tree of topics.

    Args:
        tables: by name: topics, topic_languages, category_topics; topic_centroids where there are topics; and
            segments: segment_id, text and language of the topics' examples (masked text).
        options: words and amounts.

    Returns:
        One HTML file; it works without scripts, and none but its own may run.
    """
    words = Words(options.language)
    topics = tables["topics"].to_pandas().sort_values(["size", "topic_id"], ascending=[False, True])
    topics = topics.head(_MOST_TOPICS).reset_index(drop=True)
    shown = _topics(topics, tables, options=options, words=words)
    categories = _categories(shown, tables["category_topics"].to_pandas(), options=options)
    colours = {category["id"]: category["colour"] for category in categories}
    style, script = own_text("topic_map.css"), own_text("topic_map.js")
    return make_environment().get_template("topic_map.html").render(
        words=words, side=_SIDE, categories=categories, count=len(topics), colours=colours,
        topics=_circles(shown, topics, tables.get("topic_centroids", TOPIC_CENTROIDS.empty())),
        style=Markup(style), style_hash=Markup(source_hash(style)),  # noqa: S704 - our own files
        script=Markup(script), script_hash=Markup(source_hash(script)),  # noqa: S704
    )  # fmt: skip


def _topics(
    topics: pd.DataFrame, tables: Mapping[str, pa.Table], *, options: MapOptions, words: Words
) -> list[dict[str, Any]]:
    languages = _by_topic(tables["topic_languages"].to_pandas(), words)
    segments = tables["segments"].to_pandas().set_index("segment_id")
    rows = []
    for row in topics.to_dict("records"):
        ids = [one for one in row["example_ids"] if one in segments.index][: options.comments]
        rows.append(
            {
                "id": row["topic_id"], "label": row["label"], "language": row["label_language"],
                "size": words.number(row["size"]), "segments": int(row["size"]), "category": row["category"],
                "category_share": words.share(row["category_share"]), "keywords": list(row["keywords"]),
                "languages": languages.get(row["topic_id"], []), "days": _days(row, words),
                "is_pinned": bool(row["is_pinned"]), "is_muted": bool(row["is_muted"]),
                "comments": [
                    (_cut(segments["text"][one], options.comment_length), segments["language"][one])
                    for one in ids
                ],
            }
        )  # fmt: skip
    return rows


def _by_topic(languages: pd.DataFrame, words: Words) -> dict[str, list[str]]:
    ranked = languages.sort_values(["topic_id", "segment_count", "language"], ascending=[True, False, True])
    return {
        str(topic_id): [
            f"{words.language_name(code)} {words.share(share)}"
            for code, share in zip(own["language"], own["segment_share"], strict=True)
        ][:_LANGUAGES]
        for topic_id, own in ranked.groupby("topic_id")
    }


def _categories(
    shown: list[dict[str, Any]], explained: pd.DataFrame, *, options: MapOptions
) -> list[dict[str, Any]]:
    """Group topics by category, the largest first; each category has a colour of its own."""
    words = Words(options.language)
    sizes: dict[str, int] = {}
    for topic in shown:
        sizes[topic["category"]] = sizes.get(topic["category"], 0) + topic["segments"]
    share = dict(zip(explained["category"], explained["explained_share"], strict=True))
    ranked = sorted(sizes, key=lambda category: (category == OTHER, -sizes[category], category))
    return [
        {
            "id": category, "name": options.categories.get(category, category),
            "colour": _GREY if category == OTHER else f"hsl({round(position * 137.5) % 360} 55% 40%)",
            "explained": words.share(share[category]) if category in share else None,
            "topics": [topic for topic in shown if topic["category"] == category],
        }
        for position, category in enumerate(ranked)
    ]  # fmt: skip


def _circles(shown: list[dict[str, Any]], topics: pd.DataFrame, centroids: pa.Table) -> list[dict[str, Any]]:
    first = centroids.to_pandas()[["topic_id"]].drop_duplicates("topic_id")
    rows = pd.Series(first.index, index=first["topic_id"])
    known = [topic for topic in shown if topic["id"] in rows.index]
    if not known:
        return []
    matrix = to_matrix(centroids["centroid"])[rows[[topic["id"] for topic in known]].to_numpy()]
    sizes = topics.set_index("topic_id")["size"][[topic["id"] for topic in known]].to_numpy(dtype=np.int64)
    points, radii = place_circles(matrix, sizes)
    return [
        topic
        | {
            "x": round(float(x) * _SIDE, 1), "y": round(float(y) * _SIDE, 1), "r": round(float(r) * _SIDE, 1),
            "name": _short(topic["label"], float(r)),
        }
        for topic, (x, y), r in zip(known, points, radii, strict=True)
    ]  # fmt: skip


def _short(label: str, radius: float) -> str:
    """Give as much of a label as fits into its circle; nothing in a small one."""
    if radius < _LABELLED:
        return ""
    wide = 2 if _HAN.search(label) else 1
    letters = int(2 * radius / _LETTER / wide)
    return label if len(label) <= letters else label[: max(letters - 1, 1)].rstrip() + "…"


def _days(row: Mapping[Any, Any], words: Words) -> str:
    if row["first_seen"] is None or pd.isna(row["first_seen"]):
        return ""
    return words.span(row["first_seen"], row["last_seen"])


def _cut(text: str, length: int) -> str:
    return text if len(text) <= length else text[: length - 1].rstrip() + "…"
