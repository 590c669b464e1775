"""What customers write to a help desk."""

from __future__ import annotations

from data.sources.mail.source import MailSource
from data.sources.raw import Source
from data.sources.support.zendesk import ZendeskSource

SUPPORT: tuple[Source, ...] = (ZendeskSource(), MailSource())
