"""One value under several names, as shop, sklep and negozio: counted as one, under one name."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import pyarrow as pa
import pyarrow.compute as pc

Names = Mapping[str, tuple[str, ...]]


@dataclass(frozen=True)
class AliasRules:
    """Which values mean the same. Section [aliases] of the settings.

    Attributes:
        channel: name shown -> other spellings of it; case does not count.
        columns: the same for any other column of the comments, as region or input_shop.
    """

    channel: Names
    columns: Mapping[str, Names]

    def of(self) -> dict[str, Names]:
        """Give the names of every column that has any."""
        own = {name: names for name, names in self.columns.items() if names}
        return ({"channel": self.channel} if self.channel else {}) | own


def check_aliases(rules: AliasRules) -> None:
    """Refuse a spelling that stands for two names.

    Raises:
        ValueError: naming each of them.
    """
    twice = []
    for column, names in rules.of().items():
        for spelling, count in _counted(names).items():
            if count > 1:
                twice.append(f"{column}: '{spelling}' stands under {count} names; leave it under one")
    if twice:
        raise ValueError("; ".join(sorted(twice)))


def merge_aliases(documents: pa.Table, rules: AliasRules) -> pa.Table:
    """Give every value the one name that it goes by.

    Args:
        documents: DOCUMENTS, n rows; what is stored stays as the export says it.
        rules: section [aliases].

    Returns:
        DOCUMENTS, n rows, same order.
    """
    for column, names in rules.of().items():
        place = documents.schema.get_field_index(column)
        if place < 0 or documents.schema.field(place).type != pa.string():
            continue
        known = {_folded(one): name for name, others in names.items() for one in (name, *others)}
        coded = documents[column].combine_chunks().dictionary_encode()
        shown = [known.get(_folded(value), value) for value in coded.dictionary.to_pylist()]
        merged = pc.take(pa.array(shown, pa.string()), coded.indices)
        documents = documents.set_column(place, documents.schema.field(place), merged)
    return documents


def _counted(names: Names) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, others in names.items():
        for one in {_folded(spelling) for spelling in (name, *others)}:
            counts[one] = counts.get(one, 0) + 1
    return counts


def _folded(value: str) -> str:
    return " ".join(value.casefold().split())
