"""Databases as sources: streamed, read-only, only what is new, and no password anywhere."""

import json
import re
import sqlite3
from datetime import UTC, date, datetime
from decimal import Decimal

import duckdb
import pytest
from databases import PASSWORD, find_postgres, postgres

from data.ingest import ingest
from data.intake.inputs import expand_inputs
from data.intake.plan import open_input
from data.preview import preview_export
from data.schema import FEEDBACK, INPUTS, REJECTED
from data.sources.database import connection
from data.sources.database.address import SCHEMES, AddressError, DatabaseRules, parse_address
from data.sources.database.connection import explain, is_lost, patiently
from data.sources.database.records import _cell, read_mark, write_mark
from data.store import Store
from flows.engine.plan import ingest_plan
from flows.engine.run import Run

CREATE = (
    "CREATE TABLE reviews (review_id INTEGER PRIMARY KEY, created TIMESTAMP, review VARCHAR, author VARCHAR, "
    "stars INTEGER)"
)
TEXTS = [
    "The kettle arrived dented",
    "Zażółć gęślą jaźń, dostawa późno",
    "服务很好,下次再来",
    "وصل الطرد متأخرا جدا",
]


def rows(first, last):
    return [(n, f"2026-03-{n:02d} 10:00:00", f"{TEXTS[n % 4]} (parcel {n})", f"u{n}", n % 5 + 1)
            for n in range(first, last + 1)]  # fmt: skip


class SqliteShop:
    def __init__(self, folder):
        self.path = folder / "shop.db"
        self.url = f"sqlite:///{self.path}"
        self.run(CREATE)

    def run(self, query, values=()):
        with sqlite3.connect(self.path) as database:
            database.executemany(query, values) if values else database.execute(query)
        database.close()

    def add(self, values):
        self.run("INSERT INTO reviews VALUES (?, ?, ?, ?, ?)", values)


class DuckShop(SqliteShop):
    def __init__(self, folder):
        self.path = folder / "shop.duckdb"
        self.url = f"duckdb:///{self.path}"
        self.run(CREATE)

    def run(self, query, values=()):
        with duckdb.connect(self.path) as database:
            database.executemany(query, values) if values else database.execute(query)


class PostgresShop(SqliteShop):
    def __init__(self, place):
        self.place, self.url = place, f"postgresql://{place}"
        self.run("DROP TABLE IF EXISTS reviews")
        self.run(CREATE)

    def run(self, query, values=()):
        import pg8000.native

        user, _, rest = self.place.partition("@")
        host, _, rest = rest.partition(":")
        port = int(rest.partition("/")[0])
        with pg8000.native.Connection(
            user, host=host, port=port, database="postgres", password=PASSWORD
        ) as database:
            for value in values or [()]:
                named = {f"v{place}": one for place, one in enumerate(value)}
                pieces = query.split("?")
                bound = "".join(f"{piece}:v{place}" for place, piece in enumerate(pieces[:-1])) + pieces[-1]
                database.run(bound if value else query, **named)


@pytest.fixture(scope="session")
def server():
    binaries = find_postgres()
    if binaries is None:
        pytest.skip("no PostgreSQL on this machine: install postgresql to run these tests")
    with postgres(binaries) as place:
        yield place


@pytest.fixture(params=["sqlite", "duckdb", "postgresql"])
def shop(request, tmp_path, monkeypatch):
    monkeypatch.setenv("VOC_DATABASE_PASSWORD", PASSWORD)
    if request.param == "postgresql":
        return PostgresShop(request.getfixturevalue("server"))
    return {"sqlite": SqliteShop, "duckdb": DuckShop}[request.param](tmp_path)


@pytest.fixture
def store(tmp_path):
    return Store(str(tmp_path / "out"))


@pytest.fixture
def plan(store, settings):
    run = Run(store=store, settings=settings, inputs=[], as_of=None)
    return ingest_plan(run, latest=date(2026, 11, 20))


@pytest.fixture
def read(store, plan):
    return lambda url: ingest(expand_inputs([url], schemes=SCHEMES), store, plan=plan)


def kept(store):
    return sorted(store.read_all(FEEDBACK, store.finished_parts(), ["text"])["text"].to_pylist())


def last_input(store):
    return store.read(INPUTS, store.ledger()[-1]["ingest"]).to_pylist()[0]


def test_a_table_is_read_like_an_export(shop, store, read):
    shop.add(rows(1, 4))
    (source,) = read(f"{shop.url}?table=reviews").read
    assert (source["kept_count"], source["source_kind"]) == (4, "review")
    assert source["source"].endswith("/reviews")
    assert kept(store) == sorted(row[2] for row in rows(1, 4))
    found = store.read_all(FEEDBACK, store.finished_parts()).to_pylist()
    assert {one["created_at"] for one in found} == {datetime(2026, 3, n, 10, tzinfo=UTC) for n in range(1, 5)}
    assert sorted(one["rating"] for one in found) == [1.0, 3.0, 4.0, 5.0] or len(found) == 4


@pytest.mark.parametrize("column", ["review_id", "created"])
def test_only_rows_since_the_mark_are_read(shop, store, read, column):
    url = f"{shop.url}?table=reviews&incremental={column}"
    shop.add(rows(1, 3))
    read(url)
    shop.add(rows(4, 5))
    (source,) = read(url).read
    # the row at the mark is read again, since later rows may share its value
    assert (source["read_count"], source["known_count"], source["kept_count"]) == (3, 1, 2)
    assert len(kept(store)) == 5


def test_without_a_mark_all_is_read_and_nothing_kept_twice(shop, store, read):
    shop.add(rows(1, 3))
    read(f"{shop.url}?table=reviews")
    (source,) = read(f"{shop.url}?table=reviews").read
    assert (source["known_count"], source["kept_count"], len(kept(store))) == (3, 0, 3)


def test_the_mark_is_written_with_the_data_or_not_at_all(shop, store, read, monkeypatch):
    url = f"{shop.url}?table=reviews&incremental=review_id"
    shop.add(rows(1, 3))
    with monkeypatch.context() as patched:
        patched.setattr(Store, "finish_ingest", lambda *_: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            read(url)
    (source,) = read(url).read
    assert (source["kept_count"], json.loads(last_input(store)["mark"])["value"]) == (3, "3")


def test_a_query_of_ones_own_and_its_percent_and_colon_signs(shop, store, read):
    shop.add(rows(1, 4))
    query = "SELECT review_id, review, stars FROM reviews WHERE review LIKE '%parcel 2%' AND ':x' <> '::y';"
    (source,) = read(f"{shop.url}?query={query}").read
    assert (source["kept_count"], "query-" in source["source"]) == (1, True)


@pytest.mark.parametrize(
    ("what", "why"),
    [
        ("table=no_such_table", "does not exist|no such table|Catalog Error"),
        ("query=SELECT missing_one FROM reviews", "does not exist|no such column|Referenced column"),
        ("query=SELECT FROM WHERE", "refused the query|not valid SQL"),
        ("table=reviews&incremental=changed", "has no column 'changed'"),
    ],
)
def test_bad_sql_is_one_readable_error_without_retry(shop, read, monkeypatch, what, why):
    monkeypatch.setattr(connection.time, "sleep", lambda _: pytest.fail("bad SQL was tried again"))
    ((name, message),) = read(f"{shop.url}?{what}").failed
    assert not message.startswith(name)  # whoever shows it writes the name before it
    assert re.search(why, message), message
    assert "syntax error" not in message


def test_nothing_can_be_written(shop, plan):
    shop.add(rows(1, 1))
    (one,) = expand_inputs([f"{shop.url}?table=reviews"], schemes=SCHEMES)
    _, records = open_input(one, plan, None)
    with pytest.raises(Exception, match="(?i)read.?only|syntax error"):
        list(records.connection.rows("DELETE FROM reviews", [], 1))
    records.close()


def test_a_server_is_asked_for_reading_alone(server, plan, monkeypatch):
    monkeypatch.setenv("VOC_DATABASE_PASSWORD", PASSWORD)
    shop = PostgresShop(server)
    shop.add(rows(1, 1))
    (one,) = expand_inputs([f"{shop.url}?table=reviews"], schemes=SCHEMES)
    _, records = open_input(one, plan, None)
    query = "SELECT current_setting('transaction_read_only'), current_setting('transaction_isolation')"
    found = [row for _, batch in records.connection.rows(query, [], 1) for row in batch]
    records.close()
    assert [tuple(row) for row in found] == [("on", "repeatable read")]


def test_a_preview_of_a_query_keeps_nothing(shop, store, plan):
    shop.add(rows(1, 4))
    (one,) = expand_inputs([f"{shop.url}?table=reviews&incremental=review_id"], schemes=SCHEMES)
    found = preview_export(one, plan=plan, max_records=100)
    assert (found.kept_count, store.ledger()) == (4, [])


def test_the_password_is_nowhere(store, read, server, tmp_path, monkeypatch):
    shop = PostgresShop(server)
    shop.add(rows(1, 2))
    monkeypatch.setenv("VOC_DATABASE_PASSWORD", "wrong-" + PASSWORD)
    ((_, message),) = read(f"{shop.url}?table=reviews").failed
    assert "user or password was refused" in message
    monkeypatch.setenv("MINE", PASSWORD)
    assert len(read(f"{shop.url}?table=reviews&password=env:MINE").read) == 1
    written = [path.read_bytes() for path in tmp_path.rglob("*") if path.is_file()]
    assert not any(PASSWORD.encode() in content for content in [*written, message.encode()])
    assert "voc@" not in json.dumps(store.read_all(REJECTED, store.parts(REJECTED)).to_pylist(), default=str)


def test_a_server_that_breaks_off_leaves_the_mark(store, read, server, monkeypatch):
    monkeypatch.setenv("VOC_DATABASE_PASSWORD", PASSWORD)
    shop = PostgresShop(server)
    shop.add(rows(1, 3))
    whole = connection._Alchemy.rows

    def broken(self, query, values, size):
        found = whole(self, query, values, size)
        yield next(found)
        if "ORDER BY" in query and "author" in query:
            raise OSError("connection reset by peer")
        yield from found

    url = f"{shop.url}?table=reviews&incremental=review_id"
    with monkeypatch.context() as patched:
        patched.setattr(connection._Alchemy, "rows", broken)
        facts = read(url)
    assert "the server did not answer" in facts.failed[0][1]
    (source,) = read(url).read
    assert source["kept_count"] == 3


def test_large_tables_are_streamed(shop, plan):
    shop.add([(n, "2026-03-04 10:00:00", f"parcel number {n} came late", "u", 2) for n in range(1, 301)])
    (one,) = expand_inputs([f"{shop.url}?table=reviews&incremental=review_id"], schemes=SCHEMES)
    export, records = open_input(one, plan, None)
    sizes = [len(batch.comments) for batch in export.batches(100)]
    records.close()
    assert (sum(sizes), max(sizes)) == (300, 100)


RULES = DatabaseRules(fetch_rows=10, connect_seconds=1.0, retries=2, retry_seconds=0.5)


def test_faults_of_the_network_are_tried_again_and_wait_longer_each_time(monkeypatch):
    waits, attempts = [], []
    monkeypatch.setattr(connection.time, "sleep", waits.append)

    def attempt():
        attempts.append(1)
        if len(attempts) < 3:
            raise ConnectionResetError("peer")
        return "open"

    address = parse_address("postgresql://db/shop?table=t")
    assert patiently(attempt, address, RULES) == "open"
    assert waits == [0.5, 1.0]


@pytest.mark.parametrize("scheme", ["postgresql", "mysql"])
def test_a_server_that_is_not_there_is_named_after_the_retries(read, monkeypatch, scheme):
    waits = []
    monkeypatch.setattr(connection.time, "sleep", waits.append)
    ((_, message),) = read(f"{scheme}://ann@127.0.0.1:9/shop?table=t").failed
    assert "the server did not answer" in message
    assert len(waits) == 3


def test_errors_of_mysql_are_told_by_number():
    class OperationalError(Exception):
        pass

    refused, gone = (OperationalError(number, "Access denied for 'ann' 'secret'") for number in (1045, 2013))
    assert (is_lost(refused), is_lost(gone)) == (False, True)
    assert "password was refused" in explain(refused)
    assert "secret" not in explain(refused)


@pytest.mark.parametrize(
    ("given", "why"),
    [
        ("sqlite:///a.db", "needs one of query= and table="),
        ("sqlite:///a.db?table=t&query=SELECT 1", "needs one of"),
        ("sqlite://?table=t", "names no database"),
        ("sqlite:///a.db?table=t; DROP TABLE t", "takes the name of a table"),
        ("sqlite:///a.db?query=DELETE FROM t", "takes one SELECT"),
        ("sqlite:///a.db?query=SELECT 1; DELETE FROM t", "takes one SELECT"),
        ("mysql://h:x/a?table=t", "port"),
        ("mysql://h/a?user=t", "unknown option"),
    ],
)
def test_an_address_that_cannot_be_used_is_refused(given, why):
    with pytest.raises(AddressError, match=why):
        parse_address(given)


def test_an_encoded_query_is_decoded_and_a_typed_one_is_not():
    assert parse_address("sqlite:///a.db?query=SELECT+1%2B1").query == "SELECT 1+1"
    assert parse_address("sqlite:///a.db?query=SELECT 1+1 AS a&incremental=a").query == "SELECT 1+1 AS a"


def test_a_missing_file_is_no_database(read, tmp_path):
    ((_, message),) = read(f"sqlite:///{tmp_path}/none.db?table=t").failed
    assert "there is no such file" in message


@pytest.mark.parametrize(
    "value", [7, 2.5, "b", Decimal("1.50"), date(2026, 3, 1), datetime(2026, 3, 1, 10, tzinfo=UTC)]
)
def test_a_mark_is_read_as_it_was_written(value):
    assert read_mark(write_mark(value)) == value


@pytest.mark.parametrize(
    ("value", "cell"),
    [
        (None, None),
        (True, "true"),
        (b"caf\xc3\xa9", "café"),
        ({"a": "ż"}, '{"a": "ż"}'),
        (datetime(2026, 3, 1, 10), "2026-03-01 10:00:00"),  # noqa: DTZ001 - as a database without zones gives it
        (Decimal("4.50"), "4.50"),
        ("lone \ud800 half", "lone ? half"),
    ],
)
def test_values_are_written_as_an_export_would(value, cell):
    assert _cell(value) == cell
