"""What is remembered of kept comments comes back as it was kept."""

from data.compact import ABSENT
from data.identify.seen import Seen, SeenComments

FIRST = Seen(2**63 + 1, "stream", -(2**63), "", "a.csv", 7)
SECOND = Seen(5, "other", 1_700_000_000_000_000, "0001-00001", "", 0)


def test_comments_come_back_by_id_and_by_number():
    seen = SeenComments()
    places = [seen.keep("r1", FIRST), seen.keep("地点 2", SECOND)]
    assert [seen.at(seen.place(one)) for one in ("r1", "地点 2")] == [FIRST, SECOND]
    assert [seen.id_at(place) for place in places] == ["r1", "地点 2"]


def test_a_newer_version_takes_the_place_of_the_older():
    seen = SeenComments()
    assert seen.keep("r1", FIRST) == seen.keep("r1", SECOND)
    assert seen.at(seen.place("r1")) == SECOND


def test_an_unknown_comment_is_absent():
    seen = SeenComments()
    assert seen.place("r1") == ABSENT
    assert seen.at(ABSENT) is None


def test_where_names_source_and_row_or_an_earlier_run():
    assert (FIRST.where, SECOND.where) == ("a.csv:7", "an earlier run")
