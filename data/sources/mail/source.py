"""Mails -> comments."""

from __future__ import annotations

import pyarrow as pa

from data.sources.raw import About, Answer, Plan, Records, SourceOptions, SourceRules

ROLES = {
    "own_id": "message_id",
    "created_at": "date",
    "author": "from",
    "title": "subject",
    "declared_language": "language",
}


class MailSource:
    """Reads what people wrote to a mailbox of the company."""

    name = "mail"
    about = About(
        title="E-mail",
        reads="mailboxes (mbox) and single mails (.eml)",
        signs="the headers of mails",
        kind="support",
        gives="the sender's own words: quoted history, signatures and attachments are left out; automatic "
        "answers, bounces, mass mailings and the company's own mails are set aside",
    )

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim what was opened as mail."""
        del sample, options, rules
        if records.format not in ("mbox", "eml"):
            return None
        return Plan(
            source=self.name,
            confidence=0.95,
            content="comments",
            kind="support",
            roles=ROLES,
            answers=(Answer("text", None, ""),),
            why={"kind": "mails to the company", "text": "the body of the mail"},
            id_space="mail",
            timezone="UTC",
            constants={"channel": "email"},
        )
