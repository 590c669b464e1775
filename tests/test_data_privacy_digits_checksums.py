"""Check digits, on published examples and invented numbers."""

import pytest

from data.privacy.digits import checksums


@pytest.mark.parametrize(
    "number",
    ["4111111111111111", "5555555555554444", "378282246310005", "6011111111111117", "2223003122003222"],
)
def test_published_test_cards_are_cards(number):
    assert checksums.is_card(number)


@pytest.mark.parametrize(
    "number", ["4111111111111112", "1234567890123452", "411111111111", "0000000000000000"]
)
def test_other_numbers_are_no_cards(number):
    assert not checksums.is_card(number)


@pytest.mark.parametrize(
    "code",
    [
        "DE89370400440532013000",
        "GB82WEST12345698765432",
        "PL61109010140000071219812874",
        "SA0380000000608010167519",
    ],
)
def test_published_ibans_are_ibans(code):
    assert checksums.is_iban(code)


@pytest.mark.parametrize(
    "code",
    ["DE89370400440532013001", "DE8937040044053201300", "XX89370400440532013000", "DEAB370400440532013000"],
)
def test_other_codes_are_no_ibans(code):
    assert not checksums.is_iban(code)


def test_iban_check_digits_are_computed():
    assert checksums.iban_check_digits("DE", "370400440532013000") == "89"


@pytest.mark.parametrize(
    ("check", "right", "wrong"),
    [
        (checksums.is_pesel, "44051401359", "44051401358"),
        (checksums.is_pesel, "02070803628", "99999999999"),
        (checksums.is_prc_id, "11010519491231002X", "110105194912310021"),
        (checksums.is_prc_id, "440524188001010014", "440524188013010014"),
        (checksums.is_dni, "12345678Z", "12345678A"),
        (checksums.is_dni, "X1234567L", "X1234567A"),
        (checksums.is_steuer_id, "86095742719", "86095742718"),
        (checksums.is_cpf, "52998224725", "52998224724"),
    ],
)
def test_national_ids(check, right, wrong):
    assert check(right)
    assert not check(wrong)


def test_codice_fiscale_letter():
    assert checksums.codice_fiscale_letter("RSSMRA85T10A562") == "S"
