"""The last lines of a run on the terminal."""

import pytest

from flows.engine.working.summary import terminal_summary

FACTS = {
    "unchanged_sources": 0, "read": 0, "new": 0, "known": 0, "set_aside": 0, "comments": 0, "topics": 0,
    "alerts_open": 0, "alerts_opened_today": 0, "as_of": None, "warnings": [], "refused_sources": [],
    "report": "r", "summaries": "s", "alerts": "a", "record": "x",
}  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "first"),
    [
        ({}, "Nothing was read: the inputs hold no comments."),
        ({"unchanged_sources": 3}, "Nothing new: 3 sources are as the last run read them"),
        ({"read": 5, "new": 5, "comments": 5}, "5 comments read: 5 new, 0 known"),
        ({"comments": 5}, "0 comments read"),
    ],
)
def test_terminal_summary_says_first_what_was_read(changes, first):
    assert terminal_summary(FACTS | changes).startswith(first)


def test_terminal_summary_counts_what_there_is():
    assert "5 comments in all, 2 topics" in terminal_summary(FACTS | {"comments": 5, "topics": 2, "read": 5})
    assert "comments in all" not in terminal_summary(FACTS)
