"""The same comment read twice is one comment; its newest version counts."""

import pandas as pd
import pytest

from data.identify.identity import KnownComments


def comments(*rows, source="a.csv", stream="s"):
    frame = pd.DataFrame(rows, columns=["feedback_id", "version_id", "created_at"]).assign(updated_at=pd.NaT)
    for name in ("created_at", "updated_at"):
        frame[name] = pd.to_datetime(frame[name], utc=True)
    return frame.assign(
        stream=stream, source=source, row=range(1, len(frame) + 1), copy_id=None, author_key=None
    )


def resolve(known, frame, *, own=True):
    return known.resolve(frame, has_own_id=pd.Series([own] * len(frame)))


def test_a_second_row_with_the_same_id_and_text_is_a_repeat():
    resolved = resolve(KnownComments(), comments(("1", "v", None), ("1", "v", None)))
    assert resolved.kept["feedback_id"].tolist() == ["1"]
    assert resolved.rejected == [(2, "repeat", "same comment as a.csv:1")]


def test_the_newer_version_wins_inside_a_batch():
    resolved = resolve(KnownComments(), comments(("1", "old", "2026-01-01"), ("1", "new", "2026-01-02")))
    assert resolved.kept["version_id"].tolist() == ["new"]
    assert resolved.rejected == [(1, "older_version", "a newer version follows")]


def test_an_older_version_that_comes_later_is_set_aside():
    resolved = resolve(KnownComments(), comments(("1", "new", "2026-01-02"), ("1", "old", "2026-01-01")))
    assert resolved.kept["version_id"].tolist() == ["new"]
    assert resolved.rejected == [(2, "older_version", "same comment as a.csv:1")]


def test_a_newer_version_drops_the_row_of_an_earlier_batch():
    known = KnownComments()
    resolve(known, comments(("1", "old", "2026-01-01")))
    resolved = resolve(known, comments(("1", "new", "2026-01-02"), source="b.csv"))
    assert resolved.dropped == [("1", "a.csv", 1)]
    assert resolved.kept["version_id"].tolist() == ["new"]


def test_a_comment_of_an_earlier_run_is_known():
    known = KnownComments()
    known.remember(comments(("1", "v", "2026-01-01")), "0001-00001")
    resolved = resolve(known, comments(("1", "v", "2026-01-01"), ("2", "v", "2026-01-01")))
    assert (resolved.known_count, resolved.kept["feedback_id"].tolist()) == (1, ["2"])
    assert resolved.rejected == []


def test_an_edited_comment_of_an_earlier_run_is_replaced():
    known = KnownComments()
    known.remember(comments(("1", "old", "2026-01-01")), "0001-00001")
    resolved = resolve(known, comments(("1", "new", "2026-01-03")))
    assert resolved.replaced == ["1"]
    assert resolved.kept["version_id"].tolist() == ["new"]


def test_two_streams_with_the_same_ids_stay_apart():
    known = KnownComments()
    resolve(known, comments(("1", "x", None), stream="s1"))
    resolved = resolve(known, comments(("1", "y", None), source="b.csv", stream="s2"))
    assert resolved.kept["feedback_id"].tolist() == ["b.csv:1"]


def test_ids_set_apart_stay_the_same_in_the_next_run():
    known = KnownComments()
    known.remember(comments(("1", "x", None), stream="s1"), "0001-00001")
    known.remember(comments(("b.csv:1", "y", None), stream="s2"), "0001-00001")
    resolved = resolve(known, comments(("1", "y", None), source="b.csv", stream="s2"))
    assert (resolved.known_count, len(resolved.kept)) == (1, 0)


@pytest.mark.parametrize(("author", "expected"), [(None, ["h", "h-2"]), ("someone", ["h"])])
def test_equal_short_texts_are_two_people_only_without_an_author(author, expected):
    frame = comments(("h", "v", None), ("h", "v", None)).assign(author_key=author)
    assert resolve(KnownComments(), frame, own=False).kept["feedback_id"].tolist() == expected


def test_anonymous_twins_are_known_when_the_file_comes_again():
    known = KnownComments()
    known.remember(comments(("h", "v", None), ("h-2", "v", None)), "0001-00001")
    resolved = resolve(known, comments(("h", "v", None), ("h", "v", None), ("h", "v", None)), own=False)
    assert (resolved.known_count, resolved.kept["feedback_id"].tolist()) == (2, ["h-3"])


@pytest.mark.parametrize(("moment", "expected"), [("2026-03-01", 2), ("2026-03-01 10:30", 1)])
def test_equal_short_texts_of_one_day_are_one_only_with_the_same_time(moment, expected):
    frame = comments(("h", "v", moment), ("h", "v", moment))
    assert len(resolve(KnownComments(), frame, own=False).kept) == expected


@pytest.mark.parametrize("order", [(0, 1), (1, 0)])
def test_the_version_changed_last_wins_in_any_order(order):
    versions = comments(("1", "old", "2026-01-01"), ("1", "new", "2026-01-01"))
    versions["updated_at"] = pd.to_datetime(["2026-01-05", "2026-02-01"], utc=True)
    resolved = resolve(KnownComments(), versions.iloc[list(order)])
    assert resolved.kept["version_id"].tolist() == ["new"]


def from_tool(tool, version="v", created="2026-01-01 10:30:07", *, copy="long", author=None):
    frame = comments((f"{tool}-1", version, created), source=f"{tool}.csv", stream=tool)
    return frame.assign(copy_id=copy, author_key=author)


@pytest.mark.parametrize(
    ("first", "second"),
    [
        (from_tool("a"), from_tool("b")),
        (from_tool("a", created="2026-01-01"), from_tool("b")),
        (from_tool("a"), from_tool("b", created="2026-01-01")),
        (from_tool("a", copy=None, author="ada"), from_tool("b", copy=None, author="ada")),
    ],
    ids=["same second", "one knows the day", "the other knows the day", "short, same author"],
)
def test_a_comment_in_two_tools_exports_is_one(first, second):
    known = KnownComments()
    resolve(known, first)
    resolved = resolve(known, second)
    assert resolved.rejected == [(1, "repeat", "same comment as a.csv:1")]


@pytest.mark.parametrize(
    "second",
    [
        from_tool("b", version="other words"),
        from_tool("b", created="2026-01-01 10:30:08"),
        from_tool("b", created="2026-01-02"),
        from_tool("b", created=None),
        from_tool("b", copy=None),
        from_tool("a"),
    ],
    ids=["other words", "another second", "another day", "no date", "short, no author", "same tool"],
)
def test_comments_that_two_people_may_have_written_stay_two(second):
    known = KnownComments()
    resolve(known, from_tool("a").assign(feedback_id="a-0"))
    assert len(resolve(known, second).kept) == 1


def test_a_comment_that_another_tool_exported_in_an_earlier_run_is_known():
    known = KnownComments()
    known.remember(from_tool("a"), "0001-00001")
    assert resolve(known, from_tool("b")).known_count == 1
