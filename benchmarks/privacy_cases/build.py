"""Invented comments with planted personal data, and invented comments with none, for measuring the masker.

Every value is made up: digits are drawn, check digits computed, names and streets put together from lists.
The sentences lie beside this file, one a line; `{slot}` stands where a value is planted.
"""

from __future__ import annotations

import random
import re
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from data.privacy import checksums

HERE = Path(__file__).parent
KIND_OF_SLOT = {
    "ssn": "id", "nino": "id", "cf": "id", "pesel": "id", "saudiid": "id", "prcid": "id", "dni": "id", "cpf": "id",
    "steuerid": "id", "custid": "id", "urltail": "url", "wechat": "handle",
}  # fmt: skip
STRUCTURED = ("email", "phone", "iban", "card", "id", "order", "handle", "ip", "url")
_SLOT = re.compile(r"\{(\w+)\}")
_ARABIC_DIGITS = str.maketrans("0123456789", "٠١٢٣٤٥٦٧٨٩")

PHONES = {  # '#' is any digit, '[..]' one of these
    "en": "020 7946 0###|07[4579]## ######|07700 900###|+44 20 7946 0###|+44 7700 900###|([2-9]1[2-8]) [2-9]##-####"
    "|[2-9]0[2-8]-[2-9]##-####|[2-9]1[2-8].[2-9]##.####|+1 [2-9]1[2-8] [2-9]## ####|0161 496 0###|07[4579]########",
    "it": "+39 3[2-9]# #######|3[2-9]# ### ####|3[2-9]########|02 ########|06-########|0039 3[2-9]# ### ####|+393[2-9]########"
    "|055 ######|3[2-9]#/#######|3[2-9]#-#######",
    "pl": "+48 [5-7]## ### ###|[5-7]## ### ###|[5-7]########|[5-7]##-###-###|22 [3-8]## ## ##|(22) [3-8]## ## ##|0048 [5-7]## ### ###"
    "|+48[5-7]########",
    "ar": "+966 5# ### ####|05########|05# ### ####|+20 10 #### ####|010########|011########|+971 50 ### ####|00966 5# ### ####|050 ### ####",
    "zh": "1[3-9]#########|13# #### ####|15#-####-####|+86 13# #### ####|010-[2-8]#######|0755-[2-8]#######|+86-13#########|18# #### ####",
    "de": "+49 30 ########|030 #######|0171 #######|089/######|+49 171 #######|0170-#######|(030) #######",
    "es": "6## ### ###|9[1-8]# ## ## ##|+34 6## ## ## ##|6########",
    "fr": "06 ## ## ## ##|+33 6 ## ## ## ##|01.##.##.##.##|06########",
    "pt": "(11) 9[4-9]###-####|+55 11 9[4-9]###-####|91# ### ###|+351 91# ### ###|11 9[4-9]###-####",
}
ORDERS = {
    "en": "######|#######|A#####-B|ORD-20[12]#-#####|###-#######-#######|INV/20[12]#/####|PO########|#####-####",
    "it": "######|#######|ORD-#####|20[12]#/#####|A#######|##-######",
    "pl": "######|20[12]#/#####|ZAM/######|A#######|##-######|########",
    "ar": "######|#######|A#######|ORD-#####|########",
    "zh": "##########|20[12]###########|A########|SF#############|########",
    "de": "######|R-20[12]#-####|########|A#######",
    "es": "######|########|A#######",
    "fr": "######|########|A#######",
    "pt": "######|########|A#######",
}
FIRST = {
    "en": "Anna Emily Oliver Harriet Malcolm Priya Declan Beatrice Theodore Shanice",
    "it": "Giulia Matteo Ludovica Ettore Ginevra Salvatore Benedetta Cosimo Ilaria Tommaso",
    "pl": "Katarzyna Zbigniew Małgorzata Łukasz Agnieszka Wojciech Żaneta Mirosław Bożena Grzegorz",
    "ar": "محمد فاطمة خالد نورة عبدالله مريم سلطان هند ياسر ليلى",
    "zh": "伟 芳 娜 秀英 敏 静 丽华 强 磊 建国",
    "de": "Jürgen Annegret Björn Heike Torsten Käthe Uwe",
    "es": "Lucía Íñigo Carmen Álvaro Begoña Rodrigo",
    "fr": "Amélie Étienne Camille Thibault Océane Gaël",
    "pt": "João Conceição Tiago Inês Luísa Rogério",
}
LAST = {
    "en": "Whitmore O'Connell Featherstone Ngata Carmichael Ashworth McAllister Pemberton-Hall Dhillon Brightwell",
    "it": "Bianchi Colombaro D'Amico Esposito Ferrarese Guidicelli Lombardozzi Marchesini Pellegrino Tarantola",
    "pl": "Kowalska Wiśniewski Dąbrowska Zieliński Szymańska Woźniak Kaczmarczyk Jabłońska Nowak-Kurek Gołąb",
    "ar": "العتيبي الشمري حداد المصري الحربي منصور القحطاني سليمان الدوسري عثمان",
    "zh": "王 李 张 刘 陈 杨 赵 黄 周 吴",
    "de": "Hofstätter Brückner Großmann Weiß Schäfer Köhlbrandt",
    "es": "Fernández Ibáñez Castellanos Urrutia Peñalver",
    "fr": "Lefèvre Dubreuil Chassagne Gauthier Noël",
    "pt": "Magalhães Figueiredo Brandão Teixeira Assunção",
}
ADDRESSES = {
    "en": "## Baker Street, London NW1 6XE|### Elm Avenue|Flat #, ## Queens Road, Leeds LS6 1AB|#### Oak Drive, Austin, TX 7####"
    "|## St Mary's Lane|### West 42nd Street, New York, NY 100##|#A Church Close|1## Rose Gardens, Bristol BS1 4QT|### Maple St, Apt #",
    "it": "Via Giuseppe Verdi ##, 201## Milano (MI)|via Roma ##|Viale dei Mille ###, 501## Firenze|Piazza Garibaldi #|Corso Vittorio Emanuele II ##"
    "|via XX Settembre ##/A|Via della Spiga n. ##, Milano|Largo Treves #, 20121 Milano",
    "pl": "ul. Długiej ##/#, 00-9## Warszawa|ul. Marszałkowskiej ##|al. Jana Pawła II ## m. #|os. Słonecznym #/##|ulicy Mickiewicza #a, 30-0## Kraków"
    "|pl. Wolności #|ul. św. Marcin ##, 61-8## Poznań",
    "ar": "شارع التحرير رقم ##|## شارع الملك فهد|شارع العليا، مبنى ##، شقة #|شارع الجمهورية ##|حي النرجس، فيلا ##|شارع طلعت حرب عمارة ##|شارع عمر بن الخطاب رقم #",
    "zh": "北京市朝阳区建国路##号|上海市浦东新区世纪大道###号#栋###室|广州市天河区体育西路##号|中山路##号#单元###室|杭州市西湖区文三路###号|深圳市南山区科技园南路#号",
    "de": "Musterstraße ##, 101## Berlin|Lindenallee #|Goethestr. ##a, 803## München|Lange Straße ##|Bahnhofstraße #, 50667 Köln",
    "es": "Calle Mayor ##, 280## Madrid|Avenida de la Constitución #|calle Serrano ###|C/ Velázquez ##|Plaza de España #",
    "fr": "## rue de la Paix, 750## Paris|# bis avenue Victor Hugo|### boulevard Saint-Germain|# place Bellecour, 69002 Lyon",
    "pt": "Rua das Flores, ###|Avenida Paulista, 1###|Rua Augusta ###, 01305-### São Paulo|Travessa do Carmo ##",
}


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
    if slot in _BY_LANGUAGE:
        value = _fill(draw.choice(_BY_LANGUAGE[slot][language].split("|")), draw)
        is_arabic = language == "ar" and slot in ("phone", "order") and draw.random() < 0.3
        return value.translate(_ARABIC_DIGITS) if is_arabic and value.isdigit() else value
    if slot == "name":
        return _name(language, draw)
    return _MAKERS[slot](draw)


_BY_LANGUAGE = {"phone": PHONES, "order": ORDERS, "address": ADDRESSES}


def _fill(pattern: str, draw: random.Random) -> str:
    """Draw a digit for every '#' (never 0 first), and one of the digits for every '[..]'."""

    def one(found: re.Match[str]) -> str:
        if found[0] == "#":
            return str(draw.randint(1, 9))
        low, high = (found[1][0], found[1][-1]) if "-" in found[1] else ("", "")
        return str(draw.randint(int(low), int(high))) if low else draw.choice(found[1])

    return re.sub(r"#|\[([\d-]+)\]", one, pattern)


def _name(language: str, draw: random.Random) -> str:
    first, last = draw.choice(FIRST[language].split()), draw.choice(LAST[language].split())
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
    body = f"{letters}{draw.randint(40, 99)}{draw.choice('ABCDEHLMPRST')}{draw.randint(10, 28)}H{draw.randint(100, 999)}"
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
