"""Invented comments with planted personal data, and invented comments with none, for measuring the masker.

Every value is made up: digits are drawn, check digits computed, names and streets put together from lists.
The sentences lie beside this file, one a line; `{slot}` stands where a value is planted.
"""

from __future__ import annotations

import random
import re
import tomllib
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data.privacy.digits import checksums

HERE = Path(__file__).parent
KIND_OF_SLOT = {
    "ssn": "id", "nino": "id", "cf": "id", "pesel": "id", "saudiid": "id", "prcid": "id", "dni": "id",
    "cpf": "id", "steuerid": "id", "custid": "id", "urltail": "url", "wechat": "handle",
}  # fmt: skip
STRUCTURED = ("email", "phone", "iban", "card", "id", "order", "handle", "ip", "url")
_SLOT = re.compile(r"\{(\w+)\}")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

VALUES: dict[str, dict[str, list[str]]] = tomllib.loads((HERE / "values.toml").read_text(encoding="utf-8"))


@dataclass(frozen=True)
class Case:
    """One invented comment.

    Attributes:
        language: ISO 639-1 code.
        text: with the planted values.
        planted: (kind, value) in the order of the text; empty for a clean comment.
        words: what stands around the values.
    """

    language: str
    text: str
    planted: tuple[tuple[str, str], ...]
    words: str


def personal_cases(*, seed: int, rounds: int) -> list[Case]:
    """Fill every sentence `rounds` times with other values."""
    draw = random.Random(seed)
    cases = []
    for language, sentence in _sentences("personal"):
        for _ in range(rounds):
            values = [(slot, _value(slot, language, draw)) for slot in _SLOT.findall(sentence)]
            given = iter(values)
            text = _SLOT.sub(lambda _: next(given)[1], sentence)  # noqa: B023 - used at once
            planted = tuple((KIND_OF_SLOT.get(slot, slot), value) for slot, value in values)
            cases.append(Case(language, text, planted, _SLOT.sub(" ", sentence)))
    return cases


def clean_cases() -> list[Case]:
    """Give the comments without personal data."""
    return [Case(language, sentence, (), sentence) for language, sentence in _sentences("clean")]


def _sentences(prefix: str) -> list[tuple[str, str]]:
    found = []
    for path in sorted(HERE.glob(f"{prefix}_*.txt")):
        language = path.stem.removeprefix(f"{prefix}_")
        for line in path.read_text(encoding="utf-8").splitlines():
            code, bar, rest = line.partition("|")
            stated = (code, rest) if language == "more" and bar else (language, line)
            found.append((stated[0], stated[1].replace("\\n", "\n")))
    return found


def _value(slot: str, language: str, draw: random.Random) -> str:
    if slot in VALUES:
        value = _fill(draw.choice(VALUES[slot][language]), draw)
        is_arabic = language == "ar" and slot in ("phone", "order") and draw.random() < 0.3
        return value.translate(_ARABIC_DIGITS) if is_arabic and value.isdigit() else value
    if slot == "name":
        return _name(language, draw)
    return _MAKERS[slot](draw)


def _fill(pattern: str, draw: random.Random) -> str:
    """Draw a digit for every '#' (never 0 first), and one of the digits for every '[..]'."""

    def one(found: re.Match[str]) -> str:
        if found[0] == "#":
            return str(draw.randint(1, 9))
        low, high = (found[1][0], found[1][-1]) if "-" in found[1] else ("", "")
        return str(draw.randint(int(low), int(high))) if low else draw.choice(found[1])

    return re.sub(r"#|\[([\d-]+)\]", one, pattern)


def _name(language: str, draw: random.Random) -> str:
    first, last = draw.choice(VALUES["first_name"][language]), draw.choice(VALUES["last_name"][language])
    return last + first if language == "zh" else f"{first} {last}"


def _email(draw: random.Random) -> str:
    name = _name(draw.choice(["en", "it", "de"]), draw).lower()
    user = re.sub("[^a-z]+", draw.choice([".", "_", "-", ""]), name).strip("._-")
    host = draw.choice(
        [
            "example.com",
            "example.org",
            "mail.example.it",
            "posta.example.co.uk",
            "example.pl",
            "qq.example.cn",
        ]
    )
    return f"{user}{draw.choice(['', '', '1984', '+shop', '77'])}@{host}"


def _iban(draw: random.Random) -> str:
    country, length = draw.choice(
        [("DE", 22), ("IT", 27), ("PL", 28), ("GB", 22), ("ES", 24), ("FR", 27), ("SA", 24), ("AE", 23)]
    )
    account = "".join(str(draw.randint(0, 9)) for _ in range(length - 4))
    if country == "IT":
        account = "X" + account[1:]
    if country == "GB":
        account = "ABCD" + account[4:]
    code = country + checksums.iban_check_digits(country, account) + account
    return code if draw.random() < 0.5 else " ".join(code[i : i + 4] for i in range(0, length, 4))


def _card(draw: random.Random) -> str:
    start, length = draw.choice([("4", 16), ("51", 16), ("37", 15), ("62", 16), ("6011", 16), ("2223", 16)])
    body = start + "".join(str(draw.randint(0, 9)) for _ in range(length - len(start) - 1))
    number = next(body + str(check) for check in range(10) if checksums.is_luhn(body + str(check)))
    sign = draw.choice(["", " ", "-"])
    return sign.join(number[i : i + 4] for i in range(0, length, 4)) if sign else number


def _codice_fiscale(draw: random.Random) -> str:
    letters = "".join(draw.choice("BCDFGLMNPRSTV") for _ in range(6))
    born = f"{draw.randint(40, 99)}{draw.choice('ABCDEHLMPRST')}{draw.randint(10, 28)}"
    body = f"{letters}{born}H{draw.randint(100, 999)}"
    return body + checksums.codice_fiscale_letter(body)


def _pesel(draw: random.Random) -> str:
    body = (
        f"{draw.randint(40, 99)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}{draw.randint(1000, 9999)}"
    )
    return body + str(checksums.pesel_digit(body))


def _prc_id(draw: random.Random) -> str:
    born = f"{draw.randint(1950, 2005)}{draw.randint(1, 12):02d}{draw.randint(1, 28):02d}"
    body = f"{draw.randint(110000, 650000)}{born}{draw.randint(100, 999)}"
    return body + checksums.prc_id_character(body)


def _dni(draw: random.Random) -> str:
    number = draw.randint(10_000_000, 99_999_999)
    return f"{number}{draw.choice(['', '-'])}{checksums.dni_letter(number)}"


def _cpf(draw: random.Random) -> str:
    body = "".join(str(draw.randint(0, 9)) for _ in range(9))
    return f"{body[:3]}.{body[3:6]}.{body[6:]}-{checksums.cpf_digits(body)}"


def _steuer_id(draw: random.Random) -> str:
    digits = draw.sample("123456789", 9)
    body = "".join([*digits, digits[draw.randint(0, 7)]])
    return body + str(checksums.steuer_id_digit(body))


_MAKERS: dict[str, Callable[[random.Random], str]] = {
    "email": _email,
    "iban": _iban,
    "card": _card,
    "cf": _codice_fiscale,
    "pesel": _pesel,
    "prcid": _prc_id,
    "dni": _dni,
    "cpf": _cpf,
    "steuerid": _steuer_id,
    "ssn": lambda draw: _fill("[1-6]##-[1-9]#-####", draw),
    "nino": lambda draw: _fill("AB ## ## ## C", draw),
    "saudiid": lambda draw: _fill("[1-2]#########", draw),
    "custid": lambda draw: _fill(draw.choice(["######", "C######", "########", "AB######"]), draw),
    "handle": lambda draw: (
        _name("it", draw).lower().replace(" ", "_").replace("'", "") + draw.choice(["", "77", "_x"])
    ),
    "wechat": lambda draw: "wx_" + _fill("######", draw),
    "ip": lambda draw: ".".join(str(draw.randint(11, 240)) for _ in range(4)),
    "urltail": lambda draw: _fill("######", draw) + "&user=" + _name("it", draw).split()[0].lower(),
}
