"""The headers of a mail -> whether a machine wrote it, and why we think so."""

from __future__ import annotations

import re
from email.message import Message

from data.sources.mail.words import any_of

SUBJECTS = re.compile(rf"\s*{any_of('automatic')}", re.IGNORECASE)
BOUNCES = re.compile(rf"\s*{any_of('bounces')}", re.IGNORECASE)
MACHINES = re.compile(r"(?:mailer-daemon|postmaster|no-?reply-?bounce)@", re.IGNORECASE)
BULK = frozenset({"bulk", "junk"})

Problem = tuple[str, str]


def why_automatic(message: Message, sender: str, subject: str) -> Problem | None:
    """Say why a mail is no customer's: an automatic answer, a bounce, a mass mailing; None if it may be."""
    if _is_bounce(message, sender, subject):
        return "bounce", "a report that a mail could not be delivered"
    stated = _header(message, "Auto-Submitted")
    if stated and not stated.startswith("no"):
        return "automatic", "header Auto-Submitted: an automatic answer"
    for name in ("X-Autoreply", "X-Autorespond", "X-Autoresponder", "X-Auto-Reply"):
        if _header(message, name):
            return "automatic", f"header {name}: an automatic answer"
    precedence = _header(message, "Precedence")
    if precedence == "auto_reply" or SUBJECTS.match(subject):
        return "automatic", "the subject or a header says that it is an automatic answer"
    if precedence in BULK:
        return "bulk", "header Precedence: a mass mailing"
    return None


def _is_bounce(message: Message, sender: str, subject: str) -> bool:
    is_report = message.get_content_type() == "multipart/report"
    return is_report or bool(MACHINES.match(sender)) or bool(BOUNCES.match(subject) and "@" not in sender)


def _header(message: Message, name: str) -> str:
    return str(message.get(name) or "").strip().lower()[:200]
