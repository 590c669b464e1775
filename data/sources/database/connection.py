"""Opens a database for reading alone: one snapshot for all passes, streamed, patient with networks."""

from __future__ import annotations

import time
from collections.abc import Callable, Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any, Protocol, TypeVar

from data.sources.database.address import Address, DatabaseRules
from data.sources.raw import SourceError

Row = Sequence[Any]
Answer = TypeVar("Answer")

# by SQLSTATE; class 08 and 57P are the connection's, 28 the password's
_HINTS = {
    "28": "user or password was refused; set VOC_DATABASE_PASSWORD, or name it with &password=env:NAME",
    "3D": "there is no database of that name",
    "42P01": "the query names a table that does not exist, or that this user may not see",
    "42703": "the query names a column that does not exist",
    "42501": "this user may not read the table",
    "42601": "the query is not valid SQL",
    "57014": "the query took longer than the server allows",
}
_LOST = ("08", "57P")
_MYSQL_LOST = (2002, 2003, 2006, 2013)
_MYSQL_HINTS = {
    1044: "28",
    1045: "28",
    1049: "3D",
    1054: "42703",
    1064: "42601",
    1142: "42501",
    1146: "42P01",
}


class Connection(Protocol):
    """One open database; every query sees it as it was when it was opened."""

    def quote(self, name: str) -> str:
        """Write a column's name as the database wants it."""
        ...

    def rows(self, query: str, values: Sequence[Any], size: int) -> Iterator[tuple[list[str], list[Row]]]:
        """Run a query, `?` standing for the values; give the names and at most `size` rows at a time."""
        ...

    def close(self) -> None:
        """Let go of it."""
        ...


def connect(address: Address, password: str | None, rules: DatabaseRules) -> Connection:
    """Open a database; faults of the network are tried again.

    Raises:
        SourceError: it cannot be reached or opened; the message says why, without password and query.
    """
    if address.is_file and not Path(address.database).is_file():
        raise SourceError(
            f"{address.name}: there is no such file; a relative path starts where voc is called"
        )
    openers: dict[str, Callable[[], Connection]] = {
        "duckdb": lambda: _DuckDb(address),
        "sqlite": lambda: _Sqlite(address, rules),
    }
    opener = openers.get(address.scheme, lambda: _Server(address, password, rules))
    return patiently(opener, address, rules)


def patiently(attempt: Callable[[], Answer], address: Address, rules: DatabaseRules) -> Answer:
    """Try something again after a fault of the network, waiting longer each time.

    Raises:
        SourceError: the last attempt failed, or the fault is none of the network; no value of a row is shown.
    """
    for count in range(rules.retries + 1):
        try:
            return attempt()
        except SourceError:
            raise
        except Exception as error:  # noqa: BLE001 - drivers share no base class; their words may hold values
            if not is_lost(error) or count == rules.retries:
                raise SourceError(f"{address.name}: {explain(error)}") from None
            time.sleep(rules.retry_seconds * 2**count)
    raise AssertionError  # the last attempt returns or raises


def is_lost(error: BaseException) -> bool:
    """Tell a fault of the network from an error in the query."""
    cause = getattr(error, "orig", None) or error
    if isinstance(cause, OSError):
        return True
    state = _state_of(cause)
    if state:
        return state.startswith(_LOST)
    number = cause.args[0] if cause.args else None
    if isinstance(number, int):
        return number in _MYSQL_LOST
    return type(cause).__module__.startswith("pg8000") and type(cause).__name__ == "InterfaceError"


def explain(error: BaseException) -> str:
    """Say what went wrong in our own words: those of a driver may quote a value or a password."""
    cause = getattr(error, "orig", None) or error
    if is_lost(error):
        return "the server did not answer; check host, port and network, and run again: nothing is lost"
    number = cause.args[0] if cause.args else None
    state = _MYSQL_HINTS.get(number, "") if isinstance(number, int) else _state_of(cause)
    for prefix, hint in _HINTS.items():
        if state.startswith(prefix):
            return hint
    words = str(cause).partition("\n")[0]
    # of sqlite and duckdb: these name what the query names, and no value
    if words.startswith(("no such ", "Catalog Error: ", "Binder Error: Referenced column")):
        return f"the query does not fit the database: {words[:200]}"
    return (
        f"the database refused the query ({type(cause).__name__}{f' {state}' if state else ''}); try it there"
    )


def _state_of(cause: BaseException) -> str:
    """Give the SQLSTATE that a PostgreSQL driver tells."""
    told = cause.args[0] if cause.args and isinstance(cause.args[0], dict) else {}
    return str(told.get("C", ""))


class _Alchemy:
    """What SQLAlchemy's databases have in common."""

    def __init__(self, engine: Any) -> None:  # noqa: ANN401 - SQLAlchemy is loaded when a database is read
        self._engine = engine
        self._connection = engine.connect()

    def quote(self, name: str) -> str:
        """Write a column's name as the database wants it."""
        return str(self._engine.dialect.identifier_preparer.quote_identifier(name))

    def rows(self, query: str, values: Sequence[Any], size: int) -> Iterator[tuple[list[str], list[Row]]]:
        """Run a query and stream its rows."""
        from sqlalchemy import text  # noqa: PLC0415

        pieces = query.replace(":", r"\:").split("\x00")
        bound = "".join(f"{piece}:v{place}" for place, piece in enumerate(pieces[:-1])) + pieces[-1]
        streamed = self._connection.execution_options(stream_results=True, max_row_buffer=size)
        result = streamed.execute(text(bound), {f"v{place}": value for place, value in enumerate(values)})
        names = list(map(str, result.keys()))
        with result:
            yield names, []
            while rows := result.fetchmany(size):
                yield names, rows

    def close(self) -> None:
        """Let go of it."""
        with suppress(Exception):
            self._connection.close()
        self._engine.dispose()


class _Server(_Alchemy):
    """PostgreSQL and MySQL."""

    def __init__(self, address: Address, password: str | None, rules: DatabaseRules) -> None:
        from sqlalchemy import URL, create_engine  # noqa: PLC0415

        is_postgres = address.scheme == "postgresql"
        url = URL.create(
            "postgresql+pg8000" if is_postgres else "mysql+pymysql",
            username=address.user,
            password=password,
            host=address.host or "localhost",
            port=address.port,
            database=address.database,
        )
        wait = (
            {"timeout": rules.connect_seconds}
            if is_postgres
            else {"connect_timeout": int(rules.connect_seconds)}
        )
        engine = create_engine(
            url, isolation_level="REPEATABLE READ", connect_args=wait, hide_parameters=True
        )
        super().__init__(engine)
        if is_postgres:
            self._connection = self._connection.execution_options(postgresql_readonly=True)


class _Sqlite(_Alchemy):
    """SQLite, opened for reading alone."""

    def __init__(self, address: Address, rules: DatabaseRules) -> None:
        import sqlite3  # noqa: PLC0415

        from sqlalchemy import create_engine, pool  # noqa: PLC0415

        uri = f"{Path(address.database).absolute().as_uri()}?mode=ro"

        def open_file() -> sqlite3.Connection:
            return sqlite3.connect(uri, uri=True, timeout=rules.connect_seconds, isolation_level=None)

        super().__init__(
            create_engine("sqlite://", creator=open_file, poolclass=pool.NullPool, hide_parameters=True)
        )
        self._connection.exec_driver_sql("BEGIN")


class _DuckDb:
    """DuckDB, opened for reading alone, with no way to other files."""

    def __init__(self, address: Address) -> None:
        import duckdb  # noqa: PLC0415

        config: dict[str, str | bool | int | float | list[str]] = {
            "enable_external_access": "false",
            "autoinstall_known_extensions": "false",
            "autoload_known_extensions": "false",
        }
        self._connection = duckdb.connect(address.database, read_only=True, config=config)
        self._connection.execute("BEGIN")

    def quote(self, name: str) -> str:
        """Write a column's name as the database wants it."""
        doubled = name.replace('"', '""')
        return f'"{doubled}"'

    def rows(self, query: str, values: Sequence[Any], size: int) -> Iterator[tuple[list[str], list[Row]]]:
        """Run a query and stream its rows."""
        cursor = self._connection.cursor()
        try:
            cursor.execute(query.replace("\x00", "?"), list(values))
            names = [str(column[0]) for column in cursor.description or []]
            yield names, []
            while rows := cursor.fetchmany(size):
                yield names, list(rows)
        finally:
            cursor.close()

    def close(self) -> None:
        """Let go of it."""
        self._connection.close()
