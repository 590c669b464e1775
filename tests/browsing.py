"""A real browser, silent and offline, for the tests of what people open."""

import shutil

import pytest

CHROMIUM = shutil.which("chromium")
FLAGS = [
    "--headless", "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run",
    "--disable-background-networking", "--disable-component-update", "--disable-sync",
]  # fmt: skip

NO_CHROMIUM = "no chromium on this machine: apt-get install chromium"
NEEDS_BROWSER = [
    pytest.mark.browser,
    pytest.mark.skipif(CHROMIUM is None, reason=NO_CHROMIUM),
]
PHONE, DESKTOP = {"width": 360, "height": 740}, {"width": 1280, "height": 900}


class Visit:
    """One page, opened, with everything that the browser said or asked for."""

    def __init__(self, context, url):
        self.said, self.asked = [], []
        self.page = context.new_page()
        self.page.on("console", lambda message: self.said.append(message.text))
        self.page.on("pageerror", lambda error: self.said.append(str(error)))
        self.page.on("dialog", lambda dialog: self.said.append(dialog.message))
        self.page.on("request", lambda request: self.asked.append(request.url))
        self.page.goto(url)
        self.url = url
