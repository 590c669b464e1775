"""The same store in object storage, against a real S3-compatible server on this machine."""

import pandas as pd
import pytest

from data.schema import LANGUAGES
from data.store import Store


@pytest.mark.slow
@pytest.mark.filterwarnings("ignore")  # botocore's and moto's own
def test_tables_ledger_and_folders_work_in_object_storage(bucket):
    store = Store(f"{bucket}/out")
    frame = pd.DataFrame({"feedback_id": ["a", "b"], "language": "en", "language_score": 1.0})
    assert store.stamp(LANGUAGES, "0001-00001") is None
    store.write(LANGUAGES, frame, part="0001-00001", stamp="s")
    store.finish_ingest({"ingest": "0001", "parts": ["0001-00001"]})
    again = Store(f"{bucket}/out")
    assert not again.is_local
    assert again.has(LANGUAGES, "0001-00001", "s")
    assert again.finished_parts() == again.parts(LANGUAGES) == ["0001-00001"]
    assert again.read_all(LANGUAGES, again.finished_parts()).num_rows == 2
    assert again.export(LANGUAGES, again.finished_parts(), "languages.parquet") == 2
    again.drop(LANGUAGES, "0001-00001")
    assert again.parts(LANGUAGES) == []
    again.remove_folder("tables")
    assert again.list_folder("tables") == []
