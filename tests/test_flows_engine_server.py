"""The embedded Prefect server, for real: it starts, answers, stops, and leaves nothing behind."""

import asyncio
import gc
import os
import subprocess
import sys
import urllib.request
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest

from flows.engine.server import (
    EmbeddedServer,
    ServerError,
    _send_what_waits,
    embedded_server,
    quieten_prefect,
)


@pytest.fixture(autouse=True)
def own_prefect(monkeypatch, tmp_path):
    monkeypatch.setenv("PREFECT_HOME", str(tmp_path / "prefect"))
    monkeypatch.delenv("PREFECT_API_URL", raising=False)


def test_a_named_server_is_used_and_nothing_is_started(monkeypatch):
    monkeypatch.setenv("PREFECT_API_URL", "http://127.0.0.1:1/api")
    with embedded_server() as server:
        assert server is None


@pytest.mark.slow
def test_the_embedded_server_answers_and_stops():
    with embedded_server() as server:
        server.wait()
        assert os.environ["PREFECT_API_URL"] == server.url
        with urllib.request.urlopen(f"{server.url}/health", timeout=5) as answer:
            assert answer.status == 200
        process, log = server._process, server._log.name
    assert process.poll() is not None
    assert "PREFECT_API_URL" not in os.environ
    assert not Path(log).exists()


def test_a_server_that_ends_at_its_start_is_reported(monkeypatch):
    monkeypatch.setattr("flows.engine.server.sys.executable", "/bin/false")
    server = EmbeddedServer(is_lasting=False)
    with pytest.raises(ServerError, match="ended at its start; its log: "):
        server.wait()
    server.stop()
    Path(server._log.name).unlink()


def test_what_waits_is_sent_also_where_an_event_loop_runs():
    async def inside_a_notebook():
        _send_what_waits()

    with ThreadPoolExecutor(1) as pool:  # a browser test may have left a loop running in this thread
        pool.submit(lambda: asyncio.run(inside_a_notebook())).result()
    gc.collect()  # a coroutine that nobody awaited would warn here, and a warning fails the test


def test_without_a_home_prefect_gets_a_folder_of_its_own(monkeypatch, tmp_path):
    monkeypatch.delenv("PREFECT_HOME")
    monkeypatch.setenv("HOME", str(tmp_path / "nowhere"))
    quieten_prefect()
    assert "voc-prefect-home" in os.environ["PREFECT_HOME"]


@pytest.mark.slow
def test_the_server_ends_when_its_owner_is_killed():
    owner = subprocess.Popen([sys.executable, "-c", KILLED_OWNER], stdout=subprocess.PIPE, text=True)
    server = psutil.Process(int(owner.stdout.readline()))
    owner.kill()
    owner.wait()
    owner.stdout.close()
    server.wait(60)
    assert not server.is_running()


KILLED_OWNER = """
import time
from flows.engine.server import EmbeddedServer
server = EmbeddedServer(is_lasting=False)
print(server._process.pid, flush=True)
time.sleep(600)
"""
