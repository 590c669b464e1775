"""data/intake/losses.py: files that lose their rows to one reason, columns that no file has."""

from dataclasses import replace

import pandas as pd
import pytest

from data.intake.losses import StatedColumns, find_loss
from data.sources.raw import SourceError


def rejected(**counts):
    reasons = [reason for reason, count in counts.items() for _ in range(count)]
    return [pd.DataFrame({"reason": reasons})]


@pytest.mark.parametrize(
    ("counts", "read_count", "is_told"),
    [
        ({"no_text": 3}, 3, True),
        ({"no_text": 6}, 10, True),
        ({"no_text": 5}, 10, False),
        ({"no_text": 6}, 9, False),
        ({"no_text": 4, "repeat": 4}, 10, False),
        ({"agent_text": 9}, 10, False),
        ({}, 0, False),
    ],
)
def test_a_file_that_loses_most_rows_to_one_reason_is_told(settings, counts, read_count, is_told):
    words = find_loss("a.csv", rejected(**counts), read_count, settings["reading"])
    assert (words is not None) == is_told


def test_the_warning_names_file_count_reason_and_command(settings):
    words = find_loss("a.csv", rejected(no_text=554), 554, settings["reading"])
    assert words == "554 of 554 records were set aside as no_text; see: voc inspect a.csv"


def test_a_column_that_no_file_has_is_refused_with_those_found(settings):
    stated = StatedColumns(replace(settings["sources"], columns={"text": "Nope"}))
    stated.see(["Title", "Review"])
    with pytest.raises(SourceError, match=r"text = 'Nope'.*columns found: .*Review"):
        stated.check()


def test_a_column_that_one_of_several_files_has_is_fine(settings):
    stated = StatedColumns(replace(settings["sources"], columns={"text": ["Nope", "Words"]}))
    stated.see(["Title"])
    stated.see(["words"])
    stated.check()
