"""Joins real reviews to real orders, and asks whether the delay explains the complaints about delivery.

    VOC_DATA=... python -m benchmarks.operations

Reads the Olist tables (olist_*.parquet) of the folder VOC_DATA with the readers of `voc run`, nothing named.
Prints the share of reviews that join, and, by days of delay, the share of joined reviews with a complaint
about delivery (by words) and with one or two stars.
"""

from __future__ import annotations

import os
import tempfile
from datetime import date
from pathlib import Path

import pandas as pd

from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.operations import OPERATION_TABLES, count_joins
from data.schema import FEEDBACK, ORDERS
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run
from flows.settings import load_settings

TABLES = ("reviews", "orders", "order_items", "payments", "customers")
# a complaint about delivery in the words of Brazilian customers, for measuring only
DELIVERY = (
    r"n[aã]o (?:foi )?(?:recebi|chegou|entreg|veio)|atras|demor|prazo|entrega|aguardando|cad[eê] (?:o )?meu"
)
BINS = [-1000, -1, 0, 3, 7, 14, 1000]
NAMES = ["early", "on the day", "1-3 late", "4-7 late", "8-14 late", "over 14 late"]


def main() -> None:
    """Print the tables."""
    folder = Path(os.environ.get("VOC_DATA", "../shared/data"))
    with tempfile.TemporaryDirectory() as out:
        store = read_all(folder, out)
        operations = {name: store.read(table) for name, table in OPERATION_TABLES.items()}
        names = ["feedback_id", "source", "customer_key", "order_key", "text", "rating"]
        comments = store.read_all(FEEDBACK, store.finished_parts(), names)
    print(count_joins([comments], operations).to_pandas().to_string(index=False))
    orders = operations[ORDERS.name].to_pandas()
    print(f"\n{len(orders)} orders; filled: {orders.notna().mean().round(3).to_dict()}")
    explain(comments.to_pandas().merge(orders, on="order_key", how="inner"))


def read_all(folder: Path, out: str) -> Store:
    """Read the Olist tables into a store, as a run would."""
    settings, store = load_settings(), Store(out)
    run = Run(store=store, settings=settings, inputs=[], as_of=None)
    inputs = expand_inputs([str(folder / f"olist_{name}.parquet") for name in TABLES])
    facts = ingest(inputs, store, plan=ingest_plan(run, latest=date(2026, 1, 1)))
    for name, why in facts.failed:
        print(f"refused {name}: {why}")
    return store


def explain(joined: pd.DataFrame) -> None:
    """Print complaints by delay, and how strongly the two go together."""
    joined["complains"] = joined["text"].str.contains(DELIVERY, case=False, regex=True)
    joined["is_bad"] = joined["rating"] <= 2
    late = pd.cut(joined["delay_days"].astype("float64"), BINS, labels=NAMES).astype(object)
    late[joined["delay_days"].isna()] = "not delivered"
    shares = joined.groupby(late)[["complains", "is_bad"]].agg(["mean", "size"])
    print(
        shares.loc[[name for name in [*NAMES, "not delivered"] if name in shares.index]].round(3).to_string()
    )
    known = joined[joined["delay_days"].notna()]
    days = known["delay_days"].astype("float64")
    for name in ("complains", "is_bad"):
        together = days.corr(known[name].astype(float), method="spearman")
        print(f"Spearman of delay_days with {name}: {together:.3f}")
    is_late = days > 0
    odds = [known.loc[flag, "is_bad"].mean() for flag in (is_late, ~is_late)]
    print(f"one or two stars: {odds[0]:.1%} of late orders, {odds[1]:.1%} of the others")


if __name__ == "__main__":
    main()
