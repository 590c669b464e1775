"""Finds names of people where the words around them are sure: introductions, titles, signatures.

No list of first names is searched for: 'Grace', 'Will', 'Rosa' and 'Mila' are words too, and a name that no rule
is sure of stays.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from data.privacy.spans import Finder, Span, any_of

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĘĚĜĞĠĢĤĪĮİĴĶĹĻĽŁŃŅŇŌŐŒŔŘŚŜŞŠŢŤŪŮŰŲŴŶŹŻŽ"
_PART = rf"(?:[{_UP}][^\W\d_]*+(?:['’-][^\W\d_]++){{0,3}})"
_PREFIX = r"(?:(?:de|del|della|di|da|dos|van|von|der|la|le|al-|el-|bin|ibn|O'|Mc) ?)"
_NAME = rf"(?P<it>{_PART}(?:\.? {_PREFIX}{{0,2}}{_PART}\.?(?![\w])){{0,3}})"
_ARABIC = r"[\u0621-\u064a]{2,20}"
_HAN = r"[\u4e00-\u9fff]"

INTRODUCTIONS = {
    "en": (
        "my name is",
        "my name's",
        "my full name is",
        "name:",
        "the name is",
        "i am called",
        "signed by",
        "signed:",
    ),
    "it": (
        "mi chiamo",
        "il mio nome è",
        "il mio nome e'",
        "nome e cognome:",
        "nome:",
        "a nome di",
        "mi firmo",
    ),
    "pl": (
        "nazywam się",
        "mam na imię",
        "moje imię to",
        "moje nazwisko to",
        "imię i nazwisko:",
        "na nazwisko",
    ),
    "es": ("me llamo", "mi nombre es", "nombre:", "a nombre de"),
    "de": ("ich heiße", "ich heisse", "mein name ist", "name ist", "auf den namen"),
    "fr": ("je m'appelle", "je m’appelle", "mon nom est", "au nom de"),
    "pt": ("meu nome é", "o meu nome é", "me chamo", "chamo-me", "em nome de"),
}
# a person whose work is named, then "called": not "a product called Echo"
_ROLES = (
    r"(?:waiter|waitress|server|receptionist|agent|driver|courier|nurse|doctor|manager|employee"
    r"|technician|colleague|assistant"
    r"|consultant|host|hostess|barista|lady|gentleman|guy|man|woman|girl|boy|person"
    r"|representative|rep|advisor|clerk|cashier"
    r"|cameriere|cameriera|commess[oa]|operatore|operatrice|impiegat[oa]|signora|ragazz[oa]"
    r"|collega|dottoressa|autista|corriere"
    r"|kelner(?:ka)?|konsultant(?:ka|em|ką)?|pracownik(?:iem)?|kurier(?:em)?|recepcjonistk[aą]"
    r"|sprzedawc[aą]|osob[aą]"
    r"|mitarbeiter(?:in)?|kellner(?:in)?|fahrer|empleado|empleada|camarero|camarera|vendeu(?:r"
    r"|se)|serveu(?:r|se)|atendente|gar[çc]om)"
)
_CALLED = (
    r"(?:,? (?:named|called|by the name of|whose name (?:is|was)|di nome|che si chiama(?:va)?|o "
    r"imieniu|o nazwisku|imieniem"
    r"|namens|llamad[oa]|que se llama(?:ba)?|nommée?|appelée?|chamad[oa]|de nome) )"
)
TITLES = (
    r"(?:Mr|Mrs|Ms|Miss|Dr|Prof|Mister|Sig|Sig\.ra|Sig\.na|Signor|Signora|Signorina|Dott"
    r"|Dott\.ssa|Dottor|Dottoressa|Avv|Ing|Geom"
    r"|Pan|Pani|Pana|Panu|Panem|Panią|Panią|Panie|Państwo|Herr|Herrn|Frau|Fräulein|Sr|Sra|Srta"
    r"|Señor|Señora|Señorita|Don|Doña"
    r"|Monsieur|Madame|Mademoiselle|Mme|Mlle|Senhor|Senhora|Dona|Dra)"
)
CLOSINGS = (
    r"(?:(?:kind|best|warm|many|with kind)? ?regards|best wishes|yours (?:sincerely|faithfully"
    r"|truly)|sincerely|cheers|signed"
    r"|cordiali saluti|distinti saluti|(?:un )?saluti|un caro saluto|cordialmente|in fede|firmato"
    r"|(?:serdecznie )?pozdrawiam(?: serdecznie)?|z poważaniem|z wyrazami szacunku|pozdrowienia"
    r"|podpisan[oya]"
    r"|(?:un )?saludos(?: cordiales)?|atentamente|mit freundlichen grüßen|viele grüße|liebe grüße"
    r"|freundliche grüße|mfg|hochachtungsvoll"
    r"|bien cordialement|cordialement|bien à vous|salutations|atenciosamente|cumprimentos|abraços|att)"
)
# capitalised words that follow a title or an introduction and are no name
_NOT_NAMES = frozenset(
    "pepper martens marten oetker clean muscle bean brown's office word excel teams windows "
    "outlook powerpoint access who strange "
    "doktor doctor dottore profesor professor professore kierowca kierowco kierownik dyrektor "
    "kurier konsultant konsultantka recepcjonistka "
    "sprzedawca sprzedawczyni ekspedientka kelner kelnerka pielęgniarka lekarz ochroniarz prezes "
    "mecenas magister redaktor obsługująca "
    "direktor direttore direttrice presidente avvocato ingegnere ober verkäuferin mitarbeiterin "
    "kellnerin kollegin ärztin "
    "president minister manager director chairman speaker sir madam maam and or und e i et y oder "
    "the this that it they we you i my our your not very so but a an is was jest był była to za w "
    "na z nie "
    "per con il la lo gli le un una che non è era molto grazie dziękuję thanks thank team staff "
    "customer service support "
    "company hotel restaurant store shop online amazon google apple samsung miss saigon universe "
    "world piggy america daisy".split()
)
_LOWER_STOP = _NOT_NAMES | frozenset(
    "on in at of by for from with also still never always being been misspelled spelled spelt "
    "wrong wrongly written mentioned listed "
    "missing incorrect correct different important known there here no yes just only now already "
    "irrelevant unknown anonymous changed "
    "sbagliato scritto corretto stato anche sempre quello stesso di da in su a źle dobrze błędnie "
    "inaczej tak już też się po od do".split()
)
_AR_INTRO = (
    r"(?<![\u0621-\u064a])(?:[وف]?(?:أنا |انا )?(?:اسمي|إسمي|أسمي|ادعى|أدعى)(?: هو| الكامل| "
    r"الكامل هو)?|الاسم(?: الكامل)?|باسم)[\s:]{1,3}"
)
_AR_TITLE = (
    r"(?<![\u0621-\u064a])(?:[ولبف]|لل)?(?:السيد|السيدة|الأستاذ|الأستاذة|الاستاذ|الاستاذة|الدكتور"
    r"|الدكتورة|المهندس|المهندسة|الآنسة|الأخ|الأخت"
    r"|سيد|سيدة|أستاذ|استاذ|دكتور|دكتورة|مهندس)(?:ة)?[ /:.]{1,2}|(?<![\u0621-\u064a])[دأم]\. ?"
)
_AR_CLOSING = (
    r"(?:مع (?:خالص )?(?:تحياتي|التحية|الشكر)|تحياتي(?: لكم)?|وتفضلوا بقبول فائق الاحترام|المرسل"
    r"|التوقيع|توقيع|أخوكم|اخوكم|أختكم)[\s،,.:\n-]{1,4}"
)
_AR_STOP = frozenset(
    "غير ليس ليست لم لن لا في على من إلى الى عن مع هو هي هذا هذه ذلك التي الذي كان كانت يكون قال "
    "قالت رفض رفضت جدا جداً ممتاز ممتازة "
    "موجود موجودة مكتوب خطأ خاطئ صحيح صح وقد ولكن لكن أن ان كل مسجل المدير المسؤول المسئول الموظف "
    "الموظفة الطبيب الطبيبة المحترم المحترمة "
    "الفاضل الفاضلة المعالج المشرف المشرفة مدير مسؤول بعد قبل عند عندما كما ثم أو او وكان وكانت "
    "حيث لكم لكل فريق شكرا لأنه لأن لان متعاون "
    "متعاونة رائع رائعة محترم محترمة سيء سيئ سيئة لطيف لطيفة يعامل يتعامل تتعامل الذين جيد جيدة "
    "بارك الله والله عبر بالكامل كامل الكامل هناك "
    "وأعمل وأسكن وأنا وانا ورقم ورقمي ورقمه وهاتفي وعنواني وطلبي طلبت اشتريت أعمل أسكن رقم رقمي "
    "هاتفي وطلب اسم صاحب الطلب الفندق المطعم".split()
)
_SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石金贾夏韦付方"
    "邹熊孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧阳张張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇呂盧鐘譚陸"
)
_ZH_TITLE = r"(?:先生|女士|小姐|太太|老师|医生|经理|师傅|阿姨|大夫|护士|同学|主任|教授|店长)"
_CHINESE_TITLED = re.compile(
    rf"(?P<it>(?:欧阳|司马|上官|诸葛"
    rf"|[{_SURNAMES}]){_HAN}{{0,2}}?)(?={_ZH_TITLE})"
)
_CHINESE_INTRO = re.compile(
    rf"(?:我叫|我的名字(?:是|叫)?|本人姓名|姓名|名字(?:是|叫)|我姓名是|名叫"
    rf"|叫做)[\s:是]{{0,2}}(?P<it>(?:欧阳|司马|[{_SURNAMES}])(?![了子来去的过不着上到]){_HAN}{{1,2}}?)"
    rf"(?=[\s,，.。!！;；、]|$|我|是|来自|住|今年|电话|手机|，)"
    rf"|(?:收件人|联系人|签名|署名|投诉人|此致敬礼|此致)[\s:：,，]{{0,2}}(?P<signed>(?:欧阳|司马"
    rf"|[{_SURNAMES}]){_HAN}{{1,2}})(?!{_HAN})"
    rf"|我(?:免贵)?姓(?P<family>[{_SURNAMES}])(?=[\s,，.。!！;；]|$)"
)
_ZH_FALSE = frozenset(
    "和于对跟与给找向方任万谢謝"
)  # also particles: a longer find may start one character too early


def _introductions(shortest: int) -> str:
    """Join the introductions of at least so many characters; those with a colon are column names, and too short."""
    words = (word for words in INTRODUCTIONS.values() for word in words)
    return any_of(re.escape(w) for w in words if len(w) >= shortest and not (shortest and w.endswith(":")))


_INTRO = re.compile(rf"(?<!\w)(?i:{_introductions(0)})[ ]{{1,2}}{_NAME}")
_INTRO_LOWER = re.compile(
    rf"(?<!\w)(?:{_introductions(8)}) "
    r"(?P<it>[^\W\d_]{2,20}(?: [^\W\d_]{2,20})?)(?![\w])"
)
_NAMED = re.compile(rf"(?<!\w)(?i:{_ROLES}{_CALLED}){_NAME}")
_TITLED = re.compile(
    rf"(?<![\w'])(?:{TITLES}"
    rf"|(?i:{'sig.ra|sig.na|dott.ssa|mrs|pani|panem|panią|señora|signora'.replace('.', chr(92) + '.')}))(?![\w])\.? {_NAME}"
)
_SIGNED = re.compile(
    rf"(?<!\w)(?i:{CLOSINGS})(?:[,.!:;\s-]{{1,4}}|$)(?P<it>{_PART}(?:\.? "
    rf"{_PREFIX}{{0,2}}{_PART}){{0,3}}\.?)(?=[\s.!)]{{0,3}}$|\n| ?[,;(]| ?\[| tel| \+)"
)
_DASHED = re.compile(rf"\n\s?(?:[-–—~*]\s?)?(?P<it>{_PART} (?:{_PREFIX}{{0,2}}{_PART}|[{_UP}]\.))\s?$")
_ARABIC_INTRO = re.compile(rf"{_AR_INTRO}(?P<it>{_ARABIC}(?: {_ARABIC}){{0,3}})")
_ARABIC_TITLE = re.compile(rf"(?:{_AR_TITLE})(?P<it>{_ARABIC}(?: {_ARABIC}){{0,2}})")
_ARABIC_SIGNED = re.compile(rf"{_AR_CLOSING}(?P<it>{_ARABIC}(?: {_ARABIC}){{0,2}})(?=[\s.!]{{0,3}}$)")


def _finds(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    def find(text: str) -> Iterator[Span]:
        for found in pattern.finditer(text):
            yield from _keep_words(text, found.span("it"), _NOT_NAMES)

    return find


def _find_introduced(text: str) -> Iterator[Span]:
    yield from _finds(_INTRO)(text)
    for found in _INTRO_LOWER.finditer(text):
        if found["it"].islower():
            yield from _keep_words(text, found.span("it"), _LOWER_STOP)


def _keep_words(text: str, where: tuple[int, int], stop: frozenset[str]) -> Iterator[Span]:
    """Cut a found name before its first word that is no name."""
    start, end = where
    for word in re.finditer(r"[^\s]+", text[start:end]):
        if word[0].strip(".'’-").casefold() in stop:
            end = start + word.start()
            break
    end = start + len(text[start:end].rstrip())
    if end - start > 1:
        yield Span(start, end, "name")


def _find_arabic(text: str) -> Iterator[Span]:
    for pattern, longest in ((_ARABIC_INTRO, 3), (_ARABIC_TITLE, 2), (_ARABIC_SIGNED, 3)):
        for found in pattern.finditer(text):
            end = start = found.start("it")
            for word in list(re.finditer(r"[^\s]+", found["it"]))[:longest]:
                if word[0] in _AR_STOP or (word.start() and not _is_arabic_name_part(word[0])):
                    break
                end = start + word.end()
            if end > start:
                yield Span(start, end, "name")


def _is_arabic_name_part(word: str) -> bool:
    """Second words: leave verbs, conjunctions and prepositions that are glued to the next word."""
    return not re.match(
        r"(?:و(?!ليد|ائل|سام|فاء|جدي)|ف(?!هد|يصل|ارس|ؤاد|اطمة|رج)|بال|لل|كال|ل(?!ي|طيف)|ت|ي(?!وسف"
        r"|اسر|اسين|حيى|عقوب|زن|ونس)|س[تي])\w{2,}",
        word,
    )


def _find_chinese(text: str) -> Iterator[Span]:
    for found in _CHINESE_TITLED.finditer(text):
        start, end = found.span("it")
        while end - start > 1 and text[start] in _ZH_FALSE and text[start + 1] in _SURNAMES:
            start += 1
        if text[start] in "谢謝" and text[max(0, start - 1)] in "感谢多謝":
            continue  # "thanks, sir"
        yield Span(start, end, "name")
    for found in _CHINESE_INTRO.finditer(text):
        yield Span(*found.span(found.lastgroup or 0), "name")


FINDERS = (
    Finder((rf"(?i){_introductions(0)} ",), _find_introduced),
    Finder((rf"(?i){_CALLED}['{_UP}]",), _finds(_NAMED)),
    Finder(
        (rf"(?:^|[^\w]){TITLES}\.? ['{_UP}]|(?i:sig\.|dott\.|mrs|pani|panem|panią|señora|signora) ",),
        _finds(_TITLED),
    ),
    Finder((rf"(?i)(?:^|[^\w]){CLOSINGS}[,.!:;\s-]",), _finds(_SIGNED)),
    Finder((rf"\n ?(?:[-–—~*] ?)?[{_UP}][^\n]{{2,50}}$",), _finds(_DASHED)),
    Finder(
        (
            r"سم|دعى|سيد|ستاذ|كتور|هندس|الآنسة|الأخ|تحي|الشكر|الاحترام|المرسل|توقيع|أخوكم|اخوكم"
            r"|أختكم|(?:^|[^\p{Arabic}])[دأم]\.",
        ),
        _find_arabic,
    ),
    Finder((rf"{_ZH_TITLE}|名|我叫|叫做|我姓|我免贵姓|收件人|联系人|署名|投诉人|此致",), _find_chinese),
)
