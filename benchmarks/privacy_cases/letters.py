"""Comments as customers write them, each set written by an author who had not seen the rules of masking.

Sets "first" and "second": the rules were mended with them after they had been measured once. Set "third" was
written with the second; whoever mends names or addresses with it writes a fourth.

One comment a line in letters/<set>/<language>.txt, a planted value as <kind|value>. Every value is made up;
where it has check digits, they are computed here: `#` stands for the last one, the first `00` for an IBAN's.
letters/<set>/clean.txt holds comments without personal data, full of numbers and names of things.
"""

from __future__ import annotations

import re
from pathlib import Path

from benchmarks.privacy_cases.build import Case
from data.privacy.digits import checksums

HERE = Path(__file__).parent / "letters"
SETS = ("first", "second", "third")
_PLANTED = re.compile(r"<(\w+)\|([^>]+)>")


def letter_cases(name: str) -> list[Case]:
    """Give a set's comments with personal data."""
    cases = []
    for path in sorted((HERE / name).glob("??.txt")):
        for line in path.read_text(encoding="utf-8").splitlines():
            planted = tuple((kind, completed(kind, value)) for kind, value in _PLANTED.findall(line))
            values = iter(planted)
            text = _PLANTED.sub(lambda _: next(values)[1], line)  # noqa: B023 - used at once
            cases.append(Case(path.stem, text, planted, _PLANTED.sub(" ", line)))
    return cases


def clean_letters(name: str) -> list[Case]:
    """Give a set's comments without personal data."""
    lines = (HERE / name / "clean.txt").read_text(encoding="utf-8").splitlines()
    pairs = [line.split("|", 1) for line in lines]
    return [Case(language, text, (), text) for language, text in pairs]


def completed(kind: str, value: str) -> str:
    """Fill in the check digits of a made-up value."""
    if kind == "iban":
        bare = value.replace(" ", "")
        return value.replace("00", checksums.iban_check_digits(bare[:2], bare[4:]), 1)
    if not value.endswith("#"):
        return value
    body = re.sub(r"[\s-]", "", value[:-1])
    return value[:-1] + _last(kind, body)


def _last(kind: str, body: str) -> str:
    if kind == "id" and len(body) == 15 and body[:6].isalpha():
        return checksums.codice_fiscale_letter(body)
    if kind == "id" and len(body) == 17:
        return checksums.prc_id_character(body)
    if kind == "id" and len(body) == 10:
        return str(checksums.pesel_digit(body))
    return next(str(digit) for digit in range(10) if checksums.is_luhn(body + str(digit)))
