"""Real databases for tests: a PostgreSQL server started here, and files of SQLite and DuckDB."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

PASSWORD = "pa55-word-of-the-test"


def find_postgres() -> Path | None:
    """Give the folder of initdb and pg_ctl; None where there is none."""
    found = shutil.which("initdb")
    places = [Path(found).resolve().parent] if found else []
    places += sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
    return next((place for place in places if (place / "pg_ctl").exists()), None)


def unprivileged() -> dict[str, object]:
    """Give what makes a child drop the rights that PostgreSQL refuses to run with."""
    if os.geteuid() != 0:
        return {}
    for name in ("postgres", "nobody"):
        try:
            user = pwd.getpwnam(name)
        except KeyError:
            continue
        return {"user": user.pw_uid, "group": user.pw_gid, "extra_groups": []}
    return {}


@contextmanager
def postgres(binaries: Path) -> Iterator[str]:
    """Run a server with a password on a port of its own; give `voc@127.0.0.1:port/postgres`."""
    rights = unprivileged()
    folder = Path(tempfile.mkdtemp(prefix="voc-pg-"))
    if rights:
        os.chown(folder, rights["user"], rights["group"])  # type: ignore[arg-type]
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    secret = folder / "secret"
    secret.write_text(PASSWORD)
    secret.chmod(0o644)

    def call(*arguments: object) -> None:
        subprocess.run(
            [str(a) for a in arguments], check=True, capture_output=True, cwd=folder, timeout=60, **rights
        )  # type: ignore[call-overload]

    data, log = folder / "data", folder / "log"
    call(
        binaries / "initdb", "-D", data, "-U", "voc", "-A", "scram-sha-256", "--pwfile", secret,
        "-E", "UTF8", "--no-sync", "--locale=C",
    )  # fmt: skip
    options = f"-p {port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off"
    call(binaries / "pg_ctl", "-D", data, "-l", log, "-o", options, "-w", "start")
    try:
        yield f"voc@127.0.0.1:{port}/postgres"
    finally:
        call(binaries / "pg_ctl", "-D", data, "-m", "immediate", "-w", "stop")
        shutil.rmtree(folder, ignore_errors=True)
