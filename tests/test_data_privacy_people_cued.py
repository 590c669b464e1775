"""Names behind a word for who somebody is; and what looks like one and is none."""

import pytest

from data.privacy import Masker


@pytest.fixture(scope="module")
def masker(settings):
    return Masker(b"a key of at least 16 bytes", settings["privacy"])


@pytest.mark.parametrize(
    ("text", "name"),
    [
        ("My daughter Imogen cried on Christmas morning", "Imogen"),
        ("The engineer, a certain Kevin Sturridge, walked mud in", "Kevin Sturridge"),
        ("Thanks to Siobhan from the Leicester store", "Siobhan"),
        ("Booked under Priya Raghunathan, room for two", "Priya Raghunathan"),
        ("Aoife O'Sullivan here. The blender exploded.", "Aoife O'Sullivan"),
        ("Il tecnico, tale Salvatore Buonocore, se n'è andato", "Salvatore Buonocore"),
        ("Sono Ahmed Bouzid, ho ordinato tre sedie", "Ahmed Bouzid"),
        ("La tessera è intestata a Rosaria Mancuso", "Rosaria Mancuso"),
        ("Moja sąsiadka Teresa mówi, że dwa dni", "Teresa"),
        ("Kierownika Bogdana Rutkowskiego nigdy nie ma", "Bogdana Rutkowskiego"),
        ("Mi hija Lucía lo abrió y estaba vacío", "Lucía"),
        ("عاملتني الموظفة عبير عند الصندوق", "عبير"),
        ("المدير ماجد الشهري غير موجود", "ماجد الشهري"),
        ("تقول جارتي أم فيصل إنها تصل", "أم فيصل"),
        ("店员王秀英态度特别好", "王秀英"),
        ("收款账户不对,户名黄子轩。", "黄子轩"),
    ],
)
def test_a_name_behind_a_word_for_who_it_is_is_masked(masker, text, name):
    (masked,) = masker.mask([text])
    assert name not in masked
    assert "[NAME]" in masked


@pytest.mark.parametrize(
    "text",
    [
        "Thanks to Healthy Paws we could pay the bill",
        "I spoke with DHL and the courier GLS lost it",
        "The manager Monday morning was rude",
        "Il corriere Bartolini e il tecnico Vodafone non vengono mai",
        "Kurier InPost i kierownik sklepu są mili",
        "أنا سعيد جدا بالخدمة",
        "الموظفة كانت لطيفة جدا",
        "شكرا على الخدمة الرائعة",
        "客服经理说马上就到",
        "司机高兴得很,店员任何时候都好",
        "Der Techniker Miele ist die Wucht, mit Technik, Preis und Service",
    ],
)
def test_brands_days_and_verbs_are_no_names(masker, text):
    assert masker.mask([text]) == [text]
