"""A Prefect server for the length of one run, when no server is named: started early, stopped quietly.

Prefect can start a temporary server by itself, but only at the first call (seconds of waiting) and it prints
a traceback when it is stopped after a good run. Ours starts in the background while models load, runs only
the services that a single run needs, and keeps its output in a file of its own. Runs stay in Prefect's own
database (PREFECT_HOME), so `prefect server start` shows them later.
"""

from __future__ import annotations

import contextlib
import importlib.util
import os
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path

# A single run schedules nothing, so nothing has to look for late, paused or abandoned runs.
_SERVICES_OFF = (
    "CANCELLATION_CLEANUP",
    "DB_VACUUM",
    "FOREMAN",
    "LATE_RUNS",
    "PAUSE_EXPIRATIONS",
    "REPOSSESSOR",
    "SCHEDULER",
)
_STARTUP_SECONDS = 120  # a first start on a busy small machine also creates the database
_STOP_SECONDS = 10

QUIET = {
    "DO_NOT_TRACK": "1",
    "PREFECT_SERVER_ANALYTICS_ENABLED": "false",
    "PREFECT_CLI_PROMPT": "false",
    # The console shows our own progress; the full log is on the run's Prefect page.
    "PREFECT_LOGGING_HANDLERS_CONSOLE_LEVEL": "CRITICAL",
    "PREFECT_LOGGING_TO_API_WHEN_MISSING_FLOW": "ignore",
    "PREFECT_SHOW_EXAMPLE_MESSAGES": "false",
}


# The server ends when its standard input does: also when we are killed and can tell it nothing.
_SERVE_WHILE_WE_LIVE = """
import os, sys, threading
threading.Thread(target=lambda: (sys.stdin.buffer.read(), os._exit(0)), daemon=True).start()
from uvicorn.main import main
main()
"""


class ServerError(RuntimeError):
    """The embedded Prefect server did not start."""


def quieten_prefect() -> None:
    """Turn off Prefect's telemetry and its own console log; what the user has set stays."""
    for name, value in QUIET.items():
        os.environ.setdefault(name, value)
    home = Path(os.path.expanduser("~"))  # noqa: PTH111 - Path.home() fails where there is none
    if "PREFECT_HOME" not in os.environ and not (home.is_dir() and os.access(home, os.W_OK)):
        # Services often run without a home; Prefect keeps its database there.
        os.environ["PREFECT_HOME"] = str(Path(tempfile.gettempdir()) / f"voc-prefect-home-{os.getuid()}")


@contextlib.contextmanager
def embedded_server(*, is_lasting: bool = False) -> Iterator[EmbeddedServer | None]:
    """Start a server unless one is named by PREFECT_API_URL; stop it at the end.

    Args:
        is_lasting: it serves a schedule: all services run, and Prefect's page is shown.
    """
    quieten_prefect()
    if os.environ.get("PREFECT_API_URL") or _profile_names_a_server():
        yield None
        return
    server = EmbeddedServer(is_lasting=is_lasting)
    try:
        yield server
    finally:
        server.stop()


class EmbeddedServer:
    """A Prefect server in a process of its own, on a free port of 127.0.0.1."""

    def __init__(self, *, is_lasting: bool) -> None:
        """Start the process; it is not ready yet."""
        self._port = _free_port()
        self._log = tempfile.NamedTemporaryFile("w+", prefix="voc-prefect-", suffix=".log", delete=False)  # noqa: SIM115
        prefect_folder = _prefect_folder()
        command = [sys.executable, "-c", _SERVE_WHILE_WE_LIVE, "--app-dir", str(prefect_folder), "--factory"]
        command += ["prefect.server.api.server:create_app", "--host", "127.0.0.1", "--port", str(self._port)]
        command += ["--log-level", "error", "--lifespan", "on"]
        environment = {**os.environ, "PREFECT__SERVER_FINAL": "1"}
        if not is_lasting:
            environment |= {"PREFECT__SERVER_EPHEMERAL": "1", "PREFECT_UI_ENABLED": "0"}
            environment |= {f"PREFECT_SERVER_SERVICES_{name}_ENABLED": "false" for name in _SERVICES_OFF}
        self._process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.PIPE,  # held open as long as we live
            stdout=self._log,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
        os.environ["PREFECT_API_URL"] = self.url

    @property
    def url(self) -> str:
        """Address of the server's API."""
        return f"http://127.0.0.1:{self._port}/api"

    def wait(self) -> None:
        """Wait until the server answers.

        Raises:
            ServerError: it ended, or did not answer in time; names the log.
        """
        deadline = time.monotonic() + _STARTUP_SECONDS
        while time.monotonic() < deadline:
            if self._process.poll() is not None:
                raise ServerError(
                    f"the embedded Prefect server ended at its start; its log: {self._log.name}"
                )
            with contextlib.suppress(urllib.error.URLError, ConnectionError, TimeoutError):
                if _answers(f"{self.url}/health"):
                    return
            time.sleep(0.05)
        waited = f"{_STARTUP_SECONDS} s"
        raise ServerError(
            f"the embedded Prefect server did not answer in {waited}; its log: {self._log.name}"
        )

    @contextlib.contextmanager
    def used(self) -> Iterator[None]:
        """Wait for the server, and make Prefect use it also where Prefect has been loaded already."""
        self.wait()
        from prefect.settings import PREFECT_API_URL, temporary_settings  # noqa: PLC0415 - slow to import

        with temporary_settings({PREFECT_API_URL: self.url}):
            try:
                yield
            finally:
                _send_what_waits()

    def stop(self) -> None:
        """Stop the process; harmless when it has ended."""
        os.environ.pop("PREFECT_API_URL", None)
        if self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._process.stdin is not None:
            self._process.stdin.close()
        self._log.close()
        if self._process.returncode in (0, -15):
            Path(self._log.name).unlink(missing_ok=True)


def _send_what_waits() -> None:
    """Send logs and events that Prefect still holds; afterwards there is nobody to send them to."""
    from prefect.events.worker import EventsWorker  # noqa: PLC0415
    from prefect.logging.handlers import APILogWorker  # noqa: PLC0415

    def drain() -> None:
        for worker in (APILogWorker, EventsWorker):
            worker.drain_all(timeout=_STOP_SECONDS, at_exit=False)

    # In a thread of its own: where an event loop runs (a notebook, a browser driver) Prefect would hand back
    # coroutines instead of waiting.
    thread = threading.Thread(target=drain, name="voc-drain")
    thread.start()
    thread.join()


def _profile_names_a_server() -> bool:
    """Whether the user's Prefect profile names a server; read without importing Prefect (it is slow)."""
    home = Path(os.environ.get("PREFECT_HOME", Path.home() / ".prefect"))
    profiles = Path(os.environ.get("PREFECT_PROFILES_PATH", home / "profiles.toml"))
    if not profiles.is_file():
        return False
    from prefect.settings import get_current_settings  # noqa: PLC0415 - only when there is a profile

    return bool(get_current_settings().api.url)


def _answers(url: str) -> bool:
    with urllib.request.urlopen(url, timeout=2) as answer:
        return bool(answer.status == 200)


def _prefect_folder() -> Path:
    spec = importlib.util.find_spec("prefect")
    if spec is None or spec.origin is None:
        raise ServerError("Prefect is not installed; install voc with `make demo` or from requirements.lock")
    return Path(spec.origin).parent


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
