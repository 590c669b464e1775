"""Tables -> one self-contained HTML page: opens from disk or from mail, asks nothing of any other computer.

The page works without scripts. A strict Content-Security-Policy lets only its own style and script run, each
known by its hash: markup inside a comment stays text, and could not run if it did not.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date
from typing import Any

import pandas as pd
import pyarrow as pa
from markupsafe import Markup

from data.schema import ALL, EMPLOYEE
from reports.drawing.templating import make_environment, own_text, source_hash
from reports.editions import Edition, draw_letter, draw_lines
from reports.rules import PageRules
from reports.sections.alerts import shown_alerts
from reports.sections.evidence import behind_alerts
from reports.sections.find import find_section
from reports.sections.shared.blocks import Section
from reports.sections.shared.phrases import before, period
from reports.sections.shared.quotes import collect
from reports.sections.shared.view import View, cut_to_window
from reports.sections.shared.words import Words

NEEDED = (
    "documents", "aspects", "members", "topics", "friction_summary", "score_summary",
    "counts", "alerts", "inputs", "rejected",
)  # fmt: skip
# tables that only some runs have, whose example_ids are all shown
WITHOUT_COMMENTS = ("quality", "reading")  # sections of a page that has no comments at all
QUOTING = ("drivers", "actions", "segment_lift", "competitors")
_SCRIPTS = ("theme", "sort", "filter", "take", "correct", "explore", "folds")
_STARTS = (
    "Theme",
    "Explore",
    "Sorting",
    "Filter",
    "Taking",
    "Folds",
)  # the explorer fills what others then serve


@dataclass(frozen=True)
class PageOptions:
    """What one page is about.

    Attributes:
        as_of: day of the report; no later week is spoken of.
        rules: how much is shown, and in which language.
        categories: display name of each category, in the page's language.
        facts: about the run, in words: label and value.
    """

    as_of: date
    rules: PageRules
    categories: Mapping[str, str] = field(default_factory=dict)
    facts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Report:
    """One report in its editions.

    Attributes:
        page: the whole, one HTML file.
        letter: for e-mail, HTML with inline styles.
        lines: for a chat, Markdown.
    """

    page: str
    letter: str
    lines: str


def draw_report(tables: Mapping[str, pa.Table], *, options: PageOptions) -> Report:
    """Draw the report.

    Args:
        tables: by name, as declared in data/schema.py: documents, aspects, members, topics, friction_summary,
            score_summary, counts, alerts, inputs and rejected; any may be empty. Those that only some runs
            have, as drivers or cases, may be absent: their sections are left out.
        options: day, language, names and limits.

    Returns:
        The report, UTF-8 texts without a byte order mark.

    Raises:
        ValueError: when a table is absent, or the rules name a section or language that does not exist.
    """
    check_rules(options.rules)
    absent = [name for name in NEEDED if name not in tables]
    if absent:
        raise ValueError(f"the page needs the tables {', '.join(NEEDED)}; absent: {', '.join(absent)}")
    view = _view(tables, options)
    sections = _sections(view)
    short = [section for section in sections if section.name in options.rules.letter_sections]
    rows = options.rules.letter_rows
    edition = Edition(_title(view), _subtitle(view), view.words.day(view.as_of), view.words, rows)
    return Report(
        page=_render(view, sections),
        letter=draw_letter(edition, short, environment=make_environment()),
        lines=draw_lines(edition, short),
    )


def draw_past(days: Mapping[str, date], *, language: str) -> str:
    """Draw the list of past reports.

    Args:
        days: file name -> day of the report; shown newest first.
        language: of the page's words.
    """
    words, style = Words(language), own_text("style.css")
    listed = sorted(days.items(), key=lambda item: item[1], reverse=True)
    return make_environment().get_template("past.html").render(
        words=words, days=[(name, words.day(day)) for name, day in listed],
        style=Markup(style), style_hash=Markup(source_hash(style)),  # noqa: S704 - our own file
    )  # fmt: skip


def _title(view: View) -> str:
    return view.words("page.title_employee" if view.kind == EMPLOYEE else "page.title")


def check_rules(rules: PageRules) -> None:
    """Refuse a language or a section that the page does not have.

    Raises:
        ValueError: naming what there is.
    """
    Words(rules.language, currency=rules.currency)
    for name in (*rules.sections, *rules.open_sections, *rules.letter_sections):
        find_section(name)


def _view(tables: Mapping[str, pa.Table], options: PageOptions) -> View:
    rules, words = options.rules, Words(options.rules.language, currency=options.rules.currency)
    window, kind, friction, scores = cut_to_window(
        tables["friction_summary"], tables["score_summary"], as_of=options.as_of, rules=rules
    )
    alerts = shown_alerts(tables["alerts"].to_pylist(), most=rules.alerts)
    behind = behind_alerts(alerts, tables, limit=rules.alert_comments, min_group=rules.min_group)
    ids = {
        *_example_ids(friction, window.now),
        *(one for many in behind.values() for one in many),
        *(one for name in QUOTING if name in tables for one in _all_examples(tables[name])),
        *_of_cases(tables, rules.cases),
    }
    quotes = collect(tables["documents"], tables["aspects"], ids, words=words, length=rules.comment_length)
    return View(
        words=words, rules=rules, tables=tables, window=window, kind=kind, friction=friction, scores=scores,
        quotes=quotes, categories=options.categories, as_of=options.as_of, behind=behind, facts=options.facts,
    )  # fmt: skip


def _example_ids(friction: pd.DataFrame, weeks: tuple[date, ...]) -> Iterable[str]:
    rows = friction[friction["period_start"].isin(list(weeks))] if weeks else friction
    rows = rows[(rows["category"] == ALL) | (rows["topic_id"] == ALL)]
    return (str(one) for many in rows["example_ids"] for one in many)


def _all_examples(table: pa.Table) -> Iterable[str]:
    return (str(one) for many in table["example_ids"].to_pylist() for one in many)


def _of_cases(tables: Mapping[str, pa.Table], most: int) -> Iterable[str]:
    """Give the comments of the cases that are shown."""
    if "cases" not in tables:
        return ()
    return (str(one) for one in tables["cases"].sort_by("priority").slice(0, most)["feedback_id"].to_pylist())


def _sections(view: View) -> list[Section]:
    drawn = (find_section(name)(view) for name in view.rules.sections if _has_ground(view, name))
    return [section for section in drawn if section is not None]


def _has_ground(view: View, name: str) -> bool:
    """Say whether a section has anything to stand on: of no comments, only what was read can be told."""
    return bool(view.tables["documents"].num_rows) or name in WITHOUT_COMMENTS


def _render(view: View, sections: list[Section]) -> str:
    words = view.words
    style, script = own_text("style.css"), _script()
    return make_environment().get_template("page.html").render(
        words=words, sections=sections, title=_title(view), subtitle=_subtitle(view),
        day=words.day(view.as_of),
        style=Markup(style), style_hash=Markup(source_hash(style)),  # noqa: S704 - our own files
        script=Markup(script), script_hash=Markup(source_hash(script)),  # noqa: S704
        **_folded(view, sections), **_choices(view),
    )  # fmt: skip


def _subtitle(view: View) -> str:
    words = view.words
    if not view.total(view.kind, view.window.now):
        return words("page.empty")
    if not view.window.before:
        return period(view)
    return words("page.subtitle", span=period(view), before=before(view))


def _folded(view: View, sections: list[Section]) -> dict[str, Any]:
    """Say which sections are folded, above which of them the rest begins, and whether comments are quoted."""
    is_open = view.rules.open_sections if view.tables["documents"].num_rows else WITHOUT_COMMENTS
    folded = [section.name for section in sections if section.name not in is_open]
    return {
        "folded": folded,
        "rest_from": folded[0] if folded else "",
        "has_comments": bool(view.quotes.rows),
    }


def _choices(view: View) -> dict[str, Any]:
    """Give the kinds and languages that the comments on the page can be filtered by."""
    rows = view.quotes.rows.values()
    kinds = sorted({str(row["source_kind"]) for row in rows})
    languages = sorted({str(row["language"]) for row in rows})
    return {
        "kinds": [(kind, view.kind_name(kind)) for kind in kinds],
        "languages": [(code, view.words.language_name(code)) for code in languages],
    }


def _script() -> str:
    parts = "".join(own_text(f"script/{name}.js") for name in _SCRIPTS)
    starts = "".join(f"start{name}();\n" for name in _STARTS)
    return f'\n"use strict";\n(function () {{{parts}\n{starts}}}());\n'
