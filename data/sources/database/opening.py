"""A database URL -> an Export, read like any other."""

from __future__ import annotations

from data.sources.database.address import Address, DatabaseRules, Secrets
from data.sources.database.connection import connect
from data.sources.database.records import DatabaseRecords
from data.sources.raw import SourceOptions, SourceRules
from data.sources.recognise import Export, recognise_records


def open_database(
    address: Address,
    since: str | None,
    *,
    options: SourceOptions,
    rules: SourceRules,
    access: tuple[DatabaseRules, Secrets],
) -> tuple[Export, DatabaseRecords]:
    """Open a query and decide how it is read.

    Args:
        address: which database and query.
        since: the mark up to which an earlier run has read; None to read all.
        options: what the settings name; everything else is guessed.
        rules: numbers of the readers.
        access: numbers of the connection, and where passwords are found.

    Returns:
        The export, and its records: `mark` says up to where they go; they are to be closed.

    Raises:
        SourceError: it cannot be reached, or its rows hold no comments.
    """
    database_rules, secrets = access
    password = None if address.is_file else secrets(address.secret)
    connection = connect(address, password, database_rules)
    records = DatabaseRecords(address.scheme, address, database_rules, connection, since)
    try:
        records.survey()
        records.decisions["query"] = {
            "value": address.label,
            "why": f"rows from the last mark of {address.incremental} on" if since else "all rows",
        }
        named = options.of_file(address.name)
        export = recognise_records(
            records, name=address.name, input_hash=records.input_hash, options=named, rules=rules
        )
    except BaseException:
        records.close()
        raise
    return export, records
