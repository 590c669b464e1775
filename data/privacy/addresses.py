"""Finds postal addresses where a rule is sure: a word for a street, a name, and a house number."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator

from data.privacy.spans import Finder, Span

_UP = "A-ZÀ-ÖØ-ÞĀĂĄĆĈĊČĎĐĒĘĚĜĞĠĢĤĪĮİĴĶĹĻĽŁŃŅŇŌŐŒŔŘŚŜŞŠŢŤŪŮŰŲŴŶŹŻŽ"
_WORD = rf"[{_UP}][\w'’.-]{{1,24}}+"
_NO = r"(?:(?:n|nr|no|num|número|numero|n°|nº|n\.º)[.\s]{0,2})?"
_HOUSE = r"\d{1,4}(?: ?[A-Za-z](?!\w|\. ?\d))?(?:[/-](?:\d{1,4}[A-Za-z]?|[A-Za-z]))?(?![\d.,]\d)(?!\w)"
_CITY = rf"(?:[\s,-]{{1,3}}{_WORD}(?:[ -]{_WORD}){{0,2}}(?: ?\([A-Z]{{2}}\)| [A-Z]{{2}}(?!\w))?)?"
_PARTICLES = (
    r"(?:(?:di|de|del|della|dello|dei|degli|delle|da|do|dos|das|la|las|los|el|du|des|le|les|św\."
    r"|gen\.|ks\.|the|of) |d'|dell'|l'|d’|dell’|l’){0,3}"
)
_NAME = rf"{_PARTICLES}(?:\d{{1,2}} )?{_WORD}(?: (?:(?:e|y|i|de|del|di|da|do|dos) )?{_WORD}){{0,4}}"

_ITALIAN = re.compile(
    r"(?<!\w)(?:[Vv]ia|VIA|[Vv]iale|[Vv]\.le|[Pp]iazza|[Pp]\.?zza|[Pp]iazzale|[Cc]orso|[Cc]\.so"
    r"|[Ll]argo|[Vv]icolo|[Ss]trada"
    rf"|[Cc]ontrada|[Ll]ungomare|[Ll]ungotevere|[Ll]ungarno|[Ll]ocalità|[Ff]razione) {_NAME},? "
    rf"{_NO}{_HOUSE}(?:[\s,-]{{1,3}}\d{{5}}{_CITY})?(?:,? "
    rf"(?:int|interno|scala|piano)\.? ?\w{{1,4}})?"
    rf"|(?<!\w)(?:[Cc]ivico|[Nn]umero) {_HOUSE} (?:di|in|a) (?:[Vv]ia|[Vv]iale|[Pp]iazza|[Cc]orso) {_NAME}"
    rf"|(?<!\w){_WORD}(?: {_WORD}){{0,3}},? {_NO}{_HOUSE}[\s,-]{{1,3}}\d{{5}} {_WORD}(?: {_WORD})?"
    rf"(?: ?\([A-Z]{{2}}\)| [A-Z]{{2}}(?!\w))"
)
_POLISH = re.compile(
    r"(?<!\w)(?:[Uu]l\.|[Uu]lic[aęąy]|[Aa]l\.|[Aa]le(?:i|j[aeąę]|jach)|[Pp]l\.|[Pp]lac(?:u|em)?"
    r"|[Oo]s\.|[Oo]siedl[eau]|[Ss]kwer|[Rr]ond[oa]|[Bb]ulwar|[Rr]ynek|[Rr]ynku) ?"
    rf"{_NAME} {_HOUSE}(?: ?(?:m\.|lok\.|m|lok) ?\d{{1,4}})?(?:[\s,-]{{1,3}}\d\d-\d{{3}}{_CITY})?"
    rf"|(?<!\w){_WORD}(?: {_WORD}){{0,2}} {_HOUSE}[\s,-]{{1,3}}\d\d-\d{{3}} {_WORD}(?:[ -]{_WORD})?"
    rf"|(?<=(?:rzy|.na|pod) )(?:[IVX]{{1,4}} )?{_WORD}(?: {_WORD})? \d{{1,4}}[A-Za-z]?/\d{{1,4}}(?![\d/])"
)
_IBERIAN = re.compile(
    r"(?<!\w)(?:[Cc]alle|CALLE|[Cc]/|[Aa]venida|[Aa]vda\.?|[Aa]v\.|[Pp]aseo|[Pp]laza|[Cc]arrer"
    r"|[Cc]amino|[Rr]ua|RUA|[Tt]ravessa"
    rf"|[Pp]raça|[Aa]lameda|[Ee]strada|[Rr]odovia) ?{_NAME},? {_NO}{_HOUSE}"
    rf"(?:[\s,-]{{1,3}}(?:\d{{5}}(?:-\d{{3}})?|\d{{4}}-\d{{3}}){_CITY})?"
)
_FRENCH = re.compile(
    r"(?<![\w.,/])\d{1,4}(?: ?(?:bis|ter))?,? (?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d"
    r"|[Pp]lace|[Cc]hemin|[Ii]mpasse|[Aa]llée"
    rf"|[Qq]uai|[Rr]oute) {_NAME}(?:[\s,-]{{1,3}}\d{{5}}{_CITY})?"
)
_GERMAN = re.compile(
    rf"(?<!\w)(?:[{_UP}][\w.-]{{1,24}} ){{0,2}}(?:[{_UP}][\w-]{{2,30}}(?<=straße|trasse|.allee"
    rf"|.gasse)|[{_UP}][\w-]{{2,30}}(?<=str)\.|[{_UP}][\w-]{{1,24}}[ -](?:Straße|Strasse|Str\."
    rf"|Allee|Gasse))"
    rf" {_HOUSE}(?:[\s,-]{{1,3}}\d{{5}}{_CITY})?"
    rf"|(?<!\w)[{_UP}][\w-]{{2,30}}(?<=platz|.ring|.damm|.ufer|..weg|..hof) "
    rf"{_HOUSE}[\s,-]{{1,3}}\d{{5}}{_CITY}"
)
_EN_TYPE = (
    r"(?:Street|St|Road|Rd|Avenue|Ave|Lane|Ln|Drive|Dr|Boulevard|Blvd|Court|Ct|Square|Sq|Terrace"
    r"|Close|Crescent|Way|Place|Pl"
    r"|Grove|Gardens|Highway|Hwy|Parkway|Pkwy|Mews|Row)"
)
_UK_CODE = r"[A-Z]{1,2}\d[A-Z\d]? ?\d[A-Z]{2}"
_ENGLISH = re.compile(
    r"(?:(?<!\w)(?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|[Ss]uite) ?\w{1,4},? "
    rf"(?:[{_UP}]\w{{2,20}} (?:House|Court|Lodge|Building|Mansions|Towers?|Heights),? )?)?"
    r"(?<![\w.,$€£/:-])\d{1,5}[A-Za-z]? "
    rf"(?:(?:[NSEW]\.?|North|South|East|West) )?(?:\d{{1,3}}(?:st|nd|rd|th) "
    rf"|(?:[A-Z][a-z'’-]{{1,20}}+ ){{1,3}}){_EN_TYPE}\b\.?"
    r"(?:,? (?:[Ff]lat|[Aa]pt\.?|[Aa]partment|[Uu]nit|[Ss]uite|#) ?#?\w{1,5})?"
    rf"(?:,? [A-Z][a-z]+(?: [A-Z][a-z]+){{0,2}})?(?:,? (?:{_UK_CODE}|"
    rf"(?:(?:[A-Z]{{2}}|[A-Z][a-z]+(?: [A-Z][a-z]+)?),? )?\d{{5}}(?:-\d{{4}})?)(?!\w))?"
    r"|(?<!\w)P\.? ?O\.? ?[Bb]ox \d{1,6}"
)
_POSTCODE = re.compile(
    rf"(?i:\b(?:postcode|post code|zip code|zip|cap|plz|kod pocztowy|código postal|code "
    rf"postal)\b)[ :]{{1,2}}(?:is )?(?P<it>{_UK_CODE}|\d\d-\d{{3}}|\d{{5}})(?!\w)"
)
_AR_STOP = (
    r"(?:مخرج|تقاطع|اتوبيس|باص|قطار|توجد|يوجد|منذ|بعد|قبل|لمدة|من|في|على|حوالي|كل|خلال|وقت|حتى"
    r"|إلى|الى|مع|عند|كان|كانت|لكن|و)"
)
_AR_WORD = rf"(?!{_AR_STOP}\b)[\u0621-\u064a]{{2,15}}+"
_AR_HOUSE = r"(?:رقم|مبنى|عمارة|بناية|فيلا|منزل|بيت|برج|شقة|الدور|دور|المبنى|عقار|قطعة)"
_ARABIC = re.compile(
    rf"(?:{_AR_HOUSE} \d{{1,4}} ?[,،]? ?){{0,3}}(?:حي {_AR_WORD}(?: {_AR_WORD})? ?[,،]? ?)?"
    rf"(?:(?<!\d)\d{{1,4}} ?[,،]? ?)?(?:(?:ال)?شارع|طريق) (?:{_AR_WORD}(?: {_AR_WORD}){{0,3}}? "
    rf"?[,،]? ?)?(?:{_AR_HOUSE} )?(?:رقم )?\d{{1,4}}(?!\d)(?: ?[,،]? {_AR_WORD} \d{{5}}(?!\d))?"
    rf"(?: ?[,،] ?(?:{_AR_HOUSE}|حي|مدينة) ?(?:رقم )?(?:\d{{1,4}}|{_AR_WORD}(?: {_AR_WORD})?)){{0,4}}"
    rf"|(?<!\d)\d{{1,4}} ?[,،]? ?شارع {_AR_WORD}(?: {_AR_WORD}){{0,2}}(?: ?[,،] ?(?:{_AR_HOUSE}"
    rf"|حي|مدينة) ?(?:\d{{1,4}}|{_AR_WORD})){{0,4}}"
    rf"|(?<![\u0621-\u064a])حي {_AR_WORD}(?: {_AR_WORD})? ?[,،]? ?{_AR_HOUSE} ?(?:رقم )?\d{{1,4}}"
    rf"|(?<![\u0621-\u064a])(?:{_AR_HOUSE} ?(?:رقم )?\d{{1,4}} ?[,،]? ?){{1,3}}"
    rf"(?:(?:ال)?شارع|طريق|حي) {_AR_WORD}(?: {_AR_WORD})?"
    rf"|(?<![\u0621-\u064a])ص ?\. ?ب ?\.? ?\d{{1,6}}"
)
# what goes on behind a find: a quarter, a town and its postcode; a town without one only if it is known
_AR_TOWN = (
    r"(?:الرياض|جدة|مكة|المدينة المنورة|الدمام|الخبر|الطائف|أبها|تبوك|دبي|أبوظبي|أبو ظبي|الشارقة|عجمان|العين"
    r"|الدوحة|المنامة|الكويت|مسقط|القاهرة|الإسكندرية|الجيزة|طنطا|المنصورة|بيروت|طرابلس|دمشق|حلب|عمان|إربد|بغداد"
    r"|البصرة|أربيل|تونس|صفاقس|الجزائر|وهران|الدار البيضاء|الرباط|مراكش|فاس|طنجة|الخرطوم|صنعاء|عدن|القدس|غزة"
    r"|رام الله|نابلس|مدينة نصر|مصر الجديدة|المعادي)"
)
_AR_TAIL = re.compile(
    rf"(?: ?[,،]? ?حي {_AR_WORD}(?: {_AR_WORD})?)?(?: ?[,،]? (?:{_AR_TOWN}(?![\u0621-\u064a])(?: \d{{5}})?"
    rf"|{_AR_WORD}(?: {_AR_WORD})? \d{{5}}(?!\d)))"
)
_CHINESE = re.compile(
    r"[\u4e00-\u9fff]{1,24}?(?:路|街|大道|巷|胡同|弄|村|小区|花园"
    r"|公寓)(?:[\u4e00-\u9fff]{0,2}段)? ?\d{1,5}(?:弄 ?\d{1,5})?[号號栋幢](?!线|店员|服务|客服)[院楼]?"
    r"(?: ?[A-Za-z\d]{1,5} ?(?:号楼|号|楼|栋|幢|单元|室|层|座"
    r"|户)){0,4}(?:(?<=[元楼层座栋]) ?\d{2,4}(?!\d))?(?: \d{6}(?!\d))?"
    r"(?:[\u4e00-\u9fff]{0,8}?\d{1,5}(?:室|楼|栋|单元|号楼|房))?"
    r"(?:[\u4e00-\u9fff]{2,8}(?:广场|大厦|中心|大楼|公寓)(?:[A-Z\d]{1,2}[座栋])?"
    r"(?:\d{1,2}[层楼])?(?:\d{2,4}[室号]?)?)?"
    r"(?: ?[,，]? ?(?:邮编|邮政编码)[:：]? ?\d{6}(?!\d))?"
)
_ZH_LEAD = re.compile(
    r".*(?:地址[是为:]?|住在|住址[是为:]?|送到|寄到|寄往|送至|寄至|发到|发往|位于|收货|家在|在|到"
    r"|是|往|至|从|[,，:：。])"
)
_ZH_NOT = re.compile(r"(?:味道|渠道|频道|通道|轨道|线路|网路|套路|思路)\d")
_UNIT = re.compile(
    r":\d|\s?(?:%|€|\$|£|zł|euro|eur|giorn|volt[ae]|or[ae]\b|minut|mes[ei]\b|ann[oi]\b|settiman"
    r"|stelle|person|km|metri|days?\b|times?\b"
    r"|hours?|mins?\b|weeks?|months?|years?|stars?|godz|dni\b|dzień|razy|raz\b|osób|lat\b|tygodni"
    r"|miesi|gwiazd|veces|vez|vezes|días|dias|horas|años|anos"
    r"|estrellas|fois|jours|heures|mal\b|tage|stunden|uhr|minuten|sterne|يوم|أيام|ايام|ساع|دقيق"
    r"|سنوات|سنة|سنين|مرات|مرة|أشهر|شهور|اشهر|أسابيع"
    r"|ريال|درهم|جنيه|دولار|كم\b|متر|نجوم|[ap]\.?m\b)",
    re.IGNORECASE,
)
# "via" is also "by way of"
_VIA = re.compile(
    r"[Vv]ia (?:e-?mail|whats ?app|web|internet|telefono|app|skype|amazon|paypal|pec|sms|fax|chat"
    r"|booking|posta|facebook|messenger"
    r"|instagram|bonifico|usb|bluetooth|wi-?fi|phone|google|zoom|teams|telegram|corriere|satispay"
    r"|dpd|dhl|ups|inpost)\b",
    re.IGNORECASE,
)
_NOT_STREETS = re.compile(
    r"[Vv]ia (?![XVI]+ )[A-Z]{2,} |(?:Kreis|Bundes|Land|Landes)stra|\d+ (?:Star|Stars|Minute"
    r"|Minutes|Min|Mins|Hour|Hours|Day|Days|Mile|Miles|Times|Weeks?"
    r"|Years?|People|Way|Great|Good|Best)\b"
)


def _finds(pattern: re.Pattern[str]) -> Callable[[str], Iterator[Span]]:
    def find(text: str) -> Iterator[Span]:
        for found in pattern.finditer(text):
            if _UNIT.match(text, found.end()) or _VIA.match(found[0]) or _NOT_STREETS.match(found[0]):
                continue
            yield Span(*found.span("it" if found.groupdict().get("it") else 0), "address")

    return find


def _find_arabic(text: str) -> Iterator[Span]:
    for found in _ARABIC.finditer(text):
        if not _UNIT.match(text, found.end()):
            tail = _AR_TAIL.match(text, found.end())
            yield Span(found.start(), tail.end() if tail else found.end(), "address")


def _find_chinese(text: str) -> Iterator[Span]:
    for found in _CHINESE.finditer(text):
        if _ZH_NOT.search(found[0]):
            continue
        street = re.search(r"\d", found[0])
        lead = _ZH_LEAD.match(found[0][: street.start() - 2]) if street else None
        yield Span(found.start() + (lead.end() if lead else 0), found.end(), "address")


# the first trigger is cheap and lets little pass: a house number is always there
_NUMBER = r"\d"
FINDERS = (
    Finder(
        (
            _NUMBER,
            r"\b(?:[Vv]ia|VIA|[Vv]iale|[Vv]\.le|[Pp]iazza|[Pp]\.?zza|[Pp]iazzale|[Cc]orso"
            r"|[Cc]\.so|[Ll]argo|[Vv]icolo|[Ss]trada"
            r"|[Cc]ontrada|[Ll]ungomare|[Ll]ungotevere|[Ll]ungarno|[Ll]ocalità|[Ff]razione) |\d{5} [A-Z]",
        ),
        _finds(_ITALIAN),
    ),
    Finder(
        (
            _NUMBER,
            r"(?:[Uu]l\.|[Uu]lic.|[Aa]l\.|[Aa]le[ij]|[Pp]l\.|[Pp]lac|[Oo]s\.|[Ss]kwer|[Rr]ond|[Bb]ulwar|\d\d-\d|\d/\d"
            r"|[Oo]siedl|[Rr]yn[e]?k)",
        ),
        _finds(_POLISH),
    ),
    Finder(
        (
            _NUMBER,
            r"(?:[Cc]alle|CALLE|[Cc]/|[Aa]venida|[Aa]vda|[Aa]v\.|[Pp]aseo|[Pp]laza|[Cc]arrer"
            r"|[Cc]amino|[Rr]ua|RUA|[Tt]ravessa"
            r"|[Pp]raça|[Aa]lameda|[Ee]strada|[Rr]odovia)",
        ),
        _finds(_IBERIAN),
    ),
    Finder(
        (
            _NUMBER,
            r"[ ,](?:[Rr]ue|[Aa]venue|[Aa]v\.|[Bb]oulevard|[Bb]d|[Pp]lace|[Cc]hemin"
            r"|[Ii]mpasse|[Aa]llée|[Qq]uai|[Rr]oute) ",
        ),
        _finds(_FRENCH),
    ),
    Finder(
        (_NUMBER, r"(?:straße|trasse|llee|asse|str\.|Str\.|Straße|platz|ring|damm|ufer|weg|hof) \d"),
        _finds(_GERMAN),
    ),
    Finder((_NUMBER, rf"\b{_EN_TYPE}\b|\d(?:st|nd|rd|th) |[Bb]ox \d"), _finds(_ENGLISH)),
    Finder((_NUMBER, r"(?i)\b(?:post ?code|zip|cap|plz|kod pocztowy|postal)\b"), _finds(_POSTCODE)),
    Finder((r"(?:شارع|طريق|حي) |ص ?\. ?ب", _NUMBER), _find_arabic),
    Finder((r"[路街道巷同弄村区园寓段] ?\d{1,5}[号號栋幢弄]",), _find_chinese),
)
