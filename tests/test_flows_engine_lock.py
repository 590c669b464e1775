"""Two runs over one output: one holds it, the other says so; nobody holds it for ever."""

import json

import pytest

from data.store import Store
from flows.engine.lock import BusyError, locked

pytestmark = [pytest.mark.slow, pytest.mark.filterwarnings("ignore")]  # botocore's and moto's own


def leases(store):
    return store.list_folder(".voc-leases")


def test_a_second_run_over_a_folder_is_refused(tmp_path):
    refused = pytest.raises(BusyError, match="another run is writing to .*wait until it has ended")
    with locked(Store(str(tmp_path))), refused, locked(Store(str(tmp_path))):
        pass


def test_a_second_run_over_object_storage_is_refused(bucket):
    first, second = Store(f"{bucket}/busy"), Store(f"{bucket}/busy")
    refused = pytest.raises(BusyError, match="another run is writing to s3://voc/busy")
    with locked(first), refused, locked(second):
        pass


def test_the_next_run_over_object_storage_goes_on_at_once(bucket):
    store = Store(f"{bucket}/calm")
    with locked(store):
        pass
    with locked(Store(f"{bucket}/calm")):
        assert leases(store) == ["000000000002"]


def test_a_killed_run_blocks_only_until_its_lease_ends(bucket):
    store = Store(f"{bucket}/killed")
    store.write_text(".voc-leases/000000000007", json.dumps({"until": "2026-01-01T00:00:00+00:00"}))
    with locked(store):
        assert leases(store) == ["000000000008"]


def test_of_two_that_take_over_at_once_one_succeeds(bucket):
    store = Store(f"{bucket}/race")
    assert store.create(".voc-leases/000000000001", "one")
    assert not store.create(".voc-leases/000000000001", "other")
    assert store.read_text(".voc-leases/000000000001") == "one"
