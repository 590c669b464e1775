"""Mails -> comments."""

from __future__ import annotations

import pyarrow as pa

from data.sources.mail.records import MailRecords
from data.sources.named import SURE, NamedColumns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules

COLUMNS = NamedColumns(
    name="mail",
    about=About(
        title="E-mail",
        reads="mailboxes (mbox) and single mails (.eml)",
        signs="the headers of mails",
        kind="support",
        gives="the sender's own words: quoted history, signatures and attachments are left out; automatic "
        "answers, bounces, mass mailings and the company's own mails are set aside",
    ),
    signs=(("message_id",),),
    columns={
        "own_id": ("message_id",),
        "created_at": ("date",),
        "author": ("from",),
        "title": ("subject",),
        "text": ("text",),
        "declared_language": ("language",),
    },
    confidence=SURE,
    id_space="mail",
    timezone="UTC",
    constants={"channel": "email"},
)


class MailSource:
    """Reads what people wrote to a mailbox of the company."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim what was opened as mail."""
        del sample, options, rules
        return COLUMNS.plan_of(records) if isinstance(records, MailRecords) else None
