"""alerts.toml: edited by commands and by hand, checked with readable errors, never half-written."""

import subprocess
import sys
from datetime import date

import pytest

from data.intake.inputs import InputError
from data.store import Store
from flows.engine.people.answers import ANSWERS, read_annotations, read_answers, say
from reports.detection.calendar import Annotation
from reports.stories.answers import Answer

ALERT = Answer("a" * 40, "category:shipping", "region=Lombardia")


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path))


def written(store):
    return store.read_text(ANSWERS)


def test_nothing_is_said_at_the_start(store):
    assert read_answers(store).by_alert == {}


def test_what_is_said_is_read_back(store):
    said = say(store, ALERT, owner="Ada", acknowledged=date(2026, 11, 16), note='a "quoted"\nline')
    assert read_answers(store).by_alert == {ALERT.alert_id: said}
    assert (said.owner, said.issue) == ("Ada", "category:shipping")


def test_what_is_said_later_keeps_what_was_said_before(store):
    say(store, ALERT, owner="Ada")
    say(store, ALERT, muted_until=date(2026, 12, 1))
    found = read_answers(store).by_alert[ALERT.alert_id]
    assert (found.owner, found.muted_until) == ("Ada", date(2026, 12, 1))


def test_none_takes_back_what_was_said(store):
    say(store, ALERT, muted_until=date(2026, 12, 1), not_an_issue=True)
    say(store, ALERT, muted_until=None)
    found = read_answers(store).by_alert[ALERT.alert_id]
    assert (found.muted_until, found.not_an_issue) == (None, True)


def test_comments_of_people_stay(store):
    say(store, ALERT, owner="Ada")
    store.write_text(ANSWERS, written(store) + "\n# ask Ben in June\n")
    say(store, Answer("b" * 40, "topic:t1", "all"), note="x")
    assert "# ask Ben in June" in written(store)
    assert len(read_answers(store).by_alert) == 2


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("[alerts.x]\nowner = 3", "alerts.x.owner: expected text, found int"),
        (
            "[alerts.x]\nmuted_until = 'soon'",
            "muted_until: expected a day, as 2026-11-15, found str",
        ),
        ("[alerts.x]\nmuted_until = 2026-11-15T10:00:00", "alerts.x.muted_until: expected a day"),
        ("[alerts.x]\nnot_an_issue = 1", "alerts.x.not_an_issue: expected true or false"),
        ("[alerts.x]\nratio = true", "alerts.x.ratio: expected a number"),
        ("[alerts.x]\nmute = 2026-11-15", "alerts.x.mute: unknown key; known: issue, segment, owner"),
        ("[alert.x]\nowner = 'a'", "unknown section 'alert'; known: alerts, annotations"),
        ("[[annotations]]\nwhat = 'sale'", "annotations 1: first_day is missing"),
        ("[[annotations]]\nfirst_day = 2026-05-01", "annotations 1: what is missing"),
        ("[[annotations]]\nwhat = 'sale'\nfirst_day = 3", "annotations 1.first_day: expected a day"),
        (
            "[[annotations]]\nwhat = 'sale'\nfirst_day = 2026-05-02\nlast_day = 2026-05-01",
            "annotations 1: last_day lies before first_day",
        ),
        ("annotations = 3", "expected sections as [[annotations]]"),
        ("[alerts]\nx = 3", "expected a section as"),
        ("alerts = 3", "expected sections as"),
        ("[alerts.x\nowner", "is not valid TOML"),
    ],
)
def test_a_slip_is_told_with_its_place(store, text, said):
    store.write_text(ANSWERS, text)
    with pytest.raises(InputError) as error:
        read_answers(store)
    assert said in str(error.value)


def test_a_file_with_a_slip_is_not_written_over(store):
    store.write_text(ANSWERS, "[alerts.x]\nowner = 3")
    with pytest.raises(InputError):
        say(store, ALERT, owner="Ada")
    assert written(store) == "[alerts.x]\nowner = 3"


def test_annotations_are_read_and_stay_when_something_is_said(store):
    store.write_text(ANSWERS, "[[annotations]]\nwhat = 'sale'\nfirst_day = 2026-05-01\nsegment = 'all'\n")
    say(store, ALERT, owner="Ada")
    day = date(2026, 5, 1)
    assert read_annotations(store) == [Annotation("sale", day, day, "all")]


def test_whole_numbers_do_as_ratios(store):
    store.write_text(ANSWERS, "[alerts.x]\nratio = 3")
    assert read_answers(store).by_alert["x"].ratio == 3.0


_MANY = """
import sys
from data.store import Store
from flows.engine.people.answers import say
from reports.stories.answers import Answer
for number in range(5):
    say(Store(sys.argv[1]), Answer(f"{sys.argv[2]}{number}", "i", "all"), owner="Ada")
"""


def test_commands_at_once_lose_nothing(store):
    writers = [subprocess.Popen([sys.executable, "-c", _MANY, store.root, name]) for name in "pq"]
    assert [one.wait() for one in writers] == [0, 0]
    assert len(read_answers(store).by_alert) == 10
