"""The page as PDF, by a real Chromium; a clear word where there is none."""

import pytest
from browsing import NEEDS_BROWSER

from data.intake.inputs import InputError
from flows.commands.printing import find_browser, print_page


class TestWithABrowser:
    pytestmark = NEEDS_BROWSER

    def test_a_page_is_printed(self):
        content = print_page("<!DOCTYPE html><title>t</title><p>Consegna in ritardo, 送货晚了, تأخر التوصيل")
        assert content.startswith(b"%PDF")
        assert content.rstrip().endswith(b"%%EOF")


def test_a_browser_that_does_not_exist_is_named(monkeypatch):
    monkeypatch.setenv("VOC_CHROMIUM", "no-such-browser")
    with pytest.raises(InputError, match="'no-such-browser' of VOC_CHROMIUM was not found; install it"):
        find_browser()


def test_without_any_browser_the_way_out_is_said(monkeypatch, tmp_path):
    monkeypatch.delenv("VOC_CHROMIUM", raising=False)
    monkeypatch.setenv("PATH", str(tmp_path))
    with pytest.raises(InputError, match="Chromium or Chrome was not found; install it"):
        find_browser()


def test_a_browser_that_prints_nothing_is_told(monkeypatch, tmp_path):
    browser = tmp_path / "chromium"
    browser.write_text("#!/bin/sh\nexit 1\n")
    browser.chmod(0o755)
    monkeypatch.setenv("VOC_CHROMIUM", str(browser))
    with pytest.raises(InputError, match="did not print the page; open it in a browser"):
        print_page("<p>x")
