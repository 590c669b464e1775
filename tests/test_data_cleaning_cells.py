"""The other columns of an export: which are personal, and what becomes of them."""

import pandas as pd
import pytest

from data.cleaning.cells import clean_cells, clean_label_column, find_personal_columns
from data.privacy import Masker
from data.privacy.columns import kind_of_cells, kind_of_header
from tests.test_data_clean import KEY, raw_frame


@pytest.fixture(scope="module")
def masker(settings):
    return Masker(KEY, settings["privacy"])


@pytest.mark.parametrize(
    ("header", "kind"),
    [
        ("input_Email", "email"),
        ("input_E-Mail Address", "email"),
        ("input_RecipientEmail", "email"),
        ("input_numer_telefonu", "phone"),
        ("input_رقم الجوال", "phone"),
        ("input_手机号", "phone"),
        ("input_First Name", "name"),
        ("input_imię i nazwisko", "name"),
        ("input_用户名", "name"),
        ("input_IPAddress", "ip"),
        ("input_Codice Fiscale", "id"),
        ("input_PESEL", "id"),
        ("input_LocationLatitude", "address"),
        ("input_customerId", "key"),
        ("input_订单号", "key"),
        ("input_product name", ""),
        ("input_rating", ""),
        ("input_id", ""),
        ("input_review_id", ""),
    ],
)
def test_kind_of_header(header, kind):
    assert kind_of_header(header) == kind


@pytest.mark.parametrize(
    ("cells", "kind"),
    [
        (["a@b.it", "c@d.pl", "e@f.com"], "email"),
        (["+39 347 1234567", "+48 601 234 567", "+44 20 7946 0123"], "phone"),
        (["10.20.30.40", "192.168.1.1", "8.8.200.8"], "ip"),
        (["4111111111111111", "5555555555554444", "378282246310005"], "card"),
        (["44051401359", "90090515836", "02070803628"], "id"),
        (["1234567890", "2345678901", "3456789012", "4567890123"], ""),
        (["1699999999", "1700000000", "1700000001"], ""),
        (["2023-05-01 12:00", "2023-05-02 13:00", "2023-05-03 14:00"], ""),
        (["Tea", "Coffee", "Cake"], ""),
        (["a@b.it"], ""),
    ],
)
def test_kind_of_cells(masker, cells, kind):
    assert kind_of_cells(cells, masker) == kind


def test_columns_of_author_and_ids_are_found_by_their_role(masker):
    raw = raw_frame(
        ["a b", "c d"], author=["Anna", None], customer_id=["7", "8"],
        product=["Tea", "Tea"],
        own_id=["1", "2"], input_wer=["Anna", ""], input_nr=["7 ", "8"],
        input_name=["Tea", "Tea"], input_account=["1", "2"],
    )  # fmt: skip
    assert find_personal_columns(raw, masker) == {"input_wer": "name", "input_nr": "key"}


def test_identifiers_become_keys_that_join(masker):
    assert clean_cells(["Anna", None, "anna "], "name", masker) == [
        masker.keys.key("Anna"),
        None,
        masker.keys.key("Anna"),
    ]


def test_other_personal_columns_become_placeholders(masker):
    assert clean_cells(["1.2.3.4", None], "ip", masker) == ["[IP]", None]


def test_codes_and_dates_stay(masker):
    cells = [
        "1234567890",
        "4111111111111111",
        "2023-05-01T12:00:00+02:00",
        "a1b2c3",
        "12/05/2023 14:30",
        "8f14e45f-ceea-467f",
    ]
    assert clean_cells(cells, "", masker) == cells


def test_personal_cells_among_codes_are_masked(masker):
    assert clean_cells(["1", "2", "3", "4", "5", "a@b.it"], "", masker)[-1] == "[EMAIL]"


def test_words_are_masked_like_text(masker):
    assert clean_cells(["call 600 123 456", "ask for <b>more</b>"], "", masker) == [
        "call [PHONE]",
        "ask for more",
    ]


def test_labels_that_say_nothing_are_missing(masker):
    assert clean_label_column(pd.Series(["<b></b>", "Tea", None]), masker) == [None, "Tea", None]
