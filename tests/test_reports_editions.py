"""The letter and the chat's lines: short, harmless, and saying the same as the page."""

import dataclasses
import re

import pytest
from report_world import AS_OF, NAMES, make_world
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from reports.page import PageOptions, draw_past, draw_report


@pytest.fixture(scope="module")
def report(settings):
    return draw(settings, "en")


def draw(settings, language):
    rules = dataclasses.replace(settings["page"], trend_weeks=12, language=language)
    return draw_report(make_world(), options=PageOptions(as_of=AS_OF, rules=rules, categories=NAMES))


def test_letter_says_what_the_page_says_first(report):
    letter, page = HTMLParser(report.letter), HTMLParser(report.page)
    said = [" ".join(item.text().split()) for item in letter.css("li")]
    wanted = [" ".join(item.text().split()) for item in page.css(".findings li")]
    assert said == wanted


def test_letter_has_no_script_no_picture_no_address(report):
    tree = HTMLParser(report.letter)
    assert tree.css("script, img, svg, link, iframe, form") == []
    assert not re.search(r"https?://", report.letter)
    assert len(report.letter) < 60_000


def test_letter_keeps_its_tables_short(report, settings):
    tables = HTMLParser(report.letter).css("table")
    assert max(len(table.css("tr")) for table in tables) <= settings["page"].letter_rows + 1


def test_letter_reads_from_right_to_left_in_arabic(settings):
    letter = draw(settings, "ar").letter
    assert '<html lang="ar" dir="rtl">' in letter
    assert "text-align:right" in letter


def test_lines_are_headed_and_escaped(report):
    lines = report.lines.splitlines()
    assert lines[0] == "# What customers say"
    assert "## In short" in lines
    assert not re.search(r"(?<!\\)[<@]", report.lines)  # nobody is mentioned, nothing is markup
    assert "\u2066" not in report.lines


def test_lines_hold_every_headline(report):
    headlines = HTMLParser(report.page).css(".findings li")
    section = report.lines.split("## ")[1]
    assert sum(line.startswith("- ") for line in section.splitlines()) == len(headlines)


def test_past_reports_are_listed_newest_first():
    days = {f"2026-11-{day:02}.html": AS_OF.replace(day=day) for day in (1, 15, 8)}
    links = [a.attributes["href"] for a in HTMLParser(draw_past(days, language="pl")).css("li a")]
    assert links == ["2026-11-15.html", "2026-11-08.html", "2026-11-01.html"]
