"""Which answers say nothing: placeholders people type to get past a question."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

from data.privacy import PLACEHOLDERS

_FAULTS_ASKED = re.compile(
    r"improv|better|chang|dislik|least|complain|wrong|worst|missing|lack|frustrat|disappoint|annoy"
    r"|problem|issue|difficult|negativ|bad\b|concern|downside|drawback|gets in your way"
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


_EMPTY, _NOTHING = _listed("empty"), _listed("nothing")
LONGEST_ANSWER = 60  # characters; longer texts are not looked up


def asks_for_faults(question: str | None) -> bool:
    """Say whether a question asks for faults, so that "nothing" answers it with praise."""
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
    if folded in _NOTHING and not _SIGNS_OF_FEELING.search(bare):
        return "" if asks_for_faults(question) else "an answer that says there is nothing to say"
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
