"""Finds e-mail addresses, web addresses, internet addresses and user names."""

from __future__ import annotations

import ipaddress
import re
from collections.abc import Iterator

from data.privacy.spans import Finder, Span, matches

# Latin letters only: Chinese and Arabic write no blank between a word and the address that follows it.
# Every repeat below is possessive or starts where the character before cannot be part of it: linear time.
_LOCAL = r"A-Za-z0-9À-ÖØ-öø-ɏ._%+'*/=?^{|}~!#$&-"
_LABEL = r"A-Za-z0-9À-ÖØ-öø-ɏЀ-ӿ_-"
_EMAIL = re.compile(
    rf"(?<![{_LOCAL}])[{_LOCAL}]++@(?=[\d.]{{0,20}}[^\W\d])[{_LABEL}]++(?:\.[{_LABEL}]++)++"
    rf"|(?<![{_LOCAL}])[{_LOCAL}]++@\[?\d{{1,3}}(?:\.\d{{1,3}}){{3}}\]?"
    # addresses in other scripts, as 用户@例子.中国
    r"|(?<![\w.])[\w.]++(?<=[^\x00-\u024f])@\w[\w-]*+(?:\.[\w-]++)++"
)
_FREEMAIL = (
    r"gmail|googlemail|yahoo|hotmail|outlook|live|msn|icloud|me|aol|gmx|web|mail|proton"
    r"|protonmail|libero|virgilio"
    r"|alice|tiscali|wp|o2|onet|interia|op|qq|163|126|sina|foxmail|orange|free|laposte|wanadoo"
    r"|sapo|uol|bol|terra"
)
_SPACED_EMAIL = re.compile(
    rf"(?<![\w.+-])[A-Za-z0-9._+-]++ ?@ ?(?:{_FREEMAIL}) ?\. ?[a-z]{{2,4}}(?:\.[a-z]{{2}})?(?![\w])"
    # written out to escape robots: anna (at) example (dot) com, anna at gmail dot com
    r"|(?<![\w.+-])[\w.+-]++ ?[\[({] ?(?:at|AT|chiocciola|małpa|arroba|@) ?[\])}] ?"
    r"[\w-]++(?:(?: ?[\[({] ?(?:dot|DOT|punto|kropka|punkt|\.) ?[\])}] ?|\.)[\w-]++){1,4}"
    rf"|(?<![\w.+-])[\w.+-]++ (?:at|AT|chiocciola|małpa|arroba) (?:{_FREEMAIL}) ?"
    r"(?:\.|dot|DOT|punto|kropka|punkt|ponto) ?[a-z]{2,4}(?!\w)",
    re.IGNORECASE,
)
_HANDLE = re.compile(
    r"(?<![A-Za-z0-9_@/.])@(?=[\d.]{0,8}[A-Za-z_\u0600-\u06ff\u00c0-\u024f\u0400-\u04ff])"
    r"[A-Za-z0-9_\u0600-\u06ff\u00c0-\u024f\u0400-\u04ff]++(?:\.[A-Za-z0-9_]++)*+"
    # Chinese user names end at a blank or a stop; without one nobody knows where the name ends
    r"|(?<![A-Za-z0-9_@/.])@[\u4e00-\u9fff][\u4e00-\u9fffA-Za-z0-9_-]{1,19}+(?=[\s:,。,!?;]|$)"
    r"|(?<![A-Za-z0-9_/])/?u/[A-Za-z][A-Za-z0-9_-]{2,20}(?!\w)"
)
_MESSENGER = re.compile(
    r"(?:(?<![a-z])(?:wechat|weixin|wx|telegram|instagram|insta|snapchat|skype|discord|vk|qq|line "
    r"id|tiktok)"
    r"|微信号|微信|抖音号|انستغرام|انستقرام|تيليجرام|سناب)"
    r"(?: ?(?:id|name|号|handle|user|username|nick|is|jest|è|est|ist|是|为))?(?: ?[:=] ?| (?:is"
    r"|jest|è|est|ist) |是|为|号)"
    r"(?P<it>@?[A-Za-z0-9][\w.-]{4,30})",
    re.IGNORECASE,
)
_URL = re.compile(
    r"(?:(?:https?|ftp)://|(?<![A-Za-z0-9_.@/])www\.)(?P<rest>[^\s<>\"\[\]「」《》()，。！？；]++)",
    re.IGNORECASE,
)
_PERSONAL_PATH = re.compile(
    r"[?#=@%]|\d[\d-]{3}|/(?:u|user|users|profile|profiles|account|in|people)/", re.IGNORECASE
)
_IPV4 = re.compile(
    r"(?<![A-Za-z0-9_.])(?:(?:25[0-5]|2[0-4]\d|1?\d?\d)\.){3}(?:25[0-5]|2[0-4]\d"
    r"|1?\d?\d)(?![A-Za-z0-9_]|\.\d)"
)
_VERSION = re.compile(
    r"(?:\bv|\bver|version[ei]?|versión|versão|wersj[aeięą]|ios|android|firmware|build|release"
    r"|update|app|windows"
    r"|aggiornamento|aktualizacj[aięą]|版本|更新|إصدار|الإصدار|تحديث|نسخة)[\s.:#]{0,3}$",
    re.IGNORECASE,
)
LARGEST_VERSION_PART = 32  # 9.0.1.11 is a version; one address in 4,000 has four numbers below this
_IP_WORD = re.compile(r"\bip\b|地址|عنوان", re.IGNORECASE)
_IPV6 = re.compile(
    r"(?<![A-Za-z0-9_:.])[0-9A-Fa-f]{0,4}:[0-9A-Fa-f:]{4,37}(?:(?<=:)\d{1,3}(?:\.\d{1,3}){3})?(?![A-Za-z0-9_:])"
)
_MAC = re.compile(
    r"(?<![A-Za-z0-9_:-])[0-9A-Fa-f]{2}([:-])(?:[0-9A-Fa-f]{2}\1){4}[0-9A-Fa-f]{2}(?![A-Za-z0-9_:-])"
)


def _find_ips(text: str) -> Iterator[Span]:
    for found in _IPV4.finditer(text):
        before = text[max(0, found.start() - 16) : found.start()]
        is_small = max(map(int, found[0].split("."))) < LARGEST_VERSION_PART and not _IP_WORD.search(before)
        if not is_small and not _VERSION.search(before):
            yield Span(*found.span(), "ip")
    for found in _IPV6.finditer(text):
        if _is_ipv6(found[0]):
            yield Span(*found.span(), "ip")
    for found in _MAC.finditer(text):
        yield Span(*found.span(), "id")


def _is_ipv6(candidate: str) -> bool:
    try:
        ipaddress.IPv6Address(candidate)
    except ValueError:
        return False
    return sum(character.isalnum() for character in candidate) >= 6


def _find_urls(text: str) -> Iterator[Span]:
    """Mask what stands before and behind the domain, unless the path is made of plain words."""
    for found in _URL.finditer(text):
        start, rest = found.start("rest"), found["rest"].rstrip(".,;:!'")
        host_end = min((i for i in map(rest.find, "/?#") if i >= 0), default=len(rest))
        user_end = rest.rfind("@", 0, host_end)
        if user_end > 0:
            yield Span(start, start + user_end, "url")
        tail = rest[host_end:]
        if tail and _PERSONAL_PATH.search(tail):
            yield Span(start + host_end + (tail[0] == "/"), start + len(rest), "url")


FINDERS = (
    Finder((r"@",), matches(_EMAIL, "email")),
    Finder(
        (
            r"(?i)@ ?(?:" + _FREEMAIL + r")|[\[({] ?(?:at|chiocciola|małpa|arroba|@) ?[\])}]"
            r"|(?:at|chiocciola|małpa|arroba) "
            r"(?:" + _FREEMAIL + r") ?(?:\.|dot|punto|kropka|punkt|ponto)",
        ),
        matches(_SPACED_EMAIL, "email"),
    ),
    Finder((r"(?i)://|www\.",), _find_urls),
    Finder((r"@|u/",), matches(_HANDLE, "handle")),
    Finder(
        (
            r"(?i)(?:\b(?:wechat|weixin|wx|telegram|insta|instagram|snapchat|skype|discord|vk|qq"
            r"|line id|tiktok)\b"
            r"|微信|抖音|انست|تيليجرام|سناب)",
        ),
        matches(_MESSENGER, "handle"),
    ),
    Finder(
        (r"\d{1,3}\.\d{1,3}\.\d{1,3}\.\d{1,3}|[0-9A-Fa-f:]{2}[:-][0-9A-Fa-f:]{2,4}[:-][0-9A-Fa-f:]",),
        _find_ips,
    ),
)
