"""`voc alerts`: what stands open, and what people say about it."""

import json

import pytest
from click.testing import CliRunner

from data.schema import ALERT_EVENTS, ALERTS, DOCUMENTS
from data.store import Store
from flows.cli import main
from flows.commands.alerts import list_alerts
from tests.alert_tables import DAY, alert, alerts_table
from tests.report_world import filled

WHOLE = alert(severity=9.0, example_ids=["c1", "c2"])
CHILD = alert(segment="region=South", parent_alert_id=WHOLE["alert_id"])
OTHER = alert("category:price_value", severity=3.0)
OLD = alert("category:comfort_facilities", status="resolved", resolved_date=DAY)
DETAILS = json.dumps(
    {"differs": [{"column": "channel", "value": "app", "lift": 3.0, "low": 1.5, "high": 6.0}]}
)


@pytest.fixture
def out(tmp_path):
    store = Store(str(tmp_path))
    store.write_file(
        "alerts.parquet", ALERTS, alerts_table([WHOLE | {"details": DETAILS}, CHILD, OTHER, OLD])
    )
    event = {
        "alert_id": WHOLE["alert_id"],
        "date": DAY,
        "transition": "opened",
        "kind": "spike",
        "score": 4.0,
    }
    store.write(ALERT_EVENTS, filled(ALERT_EVENTS, [event]))
    comment = {"feedback_id": "c1", "text": "The parcel never came.", "sentiment": "negative"}
    given = {"intent": "complaint", "source_kind": "survey", "is_own": True}
    store.write(DOCUMENTS, filled(DOCUMENTS, [comment | given]), part="0001")
    store.finish_ingest({"ingest": "0001", "parts": ["0001"]})
    return str(tmp_path)


def voc(*arguments, out, status=0):
    result = CliRunner().invoke(main, ["alerts", *arguments, "--out", out])
    assert result.exit_code == status, result.output
    return result.output


def ids(text):
    return [line[:8] for line in text.splitlines() if line[:1] != " "]


def test_list_shows_open_stories_the_most_severe_first(out):
    assert ids(voc("list", out=out)) == [WHOLE["alert_id"][:8], OTHER["alert_id"][:8]]


def test_list_all_shows_every_alert_settled_ones_last(out):
    found = ids(voc("list", "--all", out=out))
    assert (len(found), found[-1]) == (4, OLD["alert_id"][:8])


def test_list_as_json_can_be_read_by_machines(out):
    assert [row["alert_id"] for row in json.loads(voc("list", "--json", out=out))][0] == WHOLE["alert_id"]


def test_list_of_nothing_says_so(out):
    Store(out).write_file("alerts.parquet", ALERTS, ALERTS.empty())
    assert voc("list", out=out) == "No alert is open.\n"


def test_list_without_a_run_says_what_to_do(tmp_path):
    assert "holds no alerts; make them with: voc run" in voc("list", out=str(tmp_path), status=2)


def test_show_tells_all_that_is_known(out):
    text = voc("show", WHOLE["alert_id"][:6], out=out)
    for part in (
        "opened  n=0 score=4.0",
        "channel = app: 3.0 times (1.5 to 6.0)",
        "region=South",
        "never came",
    ):
        assert part in text
    assert "expected: 12.0" in text


@pytest.mark.parametrize(("given", "said"), [("zzzz", "no alert has an id"), ("a", "at least 4 characters")])
def test_show_of_an_unknown_id_says_what_to_do(out, given, said):
    assert said in voc("show", given, out=out, status=2)


def test_ack_notes_the_owner_and_the_list_shows_it(out):
    voc("ack", WHOLE["alert_id"], "--owner", "Ada", "--note", "rang them", out=out)
    row = list_alerts(out)[0]
    assert (row["owner"], row["note"]) == ("Ada", "rang them")
    assert row["acknowledged_date"] is not None
    assert "owner Ada" in voc("list", out=out)


def test_mute_keeps_quiet_until_a_day_and_never_ends_it(out):
    voc("mute", WHOLE["alert_id"], "--until", "2126-01-01", out=out)
    assert "quiet" in voc("list", out=out)
    voc("mute", WHOLE["alert_id"], "--until", "never", out=out)
    assert "quiet" not in voc("list", out=out)


def test_mute_refuses_what_is_no_day(out):
    assert "is not a day" in voc("mute", WHOLE["alert_id"], "--until", "soon", out=out, status=2)


def test_dismiss_is_remembered_and_can_be_taken_back(out):
    voc("dismiss", WHOLE["alert_id"], "--note", "a sale", out=out)
    assert list_alerts(out)[0]["is_dismissed"]
    voc("dismiss", WHOLE["alert_id"], "--undo", out=out)
    assert not list_alerts(out)[0]["is_dismissed"]


def test_note_is_written_and_taken_back(out):
    voc("note", WHOLE["alert_id"], "batch 7", out=out)
    assert list_alerts(out)[0]["note"] == "batch 7"
    voc("note", WHOLE["alert_id"], "", out=out)
    assert list_alerts(out)[0]["note"] is None


def test_send_without_routes_says_where_to_name_them(out):
    assert "No routes" in voc("send", out=out)


def test_send_warns_of_a_route_without_an_address(out):
    route = 'notify.routes=[{name = "ops", secret = "VOC_NO_SUCH_ADDRESS"}]'
    assert "VOC_NO_SUCH_ADDRESS is not set" in voc("send", "--set", route, out=out)
