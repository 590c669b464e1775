"""Database URLs: where, what to read, which column tells new rows, and where the password is found."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable
from dataclasses import dataclass, field
from urllib.parse import unquote, unquote_plus, urlsplit

SCHEMES = ("postgresql", "mysql", "sqlite", "duckdb")
FILES = ("sqlite", "duckdb")  # a database that is a file: no host, no user, no password
EXAMPLE = "postgresql://reader@host/shop?table=reviews&incremental=updated_at"
SECRET = re.compile(r"(?:env|block):[A-Za-z0-9_-]{1,100}")
_OPTIONS = ("query", "table", "incremental", "password")
_NEXT = re.compile(rf"&(?=(?:{'|'.join(_OPTIONS)})=)")
_READS = re.compile(r"\s*(?:select|with)\b", re.IGNORECASE)

# reference to a secret ("env:NAME", "block:NAME"; None: the usual variables) -> the secret
Secrets = Callable[[str | None], str | None]


class AddressError(ValueError):
    """A database URL that cannot be used; the message never repeats it, for it may hold a password."""


@dataclass(frozen=True)
class DatabaseRules:
    """What section [databases] of the settings holds.

    Attributes:
        fetch_rows: rows fetched at once.
        connect_seconds: wait for an answer to a connection.
        retries: further attempts after a fault of the network; none after an error in the query.
        retry_seconds: wait before the first of them; doubled each time.
    """

    fetch_rows: int
    connect_seconds: float
    retries: int
    retry_seconds: float


@dataclass(frozen=True)
class Address:
    """One query on one database.

    Attributes:
        query: a SELECT without its end sign.
        incremental: the column whose values grow, as an id or a time of change; None: all is read each time.
        secret: where the password is found, as env:NAME or block:NAME; None: in the usual variables.
        label: the table's name, or the query's hash.
    """

    scheme: str
    host: str
    port: int | None
    user: str | None
    database: str
    query: str = field(repr=False)
    incremental: str | None
    secret: str | None
    label: str

    @property
    def name(self) -> str:
        """What the source is called everywhere: no user, no password, no query."""
        where = self.database.replace("\\", "/").rpartition("/")[2] if self.is_file else self.database
        port = f":{self.port}" if self.port else ""
        return f"{self.scheme}://{self.host}{port}/{where}/{self.label}"

    @property
    def is_file(self) -> bool:
        """Whether the database is a file of this machine."""
        return self.scheme in FILES


def is_database(given: str) -> bool:
    """Tell a database URL from other inputs."""
    return scheme_of(given) in SCHEMES


def scheme_of(given: str) -> str:
    """Give the scheme of a URL without its driver, as postgresql of postgresql+psycopg; else ""."""
    scheme, sign, _ = given.partition("://")
    bare = scheme.partition("+")[0].lower()
    return {"postgres": "postgresql", "mariadb": "mysql"}.get(bare, bare) if sign else ""


def parse_address(given: str) -> Address:
    """Read a database URL.

    Raises:
        AddressError: it holds a password, names nothing to read, or asks for more than reading.
    """
    scheme = scheme_of(given)
    place, _, tail = given.partition("?")
    parts = urlsplit(place)
    if parts.password is not None:
        raise AddressError(
            f"the {scheme}:// input holds a password; set it in the environment as VOC_DATABASE_PASSWORD, "
            "or name where it is found: &password=env:NAME, or &password=block:NAME (a Prefect Secret)"
        )
    options = _options(tail, scheme)
    query, label = _what(options, scheme)
    try:
        port = parts.port
    except ValueError:
        raise AddressError(
            f"the {scheme}:// input has a port that is no number; write it as {EXAMPLE}"
        ) from None
    database = unquote(parts.path[1:])
    if not database:
        raise AddressError(f"the {scheme}:// input names no database; write it as {EXAMPLE}")
    return Address(
        scheme=scheme,
        host=parts.hostname or "",
        port=port,
        user=unquote(parts.username) if parts.username else None,
        database=database,
        query=query,
        incremental=options.get("incremental"),
        secret=options.get("password"),
        label=label,
    )


def _options(tail: str, scheme: str) -> dict[str, str]:
    options = {}
    for pair in _NEXT.split(tail) if tail else []:
        name, _, value = pair.partition("=")
        if name not in _OPTIONS:
            raise AddressError(
                f"the {scheme}:// input has an unknown option; known: {', '.join(_OPTIONS)}, as {EXAMPLE}"
            )
        # a query typed as it is has blanks, and its + and % are SQL
        options[name] = value if " " in value else unquote_plus(value)
    secret = options.get("password")
    if secret is not None and not SECRET.fullmatch(secret):
        raise AddressError(
            f"the {scheme}:// input holds a password; give the name of a secret instead, "
            "as password=env:NAME or password=block:NAME"
        )
    return options


def _what(options: dict[str, str], scheme: str) -> tuple[str, str]:
    """Give the query and a name for it."""
    if ("query" in options) == ("table" in options):
        raise AddressError(f"the {scheme}:// input needs one of query= and table=, as {EXAMPLE}")
    if "table" in options:
        table = options["table"]
        if not re.fullmatch(r"[\w$]+(?:\.[\w$]+){0,2}", table):
            raise AddressError(
                "table= takes the name of a table, as reviews or shop.reviews; use query= for more"
            )
        return f"SELECT * FROM {table}", table
    query = options["query"].strip().rstrip(";").strip()
    if not _READS.match(query) or ";" in query:
        raise AddressError("query= takes one SELECT; nothing is ever written to a database")
    return query, f"query-{hashlib.sha256(query.encode()).hexdigest()[:8]}"
