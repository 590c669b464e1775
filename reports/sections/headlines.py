"""The two minutes: how we are doing, what hurts and costs, what is new, did the fix work, whom to call."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import replace
from typing import Any

import pandas as pd

from data.schema import ALL, OTHER
from reports.sections.actions import told_shortly
from reports.sections.alerts import open_alerts, place_name, told
from reports.sections.customers.cases import waiting_cases
from reports.sections.drivers import costly_subjects, told_cost_of
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
    findings = [
        *_asked(view, "doing", [_mood(view), *_score(view)]),
        *_asked(view, "hurts", [*_worst(view), *_cost(view)]),
        *_asked(view, "new", [*_changes(view), *_alerts(view), *_themes(view)]),
        *_asked(view, "fixed", told_shortly(view)),
        *_asked(view, "call", _calls(view)),
    ]
    return Section("headlines", view.words("headlines.title"), (Findings(tuple(findings)),))


def _asked(view: View, question: str, findings: Iterable[Finding]) -> list[Finding]:
    return [replace(one, question=view.words(f"headlines.ask_{question}")) for one in findings]


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


def _subjects(view: View) -> pd.DataFrame:
    """Give the subjects, most complaints first; none when nobody complains of any."""
    compared = view.compared(view.kind, "category")
    compared = compared[compared["key"] != OTHER]
    return compared if len(compared) and compared["negative_count"].iloc[0] else compared.head(0)


def _worst(view: View) -> list[Finding]:
    compared = _subjects(view)
    if compared.empty:
        return []
    first = compared.iloc[0]
    name, share = view.category_name(first["key"]), view.words.share(first["level"].share, 1)
    return [Finding(view.words("headlines.worst", category=name, share=share), link="friction")]


def _cost(view: View) -> list[Finding]:
    """Name the subject that costs the score most, when chance does not explain its effect."""
    score, rows = costly_subjects(view)
    rows = rows[rows["effect_high"] < 0] if len(rows) else rows
    if rows.empty:
        return []
    words, row = view.words, rows.iloc[0].to_dict()
    told_cost = told_cost_of(view, score, row)
    if pd.notna(row["value_at_stake"]):
        customers = words.count("story.customers", int(row["customer_count"]))
        told_cost += " " + words("story.worth", customers=customers, value=words.money(row["value_at_stake"]))
    return [Finding(told_cost, tone="bad", link="drivers")]


def _changes(view: View) -> list[Finding]:
    compared = _subjects(view)
    if compared.empty or not view.window.before:
        return []
    moved = _moved(view, compared, rises=True)[:MOST_RISES] + _moved(view, compared, rises=False)[:MOST_FALLS]
    return moved or [Finding(view.words("headlines.steady"), link="friction")]


def _calls(view: View) -> list[Finding]:
    waiting = waiting_cases(view)
    if waiting.empty:
        return []
    words = view.words
    leaving, late = int((waiting["reason"] == "leaving").sum()), int(waiting["is_overdue"].sum())
    parts = [words.count("cases.waiting", len(waiting))]
    parts += [words.count("headlines.leaving", leaving)] if leaving else []
    parts += [words.count("cases.late", late)] if late else []
    most = view.rules.cases
    parts += [words("headlines.start", n=words.number(most))] if len(waiting) > most else []
    return [Finding(" ".join(parts), tone="bad" if late else "plain", link="cases")]


def _moved(view: View, compared: pd.DataFrame, *, rises: bool) -> list[Finding]:
    words = view.words
    moved = [
        (level, key)
        for level, key in zip(compared["level"], compared["key"], strict=True)
        if level.sureness in ("sure", "likely") and level.rises == rises
        # in the weeks where there were more of them, counted among as many comments as there are now
        if max(level.share, level.share - level.change) * level.total >= view.rules.headline_complaints
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
    key = "headlines.alerts" if values["span"] else "headlines.alerts_undated"
    text = words(key, alerts=words.count("count.alerts", len(alerts)), issue=_named(view, first), **values)
    found = [Finding(text, tone="bad", link="alerts")]
    since = view.window.first_day if view.window.weeks else view.as_of
    fresh = [alert for alert in alerts[1:] if alert["opened_date"] >= since]
    if fresh and first["opened_date"] < since:
        day = words.day(fresh[0]["opened_date"])
        newest = words("headlines.newest", day=day, issue=_named(view, fresh[0]), **told(view, fresh[0]))
        found.append(Finding(newest, tone="bad", link="alerts"))
    return found


def _named(view: View, alert: dict[str, Any]) -> str:
    """Name an alert: its issue, and where, unless it is everywhere."""
    issue = issue_name(view, alert["issue"], topic_labels(view))
    if alert["segment"] == ALL:
        return issue
    return view.words("alerts.where", issue=issue, segment=place_name(view, alert["segment"]))


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
