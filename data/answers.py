"""Which answers say nothing: placeholders people type to get past a question."""

from __future__ import annotations

import re
from collections.abc import Sequence

from data.privacy import PLACEHOLDERS

# "no answer" in whatever words: says nothing whatever was asked
_EMPTY = {
    "en": "n/a|na|not applicable|no comment|no comments|not sure|dont know|don't know|i dont know|i don't know|idk|no idea"
    "|tbc|tbd|test|testing|see above|as above|same as above|ditto|null|nan|none given|prefer not to "
    "say|skip|pass|undefined|blank|empty"
    "|no feedback|no opinion|no remarks|text|comment|xxx",
    "it": "non so|non saprei|nessun commento|non applicabile|nd|n.d.|nc|n.c.|n.p.|vedi sopra|come sopra|niente da dire|non rispondo|prova|boh",
    "pl": "nie wiem|nie dotyczy|bez komentarza|brak komentarza|brak uwag i komentarzy|brak opinii|nd|jw|j.w.|jak wyżej|trudno powiedzieć"
    "|nie mam zdania|brak danych",
    "ar": "لا تعليق|لا أعرف|لا اعرف|لا أعلم|لا اعلم|لا ينطبق|غير معروف|ليس لدي تعليق|تجربة|لا ادري|لا أدري|بدون تعليق|مثل أعلاه",
    "zh": "不知道|不清楚|不适用|没意见|没有意见|无意见|无评论|不详|同上|测试|无可奉告|不想说|没什么好说的|此用户没有填写评价|系统默认好评|用户未填写评价内容",
    "es": "no sé|no se|no aplica|sin comentarios|ningún comentario|no procede|ns/nc|prueba|sin opinión|lo mismo",
    "de": "weiß nicht|weiss nicht|keine angabe|k.a.|k. a.|ka|keine ahnung|kein kommentar|keine antwort|entfällt|siehe oben|s.o.|keine meinung",
    "fr": "je ne sais pas|sais pas|sans commentaire|sans avis|aucun commentaire|non applicable|sans objet|nsp|voir ci-dessus|pas de commentaire|ras",
    "pt": "não sei|nao sei|não se aplica|sem comentários|sem comentário|nenhum comentário|sem opinião|ns/nr|teste|nada a declarar",
}
# "nothing": says nothing, but is praise where the question asked for faults
_NOTHING = {
    "en": "nothing|none|no|nope|nil|nothing at all|nothing really|nothing to add|nothing else|nothing to say|nothing comes to mind"
    "|nothing in particular|not really|nothing to report|nothing to mention|nothing more|no suggestions",
    "it": "niente|nulla|nessuno|nessuna|no|niente da segnalare|nulla da segnalare|niente di particolare|nulla da aggiungere|niente da aggiungere"
    "|nessun suggerimento|nulla da dire",
    "pl": "brak|nic|nie mam|nie ma|nie|żaden|żadne|żadnych|brak uwag|nie mam uwag|bez uwag|nic do dodania|nic szczególnego|nie mam nic"
    "|brak sugestii",
    "ar": "لا شيء|لا شئ|لاشيء|لاشي|لا شي|لا يوجد|لايوجد|لا|ولا شيء|لا شيء محدد|ما في|مافي|لا توجد|لا توجد ملاحظات|لا يوجد ملاحظات|لا يوجد تعليق|بدون|كلا",
    "zh": "无|没有|沒有|無|没|没有什么|没什么|暂无|暂时没有|无建议|没有建议|什么都没有|没了|否|不",
    "es": "nada|ninguno|ninguna|no|nada en particular|nada que añadir|nada más",
    "de": "nichts|keine|keiner|keines|nein|nix|gar nichts|nichts besonderes|nichts zu sagen|keine anmerkungen|nichts hinzuzufügen",
    "fr": "rien|aucun|aucune|non|néant|rien de particulier|rien à signaler|rien à ajouter|rien du tout",
    "pt": "nada|nenhum|nenhuma|não|nao|nada a acrescentar|nada em particular|nada demais",
}
_FAULTS_ASKED = re.compile(
    r"improv|better|chang|dislik|least|complain|wrong|worst|missing|lack|frustrat|disappoint|annoy"
    r"|problem|issue|difficult|negativ|bad\b|concern"
    r"|miglior|cambi|peggi|reclam|manca|delus|critic|difficol|negativ|non ti è|non le è|non ti piac|non va"
    r"|popraw|ulepsz|zmieni|lepiej|lepsz|nie podoba|przeszkad|brakuj|gorsz|wad[ay]|trudn|skarg|minus"
    r"|تحسين|نحسن|تحسن|أفضل|افضل|تغيير|مشكل|مشاكل|أسوأ|اسوأ|سيئ|سلبي|شكو|صعوب|ينقص|يزعج|عيوب|لم يعجب"
    r"|改进|改善|提升|提高|不满|不足|问题|缺点|缺少|不好|更好|投诉|困难|讨厌|不喜欢|改變|改变"
    r"|mejor|peor|queja|falta|disgust|dificult|no le gust|no te gust"
    r"|verbesser|änder|stör|schlecht|besser|fehlt|beschwer|ärger|schwierig|nicht gefallen"
    r"|amélior|chang|mieux|pire|manqu|plaint|déçu|difficil|pas plu|déplu"
    r"|melhor|mudar|mudaria|pior|falta|reclama|dificuld|não gost|incomod|contras",
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


_EMPTY_FOLDED = frozenset(_fold(answer) for answers in _EMPTY.values() for answer in answers.split("|"))
_NOTHING_FOLDED = frozenset(_fold(answer) for answers in _NOTHING.values() for answer in answers.split("|"))
LONGEST_ANSWER = 60  # characters; longer texts are not looked up


def asks_for_faults(question: str | None) -> bool:
    """Say whether a question asks what was bad or could be better, so that "nothing" answers it with praise."""
    return bool(question and _FAULTS_ASKED.search(question[:1000]))


def why_empty(text: str, question: str | None) -> str:
    """Say why a clean text is no comment, in words that quote nothing; "" if it is one.

    Emoji and emoticons are comments; so is "nothing" as answer to a question for faults.
    """
    if len(text) > LONGEST_ANSWER:
        return ""
    bare = _PLACEHOLDER.sub(" ", text)
    folded = _fold(bare)
    if not folded or folded.isdigit():
        return _why_no_letters(bare, text)
    if folded in _NOTHING_FOLDED and not _SIGNS_OF_FEELING.search(bare):
        return "" if asks_for_faults(question) else "an answer that says there is nothing to say"
    if folded in _EMPTY_FOLDED:
        return "an answer that says there is no answer"
    return "letters without words" if _is_mash(bare, folded) else ""


def why_all_empty(texts: Sequence[str], questions: Sequence[str | None]) -> list[str]:
    """Give `why_empty` for each text with its question, in order."""
    return [
        "" if len(text) > LONGEST_ANSWER else why_empty(text, question)
        for text, question in zip(texts, questions, strict=True)
    ]


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
