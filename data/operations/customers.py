"""RAW customers -> CUSTOMERS: one row per customer, the id hashed."""

from __future__ import annotations

import pandas as pd

from data.operations.facts import Keying, day_of, last_words, yes_or_no

# States of a customer in the words of tools, without case; a cell that begins with one of them.
GONE = (
    "churn", "cancel", "closed", "left", "lapsed", "lost", "attrited", "inactive", "terminated", "former",
    "expired", "abbandon", "disdett", "cessat", "inattiv", "perso", "odszed", "rezygn", "nieaktywn", "był",
    "rozwiąz", "مغادر", "غير نشط", "ملغ", "流失", "已流失", "注销", "停用", "baja", "inactiv", "perdid",
    "gekündigt", "abgewandert", "inaktiv", "résili", "inactif", "perdu", "cancelad", "inativ",
)  # fmt: skip
STAYS = (
    "active", "existing", "current", "retained", "subscribed", "open", "renewed", "attiv", "aktywn", "نشط",
    "活跃", "正常", "activ", "aktiv", "actif", "ativ",
)  # fmt: skip


def build_customers(raw: pd.DataFrame, keying: Keying) -> pd.DataFrame:
    """Give every customer once; where a file holds one several times, the last row that says something wins.

    Args:
        raw: condensed RAW customers of one file, their ids hashed, none missing.
        keying: how labels are cleaned.

    Returns:
        CUSTOMERS, one row per customer.
    """
    customers = last_words(raw, "customer_id")
    return pd.DataFrame(
        {
            "customer_key": customers["customer_id"],
            "person_key": customers["person_id"],
            "value": customers["worth"].astype("float64"),
            "since_date": day_of(customers["since"]),
            "tenure_days": customers["tenure"].astype("float64"),
            "segment": keying.labels(customers["segment"]),
            "region": keying.labels(customers["region"]),
            "is_churned": _is_churned(customers),
            "churned_date": day_of(customers["churned_at"]),
            "order_count": customers["order_count"].where(lambda n: n >= 0).round().astype("Int32"),
        }
    )


def _is_churned(customers: pd.DataFrame) -> pd.Series:
    """Tell who has gone: a day of leaving, a yes, a state in words, or a no to being active."""
    churned, active = customers["churned"], customers["active"]
    state = churned.fillna(active).str.strip().str.casefold()
    gone = yes_or_no(churned).fillna(~yes_or_no(active))
    gone = gone.mask(gone.isna() & state.str.startswith(GONE).fillna(False), other=True)
    gone = gone.mask(gone.isna() & state.str.startswith(STAYS).fillna(False), other=False)
    return gone.mask(gone.isna() & customers["churned_at"].notna(), other=True)
