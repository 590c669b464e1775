"""Charts are plain SVG: no script, no style, no request, colours left to the page, always the same bytes."""

import re
from datetime import date, timedelta

import pytest

from reports import charts
from reports.charts import NEGATIVE, Point, Watch
from reports.sections.shared.words import Words

FIRST = date(2026, 6, 1)
POINTS = [Point(FIRST + timedelta(days=7 * i), 0.2 + 0.01 * i, 0.1, 0.5) for i in range(12)]
COUNTS = [Point(FIRST + timedelta(days=7 * i), float(i)) for i in range(12)]
WATCH = Watch(FIRST + timedelta(days=70), FIRST + timedelta(days=83), 3.5, 7)
HOSTILE = "</text></svg><script>alert(1)</script>"


def words(language="en"):
    return Words(language).chart()


def drawings(label="Delivery"):
    return {
        "line": charts.line(POINTS, words=words(), number=".0%", color=NEGATIVE),
        "spark": charts.spark([0.1, 0.3, 0.2], words=words()),
        "bars": charts.bars(COUNTS, WATCH, words=words()),
        "mix": charts.mix([(label, (3, 2, 5)), ("Price", (0, 0, 4))], words=words()),
    }


@pytest.fixture(scope="module")
def drawn():
    return drawings(HOSTILE)


@pytest.mark.parametrize("name", ["line", "spark", "bars", "mix"])
def test_chart_leaves_style_and_colour_to_the_page(drawn, name):
    assert not re.search(r"style=|<style|#0[0-9a-f]{5}|href|url\(http|xmlns", drawn[name])
    assert "var(--" in drawn[name]


@pytest.mark.parametrize("name", ["line", "spark", "bars", "mix"])
def test_chart_is_hidden_from_screen_readers(drawn, name):
    assert drawn[name].startswith("<svg class=")
    assert 'aria-hidden="true"' in drawn[name].split(">")[0]
    assert drawn[name].count("aria-") == 1


@pytest.mark.parametrize("name", ["line", "spark", "bars", "mix"])
def test_chart_is_small(drawn, name):
    assert len(drawn[name]) < 8_000


def test_chart_keeps_markup_in_labels_as_text(drawn):
    assert "<script" not in drawn["mix"]
    assert "&lt;/text&gt;" in drawn["mix"]


def test_chart_is_the_same_each_time(drawn):
    assert drawings(HOSTILE) == drawn


def test_bars_colour_the_watched_days(drawn):
    assert drawn["bars"].count("var(--negative)") == 2
    assert drawn["bars"].count("var(--neutral)") == 10  # every bar before the watched days


def test_line_writes_days_in_the_language():
    assert "cze" in charts.line(POINTS, words=words("pl"), number=".0%")


def test_line_writes_decimals_in_the_language():
    points = [Point(FIRST + timedelta(days=7 * i), 3.1 + 0.2 * i) for i in range(4)]
    assert re.search(r">3,\d<", charts.line(points, words=words("it"), number=".1f"))


@pytest.mark.parametrize("values", [[], [0.0], [0.0, 0.0]])
def test_spark_draws_nothing_and_zeros(values):
    assert "NaN" not in charts.spark(values, words=words())


def test_mix_draws_an_empty_group():
    assert "NaN" not in charts.mix([("nobody", (0, 0, 0))], words=words())


@pytest.mark.parametrize(
    ("label", "short"), [("Delivery", "Delivery"), ("a\n b", "a b"), ("x" * 40, "x" * 23 + "…")]
)
def test_shorten_keeps_one_line(label, short):
    assert charts.shorten(label) == short


@pytest.mark.parametrize("top", [1, 2, 3, 4])
def test_bars_of_few_complaints_have_whole_numbers_on_their_axis(top):
    counts = [Point(date(2026, 11, day), float(value)) for day, value in ((1, 0), (2, top))]
    drawing = charts.bars(counts, Watch(date(2026, 11, 2), date(2026, 11, 2), 0.4, 1), words=words())
    ticks = re.findall(r">(\d)</text>", drawing)
    assert ticks[0] == "0"
    assert ticks == sorted(set(ticks))  # each once: no half is written as a whole
