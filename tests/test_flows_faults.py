"""A run into object storage whose network is cut in the middle: it waits, tries again, and ends well."""

import os
import subprocess
import sys
import time
from pathlib import Path
from urllib.parse import urlsplit

import fsspec
import pytest
from exports import write_exports
from flaky_network import Cable

from data.schema import DOCUMENTS
from data.store import Store

VOC = Path(sys.executable).with_name("voc")

pytestmark = [pytest.mark.models, pytest.mark.slow, pytest.mark.filterwarnings("ignore")]


def test_a_run_survives_a_cut_network(bucket, tmp_path):
    server = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    cable = Cable(server.hostname, server.port)
    own = {
        "HOME": str(tmp_path),
        "AWS_ENDPOINT_URL": f"http://127.0.0.1:{cable.port}",
        "AWS_MAX_ATTEMPTS": "1",
    }
    environment = {k: v for k, v in os.environ.items() if not k.startswith("PREFECT")} | own
    exports = write_exports(tmp_path)
    out = f"{bucket}/faults"
    child = subprocess.Popen(
        [str(VOC), "run", *map(str, exports), "--out", out],
        env=environment,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    storage = fsspec.filesystem("s3", use_listings_cache=False)
    deadline = time.monotonic() + 240
    while not storage.exists(f"{out}/tables/ledger.json") and time.monotonic() < deadline:
        time.sleep(0.05)
    cable.cut()
    time.sleep(6)  # longer than the storage library tries by itself
    cable.mend()
    _, said = child.communicate(timeout=300)
    cable.close()
    assert child.returncode == 0, said
    assert cable.refused
    store = Store(out)
    assert store.read_all(DOCUMENTS, store.finished_parts()).num_rows == 180
    assert store.has_file("report/index.html")
