"""Cases found now, cases known, what people wrote and what tickets say -> CASES: state and owner kept."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.compute as pc

from data.schema import CASES
from reports.cases.desk import Edit
from reports.cases.find import CaseRules, case_id_of

OPEN, WORKING, DONE, DROPPED = "open", "working", "done", "dropped"
CLOSED = (DONE, DROPPED)
FROM_TICKET, FROM_DESK, FROM_VOC = "ticket", "desk", "voc"
FACTS = ("feedback_id", "customer_key", "source", "source_kind", "language", "comment_date", "reason", "nps",
         "rating", "issue", "value", "urgency")  # fmt: skip


def keep_cases(
    found: pd.DataFrame, known: pa.Table, tickets: pa.Table, *, edits: Sequence[Edit], as_of: date
) -> pd.DataFrame:
    """Bring the cases of today together with those of earlier runs.

    A customer has one open case at most: a newer comment makes it more pressing, it opens no second one.
    After it was closed, only a newer comment opens another. A ticket of the customer that came after the
    comment says how far the case is, unless somebody wrote that into cases.csv: people have the last word.

    Args:
        found: what `find_cases` gives.
        known: CASES of the last run; may be empty.
        tickets: TICKETS; may be empty.
        edits: state, owner and note from cases.csv.
        as_of: day of the report.

    Returns:
        One row per case, for `rank_cases`.
    """
    cases: list[dict[str, Any]] = known.to_pylist()
    written = {edit.case_id: edit for edit in edits}
    by_person: dict[str, list[dict[str, Any]]] = {}
    for case in cases:
        by_person.setdefault(case["person"], []).append(case)
        if case["case_id"] in written:
            _edit(case, written[case["case_id"]])
    for row in found.to_dict("records"):
        opened = _enter({str(k): v for k, v in row.items()}, by_person.setdefault(row["person"], []), as_of)
        cases += opened
    _take_tickets(by_person, tickets)
    return pd.DataFrame(cases, columns=CASES.columns.names)


def _edit(case: dict[str, Any], edit: Edit) -> None:
    if edit.state != case["state"]:
        case["state_from"] = FROM_DESK
    case |= {"owner": edit.owner, "note": edit.note, "state": edit.state}


def _enter(row: dict[str, Any], mine: list[dict[str, Any]], as_of: date) -> list[dict[str, Any]]:
    """Enter what was found into the cases of its customer; give the case that it opens, if any."""
    facts = {name: None if pd.isna(row[name]) else row[name] for name in FACTS}
    if any(case["last_comment_date"] >= row["comment_date"] for case in mine if case["state"] in CLOSED):
        return []
    still_open = [case for case in mine if case["state"] not in CLOSED]
    if still_open:
        # What was most pressing stays until something more pressing comes, or the same again.
        told = (still_open[0]["urgency"], still_open[0]["comment_date"])
        if (np.float32(facts["urgency"]), facts["comment_date"]) > (np.float32(told[0]), told[1]):
            still_open[0] |= facts
        still_open[0]["last_comment_date"] = max(still_open[0]["last_comment_date"], row["comment_date"])
        return []
    case = dict.fromkeys(CASES.columns.names) | facts
    case |= {"case_id": case_id_of(row["person"], row["feedback_id"]), "person": row["person"]}
    case |= {
        "opened_date": as_of,
        "state": OPEN,
        "state_from": FROM_VOC,
        "last_comment_date": row["comment_date"],
    }
    mine.append(case)
    return [case]


def _take_tickets(by_person: dict[str, list[dict[str, Any]]], tickets: pa.Table) -> None:
    for prefix, key in (("c", "customer_key"), ("o", "order_key")):
        wanted = pa.array(sorted(p[1:] for p in by_person if p[0] == prefix), pa.string())
        mine = tickets.filter(
            pc.and_(pc.is_in(tickets[key], value_set=wanted), pc.is_valid(tickets["created_at"]))
        )
        frame = mine.select([key, "created_at", "resolved_at"]).to_pandas()
        for person, rows in frame.groupby(key, sort=True):
            for case in by_person[f"{prefix}{person}"]:
                _take_state(case, rows)


def _take_state(case: dict[str, Any], tickets: pd.DataFrame) -> None:
    if case["state"] in CLOSED or case["state_from"] == FROM_DESK:
        return
    later = tickets[tickets["created_at"].dt.date >= case["comment_date"]]
    if len(later):
        solved = bool(later["resolved_at"].notna().all())
        case |= {"state": DONE if solved else WORKING, "state_from": FROM_TICKET}


def rank_cases(cases: pd.DataFrame, *, as_of: date, rules: CaseRules) -> pa.Table:
    """Set deadlines and order: urgency times worth among the open cases, then the closed ones.

    Args:
        cases: what `keep_cases` gives.
        as_of: day of the report.
        rules: section [cases].

    Returns:
        CASES, the most pressing open case first; those that everybody forgot are left out.
    """
    last = as_of - timedelta(days=rules.forget_days)
    frame = cases[np.array([day >= last for day in cases["comment_date"]], dtype=bool)].copy()
    value = frame["value"].astype(float)
    rank = value.rank(pct=True).fillna(0.5)  # nobody's worth known: the middle
    frame["priority_score"] = frame["urgency"].astype(float) * (1 + rank) / 2
    dear = (rank >= 1 - rules.dear_share) & value.notna()
    wait = frame["reason"].map(dict(rules.due_days)).astype(float).to_numpy()
    wait = np.where(dear, np.minimum(wait, rules.dear_due_days), wait)
    due = [day + timedelta(days=int(n)) for day, n in zip(frame["opened_date"], wait, strict=True)]
    frame["due_date"] = pd.Series(due, index=frame.index, dtype=object)
    is_open = ~frame["state"].isin(CLOSED)
    frame["is_overdue"] = is_open & np.array([day < as_of for day in frame["due_date"]], dtype=bool)
    by = ["closed", "priority_score", "due_date", "case_id"]
    ordered = frame.assign(closed=~is_open).sort_values(by, ascending=[True, False, True, True])
    ordered["priority"] = np.arange(1, len(ordered) + 1)
    for name in ("rating", "value"):
        ordered[name] = ordered[name].astype("Float64")
    ordered["nps"] = ordered["nps"].astype("Float64").astype("Int8")
    return CASES.to_arrow(ordered.drop(columns="closed"))
