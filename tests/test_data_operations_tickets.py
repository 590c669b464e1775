"""RAW tickets -> TICKETS."""

import pandas as pd
import pytest
from source_reading import read_export

from data.operations import Keying, build_operations, condense
from data.schema import TICKETS

HEADER = "Ticket ID,Customer ID,Created at,First response at,Resolved at,Reopens,Channel,Status\n"


@pytest.fixture
def build(settings, tmp_path):
    def build_it(text, name="cases.csv"):
        path = tmp_path / name
        path.write_text(text, encoding="utf-8")
        found = read_export(path, settings)
        assert (found.export.content, found.export.source_kind) == ("tickets", None)
        rows, rejected = build_operations(
            condense(found.comments), content="tickets", keying=Keying(str.upper, list)
        )
        return TICKETS.to_arrow(rows).to_pandas().set_index("ticket_key"), rejected

    return build_it


def test_tickets_fill_their_table(build):
    table, rejected = build(
        HEADER
        + "t1,c1,2026-03-01 08:00,2026-03-01 09:30,2026-03-03 10:00,2,chat,solved\n"
        + "t2,c2,2026-03-02 08:00,,,0,phone,open\n"
        + ",c3,2026-03-02 08:00,,,0,phone,open\n"
    )
    assert table.loc["T1", "first_response_at"] == pd.Timestamp("2026-03-01 09:30", tz="UTC")
    assert table.loc["T1", "resolved_at"] == pd.Timestamp("2026-03-03 10:00", tz="UTC")
    assert table.loc["T1", ["customer_key", "channel", "status"]].tolist() == ["C1", "chat", "solved"]
    assert table["reopened_count"].tolist() == [2, 0]
    assert pd.isna(table.loc["T2", "resolved_at"])
    assert rejected[["row", "reason"]].values.tolist() == [[3, "no_ticket_id"]]


@pytest.mark.parametrize(
    ("cell", "times"), [("yes", 1), ("no", 0), ("3", 3), ("2026-03-04", 1), ("nie", 0), ("tak", 1)]
)
def test_reopened_is_a_count_a_yes_or_a_day(build, cell, times):
    table, _ = build(HEADER + f"t1,c1,2026-03-01,2026-03-01,2026-03-03,{cell},chat,solved\n")
    assert table["reopened_count"].tolist() == [times]


def test_tickets_in_italian_are_recognised(build):
    table, _ = build(
        "Numero ticket;ID cliente;Data apertura;Prima risposta;Data chiusura\n"
        "A-1;7;25/03/2026;25/03/2026;27/03/2026\nA-2;8;26/03/2026;26/03/2026;28/03/2026\n"
    )
    assert table["resolved_at"].dt.day.tolist() == [27, 28]
