"""What changed since the period before, in sentences that say how sure we are."""

from __future__ import annotations

import math

import pandas as pd

from data.schema import OTHER
from reports.sections.alerts import open_alerts, told
from reports.sections.shared.blocks import Finding, Findings, Section
from reports.sections.shared.measures import net_promoter_measure
from reports.sections.shared.phrases import before, good_if, issue_name, tone, topic_labels
from reports.sections.shared.view import View
from reports.sections.shared.window import Level, levels
from reports.sections.shared.words import isolated
from reports.sections.topics import new_topics

MOST_RISES, MOST_FALLS = 3, 2


def show_headlines(view: View) -> Section | None:
    """Write the few sentences that a manager reads first."""
    if not view.total(view.kind, view.window.now):
        return None
    findings = [_mood(view), *_score(view), *_worst(view), *_alerts(view), *_themes(view)]
    return Section("headlines", view.words("headlines.title"), (Findings(tuple(findings)),))


def negative_level(view: View, kind: str) -> Level:
    """Compare the share of negative comments of one kind with the period before."""
    now, past = view.score_sums(kind, view.window.now), None
    if view.window.before:
        sums = view.score_sums(kind, view.window.before)
        past = ([sums["negative_count"]], [sums["comment_count"]])
    return levels(([now["negative_count"]], [now["comment_count"]]), past)[0]


def _mood(view: View) -> Finding:
    words, level = view.words, negative_level(view, view.kind)
    comments = words.count("count.comments", level.total)
    share = words.share(level.share, 1)
    if math.isnan(level.change):
        return Finding(words("headlines.negative_alone", share=share, comments=comments), link="tiles")
    key = "headlines.negative_up" if level.rises else "headlines.negative_down"
    if round(abs(100 * level.change), 1) == 0:
        key = "headlines.negative_same"
    points = words.number(abs(100 * level.change), 1)
    text = words(key, share=share, comments=comments, points=points, before=before(view))
    return Finding(text, words(f"sure.{level.sureness}"), tone(level), link="tiles")


def _score(view: View) -> list[Finding]:
    measure = net_promoter_measure(view, view.kind)
    if measure is None:
        return []
    words = view.words
    nps = words.signed(measure.value)
    if math.isnan(measure.change):
        return [Finding(words("headlines.nps_alone", nps=nps), link="scores")]
    rises = measure.change > 0
    is_clear = measure.sureness in ("sure", "likely")
    key = "headlines.nps_up" if rises else "headlines.nps_down"
    if round(abs(measure.change)) == 0:
        key = "headlines.nps_same"
    text = words(key, nps=nps, points=words.number(abs(measure.change)))
    return [Finding(text, words(f"sure.{measure.sureness}"), good_if(rises, clear=is_clear), link="scores")]


def _worst(view: View) -> list[Finding]:
    words = view.words
    compared = view.compared(view.kind, "category")
    compared = compared[compared["key"] != OTHER]
    if compared.empty or not compared["negative_count"].iloc[0]:
        return []
    first = compared.iloc[0]
    name, share = view.category_name(first["key"]), words.share(first["level"].share, 1)
    worst = Finding(words("headlines.worst", category=name, share=share), link="friction")
    moved = _moved(view, compared, rises=True)[:MOST_RISES] + _moved(view, compared, rises=False)[:MOST_FALLS]
    if not moved and view.window.before:
        moved = [Finding(words("headlines.steady"), link="friction")]
    return [worst, *moved]


def _moved(view: View, compared: pd.DataFrame, *, rises: bool) -> list[Finding]:
    words = view.words
    moved = [
        (level, key)
        for level, key in zip(compared["level"], compared["key"], strict=True)
        if level.sureness in ("sure", "likely") and level.rises == rises
    ]
    moved.sort(key=lambda pair: (pair[0].sureness != "sure", -abs(pair[0].change), pair[1]))
    return [
        Finding(
            words(
                "headlines.rose" if rises else "headlines.fell",
                category=view.category_name(key),
                was=words.share(level.share - level.change, 1),
                share=words.share(level.share, 1),
            ),
            words(f"sure.{level.sureness}"),
            tone(level),
            link="friction",
        )
        for level, key in moved
    ]


def _alerts(view: View) -> list[Finding]:
    words, alerts = view.words, open_alerts(view)
    if not alerts:
        return [Finding(words("headlines.no_alerts"), tone="good", link="alerts")]
    first = alerts[0]
    values = told(view, first)
    text = words(
        "headlines.alerts" if values["span"] else "headlines.alerts_undated",
        alerts=words.count("count.alerts", len(alerts)),
        issue=issue_name(view, first["issue"], topic_labels(view)),
        found=values["found"], days=values["days"], expected=values["expected"], span=values["span"],
    )  # fmt: skip
    return [Finding(text, tone="bad", link="alerts")]


def _themes(view: View) -> list[Finding]:
    fresh = new_topics(view)
    if not fresh:
        return []
    largest = max(fresh, key=lambda topic: (topic["size"], topic["topic_id"]))
    themes = view.words.count("count.themes", len(fresh))
    return [
        Finding(
            view.words("headlines.themes", themes=themes, label=f"“{isolated(largest['label'])}”"),
            link="topics",
        )
    ]
