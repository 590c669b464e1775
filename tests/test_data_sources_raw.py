"""data/sources/raw.py: options of files."""

import pytest

from data.sources.raw import SourceOptions
from flows.settings import SettingsError, load_settings


def test_options_of_one_file_add_to_those_of_all():
    own = {"pulse*.csv": SourceOptions(kind="employee"), "*.csv": SourceOptions(dayfirst=False)}
    options = SourceOptions(timezone="Europe/Rome", files=own).of_file("Pulse_2026.CSV")
    assert (options.kind, options.dayfirst, options.timezone) == ("employee", False, "Europe/Rome")


def test_options_of_one_file_leave_the_others_alone():
    own = {"pulse*.csv": SourceOptions(kind="employee")}
    assert SourceOptions(files=own).of_file("reviews.csv").kind is None


def test_options_of_one_file_are_checked_with_the_settings():
    with pytest.raises(SettingsError, match='kind = "staff" is unknown'):
        load_settings(changes=['sources.files={"x.csv" = {kind = "staff"}}'])
