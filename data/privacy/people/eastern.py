"""Finds names of people in Arabic and Chinese, where no capital letter marks a name."""

from __future__ import annotations

import re
from collections.abc import Iterator

from data.privacy.spans import Finder, Span, any_of
from data.privacy.words import WORDS

_ARABIC = r"[\u0621-\u064a]{2,20}"
_NO_ARABIC_BEFORE = r"(?<![\u0600-\u06ff])"
_AR_INTRODUCED = re.compile(
    rf"(?:{_NO_ARABIC_BEFORE}[وف]?(?:أنا |انا )?(?:اسمي|إسمي|أسمي|ادعى|أدعى)(?: هو| الكامل هو| "
    rf"الكامل)?[\s:]{{1,3}}"
    rf"|{_NO_ARABIC_BEFORE}الاسم(?: الكامل)? ?: ?|(?:مسجل|حجز|الحجز|طلب|الطلب) باسم "
    rf")(?P<it>{_ARABIC}(?: {_ARABIC}){{0,3}})"
)
_AR_TITLED = re.compile(
    rf"(?:{_NO_ARABIC_BEFORE}(?:[ولبف]|لل)?(?:السيد|السيدة|الأستاذ|الأستاذة|الاستاذ|الاستاذة"
    rf"|الدكتور|الدكتورة|المهندس"
    rf"|المهندسة|الآنسة|الأخ|الأخت)[ /:]{{1,2}}|{_NO_ARABIC_BEFORE}د\. ?)(?P<it>{_ARABIC}(?: "
    rf"{_ARABIC}){{0,2}})"
)
_AR_SIGNED = re.compile(
    r"(?:مع (?:خالص )?(?:تحياتي|التحية|الشكر)|تحياتي(?: لكم)?|وتفضلوا بقبول فائق الاحترام|المرسل"
    r"|التوقيع|توقيع|أخوكم"
    rf"|اخوكم|أختكم|اختكم|ابنكم|المخلص|المخلصة)[\s،,.:/\n-]{{1,4}}(?P<it>{_ARABIC}(?: {_ARABIC}){{0,2}})"
    r"(?=[\s.!،,/-]{0,3}(?:$|\[|\+?\d{4}|[^\s@]+@)|\.\s|\s?[/\n])"
)
# words that stand where a name could: verbs, adjectives, offices
_AR_NOT_NAMES = frozenset(WORDS["no_name"]["arabic"])
# words that begin with "to the", "and the", "with the"; behind a first name also with "and", "so" or the
# prefix of a verb
_AR_GLUED = ("لل", "ول", "وال", "بال", "كال")
_AR_NOT_SECOND = re.compile(
    r"(?:و(?!ليد|ائل|سام|فاء|جدي)|ف(?!هد|يصل|ارس|ؤاد|اطمة|رج)|ل(?!ي|طيف)|ت(?!ركي|امر)"
    r"|ي(?!وسف|اسر|اسين|حيى|عقوب|زن|ونس)|س[تي])\w{2,}"
)
# a worker's name behind "called"; whose account it is; who writes, with a family's name
_AR_CALLED = re.compile(
    rf"(?:موظفة?|مندوبة?|سائق|مهندسة?|فني|عاملة?|شخص|رجل|سيدة|بنت|شاب|طبيبة?|ممرضة?|مديرة?)"
    rf" (?:اسمه|اسمها|يدعى|تدعى|يسمى|تسمى) (?P<it>{_ARABIC})"
    rf"|{_NO_ARABIC_BEFORE}باسم (?:زوجي |زوجتي |أخي |أختي |والدي |والدتي |ابني |ابنتي )?"
    rf"(?P<holder>(?!ال){_ARABIC} {_ARABIC})(?=[.،,]|$)"
    rf"|{_NO_ARABIC_BEFORE}(?:معكم?|أنا|انا) "
    rf"(?P<self>(?!ال){_ARABIC} (?:(?:أبو|بن|آل) {_ARABIC}|ال{_ARABIC}))(?=[.،,]|$)"
)
MOST_WORDS = 3  # of an Arabic name: own, father's, family's

_HAN = r"[\u4e00-\u9fff]"
SURNAMES = (
    "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林罗郑梁谢宋唐许韩冯邓曹彭曾萧肖田董潘袁蔡蒋余于杜叶程魏苏吕丁任卢姚沈钟姜崔谭陆范汪廖石"
    "金贾夏韦付方邹熊孟秦邱江尹薛闫段雷侯龙史陶黎贺顾毛郝龚邵万钱严覃武戴莫孔向汤欧季仲柏柳康葛洪倪庞樊殷施俞柴焦凌霍祝岳舒涂耿"
    "柯裴祁詹屈芦翁翟聂阮卞裘張劉陳楊黃趙吳孫馬鄭謝許韓馮鄧蕭葉蘇呂盧鐘譚陸"
)
DOUBLE_SURNAMES = "欧阳|司马|上官|诸葛|皇甫|慕容|司徒|东方|端木|尉迟|夏侯|令狐|公孙|长孙|宇文|独孤|南宫"
_ZH_TITLES = "先生|女士|小姐|太太|老师|医生|经理|师傅|阿姨|大夫|护士|同学|主任|教授|店长"
_ZH_TITLED = re.compile(
    rf"(?P<it>(?:{DOUBLE_SURNAMES}|[{SURNAMES}简苗甘]){_HAN}{{0,2}}?)(?=总?(?:{_ZH_TITLES}))"
)
_ZH_INTRODUCED = re.compile(
    rf"(?:我叫|我的名字(?:是|叫)?|本人姓名|姓名|名字(?:是|叫)|名叫|叫做)[\s:是]{{0,2}}"
    rf"(?P<it>(?:{DOUBLE_SURNAMES}|[{SURNAMES}])(?![了子来去的过不着上到]){_HAN}{{1,2}}?)"
    rf"(?=[\s,，.。!！;；、]|$|我|是|来自|住|今年|电话|手机|地址)"
    rf"|(?:收件人|联系人|签名|署名|投诉人|此致敬礼|此致)[\s:,，]{{0,2}}"
    rf"(?P<signed>(?:{DOUBLE_SURNAMES}|[{SURNAMES}]){_HAN}{{1,2}})(?!{_HAN})"
    rf"|我(?:免贵)?姓(?P<family>{DOUBLE_SURNAMES}|[{SURNAMES}])(?=[\s,，.。!！;；]|$)"
)
_ZH_SIGNED = re.compile(
    rf"(?:谢谢|感谢|多谢|祝好|商祺|敬礼|顺颂|致敬|敬上|此致|^|[。.!！;；\n])[\s,，!！。:：—-]{{0,3}}"
    rf"(?P<it>(?:{DOUBLE_SURNAMES}|[{SURNAMES}]){_HAN}{{1,2}})"
    rf"(?=\s*(?:敬上|谨上|拜上|留言)|\s*(?:\[|电话|手机|\+?\d{{3}}))"
    rf"|(?:祝好|商祺|敬礼|敬上|此致)[\s,，!！。:：—-]{{0,3}}"
    rf"(?P<closed>(?:{DOUBLE_SURNAMES}|[{SURNAMES}]|[小阿]){_HAN}{{1,2}})(?=[\s。.]{{0,2}}$)"
)
_ZH_NICKNAME = re.compile(rf"(?:个|位|名)叫(?P<it>[小阿][{_HAN[1:-1]}A-Z][a-z]{{0,8}})(?=的|，|,|。|说)")
_ZH_NO_NAME = re.compile(any_of(WORDS["no_name"]["chinese"]))
# surnames that are particles far more often, and characters of no given name: a find may start too early
_ZH_PARTICLES = frozenset("和于对跟与给找向谢謝马方万任")
_ZH_NEVER_ALONE = frozenset("向谢謝对跟给找与")
_ZH_NO_GIVEN_NAME = frozenset(
    "的了是在有个位上下跟和与对向给副前客女男老很都也就不这那说叫找请问让被堂谢謝您你我他她"
)


def _find_arabic(text: str) -> Iterator[Span]:
    for pattern in (_AR_INTRODUCED, _AR_TITLED, _AR_SIGNED, _AR_CALLED):
        for found in pattern.finditer(text):
            group = found.lastgroup or "it"
            end = start = found.start(group)
            for word in list(re.finditer(r"[^\s]+", found[group]))[:MOST_WORDS]:
                if _is_no_arabic_name(word[0]) or (word.start() and _AR_NOT_SECOND.match(word[0])):
                    break
                end = start + word.end()
            if end > start:
                yield Span(start, end, "name")


def _is_no_arabic_name(word: str) -> bool:
    return word in _AR_NOT_NAMES or word.startswith(_AR_GLUED)


def _find_chinese(text: str) -> Iterator[Span]:
    for found in _ZH_TITLED.finditer(text):
        start, end = found.span("it")
        while end - start > 1 and (
            text[start] in _ZH_PARTICLES or set(text[start + 1 : end]) & _ZH_NO_GIVEN_NAME
        ):
            start = next((place for place in range(start + 1, end) if text[place] in SURNAMES), end)
        if start < end and text[start:end] not in _ZH_NEVER_ALONE:
            yield Span(start, end, "name")
    for pattern in (_ZH_INTRODUCED, _ZH_SIGNED, _ZH_NICKNAME):
        for found in pattern.finditer(text):
            if not _ZH_NO_NAME.match(found[found.lastgroup or 0]):
                yield Span(*found.span(found.lastgroup or 0), "name")


FINDERS = (
    Finder(
        (
            r"سمي|دعى|الاسم|باسم|السيد|ستاذ|الدكتور|المهندس|الآنسة|الأخ|تحي|الشكر|الاحترام|المرسل"
            r"|توقيع|أخوكم|اخوكم|أختكم|اختكم|ابنكم|المخلص|معك|أنا|انا|اسمه|اسمها|دعى|سمى"
            r"|(?:^|[^\p{Arabic}])د\.",
        ),
        _find_arabic,
    ),
    Finder(
        (
            rf"{_ZH_TITLES}|名|我叫|叫做|我姓|我免贵姓|收件人|联系人|投诉人|此致|敬|祝好|商祺|[谢上][!！]|个叫|位叫|名叫",
        ),
        _find_chinese,
    ),
)
