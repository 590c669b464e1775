"""Reads an export as a test wants it: all batches at once."""

from dataclasses import dataclass, replace
from datetime import date

import pandas as pd

from data.sources.recognise import Export, open_export


@dataclass(frozen=True)
class Read:
    export: Export
    comments: pd.DataFrame
    rejected: pd.DataFrame
    read_count: int

    @property
    def roles(self):
        return {role: entry["value"] for role, entry in self.export.decisions["columns"].items()}

    @property
    def texts(self):
        return self.comments["text"].tolist()

    @property
    def warnings(self):
        return "\n".join(self.export.decisions["warnings"])


def read_export(path, settings, *, rows=None, **options):
    """Open and read one file with the shipped settings and some options."""
    chosen = replace(settings["sources"], **{"latest": date(2026, 11, 20), **options})
    export = open_export(str(path), options=chosen, rules=settings["reading"])
    batches = list(export.batches(rows))
    return Read(
        export,
        pd.concat([batch.comments for batch in batches], ignore_index=True),
        pd.concat([batch.rejected for batch in batches], ignore_index=True),
        sum(batch.read_count for batch in batches),
    )
