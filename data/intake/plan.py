"""How sources are read: everything that decides it, in one place; and the opening of one of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import pandas as pd

from data.clean import CleanRules, SourceFacts
from data.cleaning.brands import BrandRules
from data.cleaning.cells import clean_label_column, find_personal_columns
from data.intake.inputs import IngestRules, Input
from data.operations import Keying
from data.privacy import Masker
from data.sources.archives.limits import ArchiveRules
from data.sources.database.address import DatabaseRules, Secrets
from data.sources.database.opening import open_database
from data.sources.database.records import DatabaseRecords
from data.sources.raw import SourceError, SourceOptions, SourceRules
from data.sources.recognise import Export, open_export


@dataclass(frozen=True)
class IngestPlan:
    """Everything that decides how sources are read."""

    options: SourceOptions
    source_rules: SourceRules
    clean_rules: CleanRules
    masker: Masker
    brands: BrandRules
    rules: IngestRules
    databases: DatabaseRules
    secrets: Secrets
    archives: ArchiveRules
    reading: str  # hash of settings and code: a source is read again when it changes

    @property
    def keying(self) -> Keying:
        """How ids and labels of orders, tickets and customers are made safe to keep."""
        return Keying(self.masker.keys.key, lambda cells: clean_label_column(cells, self.masker))

    def masked(self, told: Any) -> Any:  # noqa: ANN401 - whatever JSON can hold
        """Mask every string of what is told of a source: where a file has no header, a name is a comment."""
        if isinstance(told, str):
            return self.masker.mask([told])[0]
        if isinstance(told, dict):
            return {self.masked(str(name)): self.masked(value) for name, value in told.items()}
        if isinstance(told, (list, tuple)):
            return [self.masked(one) for one in told]
        return told


def open_input(one: Input, plan: IngestPlan, since: str | None) -> tuple[Export, DatabaseRecords | None]:
    """Open a file, a member of an archive, or a query from a mark on; a query's records are to be closed.

    Raises:
        SourceError: it cannot be read.
    """
    if one.problem:
        raise SourceError(one.problem)
    if one.database is None:
        found = open_export(one.path, options=plan.options, rules=plan.source_rules, stored=one.stored)
        return found, None
    access = (plan.databases, plan.secrets)
    return open_database(one.database, since, options=plan.options, rules=plan.source_rules, access=access)


def source_facts(name: str, export: Export, first: pd.DataFrame, plan: IngestPlan) -> SourceFacts:
    """Say what cleaning has to know of a source; which columns are personal is told by its first batch."""
    return SourceFacts(
        source=name,
        source_format=export.source_format,
        source_kind=str(export.source_kind),
        stream=export.stream,
        input_hash=export.input_hash,
        text_columns=tuple(f"input_{column}" for column in export.text_columns),
        personal_columns=tuple(sorted(find_personal_columns(first, plan.masker).items())),
        brands=plan.brands,
    )
