"""Who hears of what, when, in which words; and that nobody hears of it twice."""

from datetime import UTC, datetime, timedelta

import pytest

from reports.notify import outbox as box
from reports.notify.message import fill, plain, write_message
from reports.notify.rules import NotifyRules, Route, check_notify
from reports.sections.shared.words import LANGUAGES, Words
from tests.alert_tables import DAY, alert

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
TOPICS = {"t1": "shipping"}


def rules(*routes, **changes):
    values = {
        "fresh_days": 7, "tries": 2, "wait_seconds": (0.0,), "again_minutes": (15, 60), "report_url": "",
    } | changes  # fmt: skip
    return NotifyRules(routes=routes, **values)


def stories(*rows):
    return box.find_stories(rows, TOPICS, NOW.date())


def planned(rows, outbox=(), *, now=NOW, **route):
    one = Route("ops", "OPS", bands=("info", "warning", "critical"), **route)
    return box.plan(outbox, stories(*rows), {"ops": 1}, now=now, rules=rules(one))


def sent(rows):
    return [row | {"status": box.SENT, "finished_at": NOW} for row in rows]


def test_plan_announces_a_new_alert():
    (message,) = planned([alert()])
    assert (message["reason"], message["status"], message["due_at"]) == ("opened", "waiting", NOW)


def test_plan_of_what_was_said_adds_nothing():
    before = sent(planned([alert()]))
    assert planned([alert()], before) == before


def test_plan_leaves_children_to_their_parent():
    parent = alert()
    child = alert(segment="region=North", parent_alert_id=parent["alert_id"])
    assert [row["alert_id"] for row in planned([parent, child])] == [parent["alert_id"]]


def test_plan_takes_another_lead_of_the_same_story_for_no_news():
    parent, child = alert(), alert(segment="region=North")
    before = sent(planned([parent, child | {"parent_alert_id": parent["alert_id"]}]))
    turned = [parent | {"parent_alert_id": child["alert_id"]}, child]
    assert planned(turned, before) == before


@pytest.mark.parametrize(
    ("changes", "reason"),
    [({"reopened_count": 1}, "reopened"), ({"band": "critical"}, "worse"), ({"status": "ongoing"}, None)],
)
def test_plan_tells_again_what_came_back_or_got_worse(changes, reason):
    before = sent(planned([alert()]))
    added = planned([alert(**changes)], before)[1:]
    assert [row["reason"] for row in added] == ([reason] if reason else [])


@pytest.mark.parametrize(
    "changes",
    [{"status": "resolved"}, {"is_dismissed": True}, {"muted_until": NOW.date()}],
)
def test_plan_leaves_out_what_is_over_or_quiet(changes):
    assert planned([alert(**changes)]) == []


def test_plan_speaks_again_when_a_mute_has_ended():
    assert planned([alert(muted_until=DAY)])[0]["status"] == "waiting"


def test_plan_passes_over_what_a_new_route_finds_open_from_long_ago():
    old = alert(opened_date=DAY - timedelta(days=40))
    assert [row["status"] for row in planned([old])] == ["skipped"]


@pytest.mark.parametrize(
    ("route", "is_told"),
    [
        ({"categories": ("shipping",)}, True),
        ({"categories": ("price_value",)}, False),
        ({"segments": ("all",)}, True),
        ({"segments": ("region=*",)}, False),
        ({"source_kinds": ("social",)}, True),
        ({"source_kinds": ("survey",)}, False),
    ],
)
def test_plan_routes_by_category_segment_and_kind(route, is_told):
    parent = alert(issue="topic:t1")
    child = alert(segment="source_kind=social", parent_alert_id=parent["alert_id"])
    assert bool(planned([parent, child], **route)) == is_told


def test_plan_routes_by_band():
    route = Route("ops", "OPS", bands=("critical",))
    assert box.plan((), stories(alert()), {"ops": 1}, now=NOW, rules=rules(route)) == []


@pytest.mark.parametrize(
    ("route", "due"),
    [
        ({}, "2026-03-16T09:30"),
        ({"when": "daily", "hour": 8}, "2026-03-17T08:00"),
        ({"when": "daily", "hour": 12}, "2026-03-16T12:00"),
        ({"when": "weekly", "hour": 8, "weekday": 0}, "2026-03-23T08:00"),
        ({"quiet": (9, 17)}, "2026-03-16T17:00"),
        ({"quiet": (22, 10)}, "2026-03-16T10:00"),
        ({"quiet": (22, 7)}, "2026-03-16T09:30"),
        ({"quiet": (18, 8), "timezone": "Asia/Tokyo"}, "2026-03-16T23:00"),
    ],
)
def test_next_moment_keeps_hours_and_quiet(route, due):
    moment = box.next_moment(Route("ops", "OPS", **route), NOW)
    assert moment.isoformat()[:16] == due


def test_due_puts_a_digest_together_and_keeps_tickets_apart():
    rows = planned([alert(), alert(issue="category:price_value")])
    assert [len(group) for group in box.due(rows, Route("ops", "OPS"), NOW)] == [1, 1]
    assert [len(group) for group in box.due(rows, Route("ops", "OPS", when="daily"), NOW)] == [2]
    ticket = Route("ops", "OPS", when="daily", ticket={"a": "b"})
    assert [len(group) for group in box.due(rows, ticket, NOW)] == [1, 1]


@pytest.mark.parametrize(("hours", "count"), [(0, 1), (13, 0), (22, 1)], ids=["day", "night", "morning"])
def test_due_keeps_the_quiet_hours_for_what_failed_before_them(hours, count):
    rows = planned([alert()])
    route = Route("ops", "OPS", quiet=(22, 7))
    assert len(box.due(rows, route, NOW + timedelta(hours=hours))) == count


def test_after_failure_waits_longer_each_time_then_gives_up():
    (row,) = planned([alert()])
    seen = []
    for _ in range(3):
        row = box.after_failure(row, "refused", now=NOW, rules=rules())
        seen.append((row["status"], row["due_at"] - NOW))
    assert [status for status, _ in seen] == ["failed", "failed", "given_up"]
    assert [wait for _, wait in seen[:2]] == [timedelta(minutes=15), timedelta(minutes=60)]


def test_take_up_does_not_send_again_what_may_have_arrived():
    (row,) = planned([alert()])
    (taken,) = box.take_up([row | {"status": box.SENDING}], (), NOW)
    assert taken["status"] == "unsure"
    assert box.due([taken], Route("ops", "OPS"), NOW) == []


def test_take_up_drops_what_was_muted_meanwhile():
    (row,) = planned([alert()])
    assert box.take_up([row], {row["alert_id"]}, NOW)[0]["status"] == "skipped"


def test_write_message_of_one_alert_is_its_sentence():
    row = alert(band="critical")
    message = write_message(
        planned([row]), {row["alert_id"]: row}, words=Words("en"), report_url="https://x.org/r"
    )
    assert message.title == "Critical: category:shipping"
    assert message.text == "Critical (new)\ncategory:shipping: 41 complaints.\n\nReport: https://x.org/r"


@pytest.mark.parametrize("language", LANGUAGES)
def test_write_message_of_several_alerts_counts_them_in_every_language(language):
    rows = [alert(), alert(issue="category:price_value")]
    known = {row["alert_id"]: row for row in rows}
    message = write_message(planned(rows), known, words=Words(language), report_url="")
    assert "41 complaints" in message.text
    assert message.title


def test_plain_takes_away_what_a_chat_tool_acts_on():
    said = plain("<!channel> @here [x](http://evil) \x1b[31m`a`")
    assert not set("<>@[]`\x1b") & set(said)


def test_fill_fills_a_ticket_wherever_a_field_stands():
    row = alert()
    message = write_message(planned([row]), {row["alert_id"]: row}, words=Words("en"), report_url="")
    body = {
        "fields": {"summary": "VOC {title}", "labels": ["voc", "{band}"], "n": 3, "odd": "{text.__class__}"}
    }
    found = fill(body, row, message)
    assert found["fields"]["summary"] == f"VOC {message.title}"
    assert found["fields"]["labels"] == ["voc", "info"]
    assert (found["fields"]["n"], found["fields"]["odd"]) == (3, "{text.__class__}")


@pytest.mark.parametrize(
    ("routes", "said"),
    [
        ([Route("a", "slack://token")], "not the address itself"),
        ([Route("a", "A"), Route("a", "B")], "two routes are called 'a'"),
        ([Route("a", "A", bands=("loud",))], "unknown band 'loud'"),
        ([Route("a", "A", quiet=(22,))], "two hours"),
        ([Route("a", "A", timezone="Mars/Base")], "unknown time zone"),
    ],
)
def test_check_notify_refuses(routes, said):
    with pytest.raises(ValueError, match=said):
        check_notify(rules(*routes))
