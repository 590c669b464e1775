"""Raw strings -> clean text: Unicode repaired, HTML read, control characters out, white space in order.

NFC, not NFKC: what customers write in full-width stops, fractions, trademark signs or superscripts has a
meaning that splitters and people use ("！", "½", "m²"). Only forms that are mere type are brought to their
plain letters: full-width digits and letters, ligatures, Arabic presentation forms, mathematical alphabets.
"""

from __future__ import annotations

import html
import re
import unicodedata
from collections.abc import Callable, Sequence

import ftfy
import pyarrow as pa
import pyarrow.compute as pc

MAX_ROUNDS = (
    6  # of repair; each takes one layer of escaping away, and what is left after the last is made inert
)
FTFY_LIMIT = 200_000  # characters; ftfy takes seconds per megabyte, and longer texts are machine output

_LEADS = "\u00c2-\u00f4ĂĹĆČĎŘŐ"
_TRAILS = "\u0080-\u00bf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸĄłŁşŞľżˇ˘¸˝˛śŚťŤźŹ"
_BROKEN = re.compile(rf"[{_LEADS}][{_TRAILS}]|[\u0080-\u009f]|â€|ï»¿")
# only tags that exist in HTML: "<3", "x<y" and "<your name>" are text
_TAGS = (
    "a|abbr|address|article|aside|audio|b|base|big|blockquote|body|br|button|canvas|caption|center"
    "|cite|code|col|colgroup|dd|del"
    "|details|dfn|dialog|div|dl|dt|em|embed|fieldset|figcaption|figure|font|footer|form|frame"
    "|frameset|h[1-6]|head|header|hr|html"
    "|i|iframe|img|input|ins|kbd|label|legend|li|link|main|map|mark|marquee|meta|nav|noscript"
    "|object|ol|optgroup|option|p|param"
    "|picture|pre|q|s|samp|script|section|select|small|source|span|strike|strong|style|sub|summary"
    "|sup|svg|table|tbody|td|template"
    "|textarea|tfoot|th|thead|time|title|tr|track|tt|u|ul|var|video|wbr|o:p|math"
)
# attributes have an equals sign: "a<b and c>d" has none
_TAG = re.compile(
    rf"<(?P<slash>/?)(?P<name>{_TAGS})(?:\s{{0,20}}/?|\s[^<>=]{{0,200}}=[^<>]{{0,4000}})>|<!--|-->"
    r"|<!doctype[^<>]{0,400}>|<\?xml[^<>]{0,400}\?>",
    re.IGNORECASE,
)
_BLOCKS = frozenset((
    "address", "article", "aside", "blockquote", "body", "br", "center", "dd", "details", "div", "dl",
    "dt", "fieldset", "figcaption", "figure", "footer", "form", "h1", "h2", "h3", "h4", "h5", "h6",
    "header", "hr", "html", "li", "main", "nav", "ol", "option", "p", "pre", "section", "table",
    "tbody", "tfoot", "thead", "title", "tr", "ul",
))  # fmt: skip
_CELLS = frozenset(("td", "th"))
_SILENT = (
    "script",
    "style",
    "template",
    "svg",
    "head",
)  # their content is no text; dropped up to the closing tag
_AMPERSAND = re.compile(r"&(?:(?:amp|#0{0,9}38|#x0{0,9}26);)+", re.IGNORECASE)
_ENTITY = re.compile(r"&(?:#\d{1,8}|#[xX][0-9a-fA-F]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")

_LINE_BREAKS = re.compile("\r\n|[\r\x0b\x0c\x85\u2028\u2029]")
_UNSEEN = re.compile(
    "[\x00-\x08\x0e-\x1f\x7f-\x84\x86-\x9f\u00ad\u034f\u061c\u115f\u1160\u17b4\u17b5\u180e\u200b\u200e\u200f\u202a-\u202e"
    "\u2060-\u206f\u3164\ufeff\uffa0\ufff0-\ufffb\ufffe\uffff\U000e0000-\U000e0fff\ud800-\udfff]"
)
_JOINED_SCRIPTS = "\u0600-\u06ff\u0750-\u077f\u08a0-\u08ff\u0900-\u0dff"
_EMOJI = "\u00a9\u00ae\u203c-\u3299\ufe0f\U0001f000-\U0001faff"
_JOINERS = re.compile(
    f"(?<![{_JOINED_SCRIPTS}])\u200c|\u200c(?![{_JOINED_SCRIPTS}])"
    f"|(?<![{_JOINED_SCRIPTS}{_EMOJI}])\u200d|\u200d(?![{_JOINED_SCRIPTS}{_EMOJI}])"
)
_MERE_TYPE = re.compile(
    "[\uff10-\uff19\uff21-\uff3a\uff41-\uff5a\ufb00-\ufb06\ufb50-\ufdcf\ufe70-\ufefc\U0001d400-\U0001d7ff]+"
)
_STACKED = re.compile(
    "([\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]{3})[\u0300-\u036f\u0483-\u0489\u20d0-\u20f0]+"
)
_BLANKS = re.compile("[ \t\u00a0\u1680\u2000-\u200a\u202f\u205f\u3000]+")
_BREAKS = re.compile(" ?\n(?: ?\n)* ?")

# what makes a text worth the slow way; matched by RE2 over the whole column
_ODD = (
    r"[\x00-\x09\x0b-\x1f\x7f-\x9f\x{a0}\x{ad}\x{34f}\x{61c}\x{115f}\x{1160}\x{1680}\x{17b4}\x{17b5}\x{180e}\x{2000}-\x{200f}"
    r"\x{2028}-\x{202f}\x{205f}-\x{206f}\x{3000}\x{3164}\x{fb00}-\x{fb06}\x{fb50}-\x{fdcf}\x{fe70}-\x{feff}\x{ff10}-\x{ff19}"
    r"\x{ff21}-\x{ff3a}\x{ff41}-\x{ff5a}\x{ffa0}\x{fff0}-\x{fffb}\x{fffe}\x{ffff}\x{1d400}-\x{1d7ff}\x{e0000}-\x{e0fff}]"
    r"|  |^[ \n]|[ \n]$| \n|\n[ \n]|</?[a-zA-Z!?]|-->|&[#a-zA-Z]"
    r"|[\x{300}-\x{36f}\x{483}-\x{489}\x{20d0}-\x{20f0}]{4}"
    rf"|[{_LEADS}][{_TRAILS}]|â€|ï»¿"
)


def clean_texts(texts: Sequence[str]) -> list[str]:
    """Clean many texts; those that show no sign of trouble are passed on untouched.

    Args:
        texts: n strings from anywhere, also with lone surrogates.

    Returns:
        n texts, same order; cleaning them again changes nothing.
    """
    cleaned = [
        text if text.isascii() or _is_sound(text) else _compose(_mend_surrogates(text)) for text in texts
    ]
    todo = list(range(len(cleaned)))
    for _ in range(MAX_ROUNDS):
        # clean text can be odd, as an emoji with a joiner is; what a round leaves unchanged is done
        odd = _odd_places([cleaned[place] for place in todo])
        todo = [place for place in (todo[i] for i in odd) if _replaced(cleaned, place, _clean_once)]
        if not todo:
            return cleaned
    for place in todo:
        _replaced(cleaned, place, _make_inert)
    return cleaned


def clean_text(text: str) -> str:
    """Clean one text."""
    return clean_texts([text])[0]


def _odd_places(texts: Sequence[str]) -> list[int]:
    found = pc.match_substring_regex(pa.array(texts, pa.large_string()), _ODD)
    return list(pc.indices_nonzero(found).to_pylist())


def _replaced(texts: list[str], place: int, change: Callable[[str], str]) -> bool:
    before = texts[place]
    texts[place] = change(before)
    return texts[place] != before


def _make_inert(text: str) -> str:
    """End a text that is escaped more often than anyone does by mistake: its signs do nothing now."""
    return _arrange(_drop_unseen(text.replace("-->", "→").replace("<", "‹").replace("&", "＆")))


def _clean_once(text: str) -> str:
    if len(text) <= FTFY_LIMIT and _BROKEN.search(text):
        text = ftfy.fix_encoding(text)
    text = _drop_unseen(text)
    if "&" in text:
        text = _drop_unseen(_ENTITY.sub(lambda found: html.unescape(found[0]), _AMPERSAND.sub("&", text)))
    if "<" in text or "-->" in text:
        text = _read_html(text)
    return _arrange(text)


def _drop_unseen(text: str) -> str:
    """Take out what nobody sees: control characters, direction overrides, zero-width characters.

    The zero-width joiner stays between emoji (families, flags) and, with the non-joiner, between letters of
    scripts that need it, as Persian or Hindi.
    """
    text = _UNSEEN.sub("", _LINE_BREAKS.sub("\n", text))
    if "\u200c" in text or "\u200d" in text:
        text = _JOINERS.sub("", text)
    return text


def _read_html(text: str) -> str:
    """Give the text of an HTML fragment: block tags break the line, other tags vanish.

    Not by an HTML parser: parsers follow the web's rules for broken pages, and swallow all of "x <y, but" as
    a tag. Here only a well-formed tag of a known name is one.
    """
    parts, done = [], 0
    tags = list(_TAG.finditer(text))
    closings = _next_closings(tags)
    for place, tag in enumerate(tags):
        if tag.start() < done:
            continue
        name = (tag["name"] or "").lower()
        parts += [text[done : tag.start()], "\n" if name in _BLOCKS else " " if name in _CELLS else ""]
        done = closings.get(place, tag.end())
    return "".join([*parts, text[done:]])


def _next_closings(tags: list[re.Match[str]]) -> dict[int, int]:
    """Position of each tag whose content is dropped -> end of its closing tag; one pass from the right."""
    ends: dict[int, int] = {}
    upcoming: dict[str, int] = {}
    for place in range(len(tags) - 1, -1, -1):
        tag = tags[place]
        name = (tag["name"] or tag[0]).lower()
        if tag["slash"] or name == "-->":
            upcoming[name] = tag.end()
        elif name in _SILENT and name in upcoming:
            ends[place] = upcoming[name]
        elif name == "<!--" and "-->" in upcoming:
            ends[place] = upcoming["-->"]
    return ends


def _arrange(text: str) -> str:
    """Compose letters and accents, and bring white space to single blanks and single line breaks."""
    text = _compose(text)
    return _BREAKS.sub("\n", _BLANKS.sub(" ", text)).strip()


def _compose(text: str) -> str:
    if text.isascii():
        return text
    text = _MERE_TYPE.sub(lambda found: unicodedata.normalize("NFKC", found[0]), text)
    return unicodedata.normalize("NFC", _STACKED.sub(r"\1", text))


def _is_sound(text: str) -> bool:
    return unicodedata.is_normalized("NFC", text) and not _SURROGATE.search(text)


_SURROGATE = re.compile("[\ud800-\udfff]")


def _mend_surrogates(text: str) -> str:
    """Join surrogates that a JSON export wrote one by one; a lone one becomes the replacement character."""
    if not _SURROGATE.search(text):
        return text
    return text.encode("utf-16-le", "surrogatepass").decode("utf-16-le", "replace")
