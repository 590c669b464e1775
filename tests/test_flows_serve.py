"""`voc serve`, for real: registers with its Prefect server, and runs the flow when it is asked to."""

import json
import os
import re
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest
from exports import write_exports

VOC = Path(sys.executable).with_name("voc")


def post(url, body):
    request = urllib.request.Request(
        url, data=json.dumps(body).encode(), headers={"Content-Type": "application/json"}
    )
    with urllib.request.urlopen(request, timeout=20) as answer:
        return json.loads(answer.read())


def wait_for(what, seconds):
    deadline = time.monotonic() + seconds
    while time.monotonic() < deadline:
        found = what()
        if found:
            return found
        time.sleep(0.5)
    raise AssertionError(f"nothing within {seconds} s")


@pytest.fixture
def served(tmp_path):
    inputs = tmp_path / "in"
    write_exports(inputs, days=3)
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT")}
    (tmp_path / "home").mkdir()
    environment |= {"HOME": str(tmp_path / "home"), "PYTHONUNBUFFERED": "1"}
    command = [str(VOC), "serve", str(inputs), "--out", str(tmp_path / "out"), "--cron", "0 5 1 1 *"]
    with (tmp_path / "log").open("w") as log:
        child = subprocess.Popen(command, env=environment, stdout=log, stderr=log, start_new_session=True)
    yield child, tmp_path
    if child.poll() is None:
        os.killpg(child.pid, signal.SIGKILL)
    child.wait()


@pytest.mark.slow
@pytest.mark.models
def test_serve_registers_the_flow_runs_it_and_stops(served):
    child, folder = served
    log = folder / "log"
    page = wait_for(lambda: re.search(r"Prefect's page: (\S+)", log.read_text()), 150).group(1)
    found = wait_for(lambda: (d := post(f"{page}/api/deployments/filter", {})) and len(d) == 2 and d, 150)
    weekly, deployment = sorted(found, key=lambda one: one["name"], reverse=True)
    assert (weekly["name"], deployment["name"]) == ("weekly", "nightly")
    assert weekly["schedules"][0]["schedule"]["cron"] == "0 7 * * 0"
    assert deployment["schedules"][0]["schedule"]["cron"] == "0 5 1 1 *"
    form = deployment["parameter_openapi_schema"]["properties"]
    assert {"inputs", "out", "as_of", "settings", "changes"} == set(form)
    run = post(f"{page}/api/deployments/{deployment['id']}/create_flow_run", {"state": {"type": "SCHEDULED"}})
    url = f"{page}/api/flow_runs/{run['id']}"

    def ended():
        with urllib.request.urlopen(url, timeout=20) as answer:
            state = json.loads(answer.read())["state"]
        return state if state["type"] in {"COMPLETED", "FAILED", "CRASHED"} else None

    state = wait_for(ended, 240)
    assert state["type"] == "COMPLETED", state["message"]
    assert (folder / "out/report/index.html").exists()
    child.send_signal(signal.SIGINT)
    child.wait(60)
    assert "Traceback" not in log.read_text()
