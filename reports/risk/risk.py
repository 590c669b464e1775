"""Customers, feedback and operations -> CHURN_MODELS, CUSTOMERS_AT_RISK."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from data.schema import CHURN_MODELS, CUSTOMERS_AT_RISK
from reports.facts.subjects import Subjects
from reports.facts.worth import Worth
from reports.risk.facts import Facts, Record, facts_on, read_record
from reports.risk.measures import auc, calibration, lift_at_top

WITH_TEXT, WITHOUT_TEXT = "with_text", "without_text"
TEXT = "text."
TOP = 0.1
Numbers = npt.NDArray[np.float64]
Bools = npt.NDArray[np.bool_]


@dataclass(frozen=True)
class RiskRules:
    """What section [risk] of the settings holds.

    Attributes:
        horizon_days: days ahead in which a customer leaves or not.
        step_days: days between the days on which the past is looked at.
        snapshots: how many such days, the last of them for the test.
        test_snapshots: days kept for the test: later than all that was learned from.
        look_back_days: days back that feedback and orders are summed over.
        min_left: customers who left, in learning and in test each, below which nothing is shown.
        strength: how freely the regression may weigh a fact (inverse of its penalty).
        min_auc: the forecast is shown from this area on.
        shown: customers listed.
        reasons: reasons named for each.
    """

    horizon_days: int
    step_days: int
    snapshots: int
    test_snapshots: int
    look_back_days: int
    min_left: int
    strength: float
    min_auc: float
    shown: int
    reasons: int


@dataclass(frozen=True)
class _Past:
    """Facts of many days below each other, and who left within the horizon."""

    values: Numbers
    left: Bools
    names: tuple[str, ...]


@dataclass(frozen=True)
class _Model:
    """A logistic regression on standardised facts."""

    columns: npt.NDArray[np.int64]
    mean: Numbers
    scale: Numbers
    weights: Numbers
    intercept: float

    def parts(self, values: Numbers) -> Numbers:
        """Give what each fact adds to the log odds: (n, f)."""
        return np.asarray((values[:, self.columns] - self.mean) / self.scale * self.weights)

    def risk(self, values: Numbers) -> Numbers:
        """Give the probability of leaving: (n,)."""
        return np.asarray(1 / (1 + np.exp(-(self.intercept + self.parts(values).sum(axis=1)))))


def find_customers_at_risk(
    documents: pa.Table,
    about: tuple[Subjects, Worth],
    operations: tuple[pa.Table, pa.Table, pa.Table],
    *,
    as_of: date,
    rules: RiskRules,
) -> tuple[pa.Table, pa.Table]:
    """Learn from who left before, test on later days, and list who is most at risk now.

    On each of several past days, what was known then is set against who left within the horizon. The model
    learns from the earlier days, and is tested on later ones whose outcome lies wholly after all that was
    learned. A second model that may not look at the words shows what they add.

    Args:
        documents: DOCUMENTS, n rows: our own customers'.
        about: what they speak of, and who is behind them, n comments.
        operations: CUSTOMERS, ORDERS, TICKETS.
        as_of: day of the report.
        rules: section [risk].

    Returns:
        CHURN_MODELS and CUSTOMERS_AT_RISK; both empty while too few customers are known to have left and
        when, the second one also while the model does not tell better than `min_auc`.
    """
    nothing = (
        CHURN_MODELS.to_arrow(CHURN_MODELS.empty()),
        CUSTOMERS_AT_RISK.to_arrow(CUSTOMERS_AT_RISK.empty()),
    )
    record = read_record(documents, about, operations)
    if record.customers["left"].notna().sum() < 2 * rules.min_left:
        return nothing
    early, late = _split(record, as_of, rules)
    if min(early.left.sum(), late.left.sum()) < rules.min_left or early.left.all() or late.left.all():
        return nothing
    is_text = np.array([name.startswith(TEXT) for name in early.names])
    plain = _fit(early, np.flatnonzero(~is_text), rules)
    model = _fit(early, np.arange(len(is_text)), rules)
    rows = [_tested(WITHOUT_TEXT, plain, early, late), _tested(WITH_TEXT, model, early, late)]
    table = CHURN_MODELS.to_arrow(pa.Table.from_pylist(rows, schema=CHURN_MODELS.columns))
    if rows[1]["auc"] < rules.min_auc:
        return table, nothing[1]
    return table, _list_now(
        model, record, facts_on(record, as_of + timedelta(days=1), days=rules.look_back_days), rules
    )


def _split(record: Record, as_of: date, rules: RiskRules) -> tuple[_Past, _Past]:
    """Give the earlier days to learn from, and the later ones for the test; their outcomes do not overlap."""
    last = as_of - timedelta(days=rules.horizon_days)
    days = [last - timedelta(days=rules.step_days * back) for back in range(rules.snapshots)]
    tested = days[: rules.test_snapshots]
    learned = [day for day in days if day + timedelta(days=rules.horizon_days) <= min(tested)]
    return _past(record, learned, rules), _past(record, tested, rules)


def _past(record: Record, days: list[date], rules: RiskRules) -> _Past:
    facts = [facts_on(record, day, days=rules.look_back_days) for day in sorted(days)]
    lefts = [_left_after(record, one, day, rules) for one, day in zip(facts, sorted(days), strict=True)]
    names = facts[0].names if facts else ()
    values = np.concatenate([one.values for one in facts]) if facts else np.zeros((0, 0))
    return _Past(values, np.concatenate(lefts) if lefts else np.zeros(0, dtype=bool), names)


def _left_after(record: Record, facts: Facts, day: date, rules: RiskRules) -> Bools:
    left = record.customers["left"].to_numpy()[facts.customers] - (day - date(1970, 1, 1)).days
    return np.asarray((left > 0) & (left <= rules.horizon_days))


def _fit(past: _Past, columns: npt.NDArray[np.int64], rules: RiskRules) -> _Model:
    from sklearn.linear_model import LogisticRegression  # takes a second to import  # noqa: PLC0415

    values = past.values[:, columns]
    mean, scale = values.mean(axis=0), values.std(axis=0)
    scale = np.where(scale > 1e-9, scale, 1.0)
    fitted = LogisticRegression(C=rules.strength, max_iter=500).fit((values - mean) / scale, past.left)
    return _Model(columns, mean, scale, fitted.coef_[0].astype(np.float64), float(fitted.intercept_[0]))


def _tested(name: str, model: _Model, early: _Past, late: _Past) -> dict[str, Any]:
    risk = model.risk(late.values)
    area, low, high = auc(risk, late.left)
    ratio, slope = calibration(risk, late.left)
    return {
        "model": name, "learned_count": len(early.left), "learned_left_count": int(early.left.sum()),
        "tested_count": len(late.left), "tested_left_count": int(late.left.sum()),
        "auc": area, "auc_low": low, "auc_high": high,
        "brier": float(((risk - late.left) ** 2).mean()),
        "expected_over_real": ratio, "calibration_slope": slope,
        "top_lift": lift_at_top(risk, late.left, share=TOP),
    }  # fmt: skip


def _list_now(model: _Model, record: Record, now: Facts, rules: RiskRules) -> pa.Table:
    risk, parts = model.risk(now.values), model.parts(now.values)
    value = record.customers["value"].to_numpy(dtype=float)[now.customers]
    order = np.argsort(-risk, kind="stable")[: rules.shown]
    names = np.array(now.names, dtype=object)[model.columns]
    rows = []
    for rank, at in enumerate(order, start=1):
        strongest = np.argsort(-parts[at], kind="stable")[: rules.reasons]
        known = not np.isnan(value[at])
        rows.append({
            "customer_key": record.customers["customer_key"].iloc[int(now.customers[at])],
            "rank": rank, "risk": float(risk[at]), "value": float(value[at]) if known else None,
            "value_at_risk": float(value[at] * risk[at]) if known else None,
            "reasons": [str(names[one]) for one in strongest if parts[at][one] > 0],
        })  # fmt: skip
    return CUSTOMERS_AT_RISK.to_arrow(pa.Table.from_pylist(rows, schema=CUSTOMERS_AT_RISK.columns))
