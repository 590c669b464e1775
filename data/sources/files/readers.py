"""Which reader opens a file: the first that claims it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Protocol

from data.sources.files.decode import Content
from data.sources.files.documents import looks_like_json, open_json
from data.sources.files.markup import looks_like_xml, open_xml
from data.sources.files.parquet import open_parquet
from data.sources.files.sheets import open_sheets
from data.sources.files.tabular import open_delimited
from data.sources.mail.records import looks_like_mailbox, open_mail
from data.sources.raw import Records, SourceOptions, SourceRules


class Reader(Protocol):
    """Opens the bytes of one format as records."""

    def __call__(self, content: Content, *, options: SourceOptions, rules: SourceRules) -> Records:
        """Open the file.

        Raises:
            SourceError: it is damaged, or not what its first bytes promise.
        """
        ...


# (container as `guess_container` names it, content) -> is it this reader's?
Claim = Callable[[str, Content], bool]

READERS: tuple[tuple[Claim, Reader], ...] = (
    (lambda container, _: container == "parquet", open_parquet),
    (lambda container, _: container in ("zip", "xls"), open_sheets),
    (lambda _, content: looks_like_mailbox(content), open_mail),
    (lambda _, content: looks_like_json(content), open_json),
    (lambda _, content: looks_like_xml(content), open_xml),
    (lambda _container, _content: True, open_delimited),
)
