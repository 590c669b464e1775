"""What a run record says of a stage."""

import pytest

from flows.engine.working.record import open_record


def test_a_stage_that_is_tried_again_counts_only_what_it_waited_then():
    record, stood = open_record(), 30.0  # of the first try
    with record.stage("embed", waited=lambda: stood) as entry:
        pass
    assert entry["seconds"] == pytest.approx(0, abs=10)


def test_announced_stages_keep_their_places():
    record = open_record()
    record.announce(["segment", "embed"])
    for name in ("embed", "segment"):
        with record.stage(name):
            pass
    assert [entry["stage"] for entry in record.stages] == ["segment", "embed"]
