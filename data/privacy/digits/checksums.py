"""Check digits of cards, bank accounts and national ids: what turns a number into a sure find."""

from __future__ import annotations

import calendar

# ISO 13616 registry, release 99: length of an IBAN by country
IBAN_LENGTHS = {
    "AD": 24, "AE": 23, "AL": 28, "AT": 20, "AZ": 28, "BA": 20, "BE": 16, "BG": 22, "BH": 22, "BI": 27,
    "BR": 29, "BY": 28, "CH": 21, "CR": 22, "CY": 28, "CZ": 24, "DE": 22, "DJ": 27, "DK": 18, "DO": 28,
    "EE": 20, "EG": 29, "ES": 24, "FI": 18, "FK": 18, "FO": 18, "FR": 27, "GB": 22, "GE": 22, "GI": 23,
    "GL": 18, "GR": 27, "GT": 28, "HN": 28, "HR": 21, "HU": 28, "IE": 22, "IL": 23, "IQ": 23, "IS": 26,
    "IT": 27, "JO": 30, "KW": 30, "KZ": 20, "LB": 28, "LC": 32, "LI": 21, "LT": 20, "LU": 20, "LV": 21,
    "LY": 25, "MC": 27, "MD": 24, "ME": 22, "MK": 19, "MN": 20, "MR": 27, "MT": 31, "MU": 30, "NI": 28,
    "NL": 18, "NO": 15, "OM": 23, "PK": 24, "PL": 28, "PS": 29, "PT": 25, "QA": 29, "RO": 24, "RS": 22,
    "RU": 33, "SA": 24, "SC": 31, "SD": 18, "SE": 24, "SI": 19, "SK": 24, "SM": 27, "SO": 23, "ST": 25,
    "SV": 28, "TL": 23, "TN": 24, "TR": 26, "UA": 29, "VA": 22, "VG": 24, "XK": 20, "YE": 30,
}  # fmt: skip

_CARD_RANGES = (  # first and last four digits of the issuer number, allowed lengths
    (2221, 2720, (16,)),
    (3000, 3059, (14,)),
    (3400, 3499, (15,)),
    (3528, 3589, (16, 17, 18, 19)),
    (3600, 3699, (14,)),
    (3700, 3799, (15,)),
    (3800, 3999, (14,)),
    (4000, 4999, (13, 16, 19)),
    (5000, 5099, (13, 14, 15, 16, 17, 18, 19)),
    (5100, 5599, (16,)),
    (5600, 5999, (13, 14, 15, 16, 17, 18, 19)),
    (6000, 6999, (13, 14, 15, 16, 17, 18, 19)),
    (8100, 8171, (16, 17, 18, 19)),
    (9792, 9792, (16,)),
)
CARD_LENGTHS = (16, 19, 18, 17, 15, 14, 13)

_LUHN_DOUBLED = (0, 2, 4, 6, 8, 1, 3, 5, 7, 9)
_CF_ODD = dict(
    zip(
        "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        (1, 0, 5, 7, 9, 13, 15, 17, 19, 21, 1, 0, 5, 7, 9, 13, 15, 17, 19, 21)
        + (2, 4, 18, 20, 11, 3, 6, 8, 12, 14, 16, 10, 22, 25, 24, 23),
        strict=True,
    )
)
_DNI_LETTERS = "TRWAGMYFPDXBNJZSQVHLCKE"
_PESEL_WEIGHTS = (1, 3, 7, 9, 1, 3, 7, 9, 1, 3)
_PESEL_CENTURIES = {0: 1900, 20: 2000, 40: 2100, 60: 2200, 80: 1800}
_PRC_WEIGHTS = (7, 9, 10, 5, 8, 4, 2, 1, 6, 3, 7, 9, 10, 5, 8, 4, 2)


def is_luhn(digits: str) -> bool:
    """Say whether the last digit is the Luhn check digit of those before it."""
    total = 0
    for position, digit in enumerate(reversed(digits)):
        value = int(digit)
        total += _LUHN_DOUBLED[value] if position % 2 else value
    return total % 10 == 0


def is_card(digits: str) -> bool:
    """Say whether these digits are a payment card: issuer range, length and check digit."""
    if not 13 <= len(digits) <= 19:
        return False
    issuer = int(digits[:4])
    return any(
        first <= issuer <= last and len(digits) in lengths for first, last, lengths in _CARD_RANGES
    ) and is_luhn(digits)


def is_iban(compact: str) -> bool:
    """Say whether this is an IBAN without blanks: length of its country and ISO 7064 mod 97-10."""
    code = compact.upper()
    if IBAN_LENGTHS.get(code[:2]) != len(code) or not (
        code.isascii() and code.isalnum() and code[2:4].isdigit()
    ):
        return False
    return int("".join(str(int(c, 36)) for c in code[4:] + code[:4])) % 97 == 1


def iban_check_digits(country: str, account: str) -> str:
    """Compute the two check digits of an IBAN, for invented test data."""
    number = int("".join(str(int(c, 36)) for c in account.upper() + country + "00"))
    return f"{98 - number % 97:02d}"


def codice_fiscale_letter(first15: str) -> str:
    """Compute the check letter of an Italian tax code."""
    total = sum(
        _CF_ODD[c] if i % 2 == 0 else (int(c) if c.isdigit() else ord(c) - 65)
        for i, c in enumerate(first15.upper())
    )
    return chr(65 + total % 26)


def pesel_digit(first10: str) -> int:
    """Compute the check digit of a Polish PESEL."""
    return -sum(int(d) * w for d, w in zip(first10, _PESEL_WEIGHTS, strict=True)) % 10


def is_pesel(digits: str) -> bool:
    """Say whether these are the eleven digits of a PESEL: a real day and the check digit."""
    if len(digits) != 11:
        return False
    month = int(digits[2:4])
    year = _PESEL_CENTURIES[month // 20 * 20] + int(digits[:2]) if month < 100 else 0
    return _is_day(year, month % 20, int(digits[4:6])) and pesel_digit(digits[:10]) == int(digits[10])


def prc_id_character(first17: str) -> str:
    """Compute the last character of a Chinese resident id (GB 11643)."""
    return "10X98765432"[sum(int(d) * w for d, w in zip(first17, _PRC_WEIGHTS, strict=True)) % 11]


def is_prc_id(code: str) -> bool:
    """Say whether this is a Chinese resident id: a real day and the check character."""
    if len(code) != 18 or not code[:17].isdigit() or code[0] == "0":
        return False
    born = _is_day(int(code[6:10]), int(code[10:12]), int(code[12:14]))
    return born and prc_id_character(code[:17]) == code[17].upper()


def is_dni(code: str) -> bool:
    """Say whether this is a Spanish DNI or NIE, without separators."""
    digits = code[:-1].upper().replace("X", "0").replace("Y", "1").replace("Z", "2")
    return len(digits) == 8 and digits.isdigit() and _DNI_LETTERS[int(digits) % 23] == code[-1].upper()


def dni_letter(number: int) -> str:
    """Compute the letter of a Spanish DNI."""
    return _DNI_LETTERS[number % 23]


def steuer_id_digit(first10: str) -> int:
    """Compute the check digit of a German tax id (ISO 7064 mod 11, 10)."""
    product = 10
    for digit in first10:
        total = (int(digit) + product) % 10 or 10
        product = total * 2 % 11
    return (11 - product) % 10


def is_steuer_id(digits: str) -> bool:
    """Say whether these are the eleven digits of a German tax id."""
    repeats = sorted(digits[:10].count(d) for d in set(digits[:10]))
    return (
        len(digits) == 11
        and digits[0] != "0"
        and repeats[-1] in (2, 3)
        and steuer_id_digit(digits[:10]) == int(digits[10])
    )


def cpf_digits(first9: str) -> str:
    """Compute the two check digits of a Brazilian CPF."""
    digits = first9
    for _ in range(2):
        total = sum(int(d) * w for d, w in zip(digits, range(len(digits) + 1, 1, -1), strict=True))
        digits += str(total * 10 % 11 % 10)
    return digits[9:]


def is_cpf(digits: str) -> bool:
    """Say whether these are the eleven digits of a Brazilian CPF."""
    return len(digits) == 11 and len(set(digits)) > 1 and cpf_digits(digits[:9]) == digits[9:]


def is_national_id(digits: str) -> bool:
    """Say whether a bare number passes the check digits of one of the national ids."""
    return is_pesel(digits) or is_prc_id(digits) or is_cpf(digits) or is_steuer_id(digits)


def _is_day(year: int, month: int, day: int) -> bool:
    if not (1800 <= year <= 2299 and 1 <= month <= 12):
        return False
    return 1 <= day <= calendar.monthrange(year, month)[1]
