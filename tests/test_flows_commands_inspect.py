"""What `voc inspect` says to a person: decisions in words, each with the line that changes it."""

import pytest

from data.preview import Decision, Preview
from flows.commands.inspect import preview_as_text


@pytest.fixture(scope="module")
def told():
    decisions = (
        Decision("header_row", "0", "data", "--set 'sources.header_row=1'"),
        Decision("source", "general", "names tell", ""),
        Decision(
            "columns: created_at", "Datum", "its name", "--set 'sources.columns={created_at = \"COLUMN\"}'"
        ),
        Decision("dates: created_at", "/: true", "numbers over 12", "--set 'sources.dayfirst=false'"),
        Decision("scales: rating", "1 to 5", "no score is higher", ""),
    )
    example = {"row": 1, "created_at": "2026-04-03 00:00:00+00:00", "rating": 4.0, "text": "late"}
    return preview_as_text(
        Preview(
            source="a.csv", source_format="csv", source_kind="review", content="comments", confidence=0.1,
            record_count=1, looked_at=1, read_count=1, kept_count=1, columns={}, unused=(),
            decisions=decisions, examples=(example,), rejected=(), warnings=(),
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    "line",
    [
        "a.csv holds comments (review); it is read as csv",
        "columns are named in  no record: it has no names",
        "order in date         /: day before month",
        "rating runs from      1 to 5",
        "date                  column Datum",
        "order in date         --set 'sources.dayfirst=false'",
        "row 1  date: 2026-04-03, rating: 4",
    ],
)
def test_decision_is_told_in_words(told, line):
    assert line in told


def test_numbers_of_machines_are_left_out(told):
    assert "confidence" not in told
    assert "created_at:" not in told
