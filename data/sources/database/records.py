"""The rows of a query as records of strings, from the high-water mark of the last run on."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pyarrow as pa

from data.sources.database.address import Address, DatabaseRules
from data.sources.database.connection import Connection, explain, patiently
from data.sources.names import unique_names
from data.sources.raw import Chunk, SourceError

_VALUE = "\x00"  # stands for a value in a query
_KINDS: dict[str, Any] = {
    "datetime": datetime.fromisoformat,
    "date": date.fromisoformat,
    "int": int,
    "float": float,
    "decimal": Decimal,
    "str": str,
}


@dataclass
class DatabaseRecords:
    """The rows of a query, read again for each pass, all passes over one snapshot of the database.

    Attributes:
        mark: the highest value of the incremental column in this snapshot; None without such a column.
    """

    format: str
    address: Address
    rules: DatabaseRules
    connection: Connection = field(repr=False)
    since: str | None
    mark: str | None = None
    has_optional_names: bool = False
    decisions: dict[str, Any] = field(default_factory=dict)
    warnings: list[str] = field(default_factory=list)
    _names: tuple[str, ...] = ()
    _stored_names: tuple[str, ...] = ()

    @property
    def names(self) -> tuple[str, ...]:
        """Distinct names of the columns."""
        return self._names

    @property
    def input_hash(self) -> str:
        """What tells this reading from others of the same query: from which mark to which."""
        told = json.dumps([self.address.name, self.since, self.mark])
        return hashlib.sha256(told.encode()).hexdigest()

    def chunks(self, rows: int, names: Sequence[str] | None = None) -> Iterator[Chunk]:
        """Give the rows, at most `rows` at a time; at least one chunk.

        Raises:
            SourceError: the database went away; what was given so far is right, and the mark stays.
        """
        wanted = list(names) if names is not None else list(self._names)
        query, values = self._query([self._stored_names[self._names.index(name)] for name in wanted])
        number = 0
        found = self.connection.rows(query, values, min(rows, self.rules.fetch_rows))
        try:
            for _, batch in found:
                if number and not batch:
                    continue
                yield _chunk(batch, wanted, number)
                number += len(batch)
        except GeneratorExit:
            raise
        except Exception as error:  # noqa: BLE001 - drivers share no base class; their words may hold values
            raise SourceError(f"{self.address.name}: {explain(error)}, after {number:,} rows") from None

    def close(self) -> None:
        """Let go of the database."""
        self.connection.close()

    def survey(self) -> None:
        """Ask for the columns and for the mark.

        Raises:
            SourceError: the query is refused, or has no such incremental column.
        """
        self._stored_names = tuple(patiently(self._ask_names, self.address, self.rules))
        self._names = tuple(unique_names(self._stored_names))
        column = self.address.incremental
        if column is None:
            return
        if column not in self._stored_names:
            raise SourceError(
                f"{self.address.name}: the query has no column '{column}' to go by; "
                f"it has: {', '.join(self._stored_names)}"
            )
        highest = patiently(self._ask_highest, self.address, self.rules)
        self.mark = self.since if highest is None else write_mark(highest)

    def _ask_names(self) -> list[str]:
        query = f"SELECT * FROM ({self.address.query}) AS voc_rows WHERE 1 = 0"
        return next(self.connection.rows(query, [], 1))[0]

    def _ask_highest(self) -> Any:  # noqa: ANN401 - of the column's type
        column = self.connection.quote(str(self.address.incremental))
        query = f"SELECT max(voc_rows.{column}) FROM ({self.address.query}) AS voc_rows"
        return next(rows[0][0] for _, rows in self.connection.rows(query, [], 1) if rows)

    def _query(self, columns: Sequence[str]) -> tuple[str, list[Any]]:
        """Write the query of one pass: from the mark on; its own rows again, later ones may share it."""
        listed = ", ".join(f"voc_rows.{self.connection.quote(name)}" for name in columns) or "1"
        query = f"SELECT {listed} FROM ({self.address.query}) AS voc_rows"
        if self.address.incremental is None:
            return query, []
        column = f"voc_rows.{self.connection.quote(self.address.incremental)}"
        if self.since is None:
            return f"{query} ORDER BY {column}", []
        return f"{query} WHERE {column} >= {_VALUE} OR {column} IS NULL ORDER BY {column}", [
            read_mark(self.since)
        ]


def write_mark(value: object) -> str:
    """Write a mark with its type, so that it can be compared with in the database again."""
    for kind, cls in (
        ("datetime", datetime),
        ("date", date),
        ("int", int),
        ("float", float),
        ("decimal", Decimal),
    ):
        if isinstance(value, cls):
            text = value.isoformat() if isinstance(value, date) else str(value)
            return json.dumps({"type": kind, "value": text})
    return json.dumps({"type": "str", "value": str(value)})


def read_mark(mark: str) -> Any:  # noqa: ANN401 - of the column's type
    """Read what `write_mark` wrote."""
    told = json.loads(mark)
    return _KINDS[told["type"]](told["value"])


def _chunk(rows: Sequence[Sequence[Any]], names: Sequence[str], before: int) -> Chunk:
    columns = list(zip(*rows, strict=True)) if rows else [()] * len(names)
    arrays = [
        pa.chunked_array([pa.array([_cell(c) for c in column], pa.large_string())]) for column in columns
    ]
    numbers = np.arange(before + 1, before + len(rows) + 1, dtype=np.int64)
    return Chunk(numbers, pa.table(dict(zip(names, arrays[: len(names)], strict=True))), [])


def _cell(value: object) -> str | None:  # noqa: PLR0911 - one return per type
    """Write a value as an export would."""
    if value is None or isinstance(value, str):
        return value if value is None else value.encode("utf-8", "replace").decode()
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, datetime):
        return value.astimezone(UTC).isoformat() if value.tzinfo else value.isoformat(sep=" ")
    if isinstance(value, (bytes, bytearray, memoryview)):
        return bytes(value).decode("utf-8", "replace")
    if isinstance(value, (dict, list)):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)
