"""CSV cells that no spreadsheet program runs as a formula."""

from __future__ import annotations

import re

# a leading one of these starts a formula in Excel, LibreOffice or Google Sheets; the wide forms do in
# East Asian editions; tab, return and line feed move what follows into a cell of its own
_STARTS = tuple("=+-@\t\r\n\x00＝＋－＠")
_NUMBER = re.compile(r"[+-]?\d{1,20}(?:[.,]\d{1,20})?(?:[eE][+-]?\d{1,3})?%?")


def safe_cell(value: object) -> object:
    """Neutralise a value for export to CSV.

    Text that a spreadsheet would take for a formula gets an apostrophe in front, which spreadsheets show
    as plain text. Numbers, also negative ones written as text, stay as they are.

    Args:
        value: what the cell holds; anything but a string is given back unchanged.

    Source: OWASP, CSV Injection.
    """
    if not isinstance(value, str):
        return value
    start = value.lstrip(" \u00a0\ufeff\u200b")
    if not start.startswith(_STARTS) or _NUMBER.fullmatch(value):
        return value
    return "'" + value
