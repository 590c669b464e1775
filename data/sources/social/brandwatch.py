"""Brandwatch: mentions from many networks and sites, exported as a table below some lines about the query."""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc

from data.sources.named import SURE, NamedColumns, find_columns, has_columns
from data.sources.raw import About, Plan, Records, SourceOptions, SourceRules
from data.sources.views import Made, View

TEXTS = {"full": ("Full Text",), "snippet": ("Snippet",)}
ORIGINALS = {
    "repeated": ("X Repost of", "X Retweet of", "Twitter Retweet of", "Repost of", "Retweet of"),
    "own": ("Url", "Original Url", "Mention Url"),
}
COLUMNS = NamedColumns(
    name="brandwatch",
    about=About(
        title="Brandwatch",
        reads="mentions as CSV or XLSX, with or without the lines about the query above the header",
        signs="columns Query Name, Date, Url, and Full Text or Snippet",
        kind="social",
        gives="the full text, else the snippet; the network as channel, the country as region; reposts count "
        "as copies; Brandwatch's own sentiment is kept as a column of the file",
    ),
    signs=(("Query Name",), ("Date",), ("Full Text", "Snippet"), ("Url", "Domain")),
    columns={
        "own_id": ("Url", "Mention Url"),
        "text": ("mention_text",),
        "title": ("Title",),
        "created_at": ("Date",),
        "updated_at": ("Updated",),
        "author": ("Author", "Full Name", "X Author ID", "Twitter Author ID"),
        "declared_language": ("Language",),
        "region": ("Country", "Country Code"),
        "channel": ("Domain", "Page Type", "Content Source Name"),
        "copy_of": ("mention_original",),
    },
    confidence=SURE,
    id_space="brandwatch",
)


class BrandwatchSource:
    """Reads mentions."""

    name = COLUMNS.name
    about = COLUMNS.about

    def plan(
        self, records: Records, sample: pa.Table, *, options: SourceOptions, rules: SourceRules
    ) -> Plan | None:
        """Claim a table of mentions."""
        del sample, options, rules
        if not has_columns(records.names, COLUMNS.signs):
            return None
        texts = tuple(find_columns(records.names, TEXTS).values())
        originals = tuple(find_columns(records.names, ORIGINALS).values())
        made = {"mention_text": Made(texts, _first_filled)}
        if originals:
            made["mention_original"] = Made(originals, _first_filled)
        view = View(records, made=made)
        return COLUMNS.plan_of(view)


def _first_filled(*columns: pa.ChunkedArray) -> pa.ChunkedArray:
    """Give, record by record, the first cell that is not blank."""
    filled = [pc.if_else(pc.equal(pc.utf8_trim_whitespace(cells), ""), None, cells) for cells in columns]
    return pc.coalesce(*filled)
