"""Which answers say nothing: placeholders people type to get past a question."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from data.privacy import PLACEHOLDERS

_FAULTS_ASKED = re.compile(
    r"improv|better|chang|dislik|least|complain|wrong|worst|missing|lack|frustrat|disappoint|annoy"
    r"|problem|issue|difficult|negativ|bad\b|concern|downside|drawback|gets in your way|\bcons\b"
    r"|miglior|cambi|peggi|reclam|manca|delus|critic|difficol|negativ|non ti è|non le è|non ti "
    r"piac|non va"
    r"|popraw|ulepsz|zmieni|lepiej|lepsz|nie podoba|przeszkad|brakuj|gorsz|wad[ay]|trudn|skarg|minus"
    r"|تحسين|نحسن|تحسن|أفضل|افضل|تغيير|مشكل|مشاكل|أسوأ|اسوأ|سيئ|سلبي|شكو|صعوب|ينقص|يزعج|عيوب|لم يعجب"
    r"|改进|改善|提升|提高|不满|不足|问题|缺点|缺少|不好|更好|投诉|困难|讨厌|不喜欢|改變|改变"
    r"|mejor|peor|queja|falta|disgust|dificult|no le gust|no te gust"
    r"|verbesser|änder|stör|schlecht|besser|fehlt|beschwer|ärger|schwierig|nicht gefallen"
    r"|amélior|chang|mieux|pire|manqu|plaint|déçu|difficil|pas plu|déplu"
    r"|melhor|mudar|mudaria|pior|falta|reclama|dificuld|não gost|incomod|contras",
    re.IGNORECASE,
)
_LIKED_LEAST = re.compile(
    r"(?:lik|enjoy|satisf)\w*\s+(?:\w+\s+){0,3}least|least\s+(?:\w+\s+){0,2}(?:lik|enjoy|satisf)\w*"
    r"|(?:not|n[’']t)\s+(?:you\s+)?(?:lik|enjoy|satisf)\w*|dis(?:satisf|lik)\w*|unsatisf\w*"
    r"|non\s+(?:\w+\s+){0,2}(?:piac|apprezz|soddisf)\w*|meno\s+(?:\w+\s+){0,2}(?:piac|apprezz)\w*|insoddisf\w*"
    r"|nie\s+(?:\w+\s+){0,2}(?:podoba|lubi|zadow)\w*|najmniej\s+\w+|niezadow\w*"
    r"|لم\s+(?:يعجب|ترض)\w*|لا\s+يعجب\w*|غير\s+راض\w*"
    r"|不(?:喜欢|满意|好)|最不\w{1,3}"
    r"|no\s+(?:te|le|les|os)?\s*(?:gust|satisf)\w*|menos\s+(?:\w+\s+){0,2}gust\w*|insatisf\w*"
    r"|nicht\s+(?:so\s+)?(?:gefall|gut|zufrieden)\w*|am\s+wenigsten\s+\w+|unzufrieden\w*"
    r"|(?:moins|pas)\s+(?:aim|pl[ua]|appréci|satisf)\w*|insatisf\w*|não\s+(?:gost|satisf)\w*|menos\s+gost\w*",
    re.IGNORECASE,
)
_DEGREE_ASKED = re.compile(  # "how satisfied are you?" may be answered either way
    r"how\s+(?:satisf|happy|likely|well|good|pleased)\w*|(?:overall|general)\s+satisf\w*"
    r"|quanto\s+(?:\w+\s+){0,3}soddisf\w*|(?:jak\s+bardzo|na ile|w jakim stopniu)\s+(?:\w+\s+){0,3}zadow\w*"
    r"|ما\s+مدى\s+(?:\w+\s*){0,2}|满意度|满意吗"
    r"|(?:cuán|qué\s+tan|cómo\s+de)\s+satisf\w*|wie\s+(?:sehr\s+)?(?:zufrieden|gut)\w*"
    r"|à\s+quel\s+point\s+(?:\w+\s+){0,3}satisf\w*|(?:quão|o\s+quanto)\s+(?:\w+\s+){0,3}satisf\w*",
    re.IGNORECASE,
)
_PRAISE_ASKED = re.compile(
    r"\b(?:like|likes|liked|love|loved|enjoy\w*|good|great|best|well|satisf\w*|happy|pleas\w*|positiv\w*|strengths?|pros)\b"
    r"|piac|apprezz|\b(?:bene|meglio riuscit\w*|positiv\w*|punti di forza|pregi|soddisf\w*)\b"
    r"|podoba|zadow|\b(?:dobre\w*|pozytywn\w*|zalety|mocne strony|najlepsz\w*)\b"
    r"|أعجب|اعجب|يعجب|إيجابي|ايجابي|مميز|أحسن|الجيد|جيد|راض|مزايا"
    r"|喜欢|满意|优点|好的地方|做得好|最好"
    r"|gust[aóo]|\b(?:bien|positiv\w*|satisf\w*|ventajas|puntos fuertes)\b"
    r"|gefall|gefiel|\b(?:gut\w*|positiv\w*|zufrieden\w*|vorteile|stärken)\b"
    r"|\b(?:aimé\w*|aimez|plu|plaît|appréci\w*|bien|positif\w*|satisf\w*|points forts)\b"
    r"|gost|\b(?:bem|bom|boa|positiv\w*|satisf\w*|pontos fortes|vantagens|prós)\b",
    re.IGNORECASE,
)
_SIGNS_OF_FEELING = re.compile(
    "[\u2190-\u21ff\u2300-\u23ff\u2460-\u24ff\u2600-\u27bf\u2b00-\u2bff\U0001f000-\U0001faff]|<3"
    "|[:;=8xX][-'^o]?[)(DPp/|\\\\3*]|[)(][-']?[:;=]|\\^[_.-]?\\^|T[_.]T|♥"
)
_WORDS = re.compile(r"[^\W\d_]+")
_SCORE = re.compile(r"\s*\d{1,3}\s?(?:/|von|su|na|de|out of)\s?\d{1,3}\W*", re.IGNORECASE)
_PLACEHOLDER = re.compile("|".join(re.escape(sign) for sign in PLACEHOLDERS.values()))
_KEY_ROWS = (
    "qwertyuiop",
    "asdfghjkl",
    "zxcvbnm",
    "qwertzuiop",
    "yxcvbnm",
    "azertyuiop",
    "qsdfghjklm",
    "wxcvbn",
)
_CHUNKS = re.compile(
    r"(?:asd|asdf|qwe|qwer|zxc|sdf|dfg|fgh|ghj|hjk|jkl|sdfg|dfgh|fdsa|lkj|wer|sad|das|fds){2,}[a-z]{0,3}"
)


def _fold(answer: str) -> str:
    return "".join(character for character in answer.casefold() if character.isalnum())


def _listed(section: str) -> frozenset[str]:
    """Read the answers of one section of answers.toml, all languages together."""
    table = tomllib.loads(Path(__file__).with_name("answers.toml").read_text(encoding="utf-8"))
    return frozenset(_fold(answer) for answers in table[section].values() for answer in answers)


_EMPTY, _NOTHING, _EVERYTHING = _listed("empty"), _listed("nothing"), _listed("everything")
LONGEST_ANSWER = 60  # characters; longer texts are not looked up


def asks_for_faults(question: str | None) -> bool:
    """Say whether a question asks for faults, so that "nothing" answers it with praise."""
    return bool(question and _FAULTS_ASKED.search(question[:1000]))


def question_side(question: str | None) -> int:
    """Say what a question asks for: -1 for faults, 1 for praise, 0 for both or neither."""
    asked = _DEGREE_ASKED.sub(" ", (question or "")[:1000])
    rest = _LIKED_LEAST.sub(" ", asked)
    wants_faults = rest != asked or asks_for_faults(asked)
    wants_praise = _PRAISE_ASKED.search(rest) is not None
    return int(wants_praise) - int(wants_faults)


def answer_kind(text: str) -> str:
    """Say whether a clean text answers with `nothing` or `everything` and with little else; "" if not."""
    if len(text) > LONGEST_ANSWER or _SIGNS_OF_FEELING.search(text):
        return ""
    folded = _fold(text)
    if folded in _NOTHING:
        return "nothing"
    return "everything" if folded in _EVERYTHING else ""


def why_empty(text: str, question: str | None) -> str:
    """Say why a clean text is no comment, in words that quote nothing; "" if it is one.

    Emoji and emoticons are comments; so is "nothing" as answer to a question for faults, or for praise.
    """
    if len(text) > LONGEST_ANSWER:
        return ""
    bare = _PLACEHOLDER.sub(" ", text)
    folded = _fold(bare)
    if not folded or folded.isdigit():
        return _why_no_letters(bare, text)
    if folded in _NOTHING and not _SIGNS_OF_FEELING.search(bare):
        says_much = asks_for_faults(question) or question_side(question) != 0
        return "" if says_much else "an answer that says there is nothing to say"
    if folded in _EMPTY:
        return "an answer that says there is no answer"
    return "letters without words" if _is_mash(bare, folded) else ""


def _why_no_letters(bare: str, text: str) -> str:
    if _SIGNS_OF_FEELING.search(bare) or _SCORE.fullmatch(bare):
        return ""
    if bare != text:
        return "nothing but personal data, which was masked"
    return "digits only" if any(c.isdigit() for c in bare) else "punctuation only"


def _is_mash(text: str, folded: str) -> bool:
    """One 'word' of Latin letters that no language has: one letter over and over, a row of keys, no vowel."""
    if not (folded.isascii() and folded.isalpha() and len(_WORDS.findall(text)) == 1):
        return False
    if len(folded) == 1 or (len(folded) >= 3 and len(set(folded)) == 1):
        return True
    rows = any(folded in row or folded[::-1] in row for row in _KEY_ROWS) and len(folded) >= 4
    return rows or bool(_CHUNKS.fullmatch(folded)) or (len(folded) >= 6 and not set(folded) & set("aeiouy"))
