"""What of a mail's text its author wrote."""

import pytest

from data.sources.mail.quotes import own_words

OWN = "The parcel came two weeks late.\nNobody answers the phone."


@pytest.mark.parametrize(
    "introduction",
    [
        "On Mon, 2 Mar 2026 at 09:00, Shop <shop@example.org> wrote:",
        "On Mon, 2 Mar 2026 at 09:00, Shop <shop@example.org>\nwrote:",
        "Il giorno lun 2 mar 2026 alle ore 09:00 Negozio <n@example.org> ha scritto:",
        "W dniu 2.03.2026 o 09:00, Sklep pisze:",
        "pon., 2 mar 2026 o 09:00 Sklep <s@example.org> napisał(a):",
        "El lun, 2 mar 2026 a las 9:00, Tienda (<t@example.org>) escribió:",
        "Am 02.03.2026 um 09:00 schrieb Laden <l@example.org>:",
        "Le lun. 2 mars 2026 à 09:00, Magasin <m@example.org> a écrit :",
        "Em seg., 2 de mar. de 2026 às 09:00, Loja <l@example.org> escreveu:",
        "في الاثنين، 2 مارس 2026 كتب المتجر <m@example.org>:",
        "于2026年3月2日周一 09:00写道：",
    ],
)
def test_own_words_leaves_out_what_is_quoted_and_who_is_quoted(introduction):
    assert own_words(f"{OWN}\n\n{introduction}\n> Your order is on its way.\n> Thanks\n") == OWN


def test_own_words_keeps_answers_between_the_quotes():
    text = "On 2 Mar 2026, Shop <s@example.org> wrote:\n> When did you order?\nOn Monday.\n> And paid?\nYes."
    assert own_words(text) == "On Monday.\nYes."


def test_own_words_ends_where_a_quote_without_signs_begins():
    text = f"{OWN}\n\nOn 2 Mar 2026, Shop <s@example.org> wrote:\nYour order is on its way."
    assert own_words(text) == OWN


@pytest.mark.parametrize(
    "divider",
    [
        "-----Original Message-----",
        "---------- Forwarded message ---------",
        "-----Messaggio originale-----",
        "-----Ursprüngliche Nachricht-----",
        "-------- Wiadomość oryginalna --------",
        "Begin forwarded message:",
        "________________________________\nFrom: Shop\nSent: Monday\nTo: Bo\nSubject: Order",
        "From: Shop <s@example.org>\nSent: Monday, 2 March 2026\nTo: Bo\nSubject: Order",
        "Von: Laden\nGesendet: Montag\nAn: Bo\nBetreff: Bestellung",
        "发件人: 商店\n发送时间: 2026年3月2日\n收件人: 小李\n主题: 订单",
    ],
)
def test_own_words_ends_where_an_older_mail_begins(divider):
    assert own_words(f"{OWN}\n\n{divider}\nold text") == OWN


@pytest.mark.parametrize(
    "signature",
    [
        "-- \nBo Berg\nOffice 12",
        "Best regards,\nBo Berg\n+48 600 700 800",
        "Cordiali saluti\nBo",
        "Z poważaniem,\nBo",
        "Mit freundlichen Grüßen\nBo",
        "Cordialement,\nBo",
        "مع التحية\nبو",
        "此致\n小李",
        "Sent from my iPhone",
        "Von meinem iPhone gesendet",
        "This e-mail and its attachments are confidential and may be privileged. If you are not named ...",
        "Kind regards\nBo\n\nThis email is strictly confidential and meant for those it names.",
    ],
)
def test_own_words_leaves_out_the_signature(signature):
    assert own_words(f"{OWN}\n\n{signature}") == OWN


@pytest.mark.parametrize(
    "text",
    [
        "On Monday I called and it was fine.",
        "Regards were all I got from your shop, and no money back in the end, which is a real shame to see.",
        "From what I see it is broken.",
        "Il pacco è arrivato rotto.",
        "Thanks!",
        "Cheers\n"
        + "and then a long story of what went wrong with my order and why nobody would answer me. " * 3,
    ],
)
def test_own_words_keeps_what_only_looks_like_more(text):
    assert own_words(text) == text.strip()


def test_own_words_gives_nothing_when_all_is_quoted():
    assert own_words("On 2 Mar 2026, Shop <s@example.org> wrote:\n> all of it\n> is old") == ""


@pytest.mark.parametrize(
    "text",
    [
        "On 1 @ wrote " * 20_000,
        "> " * 100_000,
        "From: a\n" * 50_000,
        "On 2\n" * 50_000,
        "_" * 200_000,
        "\n" * 200_000,
    ],
    ids=["verbs", "signs", "headers", "starts", "rule", "breaks"],
)
def test_own_words_reads_hostile_text_in_linear_time(text):
    own_words(text)
