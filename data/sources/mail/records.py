"""A mailbox or a single mail -> records: one per mail that a person sent to the company."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from email.message import Message
from typing import Any

from data.sources.files.chunks import ChunkBuilder
from data.sources.files.decode import MEGABYTE, Content
from data.sources.files.unpacked import is_cut
from data.sources.mail.automatic import why_automatic
from data.sources.mail.bodies import body_of
from data.sources.mail.messages import (
    ANSWER,
    addresses,
    header_text,
    looks_like_mail,
    looks_like_mbox,
    parse_mail,
    sent_at,
    split_mbox,
)
from data.sources.mail.words import load_words
from data.sources.raw import Chunk, SourceOptions, SourceRules

NAMES = ("message_id", "date", "from", "subject", "text", "language")
RECIPIENTS = ("To", "Cc", "Delivered-To", "X-Original-To")
OWN_SHARE = 0.5  # an address that gets every second mail is the company's
MIN_MAILS = 4  # fewer mails do not tell whose mailbox it is
# The e-mail package fails in many ways at headers that nobody writes; one mail is lost then, not the box.
BROKEN = (RecursionError, ValueError, LookupError, TypeError, AttributeError)

Problem = tuple[str, str]


@dataclass
class MailRecords:
    """A mailbox, read anew by every call of `chunks`."""

    content: Content
    rules: SourceRules
    format: str
    decisions: dict[str, Any]
    own: frozenset[str] = frozenset()
    warnings: list[str] = field(default_factory=list)
    names: tuple[str, ...] = NAMES
    has_optional_names: bool = False

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the mails, at most `rows` at a time."""
        builder = ChunkBuilder(self.names, names, rows, self.rules.batch_mb * MEGABYTE)
        for message in self.messages():
            record, problem = self._read(message, has_text=names is None or "text" in names)
            if problem is None:
                builder.keep(record)
            else:
                builder.reject(*problem)
            while builder.is_full:
                yield builder.take()
        if self._is_cut:
            builder.reject("cut", "the compressed file ends too early; what came before it was read")
        yield builder.take()

    def messages(self) -> Iterator[Message | None]:
        """Give every mail, parsed; None for one that cannot be."""
        limit = self.rules.max_mail_mb * MEGABYTE
        self._is_cut = False
        with self.content.open() as stream:
            if self.format == "eml":
                yield parse_mail(stream.read(limit))
            else:
                yield from map(parse_mail, split_mbox(stream, limit))
                self._is_cut = is_cut(stream)

    def _read(self, message: Message | None, *, has_text: bool) -> tuple[list[str | None], Problem | None]:
        if message is None:
            return [], ("unreadable", "the mail cannot be parsed")
        try:
            return self._record(message, has_text=has_text)
        except BROKEN:
            return [], ("unreadable", "the headers or the parts of the mail are damaged beyond repair")

    def _record(self, message: Message, *, has_text: bool) -> tuple[list[str | None], Problem | None]:
        subject = header_text(message, "Subject")
        sender = next(iter(addresses(message, "From", "Sender")), "")
        automatic = why_automatic(message, sender, subject)
        if automatic:
            return [], automatic
        if is_own(sender, self.own):
            # A form on the company's site writes in its name and lets answers go to the customer.
            sender = next((a for a in addresses(message, "Reply-To") if not is_own(a, self.own)), "")
            if not sender:
                return [], ("own_mail", "sent from the company's own address; expected a customer's mail")
        text, had_text = body_of(message) if has_text else ("", False)
        if had_text and not text:
            return [], (
                "only_quoted",
                "found only text quoted from other mails; expected the sender's own words",
            )
        title = None if ANSWER.match(subject) else subject  # of an answer it is somebody else's
        identity = header_text(message, "Message-ID").strip("<> ")
        language = header_text(message, "Content-Language").split(",")[0]
        return [identity, sent_at(message), sender, title, text, language], None


def is_own(address: str, own: frozenset[str]) -> bool:
    """Tell whether an address is the company's: by itself or by its domain."""
    domain = address.rpartition("@")[2]
    return bool(address) and (address in own or domain in own)


def looks_like_mailbox(content: Content) -> bool:
    """Tell mails from other text."""
    return looks_like_mbox(content.head) or looks_like_mail(content.head)


def open_mail(content: Content, *, options: SourceOptions, rules: SourceRules) -> MailRecords:
    """Open a mailbox (mbox) or one mail (.eml), and find out whose it is."""
    del options  # a mail states its encodings and zones
    kind = "mbox" if looks_like_mbox(content.head) else "eml"
    records = MailRecords(content, rules, kind, {})
    records.own = _own_addresses(records)
    records.decisions["mailbox"] = {
        "value": sorted(a for a in records.own if "@" not in a) or None,
        "why": "domain that most mails are sent to; mails from it are the company's own",
    }
    return records


def _own_addresses(records: MailRecords) -> frozenset[str]:
    """Find the addresses that most mails went to, and their domains."""
    senders: Counter[str] = Counter()
    receivers: Counter[str] = Counter()
    count = 0
    for message in records.messages() if records.format == "mbox" else ():
        if message is not None:
            count += 1
            senders.update(set(addresses(message, "From")))
            receivers.update(set(addresses(message, *RECIPIENTS)))
    if count < MIN_MAILS:
        return frozenset()
    own = {a for a, n in receivers.items() if n >= OWN_SHARE * max(count - senders[a], 1) and n > 1}
    domains = {a.rpartition("@")[2] for a in own} - set(load_words()["public_domains"])
    return frozenset(own | domains)
