"""Cleaning of text: what is repaired, what is taken out, and what must stay."""

import string
import time

import pytest
from hypothesis import HealthCheck, given
from hypothesis import settings as hypothesis_settings
from hypothesis import strategies as st

from data.cleaning.text import clean_text, clean_texts


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("a\x00b\x08c", "abc"),
        ("schÃ¶n â€œgutâ€\x9d", "schön “gut”"),
        ("Å‚adny Å¼Ã³Å‚w", "ładny żółw"),
        ("Ø±Ø§Ø¦Ø¹", "رائع"),
        ("it\x92s", "it’s"),
        ("e\u0301te\u0301", "été"),
        ("a\u202eb\u2066c\u200bd\ufeff\u00ade", "abcde"),
        ("Ｈｅｌｌｏ１２３！", "Hello123！"),
        ("ﬁne oﬃce", "fine office"),
        ("𝐆𝐫𝐞𝐚𝐭", "Great"),
        ("ﺳﻼﻡ", "سلام"),
        ("½ m² ™ ①", "½ m² ™ ①"),
        ("z\u0300\u0301\u0302\u0303\u0304\u0305o", "z\u0300\u0301\u0302o"),
        ("a  b\t\tc\u00a0\u3000d", "a b c d"),
        (" a \r\n\r\n \r b\u2028c\x0bd ", "a\nb\nc\nd"),
        ("\ud83d\ude00 hi \ud83d", "😀 hi �"),
    ],
)
def test_clean_text_repairs_characters(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    ("raw", "clean"),
    [
        ("<p>Hello</p><p>world<br/>again</p>", "Hello\nworld\nagain"),
        ("<b>very</b> <i class='x'>good</i>", "very good"),
        ("<table><tr><td>a</td><td>b</td></tr></table>", "a b"),
        ("<ul><li>one<li>two</ul>", "one\ntwo"),
        ("fine &amp; cheap &lt;3 &euro;5 caf&eacute; &#128512; &#x1F600;", "fine & cheap <3 €5 café 😀 😀"),
        ("&lt;b&gt;loud&lt;/b&gt; &amp;amp; clear", "loud & clear"),
        ("a<script>alert('x')</script>b<style>p{}</style>c", "abc"),
        ("a<script>not closed", "anot closed"),
        ("<!-- hidden --> seen", "seen"),
        ("<!DOCTYPE html><html><head><title>t</title></head><body>x</body></html>", "x"),
        ("<scr<script></script>ipt>alert</script>", "alert"),
        ("<<b>b>x", "x"),
    ],
)
def test_clean_text_reads_html(raw, clean):
    assert clean_text(raw) == clean


@pytest.mark.parametrize(
    "text",
    [
        "x <y, but 3 > 2 <3",
        "if a<b and c>d",
        "AT&T, R&D, &copy",
        "<your name here> was on the letter",
        "👨‍👩‍👧 👍🏽 ❤️",
        "می‌خواهم",
        "क्‍ष",
        "价格：５折？".replace("５", "5"),
        "naïve Zażółć gęślą jaźń",
        "line one\nline two",
        "[EMAIL] and [NAME]",
        "",
    ],
)
def test_clean_text_leaves(text):
    assert clean_text(text) == text


def test_clean_text_makes_endless_escaping_inert():
    cleaned = clean_text("&" + "#97;mp;" * 3 + "<" * 40 + "b>" * 40)
    assert "<b>" not in cleaned
    assert clean_text(cleaned) == cleaned


def test_clean_texts_keeps_the_order():
    assert clean_texts(["b", "<b>a</b>", ""]) == ["b", "a", ""]


MESSY = st.text(
    alphabet=string.printable
    + "éàß\u0301\u200b\u200c\u200d\u202e\x00\x85\x92Ã©â€œ\u00a0ﬁ👨👩سلم你好！&<>;/#",
    max_size=80,
)
PIECES = st.lists(
    st.sampled_from(
        [
            "<b>",
            "</b>",
            "<",
            ">",
            "&amp;",
            "&lt;",
            "&#38;",
            "lt;",
            "script>",
            "<script",
            "br",
            " ",
            "\n",
            "Ã",
            "©",
            "x",
            "-->",
            "<!--",
        ]
    ),
    max_size=25,
).map("".join)
LIGHT = hypothesis_settings(
    max_examples=300, deadline=None, suppress_health_check=list(HealthCheck), derandomize=True
)


@LIGHT
@given(text=st.one_of(MESSY, PIECES, st.text(max_size=60)))
def test_clean_text_is_idempotent(text):
    once = clean_text(text)
    assert clean_text(once) == once


@LIGHT
@given(text=st.one_of(MESSY, PIECES))
def test_clean_text_leaves_no_tag_and_no_control_character(text):
    cleaned = clean_text(text)
    assert "<b>" not in cleaned
    assert not set(cleaned) & {"\x00", "\u202e", "\r", "\t", "\x85"}


@pytest.mark.parametrize(
    "unit",
    [
        "a",
        "<",
        "<b",
        "<b ",
        "<b '",
        "<script>",
        "&",
        "&amp;",
        "&#38;",
        " ",
        " \n",
        "\n",
        "Ã©",
        "<!--",
        "é\u0301",
        "\u200d",
    ],
)
def test_clean_text_is_linear_on_hostile_text(unit):
    def seconds(size):
        text = unit * (size // len(unit))
        start = time.process_time()
        clean_text(text)
        return time.process_time() - start

    seconds(1000)
    small, large = min(seconds(100_000) for _ in range(3)), min(seconds(800_000) for _ in range(2))
    assert large <= 30 * max(small, 0.02)  # eight times the text; quadratic would be 64 times


def test_clean_text_of_two_megabytes_takes_seconds():
    start = time.process_time()
    clean_text("<b>a &amp; b  </b>" * 120_000)
    assert time.process_time() - start < 30
