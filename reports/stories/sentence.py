"""An alert in one or two sentences, in the language of the page; every number can be checked."""

from __future__ import annotations

from typing import Any

from data.schema import ALL
from reports.explain import DisplayNames
from reports.sections.shared.words import Words, isolated
from reports.stories.evidence import Row, window_of

SMALL = 10  # expected numbers below are told with a decimal
TOLD_DIFFERENCES = 2  # the others are in the details


def tell(row: Row, details: dict[str, Any], *, words: Words, names: DisplayNames) -> str:
    """Say what was found, what was expected, since when, what differs, and what is at stake.

    Args:
        row: a row of ALERTS, stakes filled in.
        details: what ALERTS.details will hold.
        words: the language.
        names: what issues are called.

    Returns:
        Sentences, separated by a space.
    """
    where = {"issue": names.issue(row["issue"]), "told": tell_peak(row, words=words)}
    if row["segment"] == ALL:
        first = words("story.whole", **where)
    else:
        first = words("story.part", segment=name_segment(row["segment"], words=words), **where)
    parts = [first, words("story.began", day=words.day(row["began_date"]))]
    return " ".join([*parts, *tell_stakes(row, details, words=words)])


def tell_stakes(row: Row, details: dict[str, Any], *, words: Words) -> list[str]:
    """Say who complains more often than usual, and which customers, money and score points are behind it."""
    return [*_differs(details, words), *_stakes(row, details, words)]


def name_segment(segment: str, *, words: Words) -> str:
    """Name a segment: everywhere, or column and value."""
    dimension, equals, value = segment.partition("=")
    if not equals:
        return words("alerts.everywhere") if segment == ALL else isolated(segment)
    return f"{name_column(dimension, words=words)} {_name_value(dimension, value, words)}"


def name_column(column: str, *, words: Words) -> str:
    """Name a column of the comments."""
    key = f"dimension.{column}"
    return words(key) if words.has(key) else column.removeprefix("input_").replace("_", " ")


def _name_value(column: str, value: str, words: Words) -> str:
    if column == "language":
        return words.language_name(value)
    key = f"kind.{value}"
    return words(key) if column == "source_kind" and words.has(key) else isolated(value)


def tell_peak(row: Row, *, words: Words) -> str:
    """Say what was found in the days of the strongest evidence, and what was expected there."""
    first, last = window_of(row)
    values = {
        "found": words.count("count.complaints", row["n"]),
        "days": words.count("count.days", row["window_days"]),
        "span": words.span(first, last),
    }
    if row["kind"] == "new" and row["expected"] < 1:
        return words("story.never", **values)
    digits = 1 if row["expected"] < SMALL else 0
    expected, ratio = words.number(row["expected"], digits), words.number(row["ratio"], 1)
    return words("alerts.told", expected=expected, ratio=ratio, **values)


def _differs(details: dict[str, Any], words: Words) -> list[str]:
    values = [
        words(
            "story.value",
            column=name_column(one["column"], words=words),
            value=_name_value(one["column"], one["value"], words),
            lift=words.number(one["lift"], 1),
        )
        for one in details["differs"][:TOLD_DIFFERENCES]
    ]
    return [words("story.differs", values=", ".join(values))] if values else []


def _stakes(row: Row, details: dict[str, Any], words: Words) -> list[str]:
    told = []
    if row["customer_count"]:
        customers = words.count("story.customers", row["customer_count"])
        worth = row["customer_value"]
        key = "story.no_worth" if worth is None else "story.worth"
        told.append(words(key, customers=customers, value=words.money(worth or 0.0)))
    if row["nps_points"] is not None and row["nps_points"] >= 1:
        told.append(words("story.nps", points=words.number(row["nps_points"], 1)))
    if "rate" in details:
        rate, usual = (words.number(details[name], 1) for name in ("rate", "usual_rate"))
        told.append(words("story.rate" if "orders" in details else "story.active", rate=rate, usual=usual))
    if "share" in details:
        share, usual = (words.share(details[name], 1) for name in ("share", "usual_share"))
        told.append(words("story.share", share=share, usual=usual))
    return told
