"""The reader's own questions: the same numbers as the tables, the comments behind them, a way to object."""

import csv
import dataclasses
import io
from datetime import date

import pandas as pd
import pyarrow as pa
import pytest
from browsing import DESKTOP, NEEDS_BROWSER, PHONE, Visit
from report_world import drawn, make_world

from data.schema import FRICTION_SUMMARY, SCORE_SUMMARY
from reports.explorer.cube import build_cube
from reports.explorer.voices import collect_voices
from reports.facts import intervals

WEEKS = [date(2026, 10, 19), date(2026, 10, 26), date(2026, 11, 2), date(2026, 11, 9)]


@pytest.fixture(scope="module")
def tables():
    return make_world()


def test_cube_adds_up_to_the_summaries(tables):
    cube = build_cube(tables["friction_summary"], tables["score_summary"], weeks=WEEKS, values=12)
    columns = ["week", "kind", "segment", "subject", "comments", "complaints", "praise"]
    rows = pd.DataFrame(cube.counts, columns=columns)
    whole = rows[(rows["kind"] == 0) & (rows["segment"] == 0)].groupby("subject")["complaints"].sum()
    friction = tables["friction_summary"].to_pandas(date_as_object=True)
    wanted = (
        friction[
            (friction["period"] == "week")
            & friction["period_start"].isin(WEEKS)
            & (friction["source_kind"] == "all")
            & (friction["dimension"] == "all")
            & (friction["topic_id"] == "all")
        ]
        .groupby("category")["negative_count"]
        .sum()
    )
    assert {cube.subjects[n]: v for n, v in whole.items()} == {c: wanted[c] for c in cube.subjects}


def test_cube_leaves_employees_out(tables):
    cube = build_cube(tables["friction_summary"], tables["score_summary"], weeks=WEEKS, values=12)
    assert cube.kinds[0] == "all"
    assert "employee" not in cube.kinds


def test_cube_keeps_the_largest_values_of_a_dimension(tables):
    cube = build_cube(tables["friction_summary"], tables["score_summary"], weeks=WEEKS, values=2)
    dimensions = [dimension for dimension, _ in cube.segments[1:]]
    assert max(dimensions.count(d) for d in set(dimensions)) == 2


def test_cube_of_nothing_is_empty():
    cube = build_cube(FRICTION_SUMMARY.empty(), SCORE_SUMMARY.empty(), weeks=WEEKS, values=2)
    assert (cube.subjects, cube.totals, cube.counts) == ((), [], [])


def test_voices_are_complaints_of_these_weeks_newest_first(tables):
    voices = collect_voices(tables["documents"], tables["aspects"], weeks=WEEKS, limit=5, length=(40, 400))
    days = [voice.created_on for voice in voices]
    assert days == sorted(days, reverse=True)
    assert all(WEEKS[0] <= day <= date(2026, 11, 15) for day in days)
    assert all(voice.source_kind != "employee" for voice in voices)
    assert max(sum(s in v.subjects for v in voices) for s in ("shipping", "product_quality")) <= 5


def test_voices_leave_competitors_out(tables):
    documents = tables["documents"]
    place = documents.column_names.index("is_own")
    others = documents.set_column(place, "is_own", pa.array([False] * documents.num_rows))
    assert collect_voices(others, tables["aspects"], weeks=WEEKS, limit=5, length=(40, 400)) == []


@pytest.fixture(scope="module")
def files(settings, tmp_path_factory):
    folder = tmp_path_factory.mktemp("explorer")
    for language in ("en", "ar"):
        page = drawn(dataclasses.replace(settings["page"], language=language, trend_weeks=12))
        (folder / f"{language}.html").write_text(page, encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in ("en", "ar")}


@pytest.fixture
def page(browser, files, request):
    context = browser.new_context(viewport=DESKTOP)
    visited = Visit(context, files[getattr(request, "param", "en")])
    visited.page.locator("#explore > details > summary").click()
    yield visited.page
    assert visited.said == []
    assert visited.asked == [visited.url]
    context.close()


def first_row(page):
    return page.locator("#explorer tbody tr").first.locator("td .main").all_text_contents()


class TestInTheBrowser:
    pytestmark = NEEDS_BROWSER

    def test_explorer_says_the_same_as_the_table_above(self, page):
        ours = page.locator("#explorer tbody th").first.text_content()
        row = page.locator("#friction tbody tr", has_text=ours).first
        share = row.locator("td .main").first.text_content()
        low = row.locator("td .small").first.text_content()
        mine = page.locator("#explorer tbody tr").first.locator("td").nth(1)
        assert share.strip("\u2066\u2069\u2068") in mine.text_content()
        assert low.split()[-1].strip("\u2066\u2069\u2068%") in mine.text_content()

    def test_explorer_intervals_are_those_of_the_tables(self, page):
        complaints, _, change, *_ = first_row(page)
        total = int(page.locator("#explore-total").text_content().split()[0])
        low, high = intervals.wilson(int(complaints), total)
        shown = page.locator("#explorer tbody tr").first.locator("td .small").first.text_content()
        assert f"{100 * float(low):.1f}%" in shown
        assert f"{100 * float(high):.1f}%" in shown
        assert "points" in change

    def test_a_kind_and_a_segment_narrow_the_counts(self, page):
        whole = int(page.locator("#explore-total").text_content().split()[0])
        page.select_option("#explore-kind", label="Reviews")
        reviews = int(page.locator("#explore-total").text_content().split()[0])
        page.select_option("#explore-segment", label="Polish")
        polish = int(page.locator("#explore-total").text_content().split()[0])
        assert whole > reviews > polish > 0
        languages = page.eval_on_selector_all(
            "#explorer .said", "items => [...new Set(items.map(item => item.lang))]"
        )
        assert languages == ["pl"]

    def test_a_subject_opens_its_comments(self, page):
        page.locator("#explorer tbody button", has_text="Product quality").click()
        assert "Product quality" in page.locator("#explore-heading").text_content()
        assert page.evaluate("document.activeElement.id") == "explore-heading"
        assert page.locator("#explorer .said").count() > 0
        page.click("#explore-everything")
        assert "any subject" in page.locator("#explore-heading").text_content()

    def test_rows_are_taken_along_as_harmless_csv(self, page):
        with page.expect_download() as waiting:
            page.locator("#explorer .takes button", has_text="Download as CSV").first.click()
        rows = list(csv.reader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig"))))
        assert rows[0][0] == "Subject"
        assert len(rows) == 1 + page.locator("#explorer tbody tr").count()
        live = [cell for row in rows for cell in row if cell.startswith(("=", "@", "\t"))]
        assert live == []

    def test_a_drawing_is_taken_along_as_a_picture(self, page):
        with page.expect_download() as waiting:
            page.locator("figure .take").first.click()
        assert waiting.value.path().read_bytes().startswith(b"\x89PNG")

    def test_what_the_reader_corrects_is_a_file_for_training(self, page):
        page.locator("#explorer tbody button", has_text="Delivery").click()
        page.locator("#explorer .facts button").first.click()
        page.locator("#explorer .correct select").first.select_option("website_app")
        page.locator("#explorer .correct select").nth(1).select_option("neutral")
        with page.expect_download() as waiting:
            page.locator(".corrections button", has_text="corrections (1)").click()
        (row,) = csv.DictReader(io.StringIO(waiting.value.path().read_text(encoding="utf-8-sig")))
        assert row["text"]
        assert (row["category"], row["right_category"]) == ("shipping", "website_app")
        assert (row["sentiment"], row["right_sentiment"]) == ("negative", "neutral")

    @pytest.mark.parametrize("page", ["ar"], indirect=True)
    def test_explorer_fits_a_phone_from_right_to_left(self, page):
        page.set_viewport_size(PHONE)
        assert page.evaluate("document.documentElement.scrollWidth - innerWidth") <= 0
        assert page.locator("#explorer tbody td").first.get_attribute("data-label")

    def test_explorer_says_where_numbers_are_without_scripts(self, browser, files):
        context = browser.new_context(java_script_enabled=False)
        plain = context.new_page()
        plain.goto(files["en"])
        plain.locator("#explore > details > summary").click()
        assert plain.locator("#explore .scriptless").is_visible()
        assert not plain.locator("#explorer").is_visible()
        context.close()


@pytest.mark.parametrize("page", ["en", "ar"], indirect=True)
@pytest.mark.parametrize("theme", ["light", "dark"])
class TestAccessible:
    pytestmark = NEEDS_BROWSER

    def test_axe_finds_no_violation(self, page, theme):
        from axe_playwright_python.sync_playwright import Axe

        page.emulate_media(color_scheme=theme)
        page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
        found = Axe().run(page, options={"runOnly": ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa"]})
        violations = [(v["id"], v["nodes"][0]["html"][:200]) for v in found.response["violations"]]
        assert len(found.response["passes"]) > 10  # it did look
        assert violations == []
