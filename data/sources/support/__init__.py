"""What customers write to a help desk."""

from __future__ import annotations

from data.sources.mail.source import MailSource
from data.sources.raw import Source

SUPPORT: tuple[Source, ...] = (MailSource(),)
