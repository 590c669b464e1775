"""Delivery against a real SMTP server and a real HTTP server, with faults in between."""

import json
import socket
import threading
from datetime import UTC, datetime, timedelta
from email import message_from_bytes, policy
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from aiosmtpd.controller import Controller

from data.schema import OUTBOX
from data.store import Store
from flows.engine.delivery import Delivery
from flows.settings import SettingsError, load_settings
from reports.notify.rules import NotifyRules, Route
from tests.alert_tables import alert, alerts_table

NOW = datetime(2026, 3, 16, 9, 30, tzinfo=UTC)
SECRET = "tok3n-nobody-may-see"


class Mailbox:
    """A mail server that keeps what it takes, and refuses as often as it is told to."""

    def __init__(self):
        self.mails, self.refusals = [], 0

    async def handle_DATA(self, server, session, envelope):
        if self.refusals:
            self.refusals -= 1
            return "451 try again later"
        self.mails.append(message_from_bytes(envelope.content, policy=policy.default))
        return "250 OK"


@pytest.fixture
def mail():
    mailbox = Mailbox()
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        mailbox.port = free.getsockname()[1]
    controller = Controller(mailbox, hostname="127.0.0.1", port=mailbox.port)
    controller.start()
    yield mailbox
    controller.stop()


@pytest.fixture
def web():
    """A web server that keeps requests; `answers` are the next statuses, then 200."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self):
            body = self.rfile.read(int(self.headers["Content-Length"]))
            named = {name.title(): value for name, value in self.headers.items()}
            server.requests.append((self.path, named, body))
            self.send_response(server.answers.pop(0) if server.answers else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_):
            pass

    server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    server.requests, server.answers = [], []
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield server
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture
def out(tmp_path):
    store = Store(str(tmp_path))
    put(store, alert(band="critical"))
    return store


def put(store, *rows):
    from data.schema import ALERTS

    store.write_file("alerts.parquet", ALERTS, alerts_table(list(rows)))


def deliver(store, *routes, now=NOW, **changes):
    values = {
        "fresh_days": 7, "tries": 1, "wait_seconds": (0.0,), "again_minutes": (15,), "report_url": "",
    } | changes  # fmt: skip
    delivery = Delivery(
        store, NotifyRules(routes=routes, **values), "en", clock=lambda: now, wait=lambda _: None
    )
    return delivery.deliver(), delivery.warnings


def mail_route(monkeypatch, mail, **changes):
    where = f"mailto://127.0.0.1:{mail.port}?mode=insecure&from=voc@example.com&to=ops@example.com"
    monkeypatch.setenv("OPS", where)
    return Route("ops", "OPS", **changes)


def everything(store, *more):
    text = "".join(path.read_bytes().decode("latin-1") for path in sorted(_files(store)))
    return text + " ".join(map(str, more))


def _files(store):
    from pathlib import Path

    return [path for path in Path(store.root).rglob("*") if path.is_file()]


def test_delivery_sends_mail_once_however_often_the_run_is_repeated(monkeypatch, out, mail):
    route = mail_route(monkeypatch, mail)
    deliver(out, route)
    counts, warnings = deliver(out, route, now=NOW + timedelta(hours=1))
    assert (counts["sent"], warnings) == (1, [])
    (received,) = mail.mails
    assert "Critical" in received["subject"]
    assert "41 complaints" in received.get_body(("plain", "html")).get_content()


def test_delivery_tries_again_within_a_run(monkeypatch, out, mail):
    mail.refusals = 1
    counts, _ = deliver(out, mail_route(monkeypatch, mail), tries=2)
    assert (counts["sent"], len(mail.mails)) == (1, 1)


def test_delivery_waits_after_a_failed_run_and_tries_again(monkeypatch, out, mail):
    mail.refusals = 1
    route = mail_route(monkeypatch, mail)
    assert deliver(out, route)[0]["failed"] == 1
    assert deliver(out, route, now=NOW + timedelta(minutes=5))[0]["failed"] == 1
    assert deliver(out, route, now=NOW + timedelta(minutes=16))[0]["sent"] == 1
    assert len(mail.mails) == 1


def test_delivery_gives_up_loudly(monkeypatch, out, mail):
    mail.refusals = 99
    route = mail_route(monkeypatch, mail)
    deliver(out, route)
    counts, warnings = deliver(out, route, now=NOW + timedelta(hours=1))
    assert counts["given_up"] == 1
    assert "could not be told on route 'ops' after 2 runs and is given up" in warnings[0]


def test_delivery_of_two_addresses_repeats_only_the_one_that_failed(monkeypatch, out, web):
    base = f"json://127.0.0.1:{web.server_port}"
    monkeypatch.setenv("OPS", f"{base}/one {base}/two")
    web.answers = [200, 500]
    route = Route("ops", "OPS")
    deliver(out, route)
    deliver(out, route, now=NOW + timedelta(hours=1))
    assert [path for path, _, _ in web.requests] == ["/one", "/two", "/two"]


def test_delivery_after_a_kill_while_sending_does_not_repeat_and_says_so(monkeypatch, out, web):
    monkeypatch.setenv("OPS", f"json://127.0.0.1:{web.server_port}/one")
    route = Route("ops", "OPS")

    def killed(*_):
        raise KeyboardInterrupt

    with monkeypatch.context() as broken:
        broken.setattr("flows.engine.delivery.send_message", killed)
        with pytest.raises(KeyboardInterrupt):
            deliver(out, route)
    counts, warnings = deliver(out, route, now=NOW + timedelta(hours=1))
    assert counts["sent"] == 0
    assert "may or may not have arrived" in warnings[0]
    assert web.requests == []


def test_delivery_posts_a_ticket_with_its_key_and_header(monkeypatch, out, web):
    monkeypatch.setenv("OPS", f"http://127.0.0.1:{web.server_port}/rest/api/2/issue")
    monkeypatch.setenv("OPS_AUTH", f"Bearer {SECRET}")
    ticket = {"fields": {"project": {"key": "VOC"}, "summary": "{title}", "description": "{text}"}}
    route = Route("ops", "OPS", ticket=ticket, headers={"Authorization": "OPS_AUTH"})
    web.answers = [503]
    assert deliver(out, route)[0]["failed"] == 1
    assert deliver(out, route, now=NOW + timedelta(hours=1))[0]["sent"] == 1
    path, headers, body = web.requests[1]
    assert path == "/rest/api/2/issue"
    assert headers["Authorization"] == f"Bearer {SECRET}"
    assert headers["Idempotency-Key"] == web.requests[0][1]["Idempotency-Key"]
    assert json.loads(body)["fields"]["summary"].startswith("Critical")
    assert out.read(OUTBOX)["fault"].to_pylist() == [None]


@pytest.mark.parametrize("address", ["ftp://127.0.0.1/x", "http://127.0.0.1:9/x"])
def test_delivery_of_a_ticket_that_nobody_takes_fails_readably(monkeypatch, out, address):
    monkeypatch.setenv("OPS", address)
    deliver(out, Route("ops", "OPS", ticket={"a": "b"}))
    (fault,) = out.read(OUTBOX)["fault"].to_pylist()
    assert fault.startswith(("a ticket needs", "no answer"))


def test_delivery_puts_a_digest_into_one_message(monkeypatch, out, mail):
    put(out, alert(band="critical"), alert(issue="category:price_value", band="warning"))
    route = mail_route(monkeypatch, mail, when="daily", hour=12)
    assert deliver(out, route)[0]["waiting"] == 2
    assert deliver(out, route, now=NOW + timedelta(hours=3))[0]["sent"] == 2
    assert [one["subject"] for one in mail.mails] == ["2 alerts"]


def test_delivery_without_an_address_says_so_and_keeps_nothing(monkeypatch, out):
    monkeypatch.delenv("OPS", raising=False)
    counts, warnings = deliver(out, Route("ops", "OPS"))
    assert warnings == ["route 'ops' has no address: OPS is not set; nothing was sent there"]
    assert counts["waiting"] == 0


def test_delivery_without_routes_does_nothing(out):
    assert deliver(out) == ({}, [])


@pytest.mark.parametrize("scheme", ["nonsense", "json"])
def test_delivery_shows_no_secret_anywhere(monkeypatch, out, caplog, capfd, scheme):
    monkeypatch.setenv("OPS", f"{scheme}://user:{SECRET}@127.0.0.1:9/{SECRET}")
    counts, warnings = deliver(out, Route("ops", "OPS"), again_minutes=())
    assert counts["given_up"] == 1
    printed = capfd.readouterr()
    assert SECRET not in everything(out, warnings, caplog.text, printed.out, printed.err)


def test_settings_refuse_an_address_in_a_route():
    with pytest.raises(SettingsError, match="not the address itself") as error:
        load_settings(changes=[f'notify.routes=[{{name = "a", secret = "slack://{SECRET}"}}]'])
    assert SECRET not in str(error.value)


def test_settings_refuse_a_slip_in_a_route():
    with pytest.raises(SettingsError, match="bandz"):
        load_settings(changes=['notify.routes=[{name = "a", secret = "A", bandz = ["info"]}]'])
