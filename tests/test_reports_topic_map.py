"""The map of topics: circles apart, hostile words as text, a page that asks nothing of anyone."""

import datetime as dt

import numpy as np
import pandas as pd
import pytest
from numpy.testing import assert_allclose
from selectolax.lexbor import LexborHTMLParser as HTMLParser

from data.schema import CATEGORY_TOPICS, TOPIC_CENTROIDS, TOPIC_LANGUAGES, TOPICS
from reports.sections.shared.words import LANGUAGES
from reports.topic_map.draw import MapOptions, draw_topic_map
from reports.topic_map.layout import place_circles

HOSTILE = "</text><script>document.title='owned'</script><img src=x onerror=alert(1)>"
LABELS = ("Late delivery", HOSTILE, "تأخير التوصيل", "送货速度、很慢", "\u202egnp.exe\x00")


def centres(count, seed=0):
    vectors = np.random.default_rng(seed).normal(size=(count, 16)).astype(np.float32)
    return vectors / np.linalg.norm(vectors, axis=1, keepdims=True)


def tables(labels=LABELS):
    ids = [f"t{i}" for i in range(len(labels))]
    topics = pd.DataFrame(
        {
            "topic_id": ids, "label": labels, "label_language": ["en", "en", "ar", "zh", "en"][: len(ids)],
            "keywords": [[HOSTILE, "late"]] * len(ids), "size": [900 - 100 * i for i in range(len(ids))],
            "category": ["shipping", "other"] * (len(ids) // 2) + ["shipping"] * (len(ids) % 2),
            "category_share": 0.5, "first_seen": dt.date(2026, 1, 5), "last_seen": dt.date(2026, 3, 9),
            "language_count": 1, "is_pinned": True, "is_muted": False,
            "example_ids": [[f"s{i}"] for i in range(len(ids))],
        }
    )  # fmt: skip
    centroids = pd.DataFrame(
        {
            "topic_id": ids, "anchor": ids, "centroid": list(centres(len(ids))), "radius": 0.2,
            "fitted_count": 5, "tightness": 0.4,
        }
    )  # fmt: skip
    languages = pd.DataFrame({"topic_id": ids, "language": "en", "segment_count": 5, "segment_share": 1.0})
    explained = pd.DataFrame(
        {
            "category": ["other", "shipping"], "segment_count": 9, "topic_count": 2, "explained_share": 0.75,
            "largest_topic_id": None, "largest_share": 0.0,
        }
    )  # fmt: skip
    segments = pd.DataFrame(
        {"segment_id": [f"s{i}" for i in range(len(ids))], "text": [HOSTILE] * len(ids), "language": "en"}
    )
    import pyarrow as pa

    return {
        "topics": TOPICS.to_arrow(topics), "topic_centroids": TOPIC_CENTROIDS.to_arrow(centroids),
        "topic_languages": TOPIC_LANGUAGES.to_arrow(languages),
        "category_topics": CATEGORY_TOPICS.to_arrow(explained), "segments": pa.Table.from_pandas(segments),
    }  # fmt: skip


def empty_tables():
    return {name: table.slice(0, 0) for name, table in tables().items()}


@pytest.fixture(scope="module")
def page():
    return draw_topic_map(tables(), options=MapOptions("en", {"shipping": "Shipping"}))


@pytest.mark.parametrize("count", [1, 2, 3, 60])
def test_place_circles_lays_them_apart_within_the_square(count):
    sizes = np.random.default_rng(1).integers(1, 2000, count)
    points, radii = place_circles(centres(count), sizes)
    distance = np.linalg.norm(points[:, None] - points[None], axis=2) + 9 * np.eye(count)
    assert (distance - radii[:, None] - radii[None] > -0.01).all()
    assert ((points - radii[:, None] > -0.01) & (points + radii[:, None] < 1.01)).all()


def test_place_circles_lays_like_topics_near_each_other():
    vectors = np.eye(8, dtype=np.float32)[[0, 0, 4]]
    vectors[1, 1] = 0.3
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    points, _ = place_circles(vectors, np.array([10, 10, 10]))
    assert np.linalg.norm(points[0] - points[1]) < np.linalg.norm(points[0] - points[2])


def test_place_circles_gives_equal_topics_places_of_their_own():
    points, radii = place_circles(np.repeat(centres(1), 4, axis=0), np.array([5, 5, 5, 5]))
    assert len({tuple(point) for point in points}) == 4
    assert_allclose(radii, radii[0])


def test_place_circles_of_nothing_is_nothing():
    points, radii = place_circles(np.zeros((0, 4), dtype=np.float32), np.zeros(0, dtype=np.int64))
    assert (points.shape, radii.shape) == ((0, 2), (0,))


def test_page_shows_every_topic_on_the_map_and_in_the_tree(page):
    tree = HTMLParser(page)
    assert [node.attributes["data-topic"] for node in tree.css("#map a")] == [f"t{i}" for i in range(5)]
    assert {node.attributes["id"] for node in tree.css("details.topic")} == {f"t{i}" for i in range(5)}


def test_page_names_categories_with_the_other_one_last(page):
    names = [node.text() for node in HTMLParser(page).css(".category > summary b")]
    assert names == ["Shipping", "other"]


def test_page_keeps_hostile_words_as_text(page):
    tree = HTMLParser(page)
    assert len(tree.css("script")) == 1
    assert tree.css("img") == []
    assert "\x00" not in page


@pytest.mark.parametrize("language", LANGUAGES)
def test_page_is_drawn_in_every_language(language):
    root = HTMLParser(draw_topic_map(tables(), options=MapOptions(language))).css_first("html").attributes
    assert (root["lang"], root["dir"]) == (language, "rtl" if language == "ar" else "ltr")


def test_page_without_topics_says_so():
    assert "There are no topics yet" in draw_topic_map(empty_tables(), options=MapOptions("en"))


def test_page_is_light(page):
    assert len(page.encode()) < 30_000


@pytest.fixture
def visit(browser, page, tmp_path):
    (tmp_path / "topics.html").write_text(page, encoding="utf-8")
    url = (tmp_path / "topics.html").as_uri()

    def open_page(**options):
        opened = browser.new_context(**options).new_page()
        told = []
        opened.on("console", lambda message: told.append(message.text))
        opened.on("pageerror", lambda error: told.append(str(error)))
        opened.on("dialog", lambda dialog: told.append(dialog.message))
        opened.on("request", lambda request: told.append(request.url) if request.url != url else None)
        opened.goto(url)
        return opened, told

    return open_page


@pytest.mark.browser
@pytest.mark.parametrize("viewport", [{"width": 360, "height": 740}, {"width": 1280, "height": 900}])
def test_map_opens_silently_and_fits(visit, viewport):
    opened, told = visit(viewport=viewport)
    opened.evaluate("document.querySelectorAll('details').forEach(fold => { fold.open = true })")
    opened.wait_for_timeout(100)
    assert told == []
    assert opened.title() == "Map of topics"
    assert opened.evaluate("document.documentElement.scrollWidth - document.documentElement.clientWidth") <= 0


@pytest.mark.browser
def test_a_circle_opens_its_topic(visit):
    opened, _ = visit()
    opened.locator("#map a").nth(2).click()
    assert opened.locator("#t2").evaluate("topic => topic.open")
    assert opened.locator("#map a.chosen").count() == 1


@pytest.mark.browser
def test_search_keeps_what_fits(visit):
    opened, _ = visit()
    opened.fill("#find", "DELIVERY")
    assert opened.locator(".topic:visible").count() == 1
    assert opened.locator("#map a.unlike").count() == 4
    assert opened.locator("#found").text_content() == "1 of 5 topics"


@pytest.mark.browser
def test_map_comes_closer(visit):
    opened, _ = visit()
    opened.click("#in")
    assert opened.locator("#map").get_attribute("viewBox") == "150 150 700 700"
    opened.click("#out")
    assert opened.locator("#map").get_attribute("viewBox").endswith(" 1000 1000")


@pytest.mark.browser
def test_map_works_without_scripts(visit):
    opened, _ = visit(java_script_enabled=False)
    opened.locator("#map a").first.click()
    assert opened.url.endswith("#t0")
    assert not opened.locator("#filter").is_visible()
