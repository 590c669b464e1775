"""Object storage behind a network that fails: said in plain words, and known as worth another try."""

from urllib.parse import urlsplit

import fsspec
import pytest
from flaky_network import Cable

from data.disk.files import UnreachableError
from data.store import Store
from flows.engine.working.stages import is_outside_fault

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # botocore's own


@pytest.fixture
def cable(bucket, monkeypatch):
    import os

    server = urlsplit(os.environ["AWS_ENDPOINT_URL"])
    cable = Cable(server.hostname, server.port)
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{cable.port}")
    monkeypatch.setenv("AWS_MAX_ATTEMPTS", "1")  # the storage library's own patience would hide ours
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    fsspec.get_filesystem_class("s3").retries, patience = 1, fsspec.get_filesystem_class("s3").retries
    yield cable
    fsspec.get_filesystem_class("s3").retries = patience
    fsspec.get_filesystem_class("s3").clear_instance_cache()
    cable.close()


@pytest.mark.parametrize(
    "use",
    [
        lambda store: store.write_text("a", "b"),
        lambda store: store.read_text("a"),
        lambda store: store.list_folder("tables"),
        lambda store: store.create("c", "d"),
        lambda store: store.remove("a"),
    ],
)
def test_a_cut_network_is_named_and_worth_another_try(cable, bucket, use):
    store = Store(f"{bucket}/cut")
    store.write_text("a", "before")
    cable.cut()
    with pytest.raises(UnreachableError, match="no answer") as caught:
        use(store)
    assert is_outside_fault(caught.value)
    assert cable.refused
    cable.mend()
    assert store.read_text("a") == "before"
