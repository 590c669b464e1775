import time

import pytest

from nlp.models.splitters import PunctuationSplitter
from nlp.text.clauses import ClauseCutter


@pytest.fixture(scope="module")
def cut(settings):
    cutter = ClauseCutter(settings["clauses"], lambda word, language: len(word) == 1)

    def run(text, language="en"):
        return [text[start:end] for start, end in cutter.cut(text, language)]

    return run


@pytest.mark.parametrize(
    ("language", "clauses"),
    [
        ("en", ["Great phone", "but it arrived broken."]),
        ("en", ["Staff were lovely,", "however the room was dirty"]),
        ("en", ["I liked the food,", "yet I would not go back"]),
        ("en", ["Everything was perfect", "except for the noise"]),
        ("en", ["Fast delivery", "although the box was torn"]),
        ("en", ["Good food and drinks", "(but limited choice)"]),
        ("it", ["Camera pulita", "ma colazione scarsa"]),
        ("it", ["Il cibo è buono,", "però il servizio è lento"]),
        ("it", ["Bella posizione", "anche se un po' rumorosa"]),
        ("pl", ["Pokój ładny,", "ale łazienka brudna"]),
        ("pl", ["Obsługa miła,", "natomiast jedzenie zimne"]),
        ("ar", ["المنتج رائع", "لكن التوصيل متأخر"]),
        ("ar", ["الأكل لذيذ", "ولكن السعر مرتفع"]),
        ("ar", ["المكان جميل", "إلا أن الخدمة بطيئة"]),
        ("zh", ["味道不错，", "但是送餐太慢"]),
        ("zh", ["东西很好", "不过有点贵"]),
        ("zh", ["环境很舒服，", "就是停车不方便"]),
        ("es", ["El hotel es bonito", "pero muy ruidoso"]),
        ("es", ["Me gustó la comida", "sin embargo tardaron mucho"]),
        ("de", ["Schönes Hotel", "aber schlechtes Frühstück"]),
        ("de", ["Gute Ware,", "jedoch zu spät geliefert"]),
        ("fr", ["J'adore ce produit", "mais la livraison est lente"]),
        ("fr", ["Bon accueil,", "cependant la chambre était sale"]),
        ("pt", ["O produto é ótimo", "mas chegou atrasado"]),
        ("pt", ["Gostei da loja", "porém o preço é alto"]),
    ],
)
def test_cut_opens_a_clause_at_contrast(cut, language, clauses):
    assert cut(" ".join(clauses) if language != "zh" else "".join(clauses), language) == clauses


@pytest.mark.parametrize(
    ("language", "text"),
    [
        ("en", "Nothing but praise for the whole team"),
        ("en", "It was anything but cheap for us"),
        ("en", "Not only cheap and quick but also very good quality"),
        ("en", "Last but not least the lovely garden"),
        ("en", "The parcel has not arrived yet"),
        ("en", "Tasty but expensive"),
        ("en", "It was good fun though"),
        ("it", "Non solo bello e comodo ma anche economico"),
        ("it", "Personale gentile ma soprattutto competente"),
        ("pl", "Nie tylko szybko ale też bardzo tanio"),
        ("zh", "服务再好不过了"),
        ("zh", "不但便宜味道也好"),
        ("ar", "ليس فقط سريع لكن رخيص جدا"),
        ("es", "No solo rápido y barato pero también bonito"),
        ("de", "Das Zimmer war aber wirklich schmutzig"),
        ("de", "Nicht nur schnell aber auch sehr günstig"),
        ("fr", "Non seulement rapide mais aussi très bon marché"),
        ("pt", "Não só rápido e barato mas também bonito"),
        ("und", "great phone but it arrived broken"),
    ],
)
def test_cut_leaves_what_is_no_contrast(cut, language, text):
    assert cut(text, language) == [text]


@pytest.mark.parametrize(
    ("text", "sentences"),
    [
        ("Good. Bad service.", ["Good.", "Bad service."]),
        ("Really?! Yes!!! Never again...", ["Really?!", "Yes!!!", "Never again..."]),
        ("Good room\nDirty bathroom\r\n- no towels", ["Good room", "Dirty bathroom", "- no towels"]),
        ('He said "great." She left.', ['He said "great."', "She left."]),
        ("Nice staff; room was cold", ["Nice staff;", "room was cold"]),
        ("خدمة سيئة؟ لن أعود؛ شكرا لكم جميعا", ["خدمة سيئة؟", "لن أعود؛", "شكرا لكم جميعا"]),
        ("很好！下次再来。谢谢", ["很好！", "下次再来。", "谢谢"]),
        ("gut.Schnell geliefert", ["gut.", "Schnell geliefert"]),
        ("جميل جدا.التوصيل سريع", ["جميل جدا.", "التوصيل سريع"]),
        ("I paid 3.50 at example.com for it", ["I paid 3.50 at example.com for it"]),
        ("1. Slow app 2. no help", ["1. Slow app 2. no help"]),
        ("Mr J. Smith was rude", ["Mr J. Smith was rude"]),
        ("approx. ten days late", ["approx. ten days late"]),
        ("see shop.example/?id=3&x=4 for it", ["see shop.example/?id=3&x=4 for it"]),
        ("• cheap\n• fast", ["• cheap", "• fast"]),
        ("food was ok... service was not", ["food was ok...", "service was not"]),
        ("well... no", ["well... no"]),
    ],
)
def test_cut_finds_sentences(cut, text, sentences):
    assert cut(text) == sentences


@pytest.mark.parametrize("text", ["!!!", "👍👍", "5/5", "-", "1. 2. 3."])
def test_cut_keeps_a_text_without_words_whole(cut, text):
    assert cut(text) == [text]


@pytest.mark.parametrize("text", ["", " ", "\n \t\r\n", "\u3000"])
def test_cut_finds_nothing_in_blank(cut, text):
    assert cut(text) == []


def test_cut_gives_marks_and_emoji_to_their_neighbour(cut):
    assert cut("👍👍 Great! 😡 Bad. !!\n😡") == ["👍👍 Great! 😡", "Bad. !!\n😡"]


def test_cut_divides_a_long_sentence_at_commas(cut):
    text = ", ".join(["we asked for a quiet room with two beds"] * 8)
    assert cut(text) == ["we asked for a quiet room with two beds,"] * 7 + [
        "we asked for a quiet room with two beds"
    ]


def test_cut_divides_a_long_sentence_without_commas_at_joiners(cut):
    text = " and ".join(["we asked for a quiet room with two beds"] * 6)
    assert cut(text)[1] == "and we asked for a quiet room with two beds"


def test_cut_divides_chinese_at_commas_earlier(cut):
    text = "送餐小哥态度非常好，汤一点都没有洒出来，分量也比上次多了很多，价格也算公道实惠"
    assert cut(text, "zh") == [
        "送餐小哥态度非常好，",
        "汤一点都没有洒出来，",
        "分量也比上次多了很多，",
        "价格也算公道实惠",
    ]


@pytest.mark.parametrize(
    ("text", "language"), [("word " * 500, "en"), ("a" * 5000, "en"), ("好" * 1000, "zh")]
)
def test_cut_divides_what_never_ends(cut, settings, text, language):
    pieces = cut(text, language)
    assert "".join(pieces).replace(" ", "") == text.replace(" ", "")
    assert max(len(piece) for piece in pieces) <= 12 * settings["clauses"].max_words


@pytest.mark.parametrize("language", ["en", "it", "pl", "ar", "zh", "es", "de", "fr", "pt", "und", "xx"])
def test_cut_covers_all_that_is_not_blank(settings, language):
    pieces = [
        "Great, but",
        "مع ذلك.",
        "但是，好！",
        "\n",
        "  ",
        "e.g.",
        "3.5",
        "…",
        "👍",
        "\u202e",
        "\x00",
        "aber;",
        "?!",
        "-",
    ]
    texts = [" ".join(pieces[(7 * i + k * k) % len(pieces)] for k in range(i % 40)) for i in range(300)]
    splitter = PunctuationSplitter(settings["clauses"], {})
    for text, spans in zip(texts, splitter.split(texts, [language] * len(texts)), strict=True):
        ends = [0, *[end for _, end in spans]]
        starts = [*[start for start, _ in spans], len(text)]
        assert all(text[end:start].strip() == "" for end, start in zip(ends, starts, strict=True))
        assert all(start < end and text[start:end] == text[start:end].strip() for start, end in spans)


@pytest.mark.parametrize(
    "piece",
    [
        "but ",
        "not only ",
        "a",
        ".",
        "a. ",
        "\n",
        ", ",
        "a,b ",
        "! ",
        "1. ",
        "on the other ",
        " ",
        "但",
        "لكن ",
        "... ",
    ],
)
@pytest.mark.parametrize("language", ["en", "zh"])
def test_cut_takes_time_in_proportion_to_the_text(settings, piece, language):
    cutter = ClauseCutter(settings["clauses"], lambda word, language: False)

    def seconds(characters):
        text = piece * (characters // len(piece))
        start = time.process_time()
        cutter.cut(text, language)
        return time.process_time() - start

    seconds(10_000)
    assert seconds(80_000) <= 20 * max(seconds(16_000), 0.005)


def test_cut_accepts_sentences_of_another_splitter(settings):
    cutter = ClauseCutter(settings["clauses"], lambda word, language: False)
    text = "good food but slow. service"
    assert cutter.cut(text, "en", [(0, 9), (10, 27)]) == [(0, 9), (10, 27)]
