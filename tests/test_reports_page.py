"""The page: every number equals its table, every text is harmless, every language is whole."""

import base64
import dataclasses
import hashlib
import re
import string
import tomllib
from datetime import date, timedelta
from importlib import resources

import numpy as np
import pandas as pd
import pytest
from babel import Locale
from report_world import (
    AS_OF,
    HOSTILE,
    NAMES,
    aspects_table,
    documents_table,
    drawn,
    filled,
    make_world,
    rules,
)
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from data.schema import ALERTS, ASPECTS, COUNTS, DOCUMENTS, INPUTS, MEMBERS, REJECTED, TOPICS
from reports.metrics import summarise_friction, summarise_scores
from reports.page import NEEDED, PageOptions, draw_report
from reports.sections.shared.quotes import marked
from reports.sections.shared.window import choose_window, levels
from reports.sections.shared.words import LANGUAGES, Words, isolated


@pytest.fixture(scope="module")
def world():
    return make_world()


# Sections that stand on every run's tables; the others need what only some companies have.
ALWAYS = {"headlines", "tiles", "alerts", "friction", "topics", "explore", "sentiment", "scores", "quality"}


@pytest.fixture(scope="module")
def options(settings):
    rules = dataclasses.replace(settings["page"], trend_weeks=12)  # fewer weeks draw faster
    return PageOptions(as_of=AS_OF, rules=rules, categories=NAMES, facts={"Version": "0.1 <b>"})


@pytest.fixture(scope="module")
def page(options):
    return drawn(options.rules)


@pytest.fixture(scope="module")
def tree(page):
    return HTMLParser(page)


def with_rules(options, **changes):
    return dataclasses.replace(options, rules=dataclasses.replace(options.rules, **changes))


def empty_tables():
    documents = DOCUMENTS.empty()
    aspects, members = ASPECTS.empty(), MEMBERS.empty()
    return {
        "documents": documents, "aspects": aspects, "members": members, "topics": TOPICS.empty(),
        "friction_summary": summarise_friction(documents, aspects, members, rules=rules()),
        "score_summary": summarise_scores(documents, rules=rules()), "counts": COUNTS.empty(),
        "alerts": ALERTS.empty(), "inputs": INPUTS.empty(), "rejected": REJECTED.empty(),
    }  # fmt: skip


def tables_of(documents, aspects, **more):
    return empty_tables() | {
        "documents": documents, "aspects": aspects,
        "friction_summary": summarise_friction(documents, aspects, MEMBERS.empty(), rules=rules()),
        "score_summary": summarise_scores(documents, rules=rules()),
    } | more  # fmt: skip


def text_of(tree, selector):
    return " ".join(node.text(separator=" ", strip=True) for node in tree.css(selector))


def test_page_has_every_section_of_the_settings(tree, options):
    drawn_names = [node.attributes["id"] for node in tree.css("main > section")]
    assert drawn_names == [name for name in options.rules.sections if name in drawn_names]
    assert set(drawn_names) >= ALWAYS


def test_page_headings_descend_without_gaps(tree):
    ranks = [int(node.tag[1]) for node in tree.css("h1, h2, h3, h4")]
    assert ranks[0] == 1
    assert all(after - before <= 1 for before, after in zip(ranks, ranks[1:], strict=False))


def test_page_lets_only_its_own_style_and_script_run(page, tree):
    policy = tree.css_first('meta[http-equiv="Content-Security-Policy"]').attributes["content"]
    assert policy.startswith("default-src 'none'")
    for tag in ("style", "script"):
        body = re.findall(rf"<{tag}>(.*?)</{tag}>", page, flags=re.DOTALL)
        assert len(body) == 1
        digest = base64.b64encode(hashlib.sha256(body[0].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in policy
    assert "unsafe" not in policy


def test_page_names_no_other_place(tree):
    for node in tree.css("[src], [href], [action], [style]"):
        assert "style" not in node.attributes
        assert node.attributes.get("href", "#").startswith(("#", "data:,"))
    assert not tree.css("img, iframe, object, embed, form[action], base")


def test_page_ids_are_unique(tree):
    ids = [node.attributes["id"] for node in tree.css("[id]")]
    assert len(ids) == len(set(ids))


def test_page_is_small(page):
    assert len(page.encode()) < 400_000


def test_page_is_the_same_each_time(world, options, page):
    assert draw_report(world, options=options).page == page


def numbers_of_last_weeks(world):
    rows = world["friction_summary"].to_pandas()
    rows = rows[(rows["period"] == "week") & (rows["dimension"] == "all") & (rows["source_kind"] == "all")]
    last = AS_OF - timedelta(days=7)
    return rows, [last - timedelta(days=7 * back) for back in range(4)]


def test_page_friction_numbers_equal_the_tables(world, tree):
    rows, weeks = numbers_of_last_weeks(world)
    now = rows[rows["period_start"].isin(weeks)]
    scores = (
        world["score_summary"]
        .to_pandas()
        .query("period == 'week' and dimension == 'all' and source_kind == 'all'")
    )
    total = scores[scores["period_start"].isin(weeks)]["comment_count"].sum()
    bad = now[(now["category"] == "shipping") & (now["topic_id"] == "all")]["negative_count"].sum()
    first = tree.css("#friction table tbody")[0].text(separator=" ", strip=True)
    assert first.startswith(f"Delivery {bad} complaints {100 * bad / total:.1f}%")


def test_page_score_equals_the_answers(world, tree):
    documents = world["documents"].to_pandas()
    documents = documents[documents["source_kind"] != "employee"]
    day = documents["created_at"].dt.date
    answers = documents[(day >= AS_OF - timedelta(days=28)) & (day < AS_OF)]["nps"].dropna()
    nps = 100 * ((answers >= 9).mean() - (answers <= 6).mean())
    tile = next(node for node in tree.css("#tiles .tile") if "NPS" in node.text())
    written = tile.css_first(".value").text().replace("−", "-")
    assert int(written) == round(nps)
    assert f"{len(answers)} answers" in tile.text()


def test_page_leads_with_what_changed_and_how_sure(tree):
    findings = [node.text(separator=" ").strip() for node in tree.css(".findings li")]
    assert any(re.search(r"about Delivery rose from .* We are sure$", text) for text in findings)
    assert any(re.search(r"about Ordering and checkout fell from .* We are sure$", text) for text in findings)
    assert any(
        text.startswith("2 open alerts. The strongest: Delivery, 82 complaints in 14 days")
        for text in findings
    )


def test_page_shows_alerts_most_severe_first_with_children_under_parents(tree):
    titles = [node.text() for node in tree.css("#alerts > .card h3")]
    assert [title.split(" · ")[0] for title in titles] == [
        "Delivery",
        "“\u2068courier <script>alert(1)</script>\u2069”",
    ]
    assert "The same in: region: \u2068North\u2069 (×5.2)" in tree.css_first("#alerts .card").text()


def test_page_says_when_an_alert_was_at_its_peak(tree):
    first, second = (node.text() for node in tree.css("#alerts > .card")[:2])
    assert "82 complaints in 14 days (Oct 26 – Nov 8, 2026), where about 25 were expected" in first
    assert "82 complaints in 14 days, where about 24.6 were expected" in second  # its days are not known


def test_page_shows_comments_behind_an_alert_from_its_window(tree, options):
    comments = tree.css("#alerts .card")[0].css(".comments > li")
    assert 1 <= len(comments) <= options.rules.alert_comments
    assert all("North" in c.text() or "South" in c.text() or "West" in c.text() for c in comments)


def test_page_lists_settled_alerts_apart(tree):
    assert "settled Nov 10, 2026" in text_of(tree, "#alerts > details")


def test_page_marks_the_evidence(tree):
    assert (
        tree.css_first("#friction .comments mark")
        .text()
        .startswith(("The courier", "Il pacco", "Paczka", "وصل", "快递"))
    )


def test_page_says_language_and_direction_of_a_comment(tree):
    said = tree.css_first('.said[lang="ar"]')
    assert said.attributes["dir"] == "auto"


def test_page_names_new_themes(tree):
    assert "nobody knows where" in tree.css("#topics table")[0].text()
    assert "nobody knows where" not in tree.css("#topics table")[1].text()


def test_page_tells_what_it_rests_on(tree):
    quality = text_of(tree, "#quality")
    assert "3,200" in quality
    assert "no text" in quality
    assert "row 1, 2, 3, 4, 5 and 25 more" in quality
    assert "the whole source" in quality
    assert "Kommentar" in quality
    assert "0.1 <b>" in quality


def test_page_keeps_employees_apart(tree, world):
    assert "What employees say" in text_of(tree, "#employees h2")
    assert "Employees" in text_of(tree, "#sentiment table")


@pytest.fixture(scope="module")
def hostile_page(options):
    return drawn(with_rules(options, comments=400, alert_comments=400, comment_length=20_000).rules)


@pytest.mark.parametrize("place", range(len(HOSTILE)))
def test_page_shows_hostile_text_as_text(hostile_page, place):
    if HOSTILE[place].startswith("{{"):
        assert "{{ 7 * 7 }}" in hostile_page
    start = re.sub("[\x00-\x08\x0b-\x1f\x7f-\x9f]", "", HOSTILE[place])[:9000]
    comments = [node.text() for node in HTMLParser(hostile_page).css(".said")]
    assert any(start.strip() in text or start in text for text in comments)


def test_page_holds_no_character_that_html_forbids(hostile_page):
    assert not re.search("[\x00-\x08\x0b-\x1f\x7f-\x9f\ufffe\uffff\ud800-\udfff]", hostile_page)
    hostile_page.encode("utf-8")


def test_page_grows_no_elements_from_comments(hostile_page):
    tree = HTMLParser(hostile_page)
    assert (len(tree.css("script")), len(tree.css("style")), len(tree.css("link"))) == (2, 1, 1)
    assert not tree.css("b, i, img")


def test_page_of_nothing_says_so(options):
    page = draw_report(empty_tables(), options=options).page
    assert "no comments to report on yet" in page
    assert "How to read this page" in page


def test_page_of_nothing_shows_only_what_was_read(options):
    tree = HTMLParser(draw_report(empty_tables(), options=options).page)
    assert [node.attributes["id"] for node in tree.css("main > section")] == ["quality", "reading"]
    assert "voc inspect" in tree.css_first(".period").text()


def test_page_of_undated_comments_shows_levels_without_trends(options):
    documents = documents_table(
        [{"sentiment": "negative", "nps": 3}, {"sentiment": "positive", "nps": 10}] * 20
    )
    aspects = aspects_table([(f"f{i}:0", "shipping", "negative") for i in range(0, 40, 2)])
    tree = HTMLParser(draw_report(tables_of(documents, aspects), options=options).page)
    assert "50.0% of 40 comments are negative." in text_of(tree, "#headlines")
    assert "Nothing to compare with" in text_of(tree, "#friction")
    assert "40 comments carry no usable date" in text_of(tree, "#quality")
    assert not tree.css("#tiles figure")


def test_page_of_employees_alone_speaks_of_them(options):
    rows = [{"source_kind": "employee", "sentiment": "negative"}] * 12
    tree = HTMLParser(draw_report(tables_of(documents_table(rows), ASPECTS.empty()), options=options).page)
    assert tree.css_first("h1").text() == "What employees say"
    assert not tree.css("#employees")


def test_page_does_not_lead_with_a_change_of_a_handful(world, options):
    report = draw_report(world, options=with_rules(options, headline_complaints=10_000))
    assert "rose from" not in text_of(HTMLParser(report.page), "#headlines")


def test_page_of_a_single_week_has_nothing_to_compare_with(options):
    from datetime import UTC, datetime

    rows = [{"created_at": datetime(2026, 11, 10, tzinfo=UTC), "sentiment": "negative", "rating": 2.0}] * 30
    tree = HTMLParser(draw_report(tables_of(documents_table(rows), ASPECTS.empty()), options=options).page)
    assert "compared" not in text_of(tree, ".period")
    assert "100.0% of 30 comments are negative." in text_of(tree, "#headlines")


def test_page_alert_without_calculation_counts_or_comments_still_shows(options):
    alert = {
        "alert_id": "x", "issue": "topic:t9", "segment": "input_shop=Rome", "kind": "new", "status": "open",
        "opened_date": AS_OF, "last_active_date": AS_OF, "began_date": AS_OF, "window_days": 7, "n": 4,
        "expected": 0.5, "ratio": 8.0, "is_recurring": False, "calculation": "not json",
    }  # fmt: skip
    tables = tables_of(documents_table([{}]), ASPECTS.empty(), alerts=filled(ALERTS, [alert]))
    card = (
        HTMLParser(draw_report(tables, options=options).page).css_first("#alerts .card").text(separator=" ")
    )
    assert "a theme that has since ended · shop: \u2068Rome\u2069" in card
    assert "No comment can be shown here" in card


def test_page_does_not_quote_a_handful_of_employees(options):
    from datetime import UTC, datetime

    def said_by(kind, count):
        return [
            {"source_kind": kind, "created_at": datetime(2026, 11, 12, tzinfo=UTC), "sentiment": "negative",
             "feedback_id": f"{kind}{i}", "text": f"{kind} comment {i}"}
            for i in range(count)
        ]  # fmt: skip

    documents = documents_table(said_by("employee", 4) + said_by("support", 4))
    aspects = aspects_table(
        [(f"{kind}{i}:0", "shipping", "negative") for kind in ("employee", "support") for i in range(4)]
    )
    alert = {
        "alert_id": "x", "issue": "category:shipping", "segment": "all", "kind": "spike", "status": "open",
        "opened_date": AS_OF, "last_active_date": AS_OF, "began_date": AS_OF - timedelta(days=7),
        "window_days": 7, "n": 8, "expected": 1.0, "ratio": 8.0, "is_recurring": False,
    }  # fmt: skip
    page = draw_report(tables_of(documents, aspects, alerts=filled(ALERTS, [alert])), options=options).page
    card = HTMLParser(page).css_first("#alerts .card").text()
    assert "support comment 3" in card
    assert "employee comment" not in page


@pytest.mark.parametrize("name", NEEDED)
def test_page_names_an_absent_table(world, options, name):
    with pytest.raises(ValueError, match=f"absent: {name}"):
        draw_report({key: table for key, table in world.items() if key != name}, options=options)


def test_page_refuses_an_unknown_section(world, options):
    with pytest.raises(ValueError, match="no section horoscope; known: headlines"):
        draw_report(world, options=with_rules(options, sections=("horoscope",)))


def test_page_refuses_an_unknown_language(world, options):
    with pytest.raises(ValueError, match="no language 'tlh'; known: en"):
        draw_report(world, options=with_rules(options, language="tlh"))


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_drawn_in_every_language(options, language):
    tree = HTMLParser(drawn(with_rules(options, language=language).rules))
    root = tree.css_first("html").attributes
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")
    assert {node.attributes["id"] for node in tree.css("main > section")} >= ALWAYS


def catalogue(language):
    raw = tomllib.loads(resources.files("reports").joinpath("locales", f"{language}.toml").read_text("utf-8"))
    return {f"{section}.{key}": value for section, texts in raw.items() for key, value in texts.items()}


def placeholders(text):
    return {name for _, name, _, _ in string.Formatter().parse(text) if name}


@pytest.mark.parametrize("language", [code for code in LANGUAGES if code != "en"])
def test_catalogue_has_every_word_and_its_placeholders(language):
    english, other = catalogue("en"), catalogue(language)
    assert set(other) == set(english)
    wrong = [
        key
        for key, text in english.items()
        if isinstance(text, str) and placeholders(text) != placeholders(other[key])
    ]
    assert wrong == []


@pytest.mark.parametrize("language", LANGUAGES)
def test_catalogue_has_the_plural_forms_of_its_language(language):
    needed = {Locale.parse(language).plural_form(n) for n in range(200)} | {"other"}
    forms = {key: set(value) for key, value in catalogue(language).items() if isinstance(value, dict)}
    assert forms
    assert {key: needed - found for key, found in forms.items() if needed - found} == {}


@pytest.mark.parametrize(
    ("language", "count", "written"),
    [("en", 1, "1 complaint"), ("en", 1200, "1,200 complaints"), ("it", 1200, "1200 reclami"),
     ("pl", 3, "3 skargi"),
     ("pl", 12, "12 skarg"), ("pl", 22, "22 skargi"), ("zh", 2, "2 条投诉"), ("ar", 2, "شكويان")],
)  # fmt: skip
def test_words_count_as_the_language_does(language, count, written):
    assert Words(language).count("count.complaints", count).replace(".", "") == written


@pytest.mark.parametrize(
    ("language", "written"), [("en", "−1,234.5"), ("it", "−1234,5"), ("ar", "\u2066−1,234.5\u2069")]
)
def test_words_sign_numbers_as_the_language_does(language, written):
    assert Words(language).signed(-1234.5, 1).replace("1.234", "1234") == written


@pytest.mark.parametrize(("value", "written"), [(0.0, "0.0"), (-0.04, "0.0"), (0.06, "+0.1")])
def test_words_give_zero_no_sign(value, written):
    assert Words("en").signed(value, 1) == written


@pytest.mark.parametrize(
    ("language", "currency", "written"),
    [
        ("en", "EUR", "€33,066"), ("en", "PLN", "PLN\u00a033,066"), ("it", "EUR", "33.066\u00a0€"),
        ("pl", "PLN", "33\u00a0066\u00a0zł"), ("zh", "CNY", "¥33,066"), ("en", "", "33,066"),
    ],
)  # fmt: skip
def test_words_write_money_in_its_currency(language, currency, written):
    assert Words(language, currency=currency).money(33066.4) == written


def test_words_refuse_an_unknown_currency():
    with pytest.raises(ValueError, match="no currency 'EURO'; name one by its ISO 4217 code"):
        Words("en", currency="EURO")


def test_words_write_days_and_spans():
    words = Words("en")
    assert words.span(date(2025, 12, 29), date(2026, 1, 4)) == "Dec 29, 2025 – Jan 4, 2026"
    assert words.span(date(2026, 5, 4), date(2026, 5, 10)) == "May 4 – May 10, 2026"
    assert words.span(date(2026, 5, 4), date(2026, 5, 4)) == "May 4, 2026"


@pytest.mark.parametrize(
    ("code", "name"), [("pl", "Polish"), ("und", "language unknown"), ("xx-nope", "xx-nope")]
)
def test_words_name_languages(code, name):
    assert Words("en").language_name(code) == name


def test_words_refuse_a_number_word_without_its_number():
    with pytest.raises(ValueError, match="depends on a number"):
        Words("en")("count.comments")


def test_isolated_takes_direction_marks_out_of_a_name():
    assert isolated("a\u202eb\u2066c") == "\u2068abc\u2069"


@pytest.mark.parametrize(
    ("text", "spans", "length", "pieces"),
    [
        ("late parcel", [(0, 4)], 50, (("late", True), (" parcel", False))),
        ("late parcel", [], 4, (("late", False), ("…", False))),
        ("late parcel", [(5, 99), (-3, 2)], 50, (("la", True), ("te ", False), ("parcel", True))),
        ("abcdef", [(1, 4), (2, 5)], 50, (("a", False), ("bcd", True), ("e", True), ("f", False))),
        ("abc", [(2, 1), (9, 12)], 50, (("abc", False),)),
        ("", [], 50, ()),
    ],
)
def test_marked_cuts_and_mends_spans(text, spans, length, pieces):
    assert marked(text, spans, length=length) == pieces


def test_marked_keeps_the_evidence_of_a_long_comment():
    text = "x" * 5000 + "late" + "y" * 5000
    pieces = marked(text, [(5000, 5004)], length=600)
    assert pieces[0] == ("…", False)
    assert ("late", True) in pieces
    assert sum(len(piece) for piece, _ in pieces) == 602


def weeks(counts, first=date(2026, 1, 5)):
    return pd.Series({first + timedelta(days=7 * place): count for place, count in counts.items()})


@pytest.mark.parametrize(("per_week", "size"), [(400, 1), (100, 4), (30, 12), (3, 12)])
def test_window_takes_the_shortest_span_with_enough_comments(per_week, size, settings):
    window = choose_window(
        weeks(dict.fromkeys(range(40), per_week)), as_of=date(2026, 10, 12), rules=settings["page"]
    )
    assert (window.weeks, len(window.before), len(window.trend)) == (size, size, 26)


@pytest.mark.parametrize(
    ("as_of", "last_day"),
    [
        (date(2026, 3, 8), date(2026, 3, 8)),
        (date(2026, 3, 9), date(2026, 3, 8)),
        (date(2026, 3, 14), date(2026, 3, 8)),
    ],
)
def test_window_ends_with_the_last_week_that_is_over(as_of, last_day, settings):
    window = choose_window(weeks(dict.fromkeys(range(20), 500)), as_of=as_of, rules=settings["page"])
    assert window.last_day == last_day


def test_window_of_an_old_export_ends_with_its_newest_week(settings):
    window = choose_window(weeks({0: 500, 1: 500}), as_of=date(2030, 1, 1), rules=settings["page"])
    assert window.now == (date(2026, 1, 12),)


def test_window_fills_weeks_without_comments(settings):
    window = choose_window(weeks({0: 500, 9: 500}), as_of=date(2026, 3, 16), rules=settings["page"])
    assert len(window.trend) == 10


def test_window_of_nothing_is_none(settings):
    assert choose_window(weeks({}), as_of=date(2026, 1, 1), rules=settings["page"]).weeks == 0


@pytest.mark.parametrize(
    ("now", "before", "comparisons", "sureness"),
    [
        ((60, 300), (20, 300), 25, "sure"),
        ((45, 300), (27, 300), 1, "sure"),
        ((45, 300), (27, 300), 25, "likely"),
        ((33, 300), (30, 300), 25, "open"),
        ((33, 300), (0, 0), 25, "none"),
    ],
)
def test_levels_say_how_sure_a_change_is(now, before, comparisons, sureness):
    level = levels(([now[0]], [now[1]]), ([before[0]], [before[1]]), comparisons=comparisons)[0]
    assert level.sureness == sureness


def test_levels_without_a_past_have_no_change():
    level = levels(([3], [10]), None)[0]
    assert np.isnan(level.change)
    assert level.sureness == "none"


def test_levels_rarely_call_chance_sure():
    rng = np.random.default_rng(5)
    wrong = 0
    for _ in range(300):  # 20 subjects without any change, compared at once
        now, before = rng.binomial(400, 0.1, 20), rng.binomial(400, 0.1, 20)
        total = np.full(20, 400)
        wrong += any(
            level.sureness == "sure" for level in levels((now, total), (before, total), comparisons=20)
        )
    assert wrong / 300 <= 0.07


@pytest.mark.parametrize("asked", [1, 4, 12])
def test_window_takes_the_weeks_that_are_asked_for(settings, asked):
    rules = dataclasses.replace(settings["page"], weeks=asked)
    window = choose_window(weeks(dict.fromkeys(range(40), 400)), as_of=date(2026, 10, 12), rules=rules)
    assert (window.weeks, len(window.now)) == (asked, asked)
