"""The task of alerts: what it counts."""

from datetime import UTC, datetime, time

import pytest
from report_world import documents_table
from topic_world import members_of, reopen, topic_of, world

from data.schema import COUNTS, DOCUMENTS
from flows import tasks


@pytest.fixture
def understood(tmp_path, settings):
    """Complaints of two themes, with the topics found in them."""
    run = world(tmp_path, settings, {"late": 40, "size": 36})
    tasks.topics.fn(run)
    (part,) = run.parts()
    moment = datetime.combine(run.as_of, time(9), UTC)
    said = {"sentiment": "negative", "intent": "complaint", "created_at": moment}
    rows = [said | {"feedback_id": one} for one in members_of(run)["feedback_id"]]
    run.store.write(DOCUMENTS, documents_table(rows), part=part, stamp=part)
    return run


def issues_of(run):
    return set(run.store.read(COUNTS)["issue"].to_pylist())


def test_alerts_count_every_topic(understood):
    tasks.alerts.fn(understood)
    assert {f"topic:{topic_of(understood, theme)}" for theme in ("late", "size")} <= issues_of(understood)


def test_alerts_leave_muted_topics_out(understood, tmp_path, settings):
    late, size = (f"topic:{topic_of(understood, theme)}" for theme in ("late", "size"))
    (tmp_path / "topics.toml").write_text(f"[topics.{late.removeprefix('topic:')}]\nmuted = true\n")
    run = reopen(tmp_path, settings)
    tasks.topics.fn(run)
    tasks.alerts.fn(run)
    assert late not in issues_of(run)
    assert {size, "category:shipping"} <= issues_of(run)
