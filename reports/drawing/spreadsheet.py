"""CSV cells that no spreadsheet program runs as a formula."""

from __future__ import annotations

import re

# a leading one of these starts a formula in Excel, LibreOffice or Google Sheets; the wide forms do in
# East Asian editions; tab, return and line feed move what follows into a cell of its own
_STARTS = tuple("=+-@\t\r\n\x00＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?(?:[eE][+-]?\d{1,3})?%?")


def safe_cell(text: str) -> str:
    """Neutralise a text for export to CSV.

    What a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets show as plain
    text. Numbers, also negative ones, stay as they are.

    Source: OWASP, CSV Injection.
    """
    return f"'{text}" if _runs(text) else text


def plain_cell(text: str) -> str:
    """Take the apostrophe of `safe_cell` off again; an apostrophe that people wrote stays."""
    return text[1:] if text.startswith("'") and _runs(text[1:]) else text


def _runs(text: str) -> bool:
    return text.lstrip(" \u00a0\ufeff\u200b").startswith(_STARTS) and not _NUMBER.fullmatch(text)
