"""The page in a real browser, from disk: silent, harmless, readable on a phone and from right to left."""

import dataclasses

import pytest
from browsing import DESKTOP, NEEDS_BROWSER, PHONE, Visit
from report_world import drawn

pytestmark = NEEDS_BROWSER


@pytest.fixture(scope="module")
def files(settings, tmp_path_factory):
    """The page as files: plain; with every hostile comment shown; in Arabic."""
    folder = tmp_path_factory.mktemp("page")
    changes = {
        "en": {"lead_rows": 2},
        "hostile": {"comments": 400, "alert_comments": 400, "comment_length": 20_000},
        "ar": {"language": "ar"},
    }
    for name, change in changes.items():
        rules = dataclasses.replace(settings["page"], **({"trend_weeks": 12} | change))
        (folder / f"{name}.html").write_text(drawn(rules), encoding="utf-8")
    return {name: (folder / f"{name}.html").as_uri() for name in changes}


@pytest.fixture
def visit(browser, files):
    contexts = []

    def open_page(name, **options):
        contexts.append(browser.new_context(**({"viewport": DESKTOP} | options)))
        return Visit(contexts[-1], files[name])

    yield open_page
    for context in contexts:
        context.close()


def open_everything(page):
    page.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")


def overflow(page):
    return page.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth")


@pytest.mark.parametrize("name", ["en", "hostile", "ar"])
def test_page_opens_from_disk_silently(visit, name):
    visited = visit(name)
    open_everything(visited.page)
    visited.page.wait_for_timeout(100)
    assert visited.said == []
    assert visited.asked == [visited.url]


def test_page_does_nothing_that_a_comment_asks(visit):
    page = visit("hostile").page
    open_everything(page)
    assert page.title().startswith("What customers say")
    assert page.locator(".said", has_text="document.title='owned'").count() > 0
    assert page.evaluate("getComputedStyle(document.body).display") == "block"
    assert page.locator("main a[href^='http']").count() == 0


def test_page_would_not_run_a_script_that_got_in(visit):
    visited = visit("en")
    visited.page.evaluate("""() => {
        const script = document.createElement('script');
        script.textContent = "document.title = 'owned'";
        document.body.append(script);
    }""")
    assert visited.page.title() != "owned"
    assert any("Content Security Policy" in said for said in visited.said)


@pytest.mark.parametrize("name", ["en", "hostile", "ar"])
@pytest.mark.parametrize("viewport", [PHONE, DESKTOP])
def test_page_fits_its_width(visit, name, viewport):
    page = visit(name, viewport=viewport).page
    open_everything(page)
    assert overflow(page) <= 0


def test_page_reads_from_right_to_left_in_arabic(visit):
    page = visit("ar").page
    heading = page.locator("h1").bounding_box()
    assert heading["x"] + heading["width"] > DESKTOP["width"] / 2
    assert page.evaluate("getComputedStyle(document.querySelector('.draw')).direction") == "ltr"


def test_page_keeps_a_comment_in_its_own_direction(visit):
    page = visit("en").page
    open_everything(page)
    assert page.evaluate("getComputedStyle(document.querySelector('.said[lang=ar]')).direction") == "rtl"
    assert page.evaluate("getComputedStyle(document.querySelector('.said[lang=en]')).direction") == "ltr"


def test_page_works_without_scripts(visit):
    page = visit("en", java_script_enabled=False).page
    fold = page.locator("#friction details").first
    fold.locator("summary").click()
    assert fold.locator(".comments li").first.is_visible()
    assert not page.locator("#filter").is_visible()
    assert not page.locator("#theme").is_visible()


def test_filter_finds_comments_and_opens_them(visit):
    page = visit("en").page
    page.fill("#find", "COURIER")
    assert page.locator(".comments li:visible").count() > 0
    assert page.locator("details .comments li:visible", has_text="Koszyk").count() == 0
    assert page.locator("#shown").text_content().endswith("comments shown")
    page.fill("#find", "")
    assert page.locator("details .comments li:visible").count() == 0


def test_filter_keeps_one_language(visit):
    page = visit("en").page
    page.select_option("#language", "pl")
    languages = page.eval_on_selector_all(
        "details .comments li:not([hidden])",
        "items => [...new Set(items.map(item => item.dataset.language))]",
    )
    assert languages == ["pl"]


def test_filter_keeps_one_kind(visit):
    page = visit("en").page
    page.select_option("#kind", "review")
    kinds = page.eval_on_selector_all(
        "details .comments li:not([hidden])", "items => [...new Set(items.map(item => item.dataset.kind))]"
    )
    assert kinds == ["review"]


def test_filter_opens_folded_sections_and_rows_beyond_the_lead(visit):
    page = visit("en").page
    page.fill("#find", "COURIER")
    opened = page.eval_on_selector_all("details.part", "folds => folds.filter(fold => fold.open).length")
    assert opened > 0
    hidden = page.evaluate("""() => [...document.querySelectorAll('tbody.later .comments > li:not([hidden])')]
        .filter(item => !item.closest('.grid').querySelector('.others').open).length""")
    assert hidden == 0


def test_two_minutes_are_read_before_anything_is_opened(visit):
    page = visit("en").page
    answers = page.locator(".answer h3")
    assert answers.first.text_content() == "How are we doing?"
    assert answers.last.bounding_box()["y"] < 2 * DESKTOP["height"]
    assert page.evaluate("document.documentElement.scrollHeight") < 9000
    assert page.locator("#quality .tiles").is_hidden()


def test_a_link_opens_the_section_that_it_leads_to(visit):
    page = visit("en").page
    page.evaluate("location.hash = '#quality'")
    page.wait_for_function("document.querySelector('#quality > details').open")
    assert page.locator("#quality .tiles").is_visible()


def test_rows_beyond_the_lead_are_shown_on_demand_without_scripts(visit):
    page = visit("en", java_script_enabled=False).page
    grid = page.locator(".grid", has=page.locator("tbody.later")).first
    grid.evaluate("grid => grid.closest('details.part')?.setAttribute('open', '')")
    assert grid.locator("tbody.later").first.is_hidden()
    grid.locator(".others > summary").click()
    assert grid.locator("tbody.later").first.is_visible()


def test_print_shows_folded_sections_and_every_row(visit):
    page = visit("en").page
    page.emulate_media(media="print")
    assert page.locator("#quality .tiles").first.evaluate("tiles => tiles.getBoundingClientRect().height") > 0
    assert page.locator("tbody.later").first.evaluate("rows => rows.getBoundingClientRect().height") > 0


def test_table_sorts_by_a_heading_from_the_keyboard(visit):
    page = visit("en").page
    table = page.locator("#friction table").first
    button = table.locator("thead button").nth(3)
    button.focus()

    def counts():
        cells = table.locator("tbody tr:first-child td:nth-child(4)").all_text_contents()
        return [int(text.replace(",", "")) for text in cells]

    page.keyboard.press("Enter")
    assert counts() == sorted(counts(), reverse=True)
    assert table.locator("th[aria-sort=descending]").count() == 1
    page.keyboard.press("Enter")
    assert counts() == sorted(counts())


def test_theme_can_be_changed(visit):
    page = visit("en", color_scheme="light").page
    light = page.evaluate("getComputedStyle(document.body).backgroundColor")
    page.click("#theme")
    assert page.evaluate("getComputedStyle(document.body).backgroundColor") != light


def luminance(rgb):
    parts = [value / 255 for value in rgb]
    parts = [value / 12.92 if value <= 0.03928 else ((value + 0.055) / 1.055) ** 2.4 for value in parts]
    return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]


@pytest.fixture(scope="module")
def colors(browser, files):
    """Every colour of the page by name, for each scheme."""
    found = {}
    for scheme in ("light", "dark"):
        page = browser.new_context(color_scheme=scheme).new_page()
        page.goto(files["en"])
        found[scheme] = page.evaluate(
            """names => Object.fromEntries(names.map(name => {
                const probe = document.createElement('i');
                document.body.append(probe);
                probe.style.color = `var(--${name})`;
                return [name, getComputedStyle(probe).color.match(/\\d+/g).slice(0, 3).map(Number)];
            }))""",
            ["ink", "paper", "surface", "muted", "accent", "bad", "good", "mark", "negative", "on-negative"],
        )
        page.context.close()
    return found


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize(
    ("front", "back"),
    [
        ("ink", "paper"), ("ink", "surface"), ("muted", "paper"), ("muted", "surface"), ("accent", "surface"),
        ("accent", "paper"), ("bad", "surface"), ("good", "surface"), ("ink", "mark"),
        ("on-negative", "negative"),
    ],
)  # fmt: skip
def test_colours_are_told_apart(colors, scheme, front, back):
    one, two = sorted((luminance(colors[scheme][name]) for name in (front, back)), reverse=True)
    assert (one + 0.05) / (two + 0.05) >= 4.5  # WCAG 2.2 AA for text


def test_page_prints_without_controls(visit):
    page = visit("en").page
    page.emulate_media(media="print")
    assert not page.locator("#filter").is_visible()
    assert not page.locator("nav").is_visible()
    assert page.locator("#friction table").first.is_visible()


def test_every_control_has_a_name(visit):
    page = visit("en").page
    unnamed = page.evaluate("""() => [...document.querySelectorAll('button, input, select, summary, a')]
        .filter(node => !(node.textContent.trim() || node.labels?.[0]?.textContent.trim())).length""")
    assert unnamed == 0
