"""Zendesk tickets: the customer's words apart from everybody else's, and the facts of the case."""

import pandas as pd
import pytest
from exported.sample import as_json, as_lines
from exported.support import ANSWER, NOTE, THREAD, TICKET, WITH_USERS

from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.schema import FEEDBACK, TICKETS
from data.sources.support.facts import ticket_facts
from data.sources.support.threads import People, ticket_rows
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run

METRICS = {"solved_at": "2026-07-26T10:00:00Z", "reopens": 2, "reply_time_in_minutes": {"calendar": 90}}


def texts(ticket, people=None):
    return [row["text"] for row in ticket_rows(ticket, people or People()) if isinstance(row, dict)]


@pytest.mark.parametrize(
    ("channel", "is_read"), [("web", False), ("voice", False), ("api", True), ("email", True), ("chat", True)]
)
def test_a_ticket_opened_by_an_agent_holds_the_agents_words(channel, is_read):
    ticket = {**TICKET, "submitter_id": 7, "via": {"channel": channel}}
    assert bool(texts(ticket)) is is_read


@pytest.mark.parametrize(("score", "csat"), [("good", "good"), ("badwithcomment", "bad"), ("offered", None)])
def test_a_rating_without_a_comment_stands_with_the_first_message(score, csat):
    rows = ticket_rows({**THREAD, "satisfaction_rating": {"score": score}}, People())
    found = [row.get("satisfaction") for row in rows if isinstance(row, dict)]
    assert found == [csat, None]


def test_the_subject_of_an_answer_is_nobodys_title():
    (row,) = ticket_rows({**TICKET, "raw_subject": "Re: Your order"}, People())
    assert row["title"] is None


def test_roles_of_the_users_tell_customers_from_agents():
    people = People({"20": "end-user", "7": "agent", "21": "end-user"}, {"20": "it"})
    rows = ticket_rows(WITH_USERS["tickets"][0], people)
    assert [row["text"] for row in rows if isinstance(row, dict)][-1] == "Mine leaks as well."
    assert rows[0]["requester_language"] == "it"


@pytest.mark.parametrize("ticket", [None, 7, {}, {"comments": 3}, {"satisfaction_rating": []}])
def test_rows_of_anything_are_rows_or_problems(ticket):
    assert len(ticket_rows(ticket, People())) == 1


@pytest.mark.parametrize(
    ("ticket", "first", "resolved", "reopened"),
    [
        (TICKET, None, None, None),
        (THREAD, "2026-07-20T23:55:29Z", None, None),
        ({**TICKET, "metric_set": METRICS}, "2026-07-21T00:25:29+00:00", "2026-07-26T10:00:00Z", "2"),
        ({**TICKET, "metric_set": {"reply_time_in_minutes": {"calendar": "soon"}}}, None, None, None),
    ],
    ids=["plain", "thread", "metrics", "odd"],
)
def test_ticket_facts_come_from_the_thread_and_the_metrics(ticket, first, resolved, reopened):
    facts = ticket_facts(ticket, People())
    assert (facts["first_response"], facts["resolved"], facts["reopened"]) == (first, resolved, reopened)
    assert facts["opened_at"] == TICKET["created_at"]


def test_ticket_facts_of_anything_else_are_a_problem():
    assert ticket_facts([], People())[0] == "unreadable"


@pytest.mark.parametrize("pack", [lambda t: as_json({"tickets": t}), as_lines], ids=["json", "lines"])
def test_one_file_gives_comments_and_the_facts_of_tickets(settings, tmp_path, pack):
    (tmp_path / "tickets.json").write_bytes(pack([{**THREAD, "metric_set": METRICS}, {**TICKET, "id": 2}]))
    store = Store(str(tmp_path / "out"))
    plan = ingest_plan(
        Run(store=store, settings=settings, inputs=[], as_of=None), latest=pd.Timestamp("2026-11-20").date()
    )
    facts = ingest(expand_inputs([str(tmp_path / "tickets.json")]), store, plan=plan)
    (source,) = facts.read
    assert (source["read_count"], source["kept_count"], source["rejected_count"]) == (5, 3, 2)
    said = "".join(store.read_all(FEEDBACK, store.finished_parts(), ["text"])["text"].to_pylist())
    assert ANSWER not in said and NOTE not in said
    tickets = store.read(TICKETS).to_pandas().sort_values("reopened_count")
    assert len(tickets) == 2
    assert tickets["reopened_count"].tolist()[0] == 2
    assert tickets["resolved_at"].notna().sum() == 1
    customers = store.read_all(FEEDBACK, store.finished_parts(), ["customer_key"])["customer_key"].to_pylist()
    assert set(tickets["customer_key"]) == set(customers)
