"""A given name that is nothing else is masked anywhere, unless it is part of a brand, a place or a saint."""

import pytest

from data.privacy import Masker


@pytest.fixture(scope="module")
def masker(settings):
    return Masker(b"benchmark key, 32 bytes long ...", settings["privacy"])


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Sarah was lovely, the queue was not.", "[NAME] was lovely, the queue was not."),
        ("The engineer promised Aaron Whitlock a refund.", "The engineer promised [NAME] a refund."),
        ("It is on Lucy's desk since Monday.", "It is on [NAME]'s desk since Monday."),
        ("Me l'ha detto Ornella Greco, non il direttore.", "Me l'ha detto [NAME], non il direttore."),
        ("Polecam Agatę, reszta śpi.", "Polecam [NAME], reszta śpi."),
        ("Fui atendida por Letícia e gostei.", "Fui atendida por [NAME] e gostei."),
        ("استقبلني محمد القحطاني بلطف", "استقبلني [NAME] بلطف"),
    ],
)
def test_given_name_is_masked(masker, text, masked):
    assert masker.mask([text]) == [masked]


@pytest.mark.parametrize(
    "text",
    [
        "The Giorgio Armani perfume leaked.",
        "St Patrick hospital, ward closed.",
        "Ben & Jerry's was sold out.",
        "Trader Joe's and Papa John's are next door.",
        "La chiesa di San Francesco era chiusa.",
        "Grace period, Will call, Victoria station: nothing worked.",
        "I love the Jamie Oliver pans.",
        "خدمة ممتازة في فرع الرياض الرئيسي",
    ],
)
def test_brand_place_or_word_stays(masker, text):
    assert masker.mask([text]) == [text]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        ("Broken again.\nThanks,\nThaddeus", "Broken again.\nThanks,\n[NAME]"),
        ("Kind regards,  Dmitrij Velasq  +44 7700 900461", "Kind regards,  [NAME]  [PHONE]"),
        ("Z poważaniem, Gwidon Szczur", "Z poważaniem, [NAME]"),
        ("Hello, Marguerita Oyela here, still waiting.", "Hello, [NAME] here, still waiting."),
        ("我太太蔡美玲等了一天", "我太太[NAME]等了一天"),
        ("谢谢!贺子涵 13700481925", "谢谢![NAME] [PHONE]"),
        ("موظفة اسمها رنيم وعدتني", "موظفة اسمها [NAME] وعدتني"),
    ],
)
def test_name_beside_greeting_or_signature_is_masked(masker, text, masked):
    assert masker.mask([text]) == [masked]


@pytest.mark.parametrize(
    "text",
    [
        "Thanks, Amazon!",
        "Thx Figo | User friendly",
        "Complimenti a Napoli!",
        "اسمي كتب خطأ مرتين",
        "谢谢客服,谢谢快递。",
    ],
)
def test_thanks_to_brand_or_town_stay(masker, text):
    assert masker.mask([text]) == [text]


@pytest.mark.parametrize(
    ("text", "masked"),
    [
        (
            "Deliver to 1408 Maple Grove Avenue, Apt 6C, Columbus, OH 43215 please",
            "Deliver to [ADDRESS] please",
        ),
        ("Paczka przy Alei Wojska Polskiego 61/4", "Paczka przy [ADDRESS]"),
        ("Dostawa: Stare Bielsko 22, 43-316 Bielsko-Biała", "Dostawa: [ADDRESS]"),
        ("Consegna in Cascina Bruciata 3, 20080 Zibido (MI)", "Consegna in [ADDRESS]"),
        ("العنوان فيلا 14، شارع الزهور، جدة 21432 من فضلكم", "العنوان [ADDRESS] من فضلكم"),
        ("送到广州市天河区体育西路103号维多利广场A座1806,谢谢", "送到[ADDRESS],谢谢"),
    ],
)
def test_address_is_masked_with_what_stands_behind_it(masker, text, masked):
    assert masker.mask([text]) == [masked]
