"""data/sources/cells: dates in every style, and the order of day and month."""

from datetime import date

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from data.sources.cells.dateparts import looks_like_date
from data.sources.cells.dates import DateReading, latest_moment, parse_dates
from data.sources.cells.dayorder import DateSurvey
from data.sources.raw import SourceOptions

BOTH = {"/": True, "-": True, ".": True, " ": True}


def parse(*cells, dayfirst=None, timezone=None, latest=None):
    reading = DateReading(BOTH if dayfirst is None else dayfirst, timezone, 1995, latest_moment(latest, 14))
    moments, issues = parse_dates(pa.chunked_array([pa.array(cells, pa.large_string())]), reading)
    shown = [None if np.isnat(moment) else pd.Timestamp(moment).isoformat() for moment in moments]
    return shown, issues.tolist()


def decide(cells, rules, *, hints=(), **options):
    survey = DateSurvey()
    survey.add(pa.chunked_array([pa.array(cells, pa.large_string())]), np.arange(1, len(cells) + 1))
    return survey.decide("when", hints=hints, options=SourceOptions(**options), rules=rules)


@pytest.mark.parametrize(
    ("cell", "moment"),
    [
        ("2026-03-05", "2026-03-05T00:00:00"),
        ("2026-03-05 14:30:15", "2026-03-05T14:30:15"),
        ("2026-03-05T14:30:15.250Z", "2026-03-05T14:30:15.250000"),
        ("2026-03-05T14:30:15+02:00", "2026-03-05T12:30:15"),
        ("2026-03-05 14:30:15 UTC", "2026-03-05T14:30:15"),
        ("2026-03-05 14:30:15 Z", "2026-03-05T14:30:15"),
        ("2026-03-05 14:30:15 -0500", "2026-03-05T19:30:15"),
        ("2026/03/05 14:30", "2026-03-05T14:30:00"),
        ("2026.03.05", "2026-03-05T00:00:00"),
        ("05/03/2026", "2026-03-05T00:00:00"),
        ("5/3/2026 9:05", "2026-03-05T09:05:00"),
        ("05.03.2026 14:30", "2026-03-05T14:30:00"),
        ("05/03/2026 14.30.15", "2026-03-05T14:30:15"),
        ("05-03-26", "2026-03-05T00:00:00"),
        ("05/03/99", "1999-03-05T00:00:00"),
        ("99-03-05", "1999-03-05T00:00:00"),
        ("05/03/2026 2:30 PM", "2026-03-05T14:30:00"),
        ("05/03/2026 12:30 a.m.", "2026-03-05T00:30:00"),
        ("05/03/2026 14:30 GMT+1", "2026-03-05T13:30:00"),
        ("5 March 2026", "2026-03-05T00:00:00"),
        ("Mar 5, 2026 2:30 PM", "2026-03-05T14:30:00"),
        ("March 5th, 2026", "2026-03-05T00:00:00"),
        ("Thursday, March 5, 2026", "2026-03-05T00:00:00"),
        ("Thu, 05 Mar 2026 14:30:15 GMT", "2026-03-05T14:30:15"),
        ("Thu Mar 05 14:30:15 +0000 2026", "2026-03-05T14:30:15"),
        ("5 marzo 2026", "2026-03-05T00:00:00"),
        ("5 de março de 2026", "2026-03-05T00:00:00"),
        ("5 sierpnia 2026 r.", "2026-08-05T00:00:00"),
        ("5. Oktober 2026", "2026-10-05T00:00:00"),
        ("5 août 2026", "2026-08-05T00:00:00"),
        ("5 juillet 2026", "2026-07-05T00:00:00"),
        ("5-Mar-26", "2026-03-05T00:00:00"),
        ("5 مارس 2026", "2026-03-05T00:00:00"),
        ("٥/٣/٢٠٢٦", "2026-03-05T00:00:00"),
        ("2026年3月5日 14:30", "2026-03-05T14:30:00"),
        ("2026年3月5日 下午2:30", "2026-03-05T14:30:00"),
        ("1772721000", "2026-03-05T14:30:00"),
        ("1772721000.5", "2026-03-05T14:30:00.500000"),
        ("1772721000000", "2026-03-05T14:30:00"),
        ("1772721000000000", "2026-03-05T14:30:00"),
        ("1772721000000000000", "2026-03-05T14:30:00"),
        ("20260305", "2026-03-05T00:00:00"),
        ("20260305143015", "2026-03-05T14:30:15"),
        ("46086", "2026-03-05T00:00:00"),
        ("46086.5", "2026-03-05T12:00:00"),
        ("  2026-03-05 \u200f", "2026-03-05T00:00:00"),
    ],
)
def test_parse_dates_reads_every_style(cell, moment):
    assert parse(cell) == ([moment], [None])


@pytest.mark.parametrize(
    "cell", ["soon", "31/04/2026", "2026-13-05", "45/45/2026", "x" * 500, "1/2/3", "123-1-1"]
)
def test_unreadable_dates_are_said_to_be(cell):
    assert parse(cell) == ([None], ["unreadable"])


@pytest.mark.parametrize(
    "cell", ["05/03/2026 25:30", "05/03/2026 14:75", "5 March 2026 26:10", "5 Mar 2026 10:00 XYZT"]
)
def test_impossible_times_are_unreadable(cell):
    assert parse(cell) == ([None], ["unreadable"])


@pytest.mark.parametrize("cell", [None, "", "  ", "NULL", "n/a", "NaT", "-"])
def test_missing_dates_are_absent(cell):
    assert parse(cell) == ([None], ["absent"])


@pytest.mark.parametrize("cell", ["1900-01-01", "1970-01-01 00:00:00", "01/01/1970"])
def test_placeholders_are_unreadable(cell):
    assert parse(cell) == ([None], ["unreadable"])


def test_dates_after_the_last_day_are_future():
    shown, issues = parse("2026-03-06 10:00", "2026-03-07 10:00", latest=date(2026, 3, 5))
    assert shown == ["2026-03-06T10:00:00", None]
    assert issues == [None, "future"]


def test_undecided_order_is_ambiguous_only_where_it_matters():
    shown, issues = parse("03/04/2026", "13/04/2026", "04/13/2026", "05/05/2026", dayfirst={"/": None})
    assert issues == ["ambiguous", None, None, None]
    assert shown[1:] == ["2026-04-13T00:00:00", "2026-04-13T00:00:00", "2026-05-05T00:00:00"]


def test_undecided_order_with_a_zone_is_ambiguous_too():
    assert parse("03/04/2026 10:00 +0200", dayfirst={"/": None})[1] == ["ambiguous"]


def test_five_styles_in_one_column_are_read_cell_by_cell():
    cells = ["2026-03-25", "25/03/2026", "25.03.2026", "Mar 25, 2026", "1774396800"]
    assert parse(*cells, dayfirst={"/": None, ".": None})[0] == ["2026-03-25T00:00:00"] * 5


def test_times_without_zone_are_in_the_stated_zone():
    shown, _ = parse("2026-03-05 14:30", "05/07/2026 14:30", "5 July 2026 14:30", timezone="Europe/Rome")
    assert shown == ["2026-03-05T13:30:00", "2026-07-05T12:30:00", "2026-07-05T12:30:00"]


@pytest.mark.parametrize(
    "cell", ["9999-12-31 23:59", "31/12/9999 23:59", "31 Dec 9999 23:59", "0001-01-01 00:00"]
)
@pytest.mark.parametrize("timezone", ["America/New_York", "Asia/Tokyo", None])
def test_dates_at_the_ends_of_time_do_no_harm(cell, timezone):
    _, issues = parse(cell, timezone=timezone, latest=date(2026, 1, 1))
    assert issues[0] in ("future", "unreadable")


def test_days_without_time_stay_on_their_day():
    assert parse("2026-03-05", "05/03/2026", timezone="Asia/Shanghai")[0] == ["2026-03-05T00:00:00"] * 2


def test_hours_that_do_not_exist_are_moved():
    assert parse("2026-03-29 02:30", timezone="Europe/Rome") == (["2026-03-29T01:00:00"], [None])


@pytest.mark.parametrize(
    ("cells", "order", "why"),
    [
        (["13/04/2026", "03/04/2026"], True, "1 dates have a first number over 12, 0 a second"),
        (["04/13/2026", "03/04/2026"], False, "0 dates have a first number over 12, 1 a second"),
        (["03.04.2026"], None, "dates with dots are written day first"),
    ],
)
def test_order_is_decided_over_the_column(settings, cells, order, why):
    found = decide(cells, settings["reading"])
    assert found.reading.dayfirst[cells[0][2]] is (True if order is None else order)
    assert why in found.why


def test_order_follows_the_language_of_the_file(settings):
    found = decide(["03/04/2026"] * 3, settings["reading"], hints=("column 'data' is Italian",))
    assert found.reading.dayfirst == {"/": True}
    assert "column 'data' is Italian" in found.why


@pytest.mark.parametrize("dayfirst", [True, False])
def test_order_follows_the_order_of_the_records(settings, dayfirst):
    days = pd.date_range("2026-01-01", "2026-12-12", freq="D")
    days = days[days.day <= 12]
    cells = [d.strftime("%d/%m/%Y" if dayfirst else "%m/%d/%Y") for d in days]
    assert decide(cells, settings["reading"]).reading.dayfirst == {"/": dayfirst}


def test_order_that_puts_no_date_in_the_future_wins(settings):
    found = decide(["03/11/2026", "02/03/2026"], settings["reading"], latest=date(2026, 4, 1))
    assert found.reading.dayfirst == {"/": False}
    assert "in the future" in found.why


def test_undecided_order_names_two_rows_and_the_settings_line(settings):
    found = decide(["2026-01-01", "03/04/2026", "05/05/2026", "02/01/2026"], settings["reading"])
    assert found.reading.dayfirst == {"/": None}
    assert "as in rows 2 and 4" in found.problems[0]
    assert "[sources] dayfirst = true or false" in found.problems[0]


def test_mixed_orders_stay_undecided(settings):
    cells = ["13/04/2026"] * 5 + ["04/13/2026"] * 5 + ["03/04/2026"]
    assert decide(cells, settings["reading"]).reading.dayfirst == {"/": None}


def test_stated_order_wins(settings):
    assert decide(["13/04/2026"], settings["reading"], dayfirst=False).reading.dayfirst == {"/": False}


def test_order_of_rarer_shapes_counts(settings):
    found = decide(["13/04/2026 10:00 +0200", "13/05/2026 10:00 pm"], settings["reading"])
    assert found.reading.dayfirst == {"/": True}


@pytest.mark.parametrize(
    ("cell", "expected"),
    [
        ("2026-03-05", True),
        ("5 March 2026", True),
        ("82630669", False),
        ("20260305", True),
        ("May be fine", False),
    ],
)
def test_looks_like_date_is_strict(cell, expected):
    assert looks_like_date(cell) is expected
