"""Cases: who is called back, in which order, kept over runs, with drafts in the customer's language."""

import csv
import dataclasses
import io
from datetime import UTC, date, datetime

import pyarrow as pa
import pytest
from report_world import aspects_table, documents_table, filled
from subject_worlds import read, worth_of

from data.schema import CASES, CUSTOMERS, LANGUAGES_KNOWN, ORDERS, TICKETS
from reports.cases import (
    Edit,
    ReplyError,
    draft_replies,
    find_cases,
    keep_cases,
    rank_cases,
    read_desk,
    read_templates,
    write_desk,
)

AS_OF = date(2026, 11, 16)


def at(day, month=11):
    return datetime(2026, month, day, 9, tzinfo=UTC)


ROWS = [
    {"feedback_id": "a", "created_at": at(10), "nps": 0, "customer_key": "k1", "language": "it"},
    {"feedback_id": "b", "created_at": at(12), "nps": 6, "customer_key": "k1"},
    {"feedback_id": "c", "created_at": at(14), "intent": "leaving", "customer_key": "k2"},
    {"feedback_id": "d", "created_at": at(14), "rating": 1.0, "order_key": "o3"},
    {"feedback_id": "e", "created_at": at(14), "nps": 9, "customer_key": "k4"},
    {"feedback_id": "f", "created_at": at(14), "nps": 1},  # nobody knows who
    {"feedback_id": "g", "created_at": at(14), "nps": 1, "customer_key": "k5", "is_own": False},
    {"feedback_id": "h", "created_at": at(14), "rating": 1.0, "author_key": "u6", "source_kind": "employee"},
    {"feedback_id": "i", "created_at": at(1, 9), "nps": 1, "customer_key": "k7"},  # too long ago
    {"feedback_id": "j", "created_at": None, "nps": 1, "customer_key": "k8"},
]


SAID = pa.table({"feedback_id": ["a", "c"], "row": [7, 9], "text": ["=2+2 " + "é" * 2000, "Addio"]})


def found_in(rows, settings, as_of=AS_OF):
    documents = documents_table(rows)
    aspects = aspects_table([("a:0", "shipping", "negative"), ("a:1", "price_value", "negative"),
                             ("c:0", "shipping", "negative")])  # fmt: skip
    customers = filled(
        CUSTOMERS, [{"customer_key": "k2", "value": 500.0}, {"customer_key": "k1", "value": 20.0}]
    )
    orders = filled(ORDERS, [{"order_key": "o3", "customer_key": "k9", "value": 80.0}])
    worth = worth_of(documents, orders, customers)
    return find_cases(documents, read(documents, aspects), worth, as_of=as_of, rules=settings["cases"])


def kept(rows, settings, known=None, tickets=None, edits=(), as_of=AS_OF):  # noqa: PLR0917
    found = found_in(rows, settings, as_of)
    cases = keep_cases(found, known or CASES.empty(), tickets or TICKETS.empty(), edits=edits, as_of=as_of)
    return rank_cases(cases, as_of=as_of, rules=settings["cases"])


def test_find_cases_takes_each_reachable_customer_once(settings):
    found = found_in(ROWS, settings).drop_duplicates("person").set_index("person")
    assert found["reason"].to_dict() == {"ck1": "detractor", "ck2": "leaving", "oo3": "low_rating"}
    assert found.loc["ck1", "feedback_id"] == "a"  # a 0 is more pressing than a 6
    assert found.loc["oo3", "customer_key"] == "k9"
    assert found.loc["ck1", "issue"] == "category:price_value"  # the rarer of its two complaints


def test_a_case_is_about_the_subject_that_was_read_most_firmly(settings):
    documents = documents_table(ROWS[:1])
    aspects = aspects_table([("a:0", "shipping", "negative"), ("a:1", "price_value", "negative")])
    place = aspects.schema.get_field_index("category_score")
    sure = pa.array([0.95, 0.55], aspects.schema.field(place).type)
    subjects = read(documents, aspects.set_column(place, "category_score", sure))
    found = find_cases(documents, subjects, worth_of(documents), as_of=AS_OF, rules=settings["cases"])
    assert found["issue"].tolist() == ["category:shipping"]


def test_cases_are_ordered_by_urgency_and_worth(settings):
    rows = kept(ROWS, settings).to_pylist()
    assert [(row["priority"], row["reason"]) for row in rows] == [
        (1, "leaving"), (2, "detractor"), (3, "low_rating"),
    ]  # fmt: skip
    assert rows[0]["priority_score"] == pytest.approx(1.0)  # leaving, and the dearest customer


def test_cases_are_due_by_service_level(settings):
    due = {
        row["feedback_id"]: (row["due_date"], row["is_overdue"]) for row in kept(ROWS, settings).to_pylist()
    }
    assert due == {
        "a": (date(2026, 11, 18), False), "c": (date(2026, 11, 17), False), "d": (date(2026, 11, 20), False),
    }  # fmt: skip


def test_cases_that_nobody_took_up_are_overdue(settings):
    later = kept([], settings, kept(ROWS, settings), as_of=date(2026, 11, 19)).to_pylist()
    assert {row["feedback_id"]: row["is_overdue"] for row in later} == {"a": True, "c": True, "d": False}


def test_dear_customers_are_called_sooner(settings):
    rules = dataclasses.replace(settings["cases"], dear_share=1.0)
    found = keep_cases(found_in(ROWS, settings), CASES.empty(), TICKETS.empty(), edits=(), as_of=AS_OF)
    rows = rank_cases(found, as_of=AS_OF, rules=rules).to_pylist()
    assert {row["due_date"] for row in rows if row["feedback_id"] == "d"} == {date(2026, 11, 17)}


def test_state_owner_and_note_are_kept_over_runs(settings):
    first = kept(ROWS, settings)
    case_id = first.to_pylist()[1]["case_id"]
    second = kept(ROWS, settings, first, edits=[Edit(case_id, "working", "Ada", "called, no answer")])
    third = {row["case_id"]: row for row in kept(ROWS, settings, second).to_pylist()}[case_id]
    assert (third["state"], third["owner"], third["note"]) == ("working", "Ada", "called, no answer")
    assert third["state_from"] == "desk"


def test_same_run_twice_gives_the_same_cases(settings):
    first = kept(ROWS, settings)
    assert kept(ROWS, settings, first).equals(first)


def test_a_closed_case_opens_again_only_for_a_newer_comment(settings):
    first = kept(ROWS, settings)
    edits = [Edit(row["case_id"], "done", None, None) for row in first.to_pylist()]
    second = kept(ROWS, settings, first, edits=edits)
    assert {row["state"] for row in second.to_pylist()} == {"done"}
    newer = {"feedback_id": "n", "created_at": at(15), "nps": 2, "customer_key": "k2"}
    third = kept([*ROWS, newer], settings, second).to_pylist()
    assert [(row["feedback_id"], row["priority"]) for row in third if row["state"] == "open"] == [("n", 1)]


@pytest.mark.parametrize(("resolved", "state"), [(None, "working"), (at(15), "done")])
def test_tickets_say_how_far_a_case_is(settings, resolved, state):
    ticket = {"ticket_key": "t", "customer_key": "k2", "created_at": at(14), "resolved_at": resolved}
    earlier = {"ticket_key": "u", "customer_key": "k1", "created_at": at(1), "resolved_at": at(2)}
    rows = kept(ROWS, settings, tickets=filled(TICKETS, [ticket, earlier])).to_pylist()
    assert {row["person"]: row["state"] for row in rows} == {"ck2": state, "ck1": "open", "oo3": "open"}


def test_people_have_the_last_word_over_tickets(settings):
    first = kept(ROWS, settings)
    case_id = next(row["case_id"] for row in first.to_pylist() if row["person"] == "ck2")
    edited = kept(ROWS, settings, first, edits=[Edit(case_id, "working", "Ada", None)])
    ticket = {"ticket_key": "t", "customer_key": "k2", "created_at": at(14), "resolved_at": at(15)}
    rows = kept(ROWS, settings, edited, tickets=filled(TICKETS, [ticket])).to_pylist()
    assert next(row["state"] for row in rows if row["case_id"] == case_id) == "working"


def test_old_cases_leave_the_list(settings):
    later = date(2027, 3, 1)
    assert kept([], settings, kept(ROWS, settings), as_of=later).num_rows == 0


def drafted(settings, text="", signature="Alba"):
    names = {"it": {"price_value": "Prezzo"}, "en": {"shipping": "Delivery"}}
    cases = kept(ROWS, settings)
    return draft_replies(cases, templates=read_templates(text), names=names, signature=signature).to_pylist()


def test_replies_are_in_the_language_of_the_customer(settings):
    replies = {row["feedback_id"]: (row["reply_language"], row["reply"]) for row in drafted(settings)}
    assert replies["a"][0] == "it"
    assert "Prezzo" in replies["a"][1] and replies["a"][1].endswith("Alba")
    assert "Delivery" in replies["c"][1] and "leaving us" in replies["c"][1]
    assert "{" not in "".join(reply for _, reply in replies.values())


def test_replies_take_the_words_of_the_company(settings):
    replies = {row["feedback_id"]: row["reply"] for row in drafted(settings, '[it]\ngreeting = "Ciao,"')}
    assert replies["a"].startswith("Ciao,")
    assert replies["c"].startswith("Hello,")


@pytest.mark.parametrize("language", LANGUAGES_KNOWN)
def test_replies_are_whole_in_nine_languages(language):
    assert set(read_templates("")[language]) == set(read_templates("")["en"])


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("[xx]\n", "unknown language 'xx'"),
        ('it = "x"', "must be a section"),
        ('[it]\nhello = "x"', "no part 'hello'"),
        ("[it]\nabout = 3", "must be a text"),
        ('[it]\nabout = "{name}"', "cannot fill in {name}"),
        ('[it]\nabout = "{"', "a brace"),
        ("[it", "is not TOML"),
    ],
)
def test_replies_name_what_does_not_fit(text, told):
    with pytest.raises(ReplyError, match=told):
        read_templates(text)


def test_a_closed_case_has_no_draft(settings):
    cases = kept(ROWS, settings)
    edits = [Edit(row["case_id"], "dropped", None, None) for row in cases.to_pylist()]
    closed = kept(ROWS, settings, cases, edits=edits)
    rows = draft_replies(closed, templates=read_templates(""), names={}, signature="").to_pylist()
    assert {row["reply"] for row in rows} == {None}


def test_the_desk_comes_back_as_it_was_written(settings):
    cases = kept(ROWS, settings)
    text = write_desk(cases, SAID)
    assert text.startswith("\ufeffpriority,")
    edits, problems = read_desk(text)
    assert not problems
    assert [edit.case_id for edit in edits] == cases["case_id"].to_pylist()


def test_the_desk_shows_the_comment_and_where_it_stands(settings):
    text = write_desk(kept(ROWS, settings), SAID).lstrip("\ufeff")
    rows = {row["feedback_id"]: row for row in csv.DictReader(io.StringIO(text))}
    assert (rows["c"]["row"], rows["c"]["comment"]) == ("9", "Addio")
    assert rows["a"]["comment"].startswith("'=2+2 é")
    assert len(rows["a"]["comment"]) <= 1001
    assert (rows["d"]["row"], rows["d"]["comment"]) == ("", "")


def test_the_desk_survives_a_spreadsheet_with_semicolons(settings):
    rows = list(csv.reader(io.StringIO(write_desk(kept(ROWS, settings), SAID).lstrip("\ufeff"))))
    place = rows[0].index("state")
    rows[1][place], rows[1][place + 1] = "Done ", "Zoë"
    out = io.StringIO()
    csv.writer(out, delimiter=";").writerows(rows)
    edit = read_desk(out.getvalue())[0][0]
    assert (edit.state, edit.owner) == ("done", "Zoë")


@pytest.mark.parametrize("note", ["=1+1", "+39 02", "@you", "＝1+1"])
def test_the_desk_holds_no_formula_and_gives_the_note_back(settings, note):
    first = kept(ROWS, settings)
    case_id = first.to_pylist()[0]["case_id"]
    text = write_desk(kept(ROWS, settings, first, edits=[Edit(case_id, "open", None, note)]), SAID)
    assert f",'{note}," in text
    assert {edit.note for edit in read_desk(text)[0]} == {None, note}


def test_the_desk_says_which_row_it_cannot_read():
    edits, problems = read_desk("case_id,state,owner,note\nx,opne,,\ny,done,,\n")
    assert [edit.case_id for edit in edits] == ["y"]
    assert problems == ("cases.csv, row 2: no such state; known: open, working, done, dropped",)


@pytest.mark.parametrize("text", ["", "\ufeff", "a,b\n1,2\n"])
def test_a_desk_without_cases_changes_nothing(text):
    edits, problems = read_desk(text)
    assert edits == ()
    assert bool(problems) == ("a" in text)
