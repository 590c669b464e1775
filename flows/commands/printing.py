"""The page as PDF, printed by the Chromium of this machine."""

from __future__ import annotations

import os
import shutil
import subprocess
import tempfile
from pathlib import Path

from data.intake.inputs import InputError

_BROWSERS = ("chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome", "msedge")
_FLAGS = (
    "--headless",
    "--disable-gpu",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-extensions",
    "--disable-dev-shm-usage",
    "--disable-quic",
    "--no-pdf-header-footer",
    "--host-resolver-rules=MAP * ~NOTFOUND",
)  # fmt: skip - the page asks nothing of any other computer, and neither does the browser
_SECONDS = 120


def find_browser() -> str:
    """Find Chromium or a browser made of it: VOC_CHROMIUM, or the first on the path.

    Raises:
        InputError: there is none; says what to do.
    """
    named = os.environ.get("VOC_CHROMIUM", "")
    found = shutil.which(named) if named else next(filter(None, map(shutil.which, _BROWSERS)), None)
    if found is None:
        wanted = f"'{named}' of VOC_CHROMIUM" if named else "Chromium or Chrome"
        raise InputError(
            f"cannot print a PDF: {wanted} was not found; install it (apt-get install chromium), name it in "
            "VOC_CHROMIUM, or open the page in a browser and print it there"
        )
    return found


def print_page(page: str) -> bytes:
    """Print a page, without scripts' controls, as its style for paper says.

    Args:
        page: the HTML of the report.

    Returns:
        The PDF.

    Raises:
        InputError: no browser was found, or it did not print.
    """
    browser = find_browser()
    with tempfile.TemporaryDirectory(prefix="voc-print-") as folder:
        source, target = Path(folder) / "page.html", Path(folder) / "page.pdf"
        source.write_text(page, encoding="utf-8")
        command = [browser, *_FLAGS, f"--user-data-dir={folder}/profile", f"--print-to-pdf={target}"]
        if hasattr(os, "geteuid") and os.geteuid() == 0:
            command.append(
                "--no-sandbox"
            )  # Chromium refuses to run as root with its sandbox; the page is ours
        try:
            subprocess.run([*command, source.as_uri()], capture_output=True, timeout=_SECONDS, check=False)
        except subprocess.TimeoutExpired:
            raise InputError(f"{browser} did not print the page within {_SECONDS} s; try again") from None
        if not target.is_file():
            raise InputError(f"{browser} did not print the page; open it in a browser and print it there")
        return target.read_bytes()
